package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * TCP header (RFC 9293, section 3.1), 20 bytes and up to 40 of options.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Source Port          |       Destination Port        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        Sequence Number                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Acknowledgment Number                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Data |     |A|C|E|U|A|P|R|S|F|                               |
 * | Offset| Rsv |E|W|C|R|C|S|S|Y|I|            Window             |
 * |       |     | |R|E|G|K|H|T|N|N|                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           Checksum            |         Urgent Pointer        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           Options, (Data Offset - 5) * 4 bytes                |
 * </pre>
 *
 * <p>Reserved bits are ignored on receipt and left alone on forwarding; AE is the accurate-ECN bit (RFC 9768; NS
 * before).
 */
public final class TcpHeader {

    /** Size without options. */
    public static final int BYTES = 20;
    /** Maximum size, with options. */
    public static final int MAX_BYTES = 60;

    public static final int FLAG_FIN = 0x001;
    public static final int FLAG_SYN = 0x002;
    public static final int FLAG_RST = 0x004;
    public static final int FLAG_PSH = 0x008;
    public static final int FLAG_ACK = 0x010;
    public static final int FLAG_URG = 0x020;
    public static final int FLAG_ECE = 0x040;
    public static final int FLAG_CWR = 0x080;
    public static final int FLAG_AE = 0x100;

    public static final int OPTION_END = 0;
    public static final int OPTION_NOP = 1;
    /** Maximum segment size (RFC 9293, section 3.7.1): kind, length 4, 16-bit value. */
    public static final int OPTION_MSS = 2;

    public static final int OPTION_WINDOW_SCALE = 3;
    public static final int OPTION_SACK_PERMITTED = 4;
    public static final int OPTION_SACK = 5;
    public static final int OPTION_TIMESTAMPS = 8;

    /** Length of a well-formed {@link #OPTION_MSS}; its value is at {@link #OPTION_VALUE_OFFSET}. */
    public static final int MSS_OPTION_BYTES = 4;

    // Offsets of the fields, in bytes.
    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int SEQUENCE_OFFSET = 4;
    public static final int ACKNOWLEDGMENT_OFFSET = 8;
    /** Data offset, reserved bits and flags, 16 bits. */
    public static final int FLAGS_OFFSET = 12;

    /** The octet with all flags but {@link #FLAG_AE}. */
    public static final int LOW_FLAGS_OFFSET = 13;

    public static final int WINDOW_OFFSET = 14;
    public static final int CHECKSUM_OFFSET = 16;
    public static final int URGENT_POINTER_OFFSET = 18;

    /** Where an option's length is, from the option's first byte; it includes kind and length. */
    public static final int OPTION_LENGTH_OFFSET = 1;
    /** Where an option's value is, from the option's first byte. */
    public static final int OPTION_VALUE_OFFSET = 2;

    private static final int OPTION_HEADER_BYTES = OPTION_VALUE_OFFSET;

    private TcpHeader() {}

