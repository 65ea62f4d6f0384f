package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Neighbour discovery: solicitations and advertisements of neighbours (RFC 4861, sections 4.3 and 4.4: 24 bytes and
 * options), shown here; and those of routers, and redirects (sections 4.1, 4.2 and 4.5), whose options begin at other
 * offsets.
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

    /** Size of a neighbour's solicitation or advertisement without options. */
    public static final int BYTES = 24;

    private static final int ROUTER_SOLICITATION_BYTES = 8;
    private static final int ROUTER_ADVERTISEMENT_BYTES = 16;
    private static final int REDIRECT_BYTES = 40;
    /** The hop limit of valid messages: one from an off-link sender would have less (section 7.1). */
    public static final int HOP_LIMIT = 255;

    /** Router flag of an advertisement. */
    public static final int FLAG_ROUTER = 0x8000_0000;
    /** Solicited flag of an advertisement. */
    public static final int FLAG_SOLICITED = 0x4000_0000;
    /** Override flag of an advertisement. */
    public static final int FLAG_OVERRIDE = 0x2000_0000;

    public static final int OPTION_SOURCE_LINK_LAYER = 1;
    public static final int OPTION_TARGET_LINK_LAYER = 2;
    /** Size of a link-layer address option of Ethernet; see {@link #optionMac}. */
    public static final int LINK_LAYER_OPTION_BYTES = 8;

    /**
     * {@code ff02::1:ff00:0/104}: the high half of a solicited-node address, and the part of the low half that is
     * fixed.
     */
    public static final long SOLICITED_NODE_HI = 0xff02_0000_0000_0000L;

    private static final long LINK_LOCAL_BITS = 0xfe80 >>> 6;
    private static final long SOLICITED_NODE_LO = 0x0000_0001_ff00_0000L;

    // Offsets of the fields, in bytes.
    private static final int FLAGS_OFFSET = 4;
    private static final int TARGET_OFFSET = 8;

    private static final int OPTION_HEADER_BYTES = 2;
    /** Where an option's length, in units of 8 bytes, is from the option's first byte. */
    private static final int OPTION_LENGTH_OFFSET = 1;
    /** Where the address of a link-layer address option is, from the option's first byte. */
    private static final int OPTION_MAC_OFFSET = 2;

    private NeighbourDiscovery() {}

    /** Whether an ICMPv6 type is one of the five messages. */
    public static boolean isMessage(int type) {
        return type >= Icmpv6Header.TYPE_ROUTER_SOLICITATION && type <= Icmpv6Header.TYPE_REDIRECT;
    }

    /** Whether a message of this type has a target address. */
    public static boolean hasTarget(int type) {
        return type >= Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION && type <= Icmpv6Header.TYPE_REDIRECT;
    }

    /** Bytes of a message of this type in front of the options. */
    public static int fixedBytes(int type) {
        return switch (type) {
            case Icmpv6Header.TYPE_ROUTER_SOLICITATION -> ROUTER_SOLICITATION_BYTES;
            case Icmpv6Header.TYPE_ROUTER_ADVERTISEMENT -> ROUTER_ADVERTISEMENT_BYTES;
            case Icmpv6Header.TYPE_REDIRECT -> REDIRECT_BYTES;
            default -> BYTES;
        };
    }

    /**
     * The validity rules of RFC 4861, sections 6.1, 7.1 and 8.1, except for the checksum, which {@link
     * Checksum#transportIsValid} checks and which may be partial. A multicast source, which RFC 4291, section 2.7
     * forbids in any packet, is refused as well: an answer would go to a whole group. So are, between neighbours,
     * link-layer addresses that are not Ethernet's, which Linux discards, and two that contradict each other, of which
     * receivers might choose either.
     *
     * @param ipAt offset of the IPv6 header, which passed its check
     * @param at offset of the ICMPv6 header; {@link #isMessage} of its type
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, or {@link DropReason#ND_INVALID}
     */
    public static @Nullable DropReason check(MemorySegment seg, long ipAt, long at, int length) {
        return isValid(seg, ipAt, at, length) ? null : DropReason.ND_INVALID;
    }

    private static boolean isValid(MemorySegment seg, long ipAt, long at, int length) {
        if (length < ROUTER_SOLICITATION_BYTES) {
            return false;
        }
        int type = Icmpv6Header.type(seg, at);
        long sourceHi = Ipv6Header.sourceHi(seg, ipAt);
        if (length < fixedBytes(type)
                || Ipv6Header.hopLimit(seg, ipAt) != HOP_LIMIT
                || Icmpv6Header.code(seg, at) != 0
                || sourceHi >>> 56 == 0xff
                || !optionsFit(seg, at, length, type)) {
            return false;
        }
        boolean nowhere = (sourceHi | Ipv6Header.sourceLo(seg, ipAt)) == 0;
        return switch (type) {
            case Icmpv6Header.TYPE_ROUTER_SOLICITATION ->
                !nowhere || findOption(seg, at, length, OPTION_SOURCE_LINK_LAYER) < 0;
            case Icmpv6Header.TYPE_ROUTER_ADVERTISEMENT -> isLinkLocal(sourceHi);
            case Icmpv6Header.TYPE_REDIRECT ->
                isLinkLocal(sourceHi) && targetHi(seg, at) >>> 56 != 0xff && redirectedHi(seg, at) >>> 56 != 0xff;
            case Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT ->
                targetHi(seg, at) >>> 56 != 0xff
                        && linkLayersAgree(seg, at, length)
                        && (Ipv6Header.destinationHi(seg, ipAt) >>> 56 != 0xff
                                || (flags(seg, at) & FLAG_SOLICITED) == 0);
            default ->
                targetHi(seg, at) >>> 56 != 0xff
                        && linkLayersAgree(seg, at, length)
                        && (!nowhere
                                || isSolicitedNode(
                                                Ipv6Header.destinationHi(seg, ipAt),
                                                Ipv6Header.destinationLo(seg, ipAt))
                                        && findOption(seg, at, length, OPTION_SOURCE_LINK_LAYER) < 0);
        };
    }

    private static boolean optionsFit(MemorySegment seg, long at, int length, int type) {
        long end = at + length;
        long option = at + fixedBytes(type);
        while (option + OPTION_HEADER_BYTES <= end) {
            int bytes = NetworkOrder.getU8(seg, option + OPTION_LENGTH_OFFSET) * 8;
            if (bytes == 0) {
                return false;
            }
            option += bytes;
        }
        return option == end;
    }

    private static boolean linkLayersAgree(MemorySegment seg, long at, int length) {
        return linkLayersAgree(seg, at, length, OPTION_SOURCE_LINK_LAYER)
                && linkLayersAgree(seg, at, length, OPTION_TARGET_LINK_LAYER);
    }

    private static boolean linkLayersAgree(MemorySegment seg, long at, int length, int kind) {
        long first = findOption(seg, at, length, kind);
        if (first < 0) {
            return true;
        }
        long end = at + length;
        for (long option = first; option + OPTION_HEADER_BYTES <= end; option += optionBytes(seg, option)) {
            boolean same = optionBytes(seg, option) == LINK_LAYER_OPTION_BYTES
                    && optionMac(seg, option) == optionMac(seg, first);
            if (NetworkOrder.getU8(seg, option) == kind && !same) {
                return false;
            }
        }
        return true;
    }

    /** Whether the high half of an address is that of a link-local one (RFC 4291, section 2.5.6). */
    public static boolean isLinkLocal(long hi) {
        return hi >>> 54 == LINK_LOCAL_BITS;
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
        return NetworkOrder.getInt(seg, at + FLAGS_OFFSET);
    }

    /** High half of the address that a redirect is about. */
    private static long redirectedHi(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + BYTES);
    }

    public static long targetHi(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + TARGET_OFFSET);
    }

    public static long targetLo(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + TARGET_OFFSET + Long.BYTES);
    }

    /**
     * Looks for an option of a message that passed {@link #check}.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return offset (in the segment) of its type byte, or -1
     */
    public static long findOption(MemorySegment seg, long at, int length, int kind) {
        long end = at + length;
        long first = at + fixedBytes(Icmpv6Header.type(seg, at));
        for (long option = first; option + OPTION_HEADER_BYTES <= end; option += optionBytes(seg, option)) {
            if (NetworkOrder.getU8(seg, option) == kind) {
                return option;
            }
        }
        return -1;
    }

    /**
     * Looks for the first option of a message that passed {@link #check} that is a link-layer address, the source's or
     * the target's.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return offset (in the segment) of its type byte, or -1
     */
    public static long findLinkLayerOption(MemorySegment seg, long at, int length) {
        long source = findOption(seg, at, length, OPTION_SOURCE_LINK_LAYER);
        long target = findOption(seg, at, length, OPTION_TARGET_LINK_LAYER);
        return source >= 0 && (target < 0 || source < target) ? source : target;
    }

    /** {@link #OPTION_SOURCE_LINK_LAYER}, {@link #OPTION_TARGET_LINK_LAYER} or another. */
    public static int optionType(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt);
    }

    public static void setOptionType(MemorySegment seg, long optionAt, int type) {
        NetworkOrder.putU8(seg, optionAt, type);
    }

    /** Length of the option in bytes, a multiple of 8. */
    public static int optionBytes(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt + OPTION_LENGTH_OFFSET) * 8;
    }

    /**
     * The MAC address in a message's first link-layer address option of a kind.
     *
     * @return 0 where there is none, or none of Ethernet's size
     */
    public static long linkLayer(MemorySegment seg, long at, int length, int kind) {
        long option = findOption(seg, at, length, kind);
        return option < 0 || optionBytes(seg, option) != LINK_LAYER_OPTION_BYTES ? 0 : optionMac(seg, option);
    }

    /** MAC address of a link-layer address option. */
    public static long optionMac(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU48(seg, optionAt + OPTION_MAC_OFFSET);
    }

    public static void setFlags(MemorySegment seg, long at, int flags) {
        NetworkOrder.putInt(seg, at + FLAGS_OFFSET, flags);
    }

    public static void setTarget(MemorySegment seg, long at, long hi, long lo) {
        NetworkOrder.putLong(seg, at + TARGET_OFFSET, hi);
        NetworkOrder.putLong(seg, at + TARGET_OFFSET + Long.BYTES, lo);
    }

    /** Sets the MAC address of a link-layer address option. */
    public static void setOptionMac(MemorySegment seg, long optionAt, long mac) {
        NetworkOrder.putU48(seg, optionAt + OPTION_MAC_OFFSET, mac);
    }

    /** Writes a link-layer address option of {@link #LINK_LAYER_OPTION_BYTES}. */
    public static void writeLinkLayerOption(MemorySegment seg, long optionAt, int type, long mac) {
        NetworkOrder.putU8(seg, optionAt, type);
        NetworkOrder.putU8(seg, optionAt + OPTION_LENGTH_OFFSET, 1);
        NetworkOrder.putU48(seg, optionAt + OPTION_MAC_OFFSET, mac);
    }

    /**
     * Writes {@link #BYTES}, with a checksum of 0.
     *
     * @param type {@link Icmpv6Header#TYPE_NEIGHBOUR_SOLICITATION} or {@link Icmpv6Header#TYPE_NEIGHBOUR_ADVERTISEMENT}
     * @param flags a mask of the {@code FLAG_} constants; 0 in a solicitation
     */
    public static void write(MemorySegment seg, long at, int type, int flags, long targetHi, long targetLo) {
        Icmpv6Header.write(seg, at, type, 0, flags);
        NetworkOrder.putLong(seg, at + TARGET_OFFSET, targetHi);
        NetworkOrder.putLong(seg, at + TARGET_OFFSET + Long.BYTES, targetLo);
    }
}
