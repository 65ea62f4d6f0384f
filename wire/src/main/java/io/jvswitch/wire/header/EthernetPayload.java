package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * Where the payload of an Ethernet frame begins: after the header, VLAN tags (IEEE 802.1Q, {@link VlanTag#isTpid}) and,
 * where asked for, the LLC and SNAP headers of IEEE 802.3 frames ({@link SnapHeader}).
 *
 * <p>Each tag and each SNAP header is a layer, and there is a bound on how many are looked through: {@link #MAX_LAYERS}
 * unless a caller has a reason for less. Flow extraction has a walk of its own, because it reads the tags into the key
 * on the way; it looks through the same layers.
 *
 * <p>Stateless. Offsets are offsets in the segment.
 */
public final class EthernetPayload {

    /**
     * Most layers that are looked through: the two tags of the flow key, and the eight after them that extraction looks
     * through. Frames with more layers that a receiver strips are dropped ({@link DropReason#VLAN_TOO_DEEP}).
     */
    public static final int MAX_LAYERS = 10;

    /**
     * No payload was found: a header is cut short, there are more layers than the bound, or it is LLC without an
     * EtherType.
     */
    public static final int NONE = -1;

    private EthernetPayload() {}

    /**
     * After at most {@link #MAX_LAYERS} VLAN tags; SNAP headers are not looked through. For code that rebuilds frames:
     * the length in an IEEE 802.3 header would have to be rebuilt as well.
     *
     * @param at offset of the Ethernet header
     * @param end offset just after the frame
     * @return offset just after the type field that announces the payload, or {@link #NONE}
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
     * After at most {@link #MAX_LAYERS} VLAN tags and SNAP headers, in any order. For code that needs to know what a
     * receiver will see in a frame, whatever is wrapped around it.
     *
     * @param at offset of the Ethernet header
     * @param end offset just after the frame
     * @return offset just after the type field that announces the payload, or {@link #NONE}
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
