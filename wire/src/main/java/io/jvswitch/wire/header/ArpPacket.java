package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * ARP packet for Ethernet and IPv4 (RFC 826), 28 bytes, no reserved bits. Bytes after it are padding and are ignored.
 *
 * <p>Stations on IEEE 802 networks other than Ethernet use hardware type 6, and bridges forward their packets
 * unchanged: both types are treated alike (RFC 1390; RFC 1122, section 2.3.3), as in Linux.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      hardware type (1 or 6)   |     protocol type (0x0800)    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | hw length (6) |pr. length (4) |           operation           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    sender hardware address                    |
 * +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                               |   sender protocol address ... |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | ...                           |    target hardware address    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    target protocol address                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class ArpPacket {

    public static final int BYTES = 28;

    public static final int HARDWARE_ETHERNET = 1;
    /** IEEE 802 networks; treated like Ethernet. */
    public static final int HARDWARE_IEEE802 = 6;

    public static final int OPERATION_REQUEST = 1;
    public static final int OPERATION_REPLY = 2;

    /** Hardware and protocol type: the first four bytes. */
    private static final int TYPES = HARDWARE_ETHERNET << 16 | EtherType.IPV4;

    private static final int IEEE802_TYPES = HARDWARE_IEEE802 << 16 | EtherType.IPV4;
    private static final int LENGTHS = 0x0604;

    // Offsets of the fields, in bytes.
    /** Hardware and protocol type, 16 bits each. */
    public static final int TYPES_OFFSET = 0;

    /** Lengths of hardware and protocol addresses, 8 bits each. */
    public static final int LENGTHS_OFFSET = 4;

    public static final int OPERATION_OFFSET = 6;
    public static final int SENDER_MAC_OFFSET = 8;
    public static final int SENDER_IP_OFFSET = 14;
    public static final int TARGET_MAC_OFFSET = 18;
    public static final int TARGET_IP_OFFSET = 24;

    private ArpPacket() {}

    /**
     * Checks that it is complete and for Ethernet and IPv4; any operation is accepted.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, {@link DropReason#ARP_TRUNCATED} or {@link DropReason#ARP_INVALID}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.ARP_TRUNCATED;
        }
        int types = NetworkOrder.getInt(seg, at + TYPES_OFFSET);
        return (types == TYPES || types == IEEE802_TYPES) && NetworkOrder.getU16(seg, at + LENGTHS_OFFSET) == LENGTHS
                ? null
                : DropReason.ARP_INVALID;
    }

    public static int operation(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + OPERATION_OFFSET);
    }

    public static long senderMac(MemorySegment seg, long at) {
        return NetworkOrder.getU48(seg, at + SENDER_MAC_OFFSET);
    }

    public static int senderIp(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + SENDER_IP_OFFSET);
    }

    public static long targetMac(MemorySegment seg, long at) {
        return NetworkOrder.getU48(seg, at + TARGET_MAC_OFFSET);
    }

    public static int targetIp(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + TARGET_IP_OFFSET);
    }

    public static void setOperation(MemorySegment seg, long at, int operation) {
        NetworkOrder.putU16(seg, at + OPERATION_OFFSET, operation);
    }

    public static void setSenderMac(MemorySegment seg, long at, long mac) {
        NetworkOrder.putU48(seg, at + SENDER_MAC_OFFSET, mac);
    }

    public static void setSenderIp(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + SENDER_IP_OFFSET, ipv4);
    }

    public static void setTargetMac(MemorySegment seg, long at, long mac) {
        NetworkOrder.putU48(seg, at + TARGET_MAC_OFFSET, mac);
    }

    public static void setTargetIp(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + TARGET_IP_OFFSET, ipv4);
    }

    /** Writes all 28 bytes. */
    public static void write(
            MemorySegment seg, long at, int operation, long senderMac, int senderIp, long targetMac, int targetIp) {
        NetworkOrder.putInt(seg, at + TYPES_OFFSET, TYPES);
        NetworkOrder.putU16(seg, at + LENGTHS_OFFSET, LENGTHS);
        setOperation(seg, at, operation);
        setSenderMac(seg, at, senderMac);
        setSenderIp(seg, at, senderIp);
        setTargetMac(seg, at, targetMac);
        setTargetIp(seg, at, targetIp);
    }
}
