package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * VLAN tag (IEEE 802.1Q-2018, section 9.6), 4 bytes between the source address and the EtherType of what it carries.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     TPID 0x8100 or 0x88a8     | PCP |D|          VID          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      type of what follows     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>{@code at} is the offset of the TPID, which is where an untagged frame has its EtherType. D is the drop-eligible
 * indicator (DEI). The lower 16 bits are the tag control information (TCI). VID 0 means "priority only"; 4095 is
 * reserved.
 */
public final class VlanTag {

    /** Size of a tag; the type of what follows comes after it. */
    public static final int BYTES = 4;
    /** Mask of the VID in a TCI. */
    public static final int VID_MASK = 0x0fff;
    /** Mask of the drop-eligible indicator in a TCI. */
    public static final int DEI_MASK = 0x1000;
    /** How far the priority is shifted to the left in a TCI. */
    public static final int PCP_SHIFT = 13;

    // Offsets of the fields, in bytes.
    public static final int TPID_OFFSET = 0;
    public static final int TCI_OFFSET = 2;
    /** The type of what follows, which is not part of the tag. */
    public static final int TYPE_OFFSET = BYTES;

    private VlanTag() {}

    /** Whether a type field announces a tag: 0x8100 or 0x88a8, as in Linux; the old private TPIDs (0x9100) do not. */
    public static boolean isTpid(int type) {
        return type == EtherType.VLAN || type == EtherType.SERVICE_VLAN;
    }

    /**
     * Whether a tag and the type after it fit.
     *
     * @param length bytes from {@code at} (the TPID) to the end of the frame
     * @return null, or {@link DropReason#VLAN_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < TYPE_OFFSET + EthernetHeader.TYPE_BYTES ? DropReason.VLAN_TRUNCATED : null;
    }

    public static int tpid(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + TPID_OFFSET);
    }

    /** Priority, DEI and VID in one 16-bit value. */
    public static int tci(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + TCI_OFFSET);
    }

    /** Priority code point, 0 to 7. */
    public static int pcp(MemorySegment seg, long at) {
        return tci(seg, at) >>> PCP_SHIFT;
    }

    /** Drop-eligible indicator. */
    public static boolean dei(MemorySegment seg, long at) {
        return (tci(seg, at) & DEI_MASK) != 0;
    }

    /** VLAN identifier, 0 to 4095. */
    public static int vid(MemorySegment seg, long at) {
        return tci(seg, at) & VID_MASK;
    }

    /** The type field after the tag: another TPID or the payload's EtherType. */
    public static int type(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + TYPE_OFFSET);
    }

    public static void setTpid(MemorySegment seg, long at, int tpid) {
        NetworkOrder.putU16(seg, at + TPID_OFFSET, tpid);
    }

    public static void setTci(MemorySegment seg, long at, int tci) {
        NetworkOrder.putU16(seg, at + TCI_OFFSET, tci);
    }

    /** Replaces the VID and keeps priority and DEI. */
    public static void setVid(MemorySegment seg, long at, int vid) {
        setTci(seg, at, tci(seg, at) & ~VID_MASK | vid & VID_MASK);
    }

    /** The TCI of its three parts. */
    public static int tciOf(int pcp, boolean dei, int vid) {
        return pcp << PCP_SHIFT | (dei ? DEI_MASK : 0) | vid & VID_MASK;
    }

    /**
     * Inserts a tag directly after the addresses, before any other tag; the addresses move into the headroom,
     * everything else stays where it is. The frame must hold an Ethernet header.
     *
     * @return null, or {@link DropReason#HEADROOM}, and then the frame is unchanged
     */
    public static @Nullable DropReason push(Frame frame, int tpid, int tci) {
        if (!frame.push(BYTES)) {
            return DropReason.HEADROOM;
        }
        MemorySegment seg = frame.segment();
        long at = frame.start();
        moveAddresses(seg, at + BYTES, at);
        setTpid(seg, at + EthernetHeader.TYPE_OFFSET, tpid);
        setTci(seg, at + EthernetHeader.TYPE_OFFSET, tci);
        shiftGsoHeader(frame, BYTES);
        return null;
    }

    /**
     * Removes the outermost tag; the addresses move, everything else stays where it is.
     *
     * @return null, or {@link DropReason#VLAN_TRUNCATED} when the frame is too short for a tag, and then it is
     *     unchanged
     */
    public static @Nullable DropReason pop(Frame frame) {
        if (frame.length() < EthernetHeader.BYTES + BYTES) {
            return DropReason.VLAN_TRUNCATED;
        }
        MemorySegment seg = frame.segment();
        long at = frame.start();
        moveAddresses(seg, at, at + BYTES);
        frame.pop(BYTES);
        shiftGsoHeader(frame, -BYTES);
        return null;
    }

    private static void moveAddresses(MemorySegment seg, long from, long to) {
        long first = NetworkOrder.getLong(seg, from);
        int last = NetworkOrder.getInt(seg, from + Long.BYTES);
        NetworkOrder.putLong(seg, to, first);
        NetworkOrder.putInt(seg, to + Long.BYTES, last);
    }

    private static void shiftGsoHeader(Frame frame, int bytes) {
        if (frame.gsoHeaderBytes() != 0) {
            frame.setGso(frame.gsoType(), frame.gsoSizeBytes(), frame.gsoHeaderBytes() + bytes);
        }
    }
}
