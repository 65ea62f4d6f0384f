package io.jvswitch.datapath.normal;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * What a frame must be before it is forwarded at all: of a VLAN that can be told, with valid MAC addresses, and with
 * those that its port is bound to. IP addresses ({@link SourceGuard}) are the network's, and not those of VLANs that a
 * guest has inside it.
 */
final class IngressPolicy {

    private IngressPolicy() {}

    /** Null when the frame may go on. */
    static @Nullable DropReason check(NormalStep step) {
        return step.network().options().served() ? checkServed(step) : checkBridged(step);
    }

    private static @Nullable DropReason checkBridged(NormalStep step) {
        if (!step.network().options().forwardsReserved()
                && ReservedAddresses.contain(step.key().get(FlowField.ETH_DST))) {
            return DropReason.BRIDGE_RESERVED;
        }
        return BondPolicy.check(step);
    }

    private static @Nullable DropReason checkServed(NormalStep step) {
        FlowReader key = step.key();
        long sourceMac = key.get(FlowField.ETH_SRC);
        if (sourceMac == 0 || MacAddress.isMulticast(sourceMac)) {
            if (step.tracing()) {
                step.say("source MAC " + MacAddress.toString(sourceMac) + " is no station's");
            }
            return DropReason.SOURCE_MAC_INVALID;
        }
        if (MacAddress.isBridgeReserved(key.get(FlowField.ETH_DST))) {
            return DropReason.BRIDGE_RESERVED;
        }
        if (step.vlan() == 0 && VlanTag.isTpid((int) key.get(FlowField.ETH_TYPE))) {
            return DropReason.VLAN_TOO_DEEP; // it is of a VLAN that the key does not tell
        }
        NetworkPort port = step.port();
        if (port == null) {
            return null;
        }
        PortBinding binding = port.binding();
        if (step.network().isServiceMac(sourceMac) || binding.isBound() && binding.mac() != sourceMac) {
            if (step.tracing()) {
                step.say("source MAC " + MacAddress.toString(sourceMac) + " is not port " + port.name() + "'s "
                        + MacAddress.toString(binding.mac()));
            }
            return DropReason.SPOOFED_MAC;
        }
        return step.vlan() == 0 ? SourceGuard.check(step, port) : null;
    }
}
