package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * ICMPv6 header (RFC 4443, section 2.1), 4 bytes, followed by a body that depends on the type. The checksum covers the
 * message and the IPv6 pseudo-header.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |     Code      |          Checksum             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            body; packet too big: MTU (section 3.2)            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Icmpv6Header {

    public static final int BYTES = 4;
    /** Header and first word of the body, which echo and error messages have. */
    public static final int MESSAGE_BYTES = 8;

    public static final int TYPE_DESTINATION_UNREACHABLE = 1;
    public static final int TYPE_PACKET_TOO_BIG = 2;
    public static final int TYPE_TIME_EXCEEDED = 3;
    public static final int TYPE_PARAMETER_PROBLEM = 4;
    public static final int TYPE_ECHO_REQUEST = 128;
    public static final int TYPE_ECHO_REPLY = 129;
    public static final int TYPE_MLD_QUERY = 130;
    public static final int TYPE_MLD_REPORT = 131;
    public static final int TYPE_MLD_DONE = 132;
    public static final int TYPE_ROUTER_SOLICITATION = 133;
    public static final int TYPE_ROUTER_ADVERTISEMENT = 134;
    public static final int TYPE_NEIGHBOUR_SOLICITATION = 135;
    public static final int TYPE_NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int TYPE_REDIRECT = 137;
    public static final int TYPE_MLDV2_REPORT = 143;

    // Offsets of the fields, in bytes.
    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    /** The first word of what depends on the type. */
    public static final int REST_OFFSET = 4;

    /** Of an echo request or reply. */
    public static final int IDENTIFIER_OFFSET = REST_OFFSET;
    /** Of an echo request or reply. */
    public static final int SEQUENCE_OFFSET = REST_OFFSET + Short.BYTES;
    /** Of a packet too big. */
    public static final int MTU_OFFSET = REST_OFFSET;

    private Icmpv6Header() {}

    /**
     * Whether the header fits.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, or {@link DropReason#ICMP_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < BYTES ? DropReason.ICMP_TRUNCATED : null;
    }

    /** Whether a type is an error, in answer to which no error may be sent (RFC 4443, section 2.4 (e)). */
    public static boolean isError(int type) {
        return type < 128;
    }

    public static int type(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + TYPE_OFFSET);
    }

    public static int code(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + CODE_OFFSET);
    }

    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + CHECKSUM_OFFSET);
    }

    /** Echo request and reply ({@link #MESSAGE_BYTES}): identifier. */
    public static int identifier(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + IDENTIFIER_OFFSET);
    }

    /** Echo request and reply ({@link #MESSAGE_BYTES}): sequence number. */
    public static int sequence(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SEQUENCE_OFFSET);
    }

    /** Packet too big ({@link #MESSAGE_BYTES}): MTU of the next link in bytes. */
    public static long mtu(MemorySegment seg, long at) {
        return NetworkOrder.getU32(seg, at + MTU_OFFSET);
    }

    public static void setChecksum(MemorySegment seg, long at, int checksum) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, checksum);
    }

    /**
     * Writes {@link #MESSAGE_BYTES}, with a checksum of 0; {@link Checksum#setTransport} computes it once the message
     * is complete.
     *
     * @param rest the body's first word: identifier and sequence number, the MTU, or the flags of neighbour discovery
     */
    public static void write(MemorySegment seg, long at, int type, int code, int rest) {
        NetworkOrder.putInt(seg, at + TYPE_OFFSET, type << 24 | (code & 0xff) << 16);
        NetworkOrder.putInt(seg, at + REST_OFFSET, rest);
    }
}
