package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.offload.SuperframeSize;
import io.jvswitch.vswitchd.conductor.bridge.Bridges;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.plan.PortSpec;
import java.util.Map;
import java.util.Objects;

/** How large the frames of a port may be, which follows from its networks' tunnels. The conductor's. */
final class PortSizes {

    private static final int MIN_MTU_BYTES = 68;

    private final Map<String, NetworkRuntime> networks;
    private final SnapshotBuilder builder;
    private final Bridges bridges;

    /** @param networks those that there are, by name; looked at anew each time */
    PortSizes(Map<String, NetworkRuntime> networks, SnapshotBuilder builder, Bridges bridges) {
        this.bridges = bridges;
        this.networks = networks;
        this.builder = builder;
    }

    /** The MTU that a port's device gets. */
    int mtuBytes(PortSpec port) {
        if (port.mtuBytes() > 0) {
            return port.mtuBytes();
        }
        int most = Math.max(MIN_MTU_BYTES, bridges.mtuBytes(port.name()));
        for (String name : port.networks()) {
            NetworkRuntime network = networks.get(name);
            if (network != null) {
                most = Math.max(most, builder.mtuBytes(network));
            }
        }
        return most;
    }

    /**
     * Superframes that leave through VXLAN fit one send; between local guests, and into GRE, larger ones are as good.
     */
    int superframeBytes(PortSpec port) {
        int most = SuperframeSize.LINUX_DEFAULT_BYTES;
        for (String name : port.networks()) {
            NetworkRuntime network = networks.get(name);
            if (network != null && network.tunnel() == TunnelKind.VXLAN) {
                // the network's MTU and not the port's: TCP's segments are clamped to it
                most = Math.min(most, SuperframeSize.forOneTrain(TunnelKind.VXLAN, builder.mtuBytes(network)));
            }
        }
        return most;
    }

    /** Largest MTU of the networks that have a tag on the port, 0 without any. */
    int taggedMtuBytes(PortSpec port) {
        return port.taggedNetworks().values().stream()
                .map(networks::get)
                .filter(Objects::nonNull)
                .mapToInt(builder::mtuBytes)
                .max()
                .orElse(0);
    }
}
