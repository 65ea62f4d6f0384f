package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.Bond;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import org.jspecify.annotations.Nullable;

/**
 * What a bridge with bonds must look at, lest a frame that left by one member of a bond and came back by another is
 * taken for a new one.
 */
final class BondPolicy {

    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;

    private BondPolicy() {}

    /** Null when the frame may come in by its port. */
    static @Nullable DropReason check(NormalStep step) {
        Bond bond = step.bridge().bond(step.inPort());
        if (bond == null) {
            return null;
        }
        boolean multicast = MacAddress.isMulticast(step.key().get(FlowField.ETH_DST));
        return switch (bond.admit(step.inPort(), multicast)) {
            case ACCEPT -> null;
            case DROP -> {
                if (step.tracing()) {
                    step.say("bond " + bond.name() + " takes no such frame by this member");
                }
                yield DropReason.BOND_MEMBER;
            }
            case UNLESS_KNOWN_ELSEWHERE -> {
                if (!step.isSourceElsewhere() || isGratuitousArp(step.key()) && !isLocked(step)) {
                    yield null;
                }
                if (step.tracing()) {
                    step.say("the source is at another port: the frame came back by bond " + bond.name());
                }
                yield DropReason.BOND_REFLECTED;
            }
        };
    }

    /** Whether the frame's source is learnt at its place of arrival. */
    static boolean permitsLearning(NormalStep step) {
        ArpLocks locks = step.bridge().arpLocks();
        if (locks == null || !isGratuitousArp(step.key())) {
            return true;
        }
        if (step.bridge().bond(step.inPort()) == null) {
            step.announce(locks);
            return true;
        }
        return !isLocked(step);
    }

    private static boolean isLocked(NormalStep step) {
        ArpLocks locks = step.bridge().arpLocks();
        if (locks == null) {
            return false;
        }
        step.dependOn(locks);
        return locks.isLocked(step.key().get(FlowField.ETH_SRC), step.vlan());
    }

    /** An address is announced by a broadcast: any reply (older Xen guests), a request for the sender's own address. */
    private static boolean isGratuitousArp(FlowReader key) {
        if (key.get(FlowField.ETH_TYPE) != EtherType.ARP || key.get(FlowField.ETH_DST) != MacAddress.BROADCAST) {
            return false;
        }
        return switch ((int) key.get(FlowField.IP_PROTO)) {
            case ARP_REPLY -> true;
            case ARP_REQUEST -> key.get(FlowField.IP_SRC) == key.get(FlowField.IP_DST);
            default -> false;
        };
    }
}
