package io.jvswitch.vswitchd.conductor;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.Fdb;
import io.jvswitch.vswitchd.config.NetworkSpec;
import org.jspecify.annotations.Nullable;

/** A network while it runs: its specification, its MAC table, its DHCP service. The conductor's. */
final class NetworkRuntime {

    private final int id;
    private final Fdb fdb;
    private final DhcpService dhcp;
    private NetworkSpec spec;

    NetworkRuntime(int id, NetworkSpec spec, int macTableSize, DhcpService dhcp) {
        this.id = id;
        this.spec = spec;
        this.fdb = new Fdb(macTableSize);
        this.dhcp = dhcp;
    }

    int id() {
        return id;
    }

    NetworkSpec spec() {
        return spec;
    }

    void setSpec(NetworkSpec newSpec) {
        spec = newSpec;
    }

    Fdb fdb() {
        return fdb;
    }

    DhcpService dhcp() {
        return dhcp;
    }

    /** How its frames leave the host, null when they do not. */
    @Nullable
    TunnelKind tunnel() {
        return switch (spec.tunnel()) {
            case VXLAN -> TunnelKind.VXLAN;
            case GRE -> TunnelKind.GRE;
            case NONE -> null;
        };
    }

    /** Whether the tunnel carries a key: VXLAN always does. */
    boolean keyed() {
        return spec.hasVni();
    }
}
