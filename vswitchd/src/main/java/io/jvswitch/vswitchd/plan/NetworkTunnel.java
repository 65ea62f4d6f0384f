package io.jvswitch.vswitchd.plan;

import io.jvswitch.encap.TunnelKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a network's frames travel between hosts: by a kind of tunnel that networks can have, or not at all. */
public enum NetworkTunnel {
    /** VXLAN over UDP (RFC 7348). */
    VXLAN(TunnelKind.VXLAN),
    /** Ethernet in GRE (RFC 2784, RFC 2890, protocol type 0x6558). */
    GRE(TunnelKind.GRE),
    /** Not at all: the network lives on this host. */
    NONE(null);

    private final @Nullable TunnelKind kind;

    NetworkTunnel(@Nullable TunnelKind kind) {
        this.kind = kind;
    }

    /** What is put around its frames, null when they do not travel. */
    public @Nullable TunnelKind kind() {
        return kind;
    }

    /** The word in configuration and output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
