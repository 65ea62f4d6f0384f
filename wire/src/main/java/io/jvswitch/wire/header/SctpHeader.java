package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * SCTP common header (RFC 9260, section 3.1), 12 bytes, no reserved bits.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Source Port          |       Destination Port        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Verification Tag                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Checksum (CRC32c)                       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The CRC32c covers only the SCTP packet, not the addresses, and is stored lowest byte first (appendix A). After a
 * port is rewritten it must be recomputed.
 */
public final class SctpHeader {

    public static final int BYTES = 12;

    // Offsets of the fields, in bytes.
    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int VERIFICATION_TAG_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 8;

    private SctpHeader() {}

    /**
     * Whether the common header fits.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, or {@link DropReason#SCTP_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < BYTES ? DropReason.SCTP_TRUNCATED : null;
    }

    public static int sourcePort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + DESTINATION_PORT_OFFSET);
    }

    public static int verificationTag(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + VERIFICATION_TAG_OFFSET);
    }

    /** The CRC32c as a number. */
    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getLe32(seg, at + CHECKSUM_OFFSET);
    }

    public static void setSourcePort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + SOURCE_PORT_OFFSET, port);
    }

    public static void setDestinationPort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + DESTINATION_PORT_OFFSET, port);
    }

    public static void setVerificationTag(MemorySegment seg, long at, int tag) {
        NetworkOrder.putInt(seg, at + VERIFICATION_TAG_OFFSET, tag);
    }

    public static void setChecksum(MemorySegment seg, long at, int crc32c) {
        NetworkOrder.putLe32(seg, at + CHECKSUM_OFFSET, crc32c);
    }
}
