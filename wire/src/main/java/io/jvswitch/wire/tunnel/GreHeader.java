package io.jvswitch.wire.tunnel;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * GRE header, version 0 (RFC 2784, section 2, with the key and sequence number of RFC 2890), 4 to 16 bytes, after IP.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |C|R|K|S|s|Rec|A|  Reserved0  |Ver|         Protocol Type       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Checksum (present with C)    | Reserved1 (present with C)    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  Key (present with K)                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            Sequence Number (present with S)                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Bits 1, 4 and 5 belong to the source routing of RFC 1701: a packet that sets one is discarded (RFC 2784, section
 * 2.3). Bits 6 to 12 and Reserved1 are ignored on receipt and sent as 0.
 */
public final class GreHeader {

    /** Size without any optional word. */
    public static final int BYTES = 4;
    /** Size of each optional word: checksum, key, sequence number. */
    public static final int OPTION_BYTES = 4;
    /** Size with all three. */
    public static final int MAX_BYTES = 16;

    public static final int FLAG_CHECKSUM = 0x8000;
    public static final int FLAG_KEY = 0x2000;
    public static final int FLAG_SEQUENCE = 0x1000;

    private static final int VERSION_MASK = 0x0007;
    private static final int FORBIDDEN_MASK = 0x4c00;

    // Offsets of the fields, in bytes.
    /** Flags, reserved bits and version, 16 bits. */
    public static final int FLAGS_OFFSET = 0;

    public static final int PROTOCOL_OFFSET = 2;
    /** Only with {@link #FLAG_CHECKSUM}. */
    public static final int CHECKSUM_OFFSET = 4;

    private GreHeader() {}

    /**
     * Checks version, flags and that the optional words fit. The protocol and the checksum are the tunnel's to check:
     * {@link #protocol}, {@link #checksumIsValid}.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, {@link DropReason#GRE_TRUNCATED}, {@link DropReason#GRE_BAD_VERSION} or
     *     {@link DropReason#GRE_BAD_FLAGS}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.GRE_TRUNCATED;
        }
        int flags = flags(seg, at);
        if ((flags & VERSION_MASK) != 0) {
            return DropReason.GRE_BAD_VERSION;
        }
        if ((flags & FORBIDDEN_MASK) != 0) {
            return DropReason.GRE_BAD_FLAGS;
        }
        return headerBytes(flags) > length ? DropReason.GRE_TRUNCATED : null;
    }

    /** The first 16 bits: a mask of the {@code FLAG_} constants, reserved bits and the version. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + FLAGS_OFFSET);
    }

    /** The {@link EtherType} of the payload; {@link EtherType#TRANSPARENT_ETHERNET} for frames. */
    public static int protocol(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + PROTOCOL_OFFSET);
    }

    /** Size of a header with these flags. */
    public static int headerBytes(int flags) {
        return BYTES
                + ((flags & FLAG_CHECKSUM) != 0 ? OPTION_BYTES : 0)
                + ((flags & FLAG_KEY) != 0 ? OPTION_BYTES : 0)
                + ((flags & FLAG_SEQUENCE) != 0 ? OPTION_BYTES : 0);
    }

    /** Size of the header, optional words included. */
    public static int headerBytes(MemorySegment seg, long at) {
        return headerBytes(flags(seg, at));
    }

    public static boolean hasChecksum(MemorySegment seg, long at) {
        return (flags(seg, at) & FLAG_CHECKSUM) != 0;
    }

    public static boolean hasKey(MemorySegment seg, long at) {
        return (flags(seg, at) & FLAG_KEY) != 0;
    }

    public static boolean hasSequence(MemorySegment seg, long at) {
        return (flags(seg, at) & FLAG_SEQUENCE) != 0;
    }

    /** The checksum; only with C. */
    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + CHECKSUM_OFFSET);
    }

    /** The key, 0 to 2^32-1; only with K. */
    public static long key(MemorySegment seg, long at) {
        return NetworkOrder.getU32(seg, at + keyOffset(flags(seg, at)));
    }

    /** The sequence number; only with S. */
    public static int sequence(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + sequenceOffset(flags(seg, at)));
    }

    /**
     * Whether the checksum, if there is one, is right for header and payload.
     *
     * @param length bytes from {@code at} to the end of the payload
     */
    public static boolean checksumIsValid(MemorySegment seg, long at, int length) {
        return !hasChecksum(seg, at) || Checksum.sum(seg, at, length) == 0xffff;
    }

    /**
     * Writes {@link #headerBytes(int)} bytes.
     *
     * @param flags a mask of the {@code FLAG_} constants; words that they do not announce are not written, and a
     *     checksum is written as 0 for {@link #updateChecksum}
     * @param key low 32 bits
     */
    public static void write(MemorySegment seg, long at, int flags, int protocol, long key, int sequence) {
        NetworkOrder.putU16(seg, at + FLAGS_OFFSET, flags);
        NetworkOrder.putU16(seg, at + PROTOCOL_OFFSET, protocol);
        if ((flags & FLAG_CHECKSUM) != 0) {
            NetworkOrder.putInt(seg, at + CHECKSUM_OFFSET, 0);
        }
        if ((flags & FLAG_KEY) != 0) {
            NetworkOrder.putInt(seg, at + keyOffset(flags), (int) key);
        }
        if ((flags & FLAG_SEQUENCE) != 0) {
            NetworkOrder.putInt(seg, at + sequenceOffset(flags), sequence);
        }
    }

    /**
     * Computes and writes the checksum of a header with C.
     *
     * @param length bytes from {@code at} to the end of the payload
     */
    public static void updateChecksum(MemorySegment seg, long at, int length) {
        NetworkOrder.putInt(seg, at + CHECKSUM_OFFSET, 0);
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, Checksum.finish(Checksum.sum(seg, at, length)));
    }

    private static int keyOffset(int flags) {
        return headerBytes(flags & FLAG_CHECKSUM);
    }

    private static int sequenceOffset(int flags) {
        return headerBytes(flags & (FLAG_CHECKSUM | FLAG_KEY));
    }
}
