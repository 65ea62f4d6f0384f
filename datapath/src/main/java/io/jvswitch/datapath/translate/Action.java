package io.jvswitch.datapath.translate;

import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.MplsHeader;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is done to a frame: what a verdict is a list of. The text forms are those of {@code ovs-ofctl}, or of
 * {@code ovs-dpctl}, where they have one.
 *
 * <p>There are two sorts: those that change the frame or stop it, and {@linkplain Delivery those that take it}. Drop is
 * none: what nobody takes is dropped, for a reason that {@link Verdict#dropReason()} gives.
 */
public sealed interface Action
        permits Action.Delivery,
                Action.Change,
                Action.LowerTtl,
                Action.Meter,
                Action.Truncate,
                Action.ClampMss,
                Action.LimitFlood {

    /**
     * Takes the frame as it is at that place in the list: the last one of a verdict the frame itself, those before it
     * a copy.
     */
    sealed interface Delivery extends Action {}

    /** Changes the frame for whom it meets next, and does nothing else. */
    sealed interface Change extends Action
            permits SetField, PopVlan, PushVlan, PushMpls, PopMpls, PushNsh, PopNsh, PushEthernet, PopEthernet, Hash {}

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

    /**
     * Comes back to translation, which goes on where it stopped.
     *
     * @param id of the worker's {@link Recirculations}
     */
    record Recirculate(int id) implements Delivery {
        @Override
        public String toString() {
            return "recirc(0x" + Integer.toHexString(id) + ")";
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
     * @param sent the tunnel port's account. It stands here and not with the verdict's credits, so that floods to many
     *     tunnels share one list
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
            int arrivalTag,
            Credit sent)
            implements Delivery {

        @Override
        public String toString() {
            String outer = tos.toString();
            return "tunnel(" + kind.label() + ",id=" + id + ",dst=" + remote + ",mtu=" + mtuBytes
                    + (outer.isEmpty() ? "" : "," + outer) + ")";
        }
    }

    /** The outermost VLAN tag is taken off. */
    record PopVlan() implements Change {
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
    record PushVlan(int tpid, int pcp, int vid) implements Change {
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

    /**
     * An MPLS label stack entry is put behind the layer 2 headers, before any other. A superframe is cut first: no
     * device looks through a label, so what is left to one would never be done.
     *
     * @param type {@link EtherType#MPLS_UNICAST} or {@link EtherType#MPLS_MULTICAST}
     * @param entry label, traffic class, bottom of stack and TTL, as {@link MplsHeader#entryOf} puts them together
     */
    record PushMpls(int type, int entry) implements Change {

        public PushMpls {
            if (!MplsHeader.isEtherType(type)) {
                throw new IllegalArgumentException("0x" + Integer.toHexString(type) + " announces no MPLS label");
            }
        }

        @Override
        public String toString() {
            return "push_mpls(label=" + MplsHeader.labelOf(entry) + ",tc=" + MplsHeader.trafficClassOf(entry) + ",ttl="
                    + MplsHeader.ttlOf(entry) + ",bos=" + (MplsHeader.isBottom(entry) ? 1 : 0) + ",eth_type=0x"
                    + Integer.toHexString(type) + ")";
        }
    }

    /**
     * The outermost MPLS label stack entry is taken off; what was under it is looked at only when the frame is
     * recirculated.
     *
     * @param type what the frame carries then
     */
    record PopMpls(int type) implements Change {
        @Override
        public String toString() {
            return "pop_mpls(eth_type=0x" + Integer.toHexString(type) + ")";
        }
    }

    /** The network service header that the frame begins with is taken off. */
    record PopNsh() implements Change {
        @Override
        public String toString() {
            return "pop_nsh()";
        }
    }

    /** An Ethernet header is put before a packet that has none. */
    record PushEthernet(long source, long destination) implements Change {
        @Override
        public String toString() {
            return "push_eth(src=" + MacAddress.toString(source) + ",dst=" + MacAddress.toString(destination) + ")";
        }
    }

    /** The Ethernet header, which must have no VLAN tag behind it, is taken off. */
    record PopEthernet() implements Change {
        @Override
        public String toString() {
            return "pop_eth";
        }
    }

    /** Whose time to live {@link LowerTtl} lowers. */
    enum TtlOf {
        /** TTL of IPv4, hop limit of IPv6. */
        IP("dec_ttl"),
        /** Of the outermost label. */
        MPLS("dec_mpls_ttl"),
        NSH("dec_nsh_ttl");

        private final String label;

        TtlOf(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * The time to live is lowered by one. With one of 1 or 0 the frame goes no further: it is handed to the conductor,
     * unchanged, or dropped ({@link DropReason#TTL_EXPIRED}). What has no such header goes on as it is.
     *
     * @param header whose
     * @param expired how it is handed over, null to drop it
     */
    record LowerTtl(TtlOf header, @Nullable ToConductor expired) implements Action {
        @Override
        public String toString() {
            return header + "(le_1(" + (expired == null ? "drop" : expired.toString()) + "))";
        }
    }

    /**
     * The hash of addresses, protocol and ports is noted in the frame ({@code dp_hash}), for who chooses among several
     * ways when it is recirculated.
     *
     * @param basis another basis, another hash
     */
    record Hash(int basis) implements Change {
        @Override
        public String toString() {
            return "hash(l4(" + Integer.toUnsignedString(basis) + "))";
        }
    }

    /**
     * Ends here when more than the meter's rate has passed. Each worker has a bucket of its own for each meter.
     *
     * @param id of the meter, by which its bucket is found; with another rate or burst it begins full
     * @param unit what is counted
     * @param rate units a second, at least 1
     * @param burst units that may pass at once after a pause, at least 1
     */
    record Meter(int id, Unit unit, long rate, long burst) implements Action {

        /** What a meter counts. */
        public enum Unit {
            PACKETS,
            KILOBITS
        }

        /** As much a second as fits the arithmetic of buckets in nanoseconds. */
        public static final long MAX_RATE = 1L << 32;

        public Meter {
            if (rate < 1 || rate > MAX_RATE || burst < 1 || burst > MAX_RATE) {
                throw new IllegalArgumentException("meter " + Integer.toUnsignedString(id) + ": rate " + rate
                        + " and burst " + burst + " must be 1 to " + MAX_RATE);
            }
        }

        @Override
        public String toString() {
            return "meter(" + Integer.toUnsignedString(id) + ")";
        }
    }

    /**
     * Who takes the frame next is given no more than its first bytes; who follows, all of it again.
     *
     * @param maxBytes at least an Ethernet header's 14
     */
    record Truncate(int maxBytes) implements Action {

        public Truncate {
            if (maxBytes < EthernetHeader.BYTES) {
                throw new IllegalArgumentException("cannot truncate frames to " + maxBytes + " bytes: at least "
                        + EthernetHeader.BYTES + " must stay");
            }
        }

        @Override
        public String toString() {
            return "trunc(" + maxBytes + ")";
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

    /**
     * A copy of the bytes goes to the conductor, for a controller. Its checksums are complete, and of a superframe each
     * segment goes by itself.
     *
     * @param reason why
     * @param userData for who gets it there; the data path passes it on
     */
    record ToConductor(Reason reason, long userData) implements Delivery {

        /** Why a frame is handed over. */
        public enum Reason {
            /** No rule matched it. */
            NO_MATCH,
            /** A rule says so. */
            ACTION,
            /** Its time to live was used up. */
            INVALID_TTL
        }

        @Override
        public String toString() {
            return "userspace(controller(reason=" + reason.name().toLowerCase(Locale.ROOT) + ",cookie=0x"
                    + Long.toHexString(userData) + "))";
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
