package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * UDP header (RFC 768), 8 bytes, no reserved bits.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Source Port          |       Destination Port        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            Length             |           Checksum            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>A checksum of 0 means "none" (over IPv6 only where RFC 6935 allows it); a computed 0 is sent as 0xffff. See
 * {@link Checksum#setTransport}.
 */
public final class UdpHeader {

    public static final int BYTES = 8;

    // Offsets of the fields, in bytes.
    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int LENGTH_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 6;

    private UdpHeader() {}

    /**
     * Checks the length field of a whole datagram.
     *
     * @param length bytes from {@code at} to the end of the IP payload
     * @return null, {@link DropReason#UDP_TRUNCATED} or {@link DropReason#UDP_BAD_LENGTH}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.UDP_TRUNCATED;
        }
        int field = length(seg, at);
        return field < BYTES || field > length ? DropReason.UDP_BAD_LENGTH : null;
    }

    /**
     * As {@link #check} for the first fragment of a datagram, whose length field rightly names more than is here.
     *
     * @param length bytes from {@code at} to the end of the fragment
     */
    public static @Nullable DropReason checkFirstFragment(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.UDP_TRUNCATED;
        }
        return length(seg, at) < BYTES ? DropReason.UDP_BAD_LENGTH : null;
    }

    public static int sourcePort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + DESTINATION_PORT_OFFSET);
    }

    /** Header and payload in bytes. */
    public static int length(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + LENGTH_OFFSET);
    }

    public static int checksum(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + CHECKSUM_OFFSET);
    }

    public static void setSourcePort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + SOURCE_PORT_OFFSET, port);
    }

    public static void setDestinationPort(MemorySegment seg, long at, int port) {
        NetworkOrder.putU16(seg, at + DESTINATION_PORT_OFFSET, port);
    }

    public static void setLength(MemorySegment seg, long at, int bytes) {
        NetworkOrder.putU16(seg, at + LENGTH_OFFSET, bytes);
    }

    public static void setChecksum(MemorySegment seg, long at, int checksum) {
        NetworkOrder.putU16(seg, at + CHECKSUM_OFFSET, checksum);
    }

    /** Writes all 8 bytes, with a checksum of 0. */
    public static void write(MemorySegment seg, long at, int sourcePort, int destinationPort, int length) {
        setSourcePort(seg, at, sourcePort);
        setDestinationPort(seg, at, destinationPort);
        setLength(seg, at, length);
        setChecksum(seg, at, 0);
    }
}
