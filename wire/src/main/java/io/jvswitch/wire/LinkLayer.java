package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;

/**
 * The headers of layer 2 as one piece: Ethernet, however many VLAN tags, and the SNAP headers of IEEE 802.3 frames.
 * What lies behind them is what a frame carries, and there MPLS labels are put.
 *
 * <p>Stateless; allocates nothing.
 */
public final class LinkLayer {

    /** {@link #payloadAt}: the frame ends within its layer 2 headers. */
    public static final int NONE = -1;

    private LinkLayer() {}

    /**
     * Where what the frame carries begins; the type field that announces it stands in the two bytes before, unless it
     * is the frame's first byte ({@link Frame#packetType()}).
     *
     * @return an offset in the segment, or {@link #NONE}
     */
    public static int payloadAt(Frame frame) {
        return frame.packetType() == Frame.ETHERNET
                ? payloadAt(frame.segment(), frame.start(), frame.end())
                : frame.start();
    }

    /**
     * As {@link #payloadAt(Frame)} for an Ethernet frame in the bytes from {@code at} on.
     *
     * @param end offset just after the frame
     */
    public static int payloadAt(MemorySegment seg, int at, int end) {
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        if (end - at < EthernetHeader.BYTES) {
            return NONE;
        }
        int type = NetworkOrder.getU16(seg, typeAt);
        while (VlanTag.isTpid(type) || type < EtherType.MINIMUM) {
            if (VlanTag.isTpid(type)) {
                if (VlanTag.check(seg, typeAt, end - typeAt) != null) {
                    return NONE;
                }
                typeAt += VlanTag.BYTES;
            } else if (SnapHeader.type(seg, typeAt + 2L, end) == SnapHeader.NONE) {
                return typeAt + 2;
            } else {
                typeAt += SnapHeader.BYTES;
            }
            type = NetworkOrder.getU16(seg, typeAt);
        }
        return typeAt + 2;
    }

    /** What the frame carries at {@link #payloadAt}: an {@link EtherType}, or a length below its minimum. */
    public static int type(Frame frame, int payloadAt) {
        return payloadAt == frame.start() ? frame.packetType() : NetworkOrder.getU16(frame.segment(), payloadAt - 2L);
    }

    /** Says what the frame carries from now on at {@link #payloadAt}. */
    static void setType(Frame frame, int payloadAt, int type) {
        if (payloadAt == frame.start()) {
            frame.setPacketType(type);
        } else {
            NetworkOrder.putU16(frame.segment(), payloadAt - 2L, type);
        }
    }

    /**
     * Makes room for a header: what lies before {@code at} moves into the headroom, everything else stays where it is.
     *
     * @param at offset in the segment, within the frame
     * @return offset of the new bytes, which hold whatever lay there, or {@link #NONE} without headroom
     */
    static int insert(Frame frame, int at, int bytes) {
        int before = frame.start();
        if (!frame.push(bytes)) {
            return NONE;
        }
        MemorySegment.copy(frame.segment(), before, frame.segment(), frame.start(), at - before);
        return at - bytes;
    }

    /** Takes a header away that lies within the frame; what lies before it moves up. */
    static void remove(Frame frame, int at, int bytes) {
        int before = frame.start();
        frame.pop(bytes);
        MemorySegment.copy(frame.segment(), before, frame.segment(), frame.start(), at - before);
    }
}
