package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Neighbour solicitation and advertisement (RFC 4861, sections 4.3 and 4.4): 24 bytes and options.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  135 or 136   |     Code 0    |          Checksum             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|S|O|   Reserved (R, S and O: advertisements only)            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  Target Address, 16 bytes                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Option type |  Length / 8   |   link-layer address, 6 bytes |
 * </pre>
 *
 * <p>Reserved bits are ignored on receipt and sent as 0.
 */
public final class NeighbourDiscovery {

    /** Size without options. */
    public static final int BYTES = 24;
    /** A message from an off-link sender would have less (section 7.1). */
    public static final int HOP_LIMIT = 255;

    /** Router flag of an advertisement. */
    public static final int FLAG_ROUTER = 0x8000_0000;
    /** Solicited flag of an advertisement. */
    public static final int FLAG_SOLICITED = 0x4000_0000;
    /** Override flag of an advertisement. */
    public static final int FLAG_OVERRIDE = 0x2000_0000;

    public static final int OPTION_SOURCE_LINK_LAYER = 1;
    public static final int OPTION_TARGET_LINK_LAYER = 2;
    /** Size of a link-layer address option of Ethernet; the address is 2 bytes behind its type. */
    public static final int LINK_LAYER_OPTION_BYTES = 8;

    /** {@code ff02::1:ff00:0/104}: the high half of a solicited-node address, and the part of the low half that is fixed. */
    public static final long SOLICITED_NODE_HI = 0xff02_0000_0000_0000L;

    private static final long SOLICITED_NODE_LO = 0x0000_0001_ff00_0000L;

    private NeighbourDiscovery() {}

    /**
     * The validity rules of RFC 4861, sections 7.1.1 and 7.1.2, but for the checksum, which
     * {@link Checksum#transportIsValid} tells and which may be partial. A multicast source, which RFC 4291, section 2.7 forbids
     * in any packet, is refused too: an answer would go to a whole group.
     *
     * @param ipAt offset of the IPv6 header, which passed its check
     * @param at offset of the ICMPv6 header; its type is one of the two
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, or {@link DropReason#ND_INVALID}
     */
    public static @Nullable DropReason check(MemorySegment seg, long ipAt, long at, int length) {
        return isValid(seg, ipAt, at, length) ? null : DropReason.ND_INVALID;
    }

    private static boolean isValid(MemorySegment seg, long ipAt, long at, int length) {
        if (length < BYTES
                || Ipv6Header.hopLimit(seg, ipAt) != HOP_LIMIT
                || Icmpv6Header.code(seg, at) != 0
                || targetHi(seg, at) >>> 56 == 0xff
                || Ipv6Header.sourceHi(seg, ipAt) >>> 56 == 0xff
                || !optionsFit(seg, at, length)) {
            return false;
        }
        long destinationHi = Ipv6Header.destinationHi(seg, ipAt);
        if (Icmpv6Header.type(seg, at) == Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT) {
            return destinationHi >>> 56 != 0xff || (flags(seg, at) & FLAG_SOLICITED) == 0;
        }
        boolean unspecifiedSource = (Ipv6Header.sourceHi(seg, ipAt) | Ipv6Header.sourceLo(seg, ipAt)) == 0;
        return !unspecifiedSource
                || isSolicitedNode(destinationHi, Ipv6Header.destinationLo(seg, ipAt))
                        && findOption(seg, at, length, OPTION_SOURCE_LINK_LAYER) < 0;
    }

    private static boolean optionsFit(MemorySegment seg, long at, int length) {
        long end = at + length;
        long option = at + BYTES;
        while (option + 2 <= end) {
            int bytes = NetworkOrder.getU8(seg, option + 1) * 8;
            if (bytes == 0) {
                return false;
            }
            option += bytes;
        }
        return option == end;
    }

    /** Whether an address is a solicited-node multicast address (RFC 4291, section 2.7.1). */
    public static boolean isSolicitedNode(long hi, long lo) {
        return hi == SOLICITED_NODE_HI && (lo & ~0xff_ffffL) == SOLICITED_NODE_LO;
    }

    /** Low half of the solicited-node address of an address's low half. */
    public static long solicitedNodeLo(long lo) {
        return SOLICITED_NODE_LO | lo & 0xff_ffffL;
    }

    /** The flags' word; a mask of the {@code FLAG_} constants, other bits are reserved. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + 4);
    }

    public static long targetHi(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + 8);
    }

    public static long targetLo(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + 16);
    }

    /**
     * Looks for an option of a message that passed {@link #check}.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return offset (in the segment) of its type byte, or -1
     */
    public static long findOption(MemorySegment seg, long at, int length, int type) {
        long end = at + length;
        for (long option = at + BYTES; option + 2 <= end; option += optionBytes(seg, option)) {
            if (NetworkOrder.getU8(seg, option) == type) {
                return option;
            }
        }
        return -1;
    }

    /** Length of the option in bytes, a multiple of 8. */
    public static int optionBytes(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt + 1) * 8;
    }

    /** MAC address of a link-layer address option. */
    public static long optionMac(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU48(seg, optionAt + 2);
    }

    /** Writes a link-layer address option of {@link #LINK_LAYER_OPTION_BYTES}. */
    public static void writeLinkLayerOption(MemorySegment seg, long optionAt, int type, long mac) {
        NetworkOrder.putU8(seg, optionAt, type);
        NetworkOrder.putU8(seg, optionAt + 1, 1);
        NetworkOrder.putU48(seg, optionAt + 2, mac);
    }

    /**
     * Writes {@link #BYTES}, with a checksum of 0.
     *
     * @param type {@link Icmpv6Header#TYPE_NEIGHBOUR_SOLICITATION} or {@link Icmpv6Header#TYPE_NEIGHBOUR_ADVERTISEMENT}
     * @param flags a mask of the {@code FLAG_} constants; 0 in a solicitation
     */
    public static void write(MemorySegment seg, long at, int type, int flags, long targetHi, long targetLo) {
        Icmpv6Header.write(seg, at, type, 0, flags);
        NetworkOrder.putLong(seg, at + 8, targetHi);
        NetworkOrder.putLong(seg, at + 16, targetLo);
    }
}
