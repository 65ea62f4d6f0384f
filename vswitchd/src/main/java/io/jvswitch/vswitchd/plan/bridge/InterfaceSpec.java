package io.jvswitch.vswitchd.plan.bridge;

import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * An interface: what a port of a bridge consists of, one of them or, in a bond, several.
 *
 * @param name of the interface and of its device; no other interface of the switch has it
 * @param type what it is made of
 * @param requestedNumber OpenFlow port number that it shall have in its bridge, 1 to 65,279; 0 for any
 * @param formerNumber number that it had before the daemon started, which it gets again if it is free; 0 for none
 * @param mtuBytes MTU that its device shall have; 0 for the device's own or, of an internal one, the bridge's
 * @param mac MAC address that an internal interface's device shall have, null for any
 * @param peer name of the interface at the other end of a patch cable, null for other types
 */
public record InterfaceSpec(
        String name,
        InterfaceType type,
        int requestedNumber,
        int formerNumber,
        int mtuBytes,
        @Nullable MacAddress mac,
        @Nullable String peer) {

    /** An interface of which nothing else is said. */
    public static InterfaceSpec of(String name, InterfaceType type) {
        return new InterfaceSpec(name, type, 0, 0, 0, null, null);
    }

    /** One end of a cable. */
    public static InterfaceSpec patch(String name, String peer) {
        return new InterfaceSpec(name, InterfaceType.PATCH, 0, 0, 0, null, peer);
    }
}
