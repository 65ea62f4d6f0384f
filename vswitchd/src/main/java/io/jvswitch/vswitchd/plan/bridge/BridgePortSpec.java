package io.jvswitch.vswitchd.plan.bridge;

import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port of a bridge.
 *
 * @param name of the port; no other port of the switch has it
 * @param vlans what tags mean on it
 * @param isolated whether it exchanges nothing with other ports that are isolated ("protected")
 * @param mac MAC address that counts for it when the bridge chooses one, null for its interface's
 * @param bond how its interfaces share traffic, where it has several
 * @param interfaces one or, of a bond, several
 */
public record BridgePortSpec(
        String name,
        VlanSpec vlans,
        boolean isolated,
        @Nullable MacAddress mac,
        BondSpec bond,
        List<InterfaceSpec> interfaces) {

    public BridgePortSpec {
        interfaces = List.copyOf(interfaces);
    }

    /** A port that is one interface. */
    public static BridgePortSpec of(InterfaceSpec only, VlanSpec vlans) {
        return new BridgePortSpec(only.name(), vlans, false, null, BondSpec.DEFAULT, List.of(only));
    }

    /** A trunk that is one interface. */
    public static BridgePortSpec of(InterfaceSpec only) {
        return of(only, VlanSpec.TRUNK);
    }

    /** Whether it is a bond. */
    public boolean isBond() {
        return interfaces.size() > 1;
    }
}
