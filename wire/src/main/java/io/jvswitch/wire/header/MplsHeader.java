package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * MPLS label stack entry (RFC 3032, section 2.1; the traffic class is RFC 5462's name for the experimental bits), 4
 * bytes after the layer 2 headers. The last entry of the stack has S set; what follows it is not announced.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                Label                  | TC  |S|       TTL     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class MplsHeader {

    /** Size of one entry. */
    public static final int BYTES = 4;
    /** Largest label. */
    public static final int MAX_LABEL = 0xf_ffff;

    private static final int LABEL_SHIFT = 12;
    private static final int TC_SHIFT = 9;
    private static final int TC_MASK = 7;
    private static final int BOTTOM_SHIFT = 8;
    private static final int TTL_MASK = 0xff;

    private MplsHeader() {}

    /** Whether a type field announces a label stack. */
    public static boolean isEtherType(int type) {
        return type == EtherType.MPLS_UNICAST || type == EtherType.MPLS_MULTICAST;
    }

    /**
     * Whether an entry fits.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, or {@link DropReason#MPLS_TRUNCATED}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        return length < BYTES ? DropReason.MPLS_TRUNCATED : null;
    }

    /** All four fields. */
    public static int entry(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at);
    }

    /** Label, 20 bits. */
    public static int label(MemorySegment seg, long at) {
        return labelOf(entry(seg, at));
    }

    /** Traffic class, 0 to 7. */
    public static int trafficClass(MemorySegment seg, long at) {
        return trafficClassOf(entry(seg, at));
    }

    /** Bottom of stack: whether it is the last entry. */
    public static boolean isBottom(MemorySegment seg, long at) {
        return isBottom(entry(seg, at));
    }

    public static int ttl(MemorySegment seg, long at) {
        return ttlOf(entry(seg, at));
    }

    /** The label in an entry. */
    public static int labelOf(int entry) {
        return entry >>> LABEL_SHIFT;
    }

    /** The traffic class in an entry. */
    public static int trafficClassOf(int entry) {
        return entry >>> TC_SHIFT & TC_MASK;
    }

    /** S in an entry. */
    public static boolean isBottom(int entry) {
        return (entry >>> BOTTOM_SHIFT & 1) != 0;
    }

    /** The TTL in an entry. */
    public static int ttlOf(int entry) {
        return entry & TTL_MASK;
    }

    /** The entry of its four fields. */
    public static int entryOf(int label, int trafficClass, boolean bottom, int ttl) {
        return label << LABEL_SHIFT
                | (trafficClass & TC_MASK) << TC_SHIFT
                | (bottom ? 1 << BOTTOM_SHIFT : 0)
                | ttl & TTL_MASK;
    }

    public static void setEntry(MemorySegment seg, long at, int entry) {
        NetworkOrder.putInt(seg, at, entry);
    }

    public static void setLabel(MemorySegment seg, long at, int label) {
        setEntry(seg, at, entryOf(label, trafficClass(seg, at), isBottom(seg, at), ttl(seg, at)));
    }

    public static void setTrafficClass(MemorySegment seg, long at, int trafficClass) {
        setEntry(seg, at, entryOf(label(seg, at), trafficClass, isBottom(seg, at), ttl(seg, at)));
    }

    public static void setBottom(MemorySegment seg, long at, boolean bottom) {
        setEntry(seg, at, entryOf(label(seg, at), trafficClass(seg, at), bottom, ttl(seg, at)));
    }

    public static void setTtl(MemorySegment seg, long at, int ttl) {
        setEntry(seg, at, entryOf(label(seg, at), trafficClass(seg, at), isBottom(seg, at), ttl));
    }

    /**
     * Where the frame's outermost entry lies.
     *
     * @return an offset in the segment, or {@link LinkLayer#NONE} for a frame that has no whole one
     */
    public static int at(Frame frame) {
        int at = LinkLayer.payloadAt(frame);
        return isAnnounced(frame, at) && check(frame.segment(), at, frame.end() - at) == null ? at : LinkLayer.NONE;
    }

    private static boolean isAnnounced(Frame frame, int payloadAt) {
        return payloadAt != LinkLayer.NONE && isEtherType(LinkLayer.type(frame, payloadAt));
    }

    /**
     * Puts an entry behind the layer 2 headers, before any other entry. They move into the headroom, everything else
     * stays where it is. Nobody looks under a label: the frame's layers are not known any more.
     *
     * @param type {@link EtherType#MPLS_UNICAST} or {@link EtherType#MPLS_MULTICAST}, which announces it
     * @return null, {@link DropReason#HEADROOM} or {@link DropReason#VLAN_TRUNCATED}, and then the frame is unchanged
     */
    public static @Nullable DropReason push(Frame frame, int type, int entry) {
        int payloadAt = LinkLayer.payloadAt(frame);
        if (payloadAt == LinkLayer.NONE) {
            return DropReason.VLAN_TRUNCATED;
        }
        int at = LinkLayer.insert(frame, payloadAt, BYTES);
        if (at == LinkLayer.NONE) {
            return DropReason.HEADROOM;
        }
        setEntry(frame.segment(), at, entry);
        LinkLayer.setType(frame, at, type);
        frame.setLayers(0, 0);
        return null;
    }

    /**
     * Takes the outermost entry away; the layer 2 headers move, everything else stays where it is. The frame's layers
     * are not known until it is extracted anew. A frame without an entry is left as it is.
     *
     * @param type what to announce instead: MPLS where another entry follows, otherwise what the packet is
     * @return null, or {@link DropReason#MPLS_TRUNCATED}, and then the frame is unchanged
     */
    public static @Nullable DropReason pop(Frame frame, int type) {
        int at = LinkLayer.payloadAt(frame);
        if (!isAnnounced(frame, at)) {
            return null;
        }
        DropReason invalid = check(frame.segment(), at, frame.end() - at);
        if (invalid != null) {
            return invalid;
        }
        LinkLayer.remove(frame, at, BYTES);
        LinkLayer.setType(frame, at + BYTES, type);
        frame.setLayers(0, 0);
        return null;
    }
}
