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
 * <p>I must be set. Reserved bits are sent as 0 and ignored on receipt, but for those of the group policy extension
 * (draft-smith-vxlan-group-policy-05, section 2.1), which Linux and Open vSwitch have as well:
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |G|R|R|R|I|R|R|R|R|D|R|R|A|R|R|R|        Group Policy ID        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class VxlanHeader {

    public static final int BYTES = 8;
    /** Assigned UDP destination port. */
    public static final int UDP_PORT = 4789;
    /** Largest VNI. */
    public static final int MAX_VNI = 0xff_ffff;
    /** The I flag in the first octet: the VNI is valid. */
    public static final int FLAG_I = 0x08;

    /** The G flag in the first octet: the header has a group policy. */
    public static final int FLAG_G = 0x80;

    // Offsets of the fields, in bytes.
    public static final int FLAGS_OFFSET = 0;
    /** The group policy's flags: D (0x40, nothing is to be learnt of the frame), A (0x08, the policy was applied). */
    public static final int POLICY_FLAGS_OFFSET = 1;

    /** 16 bits. */
    public static final int POLICY_ID_OFFSET = 2;
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

    /** The flags of the group policy; of a meaning with {@link #FLAG_G} only. */
    public static int policyFlags(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + POLICY_FLAGS_OFFSET);
    }

    /** The group policy's id, 16 bits; of a meaning with {@link #FLAG_G} only. */
    public static int policyId(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + POLICY_ID_OFFSET);
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
