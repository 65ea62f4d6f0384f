package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * ICMP header (RFC 792), 8 bytes; the second word depends on the type and is sent as 0 where unused. The checksum
 * covers the message, without a pseudo-header.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |     Code      |          Checksum             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | echo: identifier              | echo: sequence number         |
 * | error: unused                 | code 4: next-hop MTU (RFC 1191)|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class IcmpHeader {

    public static final int BYTES = 8;

    public static final int TYPE_ECHO_REPLY = 0;
    public static final int TYPE_DESTINATION_UNREACHABLE = 3;
    public static final int TYPE_SOURCE_QUENCH = 4;
    public static final int TYPE_REDIRECT = 5;
    public static final int TYPE_ECHO_REQUEST = 8;
    /** RFC 1256. */
    public static final int TYPE_ROUTER_ADVERTISEMENT = 9;

    public static final int TYPE_TIME_EXCEEDED = 11;
    public static final int TYPE_PARAMETER_PROBLEM = 12;

    /** Code of destination unreachable: fragmentation needed and DF set (RFC 1191). */
    public static final int CODE_FRAGMENTATION_NEEDED = 4;

    // Offsets of the fields, in bytes.
    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    /** What depends on the type, 32 bits. */
    public static final int REST_OFFSET = 4;

    /** Of an echo request or reply. */
    public static final int IDENTIFIER_OFFSET = REST_OFFSET;
    /** Of an echo request or reply. */
    public static final int SEQUENCE_OFFSET = REST_OFFSET + Short.BYTES;
    /** Of a destination unreachable: fragmentation needed (RFC 1191). */
    public static final int NEXT_HOP_MTU_OFFSET = REST_OFFSET + Short.BYTES;

    private IcmpHeader() {}

    /**
     * Whether the header fits.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, or {@link DropReason#ICMP_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < BYTES ? DropReason.ICMP_TRUNCATED : null;
    }

    /** Whether a type is an error, in answer to which no error may be sent (RFC 1122, section 3.2.2). */
    public static boolean isError(int type) {
        return type == TYPE_DESTINATION_UNREACHABLE
                || type == TYPE_SOURCE_QUENCH
                || type == TYPE_REDIRECT
                || type == TYPE_TIME_EXCEEDED
                || type == TYPE_PARAMETER_PROBLEM;
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

    /** Echo request and reply: identifier. */
    public static int identifier(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + IDENTIFIER_OFFSET);
    }

    /** Echo request and reply: sequence number. */
    public static int sequence(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SEQUENCE_OFFSET);
    }

    /** Fragmentation needed: next-hop MTU in bytes; 0 from routers older than RFC 1191. */
    public static int nextHopMtu(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + NEXT_HOP_MTU_OFFSET);
    }

    public static void setType(MemorySegment seg, long at, int type) {
        NetworkOrder.putU8(seg, at + TYPE_OFFSET, type);
    }

    public static void setCode(MemorySegment seg, long at, int code) {
        NetworkOrder.putU8(seg, at + CODE_OFFSET, code);
    }

    public static void setChecksum(MemorySegment seg, long at, int checksum) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, checksum);
    }

    /**
     * Writes all 8 bytes, with a checksum of 0; {@link Checksum#setTransport} computes it once the message is complete.
     *
     * @param rest the second word: identifier and sequence number, or the next-hop MTU in its lower half
     */
    public static void write(MemorySegment seg, long at, int type, int code, int rest) {
        NetworkOrder.putInt(seg, at + TYPE_OFFSET, type << 24 | (code & 0xff) << 16);
        NetworkOrder.putInt(seg, at + REST_OFFSET, rest);
    }
}