    /**
     * Checks the data offset; options are checked where they are walked.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, {@link DropReason#TCP_TRUNCATED} or {@link DropReason#TCP_BAD_DATA_OFFSET}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.TCP_TRUNCATED;
        }
        int headerBytes = headerBytes(seg, at);
        return headerBytes < BYTES || headerBytes > length ? DropReason.TCP_BAD_DATA_OFFSET : null;
    }

    public static int sourcePort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + DESTINATION_PORT_OFFSET);
    }

    /** Sequence number; compare by subtraction. */
    public static int sequence(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + SEQUENCE_OFFSET);
    }

    /** Acknowledgment number; compare by subtraction. */
    public static int acknowledgment(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + ACKNOWLEDGMENT_OFFSET);
    }

    /** Header length in bytes, options included: 20 to 60. */
    public static int headerBytes(MemorySegment seg, long at) {
        return (NetworkOrder.getU8(seg, at + FLAGS_OFFSET) >>> 4) * 4;
    }

    /** The nine flags; a mask of the {@code FLAG_} constants. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + FLAGS_OFFSET) & 0x1ff;
    }

    public static int window(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + WINDOW_OFFSET);
    }

    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + CHECKSUM_OFFSET);
    }

    public static int urgentPointer(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + URGENT_POINTER_OFFSET);
    }

    public static void setSourcePort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + SOURCE_PORT_OFFSET, port);
    }

    public static void setDestinationPort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + DESTINATION_PORT_OFFSET, port);
    }

    public static void setSequence(MemorySegment seg, long at, int sequence) {
        NetworkOrder.putInt(seg, at + SEQUENCE_OFFSET, sequence);
    }

    public static void setAcknowledgment(MemorySegment seg, long at, int acknowledgment) {
        NetworkOrder.putInt(seg, at + ACKNOWLEDGMENT_OFFSET, acknowledgment);
    }

    /** Sets the data offset (20 to 60 bytes in steps of 4) and all nine flags; the reserved bits become 0. */
    public static void setHeaderBytesAndFlags(MemorySegment seg, long at, int headerBytes, int flags) {
        NetworkOrder.putU16(seg, at + FLAGS_OFFSET, headerBytes >>> 2 << 12 | flags & 0x1ff);
    }

    /** Replaces the nine flags; data offset and reserved bits stay. */
    public static void setFlags(MemorySegment seg, long at, int flags) {
        NetworkOrder.putU16(
                seg, at + FLAGS_OFFSET, NetworkOrder.getU16(seg, at + FLAGS_OFFSET) & ~0x1ff | flags & 0x1ff);
    }

    public static void setWindow(MemorySegment seg, long at, int window) {
        NetworkOrder.putU16(seg, at + WINDOW_OFFSET, window);
    }

    public static void setChecksum(MemorySegment seg, long at, int checksum) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, checksum);
    }

    public static void setUrgentPointer(MemorySegment seg, long at, int pointer) {
        NetworkOrder.putU16(seg, at + URGENT_POINTER_OFFSET, pointer);
    }

    /**
     * Offset (in the segment) of the first option's kind byte, NOPs stepped over, or -1 when there is none or its
     * length does not fit the header.
     */
    public static long firstOption(MemorySegment seg, long at) {
        return optionFrom(seg, at + BYTES, at + headerBytes(seg, at));
    }

    /** Offset of the option after the one at {@code optionAt}, as {@link #firstOption}. */
    public static long nextOption(MemorySegment seg, long at, long optionAt) {
        return optionFrom(seg, optionAt + optionBytes(seg, optionAt), at + headerBytes(seg, at));
    }

    private static long optionFrom(MemorySegment seg, long from, long end) {
        for (long option = from; option < end; option++) {
            int kind = NetworkOrder.getU8(seg, option);
            if (kind == OPTION_END) {
                return -1;
            }
            if (kind != OPTION_NOP) {
                if (option + OPTION_HEADER_BYTES > end) {
                    return -1;
                }
                int bytes = optionBytes(seg, option);
                return bytes < OPTION_HEADER_BYTES || option + bytes > end ? -1 : option;
            }
        }
        return -1;
    }

    /** Kind of the option at an offset from {@link #firstOption}, {@link #nextOption} or {@link #findOption}. */
    public static int optionKind(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt);
    }

    /** Length of the option in bytes, kind and length bytes included. */
    public static int optionBytes(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt + OPTION_LENGTH_OFFSET);
    }

    /**
     * Looks for an option.
     *
     * @return offset (in the segment) of its kind byte, or -1 when it is not there or stands behind a malformed one.
     *     That its length is the one that its kind demands is for the caller to check
     */
    public static long findOption(MemorySegment seg, long at, int kind) {
        long option = firstOption(seg, at);
        while (option >= 0 && optionKind(seg, option) != kind) {
            option = nextOption(seg, at, option);
        }
        return option;
    }
}
