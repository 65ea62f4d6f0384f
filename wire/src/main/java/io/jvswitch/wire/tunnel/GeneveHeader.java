package io.jvswitch.wire.tunnel;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Geneve header (RFC 8926, section 3.4) and options (section 3.5), 8 bytes and up to 252 of options after UDP.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Option Class         |C|    Type     |R|R|R| Length  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  Length * 4 bytes of option data              |
 * </pre>
 *
 * <p>O: control packet. C: some option is critical, and so is one whose type has its highest bit set. Reserved bits are
 * sent as 0 and ignored on receipt.
 */
public final class GeneveHeader {

    /** Size without options. */
    public static final int BYTES = 8;
    /** Maximum size, with options. */
    public static final int MAX_BYTES = BYTES + 63 * 4;
    /** Assigned UDP destination port. */
    public static final int UDP_PORT = 6081;
    /** Largest VNI. */
    public static final int MAX_VNI = 0xff_ffff;
    /** Size of an option without its data. */
    public static final int OPTION_HEADER_BYTES = 4;
    /** Bit of an option's type: a receiver that does not know it must drop the packet. */
    public static final int OPTION_CRITICAL = 0x80;

    private static final int CONTROL_MASK = 0x80;
    private static final int CRITICAL_MASK = 0x40;

    // Offsets of the fields, in bytes.
    /** Version and length of the options. */
    public static final int VERSION_OFFSET = 0;

    public static final int FLAGS_OFFSET = 1;
    public static final int PROTOCOL_OFFSET = 2;
    /** 24 bits, followed by 8 reserved ones. */
    public static final int VNI_OFFSET = 4;

    // Offsets of an option's fields, in bytes.
    public static final int OPTION_CLASS_OFFSET = 0;
    public static final int OPTION_TYPE_OFFSET = 2;
    /** Reserved bits and the data's length. */
    public static final int OPTION_LENGTH_OFFSET = 3;

    private GeneveHeader() {}

    /**
     * Checks version, length, and that the options fill their space exactly. Protocol and critical options are the
     * tunnel's to check.
     *
     * @param length bytes from {@code at} to the end of the datagram
     * @return null, {@link DropReason#GENEVE_TRUNCATED} or {@link DropReason#GENEVE_BAD_VERSION}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.GENEVE_TRUNCATED;
        }
        if (NetworkOrder.getU8(seg, at + VERSION_OFFSET) >>> 6 != 0) {
            return DropReason.GENEVE_BAD_VERSION;
        }
        if (headerBytes(seg, at) > length) {
            return DropReason.GENEVE_TRUNCATED;
        }
        long end = at + headerBytes(seg, at);
        long option = at + BYTES;
        while (option < end) {
            option += optionBytes(seg, option);
        }
        return option == end ? null : DropReason.GENEVE_TRUNCATED;
    }

    /** Size of the header, options included. */
    public static int headerBytes(MemorySegment seg, long at) {
        return BYTES + (NetworkOrder.getU8(seg, at + VERSION_OFFSET) & 0x3f) * 4;
    }

    /** O: a control packet, for the tunnel end point itself. */
    public static boolean isControl(MemorySegment seg, long at) {
        return (NetworkOrder.getU8(seg, at + FLAGS_OFFSET) & CONTROL_MASK) != 0;
    }

    /** C: at least one option is critical. */
    public static boolean hasCritical(MemorySegment seg, long at) {
        return (NetworkOrder.getU8(seg, at + FLAGS_OFFSET) & CRITICAL_MASK) != 0;
    }

    /** The {@link EtherType} of the payload; {@link EtherType#TRANSPARENT_ETHERNET} for frames. */
    public static int protocol(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + PROTOCOL_OFFSET);
    }

    /** Virtual network identifier, 24 bits. */
    public static int vni(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + VNI_OFFSET) >>> 8;
    }

    /** Offset (in the segment) of the first option, or -1. */
    public static long firstOption(MemorySegment seg, long at) {
        return headerBytes(seg, at) > BYTES ? at + BYTES : -1;
    }

    /** Offset of the option after the one at {@code optionAt}, or -1. */
    public static long nextOption(MemorySegment seg, long at, long optionAt) {
        long next = optionAt + optionBytes(seg, optionAt);
        return next < at + headerBytes(seg, at) ? next : -1;
    }

    /**
     * Looks for an option.
     *
     * @param type the whole octet, critical bit included
     * @return offset (in the segment) of its class field, or -1
     */
    public static long findOption(MemorySegment seg, long at, int optionClass, int type) {
        long option = firstOption(seg, at);
        while (option >= 0 && (optionClass(seg, option) != optionClass || optionType(seg, option) != type)) {
            option = nextOption(seg, at, option);
        }
        return option;
    }

    public static int optionClass(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU16(seg, optionAt + OPTION_CLASS_OFFSET);
    }

    /** The whole octet, critical bit included. */
    public static int optionType(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt + OPTION_TYPE_OFFSET);
    }

    /** Size of the option in bytes, its header included: 4 to 128. */
    public static int optionBytes(MemorySegment seg, long optionAt) {
        return OPTION_HEADER_BYTES + (NetworkOrder.getU8(seg, optionAt + OPTION_LENGTH_OFFSET) & 0x1f) * 4;
    }

    /**
     * Writes the first 8 bytes of a data packet; C when {@code critical}.
     *
     * @param optionBytes bytes of options that the caller writes after it, a multiple of 4 up to 252
     */
    public static void write(MemorySegment seg, long at, int optionBytes, boolean critical, int protocol, int vni) {
        NetworkOrder.putU8(seg, at + VERSION_OFFSET, optionBytes >>> 2);
        NetworkOrder.putU8(seg, at + FLAGS_OFFSET, critical ? CRITICAL_MASK : 0);
        NetworkOrder.putU16(seg, at + PROTOCOL_OFFSET, protocol);
        NetworkOrder.putInt(seg, at + VNI_OFFSET, vni << 8);
    }

    /** Writes an option's header; {@code dataBytes} is a multiple of 4 up to 124. */
    public static void writeOption(MemorySegment seg, long optionAt, int optionClass, int type, int dataBytes) {
        NetworkOrder.putU16(seg, optionAt + OPTION_CLASS_OFFSET, optionClass);
        NetworkOrder.putU8(seg, optionAt + OPTION_TYPE_OFFSET, type);
        NetworkOrder.putU8(seg, optionAt + OPTION_LENGTH_OFFSET, dataBytes >>> 2);
    }
}
