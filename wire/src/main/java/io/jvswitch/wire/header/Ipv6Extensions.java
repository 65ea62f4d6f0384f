package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The extension headers of an IPv6 packet (RFC 8200, section 4), walked once without allocating.
 *
 * <p>{@link #walk} returns one {@code long}, which the other methods read. The chain ends at the first header that is
 * not one of hop-by-hop, routing, fragment, destination options, authentication, mobility, HIP and shim6; ESP is opaque
 * and ends it. At most {@link #MAX_HEADERS} are followed. In a fragment other than the first the chain ends at the
 * fragment header, and what follows is data, not a transport header.
 *
 * <pre>
 *  63        56                             24            8        0
 * +-+---------+-----------------+-----------+-------------+--------+
 * |f| reason  | - | M | frag    | fragment  | transport   |protocol|
 * | | (f = 1) |   |   | present | header at | at, from IP |        |
 * +-+---------+-----------------+-----------+-------------+--------+
 * </pre>
 *
 * <p>A fragment header (8 bytes) is: next header, reserved (ignored), 13 bits of offset in units of 8 bytes, 2 reserved
 * bits (ignored), M, and a 32-bit identification.
 */
public final class Ipv6Extensions {

    /** More headers than this can only be an attack on the walk. */
    public static final int MAX_HEADERS = 8;
    /** Size of a fragment header. */
    public static final int FRAGMENT_BYTES = 8;
    /** Mask of the offset in the fragment header's second 16 bits; the value is the offset in bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0xfff8;
    /** The M flag in the fragment header's second 16 bits. */
    public static final int FRAGMENT_MORE = 1;

    private static final int SEGMENTS_LEFT_OFFSET = 3;
    private static final long FAILED = 1L << 63;
    private static final long PRESENT = 1L << 40;
    private static final long LATER = 1L << 41;
    private static final long MORE = 1L << 42;
    private static final long BAD_EXTENSION = FAILED;
    private static final long TINY_FRAGMENT = FAILED | 1;

    // Offsets of an extension header's fields, in bytes.
    private static final int NEXT_HEADER_OFFSET = 0;
    /** Not in fragment headers. In units of 8 bytes (of AH: 4 bytes), not counting the first 8. */
    private static final int LENGTH_OFFSET = 1;

    /** Fragment offset and flags, 16 bits. */
    private static final int FRAGMENT_WORD_OFFSET = 2;

    private static final int FRAGMENT_IDENTIFICATION_OFFSET = 4;

    private static final int MIN_HEADER_BYTES = 8;

    private Ipv6Extensions() {}

    /**
     * Walks the chain of a packet that passed {@link Ipv6Header#check}, to the end of its payload length.
     *
     * @param at offset of the fixed header
     * @return a result for the other methods; call {@link #failure} first
     */
    public static long walk(MemorySegment seg, long at) {
        int protocol = Ipv6Header.nextHeader(seg, at);
        if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.ICMPV6) {
            return (long) Ipv6Header.BYTES << 8 | protocol;
        }
        return walkChain(seg, at, protocol);
    }

    private static long walkChain(MemorySegment seg, long at, int firstProtocol) {
        int protocol = firstProtocol;
        int end = Ipv6Header.totalBytes(seg, at);
        int offset = Ipv6Header.BYTES;
        long fragment = 0;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == MAX_HEADERS) {
                return BAD_EXTENSION;
            }
            if (offset + MIN_HEADER_BYTES > end) {
                return cutShort(fragment);
            }
            int next = NetworkOrder.getU8(seg, at + offset + NEXT_HEADER_OFFSET);
            if (protocol == IpProtocol.FRAGMENT) {
                int word = NetworkOrder.getU16(seg, at + offset + FRAGMENT_WORD_OFFSET);
                fragment = PRESENT | (long) offset << 24 | ((word & FRAGMENT_MORE) != 0 ? MORE : 0);
                if ((word & FRAGMENT_OFFSET_MASK) != 0) {
                    return LATER | fragment | (long) (offset + FRAGMENT_BYTES) << 8 | next;
                }
                offset += FRAGMENT_BYTES;
            } else {
                int units = NetworkOrder.getU8(seg, at + offset + LENGTH_OFFSET);
                offset += protocol == IpProtocol.AH ? (units + 2) * 4 : (units + 1) * 8;
                if (offset > end) {
                    return cutShort(fragment);
                }
            }
            protocol = next;
        }
        if ((fragment & MORE) != 0 && end - offset < smallestHeaderBytes(protocol)) {
            return TINY_FRAGMENT;
        }
        return fragment | (long) offset << 8 | protocol;
    }

    /**
     * Whether a routing header says that the packet has not reached its last hop (RFC 8200, section 4.4): the
     * destination in the fixed header is then not the one in the pseudo-header.
     *
     * @param at offset of the fixed header of a packet whose chain {@link #walk} found sound
     */
    public static boolean isUnderWay(MemorySegment seg, long at) {
        int protocol = Ipv6Header.nextHeader(seg, at);
        int offset = Ipv6Header.BYTES;
        int end = Ipv6Header.totalBytes(seg, at);
        while (isExtension(protocol) && offset + 8 <= end) {
            if (protocol == IpProtocol.ROUTING && NetworkOrder.getU8(seg, at + offset + SEGMENTS_LEFT_OFFSET) > 0) {
                return true;
            }
            int next = NetworkOrder.getU8(seg, at + offset + NEXT_HEADER_OFFSET);
            int units = NetworkOrder.getU8(seg, at + offset + LENGTH_OFFSET);
            if (protocol == IpProtocol.FRAGMENT) {
                offset += FRAGMENT_BYTES;
            } else {
                offset += protocol == IpProtocol.AH ? (units + 2) * 4 : (units + 1) * 8;
            }
            protocol = next;
        }
        return false;
    }

    /** Whether a next-header value announces an extension header that {@link #walk} steps over. */
    public static boolean isExtension(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP,
                    IpProtocol.ROUTING,
                    IpProtocol.FRAGMENT,
                    IpProtocol.AH,
                    IpProtocol.DESTINATION_OPTIONS,
                    IpProtocol.MOBILITY,
                    IpProtocol.HIP,
                    IpProtocol.SHIM6 -> true;
            default -> false;
        };
    }

    /** A chain that runs out in a first fragment is the attack of RFC 7112; elsewhere it is damage. */
    private static long cutShort(long fragment) {
        return (fragment & MORE) != 0 ? TINY_FRAGMENT : BAD_EXTENSION;
    }

    private static int smallestHeaderBytes(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TcpHeader.BYTES;
            case IpProtocol.UDP -> UdpHeader.BYTES;
            case IpProtocol.ICMPV6 -> Icmpv6Header.BYTES;
            case IpProtocol.SCTP -> SctpHeader.BYTES;
            default -> 0;
        };
    }

    /**
     * Null, or why the chain cannot be trusted: {@link DropReason#IPV6_BAD_EXTENSION}, {@link
     * DropReason#IPV6_TINY_FRAGMENT}.
     */
    public static @Nullable DropReason failure(long walk) {
        if (walk >= 0) {
            return null;
        }
        return walk == TINY_FRAGMENT ? DropReason.IPV6_TINY_FRAGMENT : DropReason.IPV6_BAD_EXTENSION;
    }

    /**
     * What the packet carries: an {@link IpProtocol}. For a later fragment, the protocol that its fragment header
     * names.
     */
    public static int protocol(long walk) {
        return (int) walk & 0xff;
    }

    /** Bytes from the fixed header's first byte to the transport header (or, in a later fragment, to its data). */
    public static int transportOffset(long walk) {
        return (int) (walk >>> 8) & 0xffff;
    }

    /** Whether there is a fragment header; an "atomic fragment" (RFC 6946) has one with offset 0 and M clear. */
    public static boolean isFragment(long walk) {
        return (walk & PRESENT) != 0;
    }

    /** Whether it is a fragment other than the first, and therefore has no transport header. */
    public static boolean isLaterFragment(long walk) {
        return (walk & LATER) != 0;
    }

    /** Whether more fragments follow. */
    public static boolean moreFragments(long walk) {
        return (walk & MORE) != 0;
    }

    /** Bytes from the fixed header's first byte to the fragment header; 0 without one. */
    public static int fragmentOffset(long walk) {
        return (int) (walk >>> 24) & 0xffff;
    }

    /** Identification of a fragment header at {@code fragmentAt}. */
    public static int fragmentIdentification(MemorySegment seg, long fragmentAt) {
        return NetworkOrder.getInt(seg, fragmentAt + FRAGMENT_IDENTIFICATION_OFFSET);
    }

    /** Offset of this fragment's data in the fragmentable part of the original packet, in bytes. */
    public static int fragmentOffsetBytes(MemorySegment seg, long fragmentAt) {
        return NetworkOrder.getU16(seg, fragmentAt + FRAGMENT_WORD_OFFSET) & FRAGMENT_OFFSET_MASK;
    }
}
