package io.jvswitch.datapath.normal;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.VlanTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * VLAN tags where a frame comes in and where it leaves (IEEE 802.1Q): which network a tag means on a port, and which
 * tag a network has on another.
 *
 * <p>Within a network a frame has the guest's own tag at most: the cable's is popped first. Its priority is kept for
 * the tag that the frame gets at the next cable.
 */
final class Tagging {

    private static final int PRIORITY_BITS = 0xe000;

    private Tagging() {}

    /**
     * Finds the network that the frame is of, by its port of arrival and its tag.
     *
     * @return null, or why the frame is none of the port's
     */
    static @Nullable DropReason arrive(NormalStep step, NetworkPort port) {
        FlowReader key = step.key();
        PortVlans vlans = port.vlans();
        int network = port.network();
        if (vlans.isTrunk()) {
            int tci = (int) key.get(FlowField.VLAN_TCI, FlowField.VLAN_PRESENT | VlanTag.VID_MASK);
            int vid = tci & VlanTag.VID_MASK;
            if (vid != 0) {
                boolean known = key.get(FlowField.VLAN_TPID) == vlans.tpid();
                network = known ? vlans.networkOf(vid) : PortVlans.NONE;
                step.setArrivalTag(vlans.tpid() << 16 | vid);
            }
            if (network == PortVlans.NONE) {
                if (step.tracing()) {
                    step.say("port " + port.name() + " carries no " + (vid == 0 ? "untagged frames" : "VLAN " + vid));
                }
                return DropReason.VLAN_NOT_CARRIED;
            }
        } else if (vlans.restrictsGuests()) {
            int vid = step.vlan();
            if (!vlans.carriesGuest(vid)) {
                if (step.tracing()) {
                    step.say("port " + port.name() + " lets its guest send no VLAN " + vid);
                }
                return DropReason.VLAN_NOT_CARRIED;
            }
        }
        Network found = step.bridge().network(network);
        if (found == null) {
            if (step.tracing()) {
                step.say("port " + port.name() + " is attached to no network");
            }
            return DropReason.NO_NETWORK;
        }
        step.arrivedBy(port, found);
        return null;
    }

    /** Takes the cable's tag off: from here on the frame is as it is within its network. */
    static void untag(NormalStep step) {
        if (step.arrivalTag() != 0) {
            step.popVlan();
        }
    }

    /** Whether a frame of this network and guest VLAN can leave by the port. */
    static boolean carries(NormalStep step, NetworkPort port) {
        return port.isTagged(step.network().id()) || port.vlans().carriesGuest(step.vlan());
    }

    /** Adds the outputs to {@link NormalStep#taggedPorts}, each with the tag that the network has there. */
    static void outputTagged(NormalStep step) {
        List<NetworkPort> tagged = step.taggedPorts();
        if (tagged.isEmpty()) {
            return;
        }
        int priority = priority(step);
        int pushed = 0;
        for (int i = 0; i < tagged.size(); i++) {
            NetworkPort port = tagged.get(i);
            int tag = port.vlans().tpid() << 16
                    | port.vlans().vidOf(step.network().id());
            if (tag != pushed) {
                if (pushed != 0) {
                    step.popVlan();
                }
                step.pushVlan(tag >>> 16, priority, tag & VlanTag.VID_MASK);
                pushed = tag;
            }
            step.output(port.number());
        }
    }

    /** The priority for the cable's tag; a guest's tag that has nothing but a priority gives way to it. */
    private static int priority(NormalStep step) {
        FlowField guest = step.guestTag();
        if (step.vlan() == 0 && step.key().test(guest, FlowField.VLAN_PRESENT)) {
            step.popVlan();
            return (int) step.key().get(guest, PRIORITY_BITS) >>> VlanTag.PCP_SHIFT;
        }
        return step.arrivalTag() == 0
                ? 0
                : (int) step.key().get(FlowField.VLAN_TCI, PRIORITY_BITS) >>> VlanTag.PCP_SHIFT;
    }
}
