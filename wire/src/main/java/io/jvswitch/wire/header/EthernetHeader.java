package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Ethernet II header (IEEE 802.3-2018, section 3.2.6), 14 bytes, no reserved bits. The frame check sequence is never in
 * the buffer.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       destination address                     |
 * +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                               |                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+        source address         +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        type or length         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>MAC addresses are the low 48 bits of a {@code long}, first octet highest.
 */
public final class EthernetHeader {

    /** Size of the header without tags. */
    public static final int BYTES = 14;
    /** Shortest frame on the wire, without its frame check sequence; shorter payloads are padded at their end. */
    public static final int MIN_FRAME_BYTES = 60;
    /** Size of {@link #type}. */
    public static final int TYPE_BYTES = 2;

    // Offsets of the fields, in bytes.
    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    /** After the two addresses, where a tagged frame has its first VLAN tag. */
    public static final int TYPE_OFFSET = 12;

    private EthernetHeader() {}

    /**
     * Whether a header of {@link #BYTES} fits.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, or {@link DropReason#ETHERNET_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < BYTES ? DropReason.ETHERNET_TRUNCATED : null;
    }

    public static long destination(MemorySegment seg, long at) {
        return NetworkOrder.getU48(seg, at + DESTINATION_OFFSET);
    }

    public static long source(MemorySegment seg, long at) {
        return NetworkOrder.getU48(seg, at + SOURCE_OFFSET);
    }

    /** An {@link EtherType}, or the length of an IEEE 802.3 frame when below {@link EtherType#MINIMUM}. */
    public static int type(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + TYPE_OFFSET);
    }

    public static void setDestination(MemorySegment seg, long at, long mac) {
        NetworkOrder.putU48(seg, at + DESTINATION_OFFSET, mac);
    }

    public static void setSource(MemorySegment seg, long at, long mac) {
        NetworkOrder.putU48(seg, at + SOURCE_OFFSET, mac);
    }

    public static void setType(MemorySegment seg, long at, int type) {
        NetworkOrder.putU16(seg, at + TYPE_OFFSET, type);
    }

    /** Writes all 14 bytes. */
    public static void write(MemorySegment seg, long at, long destination, long source, int type) {
        setDestination(seg, at, destination);
        setSource(seg, at, source);
        setType(seg, at, type);
    }
}
