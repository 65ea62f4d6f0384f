package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * IPv6 header (RFC 8200, section 3), 40 bytes, no reserved bits. Extension headers are {@link Ipv6Extensions}'.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| Traffic Class |           Flow Label                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Source Address, 16 bytes                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 Destination Address, 16 bytes                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Addresses are two {@code long} halves, first octet highest, as in {@link IpAddress}. Jumbograms (RFC 2675) are not
 * supported: a payload length of 0 means an empty payload.
 */
public final class Ipv6Header {

    public static final int BYTES = 40;
    /** The MTU that every link has at least (RFC 8200, section 5). */
    public static final int MIN_MTU_BYTES = 1280;
    /** Largest {@link #payloadLength}. */
    public static final int MAX_PAYLOAD_BYTES = 65_535;

    // Offsets of the fields, in bytes.
    /** Version, traffic class and flow label, 32 bits. */
    public static final int VERSION_OFFSET = 0;

    public static final int PAYLOAD_LENGTH_OFFSET = 4;
    public static final int NEXT_HEADER_OFFSET = 6;
    public static final int HOP_LIMIT_OFFSET = 7;
    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;

    private Ipv6Header() {}

    /**
     * Checks version and payload length. Bytes after the payload are padding.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, {@link DropReason#IPV6_TRUNCATED}, {@link DropReason#IPV6_BAD_VERSION} or
     *     {@link DropReason#IPV6_BAD_PAYLOAD_LENGTH}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.IPV6_TRUNCATED;
        }
        if (version(seg, at) != 6) {
            return DropReason.IPV6_BAD_VERSION;
        }
        return payloadLength(seg, at) > length - BYTES ? DropReason.IPV6_BAD_PAYLOAD_LENGTH : null;
    }

    /** Version field, 6. */
    public static int version(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + VERSION_OFFSET) >>> 4;
    }

    /** DSCP and ECN together. */
    public static int trafficClass(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + VERSION_OFFSET) >>> 4 & 0xff;
    }

    /** Differentiated services code point, 0 to 63. */
    public static int dscp(MemorySegment seg, long at) {
        return trafficClass(seg, at) >>> 2;
    }

    /** Explicit congestion notification, 0 to 3. */
    public static int ecn(MemorySegment seg, long at) {
        return trafficClass(seg, at) & 3;
    }

    /** Flow label, 20 bits. */
    public static int flowLabel(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + VERSION_OFFSET) & 0xf_ffff;
    }

    /** Bytes after the fixed header, extension headers included. */
    public static int payloadLength(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + PAYLOAD_LENGTH_OFFSET);
    }

    /** Fixed header and payload in bytes. */
    public static int totalBytes(MemorySegment seg, long at) {
        return BYTES + payloadLength(seg, at);
    }

    /** An {@link IpProtocol}: the first extension header, or what the packet carries. */
    public static int nextHeader(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + NEXT_HEADER_OFFSET);
    }

    public static int hopLimit(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + HOP_LIMIT_OFFSET);
    }

    public static long sourceHi(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + SOURCE_OFFSET);
    }

    public static long sourceLo(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + SOURCE_OFFSET + Long.BYTES);
    }

    public static long destinationHi(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + DESTINATION_OFFSET);
    }

    public static long destinationLo(MemorySegment seg, long at) {
        return NetworkOrder.getLong(seg, at + DESTINATION_OFFSET + Long.BYTES);
    }

    /** Sets version 6, traffic class and flow label: the first four bytes. */
    public static void setClassAndLabel(MemorySegment seg, long at, int trafficClass, int flowLabel) {
        NetworkOrder.putInt(seg, at + VERSION_OFFSET, 6 << 28 | (trafficClass & 0xff) << 20 | flowLabel & 0xf_ffff);
    }

    /** Replaces the traffic class and keeps the flow label. */
    public static void setTrafficClass(MemorySegment seg, long at, int trafficClass) {
        setClassAndLabel(seg, at, trafficClass, flowLabel(seg, at));
    }

    /** Replaces the flow label and keeps the traffic class. */
    public static void setFlowLabel(MemorySegment seg, long at, int flowLabel) {
        setClassAndLabel(seg, at, trafficClass(seg, at), flowLabel);
    }

    public static void setPayloadLength(MemorySegment seg, long at, int bytes) {
        NetworkOrder.putU16(seg, at + PAYLOAD_LENGTH_OFFSET, bytes);
    }

    public static void setNextHeader(MemorySegment seg, long at, int nextHeader) {
        NetworkOrder.putU8(seg, at + NEXT_HEADER_OFFSET, nextHeader);
    }

    public static void setHopLimit(MemorySegment seg, long at, int hopLimit) {
        NetworkOrder.putU8(seg, at + HOP_LIMIT_OFFSET, hopLimit);
    }

    public static void setSource(MemorySegment seg, long at, long hi, long lo) {
        NetworkOrder.putLong(seg, at + SOURCE_OFFSET, hi);
        NetworkOrder.putLong(seg, at + SOURCE_OFFSET + Long.BYTES, lo);
    }

    public static void setDestination(MemorySegment seg, long at, long hi, long lo) {
        NetworkOrder.putLong(seg, at + DESTINATION_OFFSET, hi);
        NetworkOrder.putLong(seg, at + DESTINATION_OFFSET + Long.BYTES, lo);
    }

    /** Writes everything but the addresses. */
    public static void write(
            MemorySegment seg,
            long at,
            int trafficClass,
            int flowLabel,
            int payloadLength,
            int nextHeader,
            int hopLimit) {
        setClassAndLabel(seg, at, trafficClass, flowLabel);
        setPayloadLength(seg, at, payloadLength);
        setNextHeader(seg, at, nextHeader);
        setHopLimit(seg, at, hopLimit);
    }
}
