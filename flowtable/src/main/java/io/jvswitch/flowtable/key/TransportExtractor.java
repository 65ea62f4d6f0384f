package io.jvswitch.flowtable.key;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** {@link FlowExtractor}'s long way: TCP, UDP, SCTP, ICMP, and neighbour discovery. */
final class TransportExtractor {

    private TransportExtractor() {}

    static boolean hasTransportHeader(int protocol) {
        return protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
    }

    /** Ports and TCP flags, where the protocol is known to have them. */
    static @Nullable DropReason readTransport(
            FlowKey key, MemorySegment seg, int at, int bytes, int protocol, int fragment) {
        DropReason reason;
        if (protocol == IpProtocol.TCP) {
            reason = TcpHeader.check(seg, at, bytes);
            if (reason == null) {
                key.words[FlowLayout.FLAGS_WORD] |= (long) TcpHeader.flags(seg, at) << FlowLayout.TCP_FLAGS_SHIFT;
            }
        } else if (protocol == IpProtocol.UDP) {
            reason = fragment == FlowField.FRAG_NONE
                    ? UdpHeader.check(seg, at, bytes)
                    : UdpHeader.checkFirstFragment(seg, at, bytes);
        } else if (protocol == IpProtocol.SCTP) {
            reason = SctpHeader.check(seg, at, bytes);
        } else {
            return null;
        }
        if (reason == null) {
            // Source and destination port are the first four bytes of all three.
            key.words[FlowLayout.TRANSPORT_WORD] |= NetworkOrder.getU32(seg, at) << FlowLayout.L4_DST_SHIFT;
        }
        return reason;
    }

    static @Nullable DropReason readIcmp(FlowKey key, MemorySegment seg, int at, int bytes) {
        DropReason reason = IcmpHeader.check(seg, at, bytes);
        if (reason == null) {
            key.words[FlowLayout.TRANSPORT_WORD] |= typeAndCode(IcmpHeader.type(seg, at), IcmpHeader.code(seg, at));
        }
        return reason;
    }

    /** ICMPv6, with target and link-layer addresses of neighbour discovery, which must not be fragmented (RFC 6980). */
    static @Nullable DropReason readIcmpv6(
            FlowKey key, MemorySegment seg, int ipAt, int at, int bytes, boolean fragmented) {
        DropReason reason = Icmpv6Header.check(seg, at, bytes);
        if (reason != null) {
            return reason;
        }
        long[] words = key.words;
        int type = Icmpv6Header.type(seg, at);
        words[FlowLayout.TRANSPORT_WORD] |= typeAndCode(type, Icmpv6Header.code(seg, at));
        if (!NeighbourDiscovery.isMessage(type)) {
            return null;
        }
        reason = fragmented ? DropReason.ND_INVALID : NeighbourDiscovery.check(seg, ipAt, at, bytes);
        if (reason != null) {
            return reason;
        }
        if (NeighbourDiscovery.hasTarget(type)) {
            words[FlowLayout.ND_TARGET_HI_WORD] = NeighbourDiscovery.targetHi(seg, at);
            words[FlowLayout.ND_TARGET_WORD] = NeighbourDiscovery.targetLo(seg, at);
            key.present |= FlowLayout.ND_TARGET_WORDS;
        }
        long source = NeighbourDiscovery.linkLayer(seg, at, bytes, NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER);
        long target = NeighbourDiscovery.linkLayer(seg, at, bytes, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER);
        words[FlowLayout.SHA_WORD] = source << FlowLayout.ARP_SHA_SHIFT;
        words[FlowLayout.THA_WORD] = target << FlowLayout.ARP_THA_SHIFT;
        key.present |= FlowLayout.HARDWARE_ADDRESS_WORDS;
        if (type == Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION || type == Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT) {
            readNeighbour(key, seg, at, bytes);
        }
        return null;
    }

    private static void readNeighbour(FlowKey key, MemorySegment seg, int at, int bytes) {
        long reserved = NeighbourDiscovery.flags(seg, at) & 0xffff_ffffL;
        long source = NeighbourDiscovery.findOption(seg, at, bytes, NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER);
        long target = NeighbourDiscovery.findOption(seg, at, bytes, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER);
        boolean sourceFirst = source >= 0 && (target < 0 || source < target);
        long type = sourceFirst
                ? NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER
                : target >= 0 ? NeighbourDiscovery.OPTION_TARGET_LINK_LAYER : 0;
        long word = reserved << FlowLayout.ND_RESERVED_SHIFT | type << FlowLayout.ND_OPTIONS_TYPE_SHIFT;
        if (word != 0) {
            key.words[FlowLayout.ND_WORD] = word;
            key.present |= FlowLayout.ND_WORDS;
        }
    }

    /** ICMP's type and code, in the places of the ports. */
    private static long typeAndCode(long type, long code) {
        return type << FlowLayout.L4_SRC_SHIFT | code << FlowLayout.L4_DST_SHIFT;
    }

    /** Whether a transport header was refused because the packet ends within it, and not because of what it says. */
    static boolean isCutShort(DropReason reason, MemorySegment seg, int at) {
        return switch (reason) {
            case TCP_TRUNCATED, UDP_TRUNCATED, SCTP_TRUNCATED, ICMP_TRUNCATED -> true;
            case TCP_BAD_DATA_OFFSET -> TcpHeader.headerBytes(seg, at) >= TcpHeader.BYTES;
            default -> false;
        };
    }
}
