package io.jvswitch.datapath.rewrite;

import io.jvswitch.flowtable.key.FlowHash;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;

/**
 * The hash that chooses among the members of a bond or a group: of addresses, protocol and ports, as Open vSwitch's
 * {@code hash_l4} is. The two directions of a connection have different ones. Of ICMP, type and code stand for the
 * ports; fragments other than the first have none. What is not IP has one hash for all.
 *
 * <p>The same in every worker and after a restart. Stateless; allocates nothing.
 */
final class FiveTupleHash {

    private static final long SALT_1 = 0x8bb8_4b93_962e_acc9L;
    private static final long SALT_2 = 0x2d35_8dcc_aa6c_78a5L;

    private FiveTupleHash() {}

    /**
     * Of a frame whose layers extraction has set.
     *
     * @param basis another basis, another hash
     * @return never 0, which says that there is none
     */
    static int of(Frame frame, int basis) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        long hash = basis * SALT_1;
        switch (HeaderWriter.networkType(frame)) {
            case EtherType.IPV4 -> {
                hash = mix(hash, NetworkOrder.getLong(seg, at + (long) Ipv4Header.SOURCE_OFFSET));
                hash = mix(hash, ports(frame, Ipv4Header.protocol(seg, at)));
            }
            case EtherType.IPV6 -> {
                hash = mix(hash, Ipv6Header.sourceHi(seg, at));
                hash = mix(hash, Ipv6Header.sourceLo(seg, at));
                hash = mix(hash, Ipv6Header.destinationHi(seg, at));
                hash = mix(hash, Ipv6Header.destinationLo(seg, at));
                long walk = Ipv6Extensions.walk(seg, at);
                boolean later = Ipv6Extensions.isLaterFragment(walk);
                hash = mix(hash, ports(frame, later ? IpProtocol.FRAGMENT : Ipv6Extensions.protocol(walk)));
            }
            default -> {}
        }
        int folded = FlowHash.finish(hash ^ SALT_2);
        return folded == 0 ? 1 : folded;
    }

    private static long mix(long hash, long word) {
        return FlowHash.fold(hash ^ word ^ SALT_1, SALT_2);
    }

    /** Protocol, and the first four bytes of the transport header: the ports of all who have some. */
    private static long ports(Frame frame, int protocol) {
        int at = frame.l4At();
        boolean icmp = protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
        long word = at == 0
                ? 0
                : icmp ? NetworkOrder.getU16(frame.segment(), at) : NetworkOrder.getU32(frame.segment(), at);
        return (long) protocol << Integer.SIZE | word;
    }
}
