package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;

/**
 * Where the payload of an Ethernet frame begins: behind the header, VLAN tags (IEEE 802.1Q, {@link VlanTag#isTpid})
 * and, where asked for, the LLC and SNAP headers of IEEE 802.3 frames ({@link SnapHeader}).
 *
 * <p>Each tag and each SNAP header is a layer, and there is a bound on how many are looked through: {@link #MAX_LAYERS}
 * unless a caller has a reason for less. Flow extraction walks by itself, because it reads the tags into the key on its
 * way; what it looks through is what is looked through here.
 *
 * <p>Stateless. Offsets are offsets in the segment.
 */
public final class EthernetPayload {

    /**
     * Most layers that are looked through: the two tags of the flow key, and the eight that extraction looks through
     * behind them. Frames with more layers that a receiver strips are dropped ({@link DropReason#VLAN_TOO_DEEP}).
     */
    public static final int MAX_LAYERS = 10;

    /** No payload within the bound: a header is cut short, there are more layers, or it is LLC without an EtherType. */
    public static final int NONE = -1;

    private EthernetPayload() {}

    /**
     * Behind at most {@link #MAX_LAYERS} VLAN tags; not through SNAP headers. For who rebuilds frames: an IEEE 802.3
     * header has a length that would have to be rebuilt, too.
     *
     * @param at offset of the Ethernet header
     * @param end offset behind the frame
     * @return offset behind the type field that announces the payload, or {@link #NONE}
     */
    public static int behindTags(MemorySegment seg, int at, int end) {
        return behindTags(seg, at, end, MAX_LAYERS);
    }

    /** As {@link #behindTags(MemorySegment, int, int)}, with a bound of the caller's own. */
    public static int behindTags(MemorySegment seg, int at, int end, int maxTags) {
        if (end - at < EthernetHeader.BYTES) {
            return NONE;
        }
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        for (int tags = 0; VlanTag.isTpid(NetworkOrder.getU16(seg, typeAt)); tags++) {
            if (tags == maxTags || VlanTag.check(seg, typeAt, end - typeAt) != null) {
                return NONE;
            }
            typeAt += VlanTag.BYTES;
        }
        return typeAt + EthernetHeader.TYPE_BYTES;
    }

    /**
     * Behind at most {@link #MAX_LAYERS} VLAN tags and SNAP headers, in any order. For who asks what a receiver will
     * see in a frame, whatever was put around it.
     *
     * @param at offset of the Ethernet header
     * @param end offset behind the frame
     * @return offset behind the type field that announces the payload, or {@link #NONE}
     */
    public static int behindTagsAndSnap(MemorySegment seg, int at, int end) {
        if (end - at < EthernetHeader.BYTES) {
            return NONE;
        }
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        int type = NetworkOrder.getU16(seg, typeAt);
        for (int layers = 0; ; layers++) {
            boolean tag = VlanTag.isTpid(type);
            if (!tag && type >= EtherType.MINIMUM) {
                return typeAt + EthernetHeader.TYPE_BYTES;
            }
            if (layers == MAX_LAYERS) {
                return NONE;
            }
            if (tag) {
                if (VlanTag.check(seg, typeAt, end - typeAt) != null) {
                    return NONE;
                }
                type = VlanTag.type(seg, typeAt);
                typeAt += VlanTag.BYTES;
            } else {
                type = SnapHeader.type(seg, typeAt + (long) EthernetHeader.TYPE_BYTES, end);
                if (type == SnapHeader.NONE) {
                    return NONE;
                }
                typeAt += SnapHeader.BYTES;
            }
        }
    }

    /** The {@link EtherType} directly before a payload that was found here. */
    public static int type(MemorySegment seg, int payloadAt) {
        return NetworkOrder.getU16(seg, payloadAt - (long) EthernetHeader.TYPE_BYTES);
    }
}
