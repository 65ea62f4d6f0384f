package io.jvswitch.vswitchd.plan;

import java.util.Locale;

/** How a network's frames travel between hosts. */
public enum TunnelKind {
    /** VXLAN over UDP (RFC 7348). */
    VXLAN,
    /** Ethernet in GRE (RFC 2784, RFC 2890, protocol type 0x6558). */
    GRE,
    /** Not at all: the network lives on this host. */
    NONE;

    /** The word in configuration and output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
