package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 header (RFC 791, section 3.1; DSCP of RFC 2474, ECN of RFC 3168), 20 bytes and up to 40 of options.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version|  IHL  |   DSCP    |ECN|          Total Length         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Identification        |R|D|M|     Fragment Offset     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Source Address                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Destination Address                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             Options and padding, (IHL - 5) * 4 bytes          |
 * </pre>
 *
 * <p>The reserved flag R is ignored on receipt and sent as 0. The header checksum is not part of {@link #check}: a
 * switch only forwards, and code that needs to trust a field for more calls {@link #checksumIsValid}.
 */
public final class Ipv4Header {

    /** Size without options. */
    public static final int BYTES = 20;
    /** Maximum size, with options. */
    public static final int MAX_BYTES = 60;
    /** Largest packet. */
    public static final int MAX_TOTAL_BYTES = 65_535;

    /** Bit of {@link #flagsAndOffset}: don't fragment. */
    public static final int FLAG_DF = 0x4000;
    /** Bit of {@link #flagsAndOffset}: more fragments follow. */
    public static final int FLAG_MF = 0x2000;
    /** Bits of {@link #flagsAndOffset}: the offset in units of 8 bytes. */
    public static final int OFFSET_MASK = 0x1fff;

    private static final int VERSION_4_IHL_5 = 0x45;
    private static final int MIN_FIRST_TCP_FRAGMENT_BYTES = 20;

    // Offsets of the fields, in bytes.
    /** Version and header length, 4 bits each. */
    public static final int VERSION_OFFSET = 0;

    public static final int TOS_OFFSET = 1;
    public static final int TOTAL_LENGTH_OFFSET = 2;
    public static final int IDENTIFICATION_OFFSET = 4;
    /** Flags and fragment offset, 16 bits. */
    public static final int FLAGS_OFFSET = 6;

    public static final int TTL_OFFSET = 8;
    public static final int PROTOCOL_OFFSET = 9;
    public static final int CHECKSUM_OFFSET = 10;
    public static final int SOURCE_OFFSET = 12;
    public static final int DESTINATION_OFFSET = 16;

    private Ipv4Header() {}

    /**
     * Checks version, header length and total length. Bytes after the total length are padding.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, or the reason not to read on: {@link DropReason#IPV4_TRUNCATED}, {@link
     *     DropReason#IPV4_BAD_VERSION}, {@link DropReason#IPV4_BAD_HEADER_LENGTH}, {@link
     *     DropReason#IPV4_BAD_TOTAL_LENGTH}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.IPV4_TRUNCATED;
        }
        if (NetworkOrder.getU8(seg, at + VERSION_OFFSET) >>> 4 != 4) {
            return DropReason.IPV4_BAD_VERSION;
        }
        int headerBytes = headerBytes(seg, at);
        if (headerBytes < BYTES || headerBytes > length) {
            return DropReason.IPV4_BAD_HEADER_LENGTH;
        }
        int totalBytes = totalLength(seg, at);
        return totalBytes < headerBytes || totalBytes > length ? DropReason.IPV4_BAD_TOTAL_LENGTH : null;
    }

    /**
     * The fragment rules of RFC 1858, section 3, for a header that passed {@link #check}: no TCP fragment at offset 1,
     * and no first TCP fragment with less than a whole basic header.
     *
     * @return null, or {@link DropReason#IPV4_TINY_FRAGMENT}
     */
    public static @Nullable DropReason checkFragment(MemorySegment seg, long at) {
        int word = flagsAndOffset(seg, at);
        if ((word & (FLAG_MF | OFFSET_MASK)) == 0 || protocol(seg, at) != IpProtocol.TCP) {
            return null;
        }
        int offset = word & OFFSET_MASK;
        boolean tiny = offset == 1 || offset == 0 && payloadBytes(seg, at) < MIN_FIRST_TCP_FRAGMENT_BYTES;
        return tiny ? DropReason.IPV4_TINY_FRAGMENT : null;
    }

    /** Version field, 4. */
    public static int version(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + VERSION_OFFSET) >>> 4;
    }

    /** Header length in bytes, options included: 20 to 60. */
    public static int headerBytes(MemorySegment seg, long at) {
        return (NetworkOrder.getU8(seg, at + VERSION_OFFSET) & 0xf) * 4;
    }

    /** Bytes of options, 0 to 40. */
    public static int optionBytes(MemorySegment seg, long at) {
        return headerBytes(seg, at) - BYTES;
    }

    /** DSCP and ECN together: the old type-of-service octet. */
    public static int tos(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + TOS_OFFSET);
    }

    /** Differentiated services code point, 0 to 63. */
    public static int dscp(MemorySegment seg, long at) {
        return tos(seg, at) >>> 2;
    }

    /** Explicit congestion notification, 0 to 3. */
    public static int ecn(MemorySegment seg, long at) {
        return tos(seg, at) & 3;
    }

    /** Header and payload in bytes. */
    public static int totalLength(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + TOTAL_LENGTH_OFFSET);
    }

    /** Bytes after the header. */
    public static int payloadBytes(MemorySegment seg, long at) {
        return totalLength(seg, at) - headerBytes(seg, at);
    }

    public static int identification(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + IDENTIFICATION_OFFSET);
    }

    /** Flags and fragment offset in one 16-bit value: {@link #FLAG_DF}, {@link #FLAG_MF}, {@link #OFFSET_MASK}. */
    public static int flagsAndOffset(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + FLAGS_OFFSET);
    }

    public static boolean dontFragment(MemorySegment seg, long at) {
        return (flagsAndOffset(seg, at) & FLAG_DF) != 0;
    }

    public static boolean moreFragments(MemorySegment seg, long at) {
        return (flagsAndOffset(seg, at) & FLAG_MF) != 0;
    }

    /** Fragment offset in bytes. */
    public static int fragmentOffsetBytes(MemorySegment seg, long at) {
        return (flagsAndOffset(seg, at) & OFFSET_MASK) * 8;
    }

    /** Whether it is a piece of a packet: the first, a middle or the last. */
    public static boolean isFragment(MemorySegment seg, long at) {
        return (flagsAndOffset(seg, at) & (FLAG_MF | OFFSET_MASK)) != 0;
    }

    /** Whether it is a fragment other than the first, and therefore has no transport header. */
    public static boolean isLaterFragment(MemorySegment seg, long at) {
        return (flagsAndOffset(seg, at) & OFFSET_MASK) != 0;
    }

    public static int ttl(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + TTL_OFFSET);
    }

    /** An {@link IpProtocol}. */
    public static int protocol(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + PROTOCOL_OFFSET);
    }

    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + CHECKSUM_OFFSET);
    }

    public static int source(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + SOURCE_OFFSET);
    }

    public static int destination(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + DESTINATION_OFFSET);
    }

    /** Whether the header checksum is right, options included. */
    public static boolean checksumIsValid(MemorySegment seg, long at) {
        return Checksum.sum(seg, at, headerBytes(seg, at)) == 0xffff;
    }

    /** Computes and writes the header checksum; the length field must be set. */
    public static void updateChecksum(MemorySegment seg, long at) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, 0);
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, Checksum.finish(Checksum.sum(seg, at, headerBytes(seg, at))));
    }

    /** Sets version 4 and the header length, 20 to 60 bytes in steps of 4. */
    public static void setHeaderBytes(MemorySegment seg, long at, int bytes) {
        NetworkOrder.putU8(seg, at + VERSION_OFFSET, 0x40 | bytes >>> 2);
    }

    public static void setTos(MemorySegment seg, long at, int tos) {
        NetworkOrder.putU8(seg, at + TOS_OFFSET, tos);
    }

    /** Sets DSCP and ECN and updates the header checksum incrementally (RFC 1624): a wrong one stays wrong. */
    public static void changeTos(MemorySegment seg, long at, int tos) {
        int before = NetworkOrder.getU16(seg, at + VERSION_OFFSET);
        setTos(seg, at, tos);
        setChecksum(
                seg, at, Checksum.update16(checksum(seg, at), before, NetworkOrder.getU16(seg, at + VERSION_OFFSET)));
    }

    /** Sets the time to live and takes the header checksum along, as {@link #changeTos} does. */
    public static void changeTtl(MemorySegment seg, long at, int ttl) {
        int before = NetworkOrder.getU16(seg, at + TTL_OFFSET);
        setTtl(seg, at, ttl);
        setChecksum(seg, at, Checksum.update16(checksum(seg, at), before, NetworkOrder.getU16(seg, at + TTL_OFFSET)));
    }

    public static void setTotalLength(MemorySegment seg, long at, int bytes) {
        NetworkOrder.putU16(seg, at + TOTAL_LENGTH_OFFSET, bytes);
    }

    public static void setIdentification(MemorySegment seg, long at, int identification) {
        NetworkOrder.putU16(seg, at + IDENTIFICATION_OFFSET, identification);
    }

    public static void setFlagsAndOffset(MemorySegment seg, long at, int flagsAndOffset) {
        NetworkOrder.putU16(seg, at + FLAGS_OFFSET, flagsAndOffset);
    }

    public static void setTtl(MemorySegment seg, long at, int ttl) {
        NetworkOrder.putU8(seg, at + TTL_OFFSET, ttl);
    }

    public static void setProtocol(MemorySegment seg, long at, int protocol) {
        NetworkOrder.putU8(seg, at + PROTOCOL_OFFSET, protocol);
    }

    public static void setChecksum(MemorySegment seg, long at, int checksum) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, checksum);
    }

    public static void setSource(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + SOURCE_OFFSET, ipv4);
    }

    public static void setDestination(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + DESTINATION_OFFSET, ipv4);
    }

    /**
     * Writes a header without options, its checksum included.
     *
     * @param flagsAndOffset {@link #FLAG_DF}, or 0
     */
    public static void write(
            MemorySegment seg,
            long at,
            int tos,
            int totalLength,
            int identification,
            int flagsAndOffset,
            int ttl,
            int protocol,
            int source,
            int destination) {
        NetworkOrder.putU8(seg, at + VERSION_OFFSET, VERSION_4_IHL_5);
        setTos(seg, at, tos);
        setTotalLength(seg, at, totalLength);
        setIdentification(seg, at, identification);
        setFlagsAndOffset(seg, at, flagsAndOffset);
        setTtl(seg, at, ttl);
        setProtocol(seg, at, protocol);
        setSource(seg, at, source);
        setDestination(seg, at, destination);
        updateChecksum(seg, at);
    }
}
