package io.jvswitch.wire.tunnel;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * VXLAN header (RFC 7348, section 5), 8 bytes after UDP.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|R|R|R|I|R|R|R|            Reserved                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                VXLAN Network Identifier (VNI) |   Reserved    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>I must be set. Reserved bits are sent as 0 and ignored on receipt.
 */
public final class VxlanHeader {

    public static final int BYTES = 8;
    /** Assigned UDP destination port. */
    public static final int UDP_PORT = 4789;
    /** Largest VNI. */
    public static final int MAX_VNI = 0xff_ffff;
    /** The I flag in the first octet: the VNI is valid. */
    public static final int FLAG_I = 0x08;

    // Offsets of the fields, in bytes.
    public static final int FLAGS_OFFSET = 0;
    /** 24 bits, followed by 8 reserved ones. */
    public static final int VNI_OFFSET = 4;

    private VxlanHeader() {}

    /**
     * Whether the header fits and has a VNI.
     *
     * @param length bytes from {@code at} to the end of the datagram
     * @return null, {@link DropReason#VXLAN_TRUNCATED} or {@link DropReason#VXLAN_NO_VNI}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.VXLAN_TRUNCATED;
        }
        return (flags(seg, at) & FLAG_I) == 0 ? DropReason.VXLAN_NO_VNI : null;
    }

    /** The first octet. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + FLAGS_OFFSET);
    }

    /** VXLAN network identifier, 24 bits. */
    public static int vni(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + VNI_OFFSET) >>> 8;
    }

    /** Writes all 8 bytes: I set, the VNI, reserved bits 0. */
    public static void write(MemorySegment seg, long at, int vni) {
        NetworkOrder.putLong(seg, at + FLAGS_OFFSET, (long) FLAG_I << 56 | (vni & MAX_VNI) << 8 & 0xffff_ffffL);
    }
}
