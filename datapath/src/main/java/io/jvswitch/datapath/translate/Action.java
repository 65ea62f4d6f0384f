package io.jvswitch.datapath.translate;

import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is done to a frame: what a verdict is a list of. The text forms are those of {@code ovs-ofctl}, or of
 * {@code ovs-dpctl}, where they have one.
 *
 * <p>There are two sorts: those that change the frame or stop it, and {@linkplain Delivery those that take it}. Drop is
 * none: what nobody takes is dropped, for a reason that {@link Verdict#dropReason()} gives.
 */
public sealed interface Action {

    /**
     * Takes the frame as it is at that place in the list: the last one of a verdict the frame itself, those before it
     * a copy.
     */
    sealed interface Delivery extends Action {}

    /**
     * Does all of this to a copy: what follows sees the frame as it was before.
     *
     * @param actions the last of which takes the frame
     */
    record Clone(List<Action> actions) implements Delivery, ActionSequence {
        @Override
        public int size() {
            return actions.size();
        }

        @Override
        public Action action(int index) {
            return actions.get(index);
        }

        @Override
        public String toString() {
            return "clone(" + actions.stream().map(Action::toString).collect(Collectors.joining(",")) + ")";
        }
    }

    /** Leaves by a local port. */
    record Output(int port) implements Delivery {
        @Override
        public String toString() {
            return "output:" + port;
        }
    }

    /**
     * Is encapsulated and leaves by the underlay.
     *
     * @param kind of tunnel
     * @param id VNI or GRE key
     * @param keyed whether GRE carries the key
     * @param remote outer destination
     * @param udpPort outer UDP destination port; 0 for GRE, which has none: a raw IPv6 socket takes the address's port
     *     for a protocol number, and refuses one that is not its own
     * @param mtuBytes largest inner IP packet for this path
     * @param guestMtuBytes largest inner IP packet that guests may send: up to it nothing is lost for its size. What is
     *     too large for the path, and its sender cannot be told, then leaves in fragments of the outer packet
     * @param tos traffic class of the outer header
     * @param arrivalTag TPID and TCI of the cable's tag that the frame had, which what is answered to its sender gets
     *     again; 0 for none
     */
    record Tunnel(
            TunnelKind kind,
            long id,
            boolean keyed,
            IpAddress remote,
            int udpPort,
            int mtuBytes,
            int guestMtuBytes,
            OuterTos tos,
            int arrivalTag)
            implements Delivery {

        @Override
        public String toString() {
            String outer = tos.toString();
            return "tunnel(" + kind.label() + ",id=" + id + ",dst=" + remote + ",mtu=" + mtuBytes
                    + (outer.isEmpty() ? "" : "," + outer) + ")";
        }
    }

    /** The outermost VLAN tag is taken off. */
    record PopVlan() implements Action {
        @Override
        public String toString() {
            return "pop_vlan";
        }
    }

    /**
     * A VLAN tag is put on, before any other.
     *
     * @param tpid 0x8100 or 0x88a8
     * @param pcp priority, 0 to 7
     * @param vid 1 to 4094
     */
    record PushVlan(int tpid, int pcp, int vid) implements Action {
        @Override
        public String toString() {
            // ovs-ofctl shows the VLAN id with the bit that says that there is a tag.
            return "push_vlan:0x" + Integer.toHexString(tpid) + ",set_field:" + (vid | FlowField.VLAN_PRESENT)
                    + "->vlan_vid" + (pcp == 0 ? "" : ",set_field:" + pcp + "->vlan_pcp");
        }
    }

    /** A TCP SYN's maximum segment size is lowered to what fits the MTU. */
    record ClampMss(int mtuBytes) implements Action {
        @Override
        public String toString() {
            return "clamp_mss(mtu=" + mtuBytes + ")";
        }
    }

    /** Ends here when its port has sent more of such frames than that many a second. Comes before what it limits. */
    record LimitFlood(int framesPerSecond) implements Action {
        @Override
        public String toString() {
            return "storm_control(" + framesPerSecond + ")";
        }
    }

    /** An ARP request is turned into its reply and sent back. */
    record AnswerArp(long mac) implements Delivery {
        @Override
        public String toString() {
            return "arp_reply(" + MacAddress.toString(mac) + ")";
        }
    }

    /** An IPv6 neighbour solicitation is turned into its advertisement and sent back. */
    record AnswerNeighbour(long mac, boolean router) implements Delivery {
        @Override
        public String toString() {
            return "nd_advertisement(" + MacAddress.toString(mac) + (router ? ",router)" : ")");
        }
    }

    /** A ping of an address of the switch's own is turned into its answer and sent back. */
    record AnswerEcho() implements Delivery {
        @Override
        public String toString() {
            return "echo_reply";
        }
    }

    /** Goes to the conductor's DHCP server. */
    record ToDhcp(int network) implements Delivery {
        @Override
        public String toString() {
            return "dhcp";
        }
    }
}
