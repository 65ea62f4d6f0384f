package io.jvswitch.wire.header;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * What lies behind the headers of layer 2 ({@link EthernetPayload}), where MPLS labels are put: of frames, and of
 * packets whose Ethernet header was taken away.
 *
 * <p>Stateless; allocates nothing.
 */
public final class LinkLayer {

    /** {@link #payloadAt}: the frame ends within its layer 2 headers. */
    public static final int NONE = EthernetPayload.NONE;

    private LinkLayer() {}

    /**
     * Where what the frame carries begins; the type field that announces it stands in the two bytes before, unless it
     * is the frame's first byte ({@link Frame#packetType()}).
     *
     * @return an offset in the segment, or {@link #NONE}
     */
    public static int payloadAt(Frame frame) {
        if (frame.packetType() != Frame.ETHERNET) {
            return frame.start();
        }
        int at = EthernetPayload.behindTagsAndSnap(frame.segment(), frame.start(), frame.end());
        // LLC that announces no EtherType is the payload itself
        return at != NONE ? at : EthernetPayload.behindTags(frame.segment(), frame.start(), frame.end());
    }

    /** What the frame carries at {@link #payloadAt}: an {@link EtherType}, or a length below its minimum. */
    public static int type(Frame frame, int payloadAt) {
        return payloadAt == frame.start() ? frame.packetType() : EthernetPayload.type(frame.segment(), payloadAt);
    }

    /** Says what the frame carries from now on at {@link #payloadAt}. */
    static void setType(Frame frame, int payloadAt, int type) {
        if (payloadAt == frame.start()) {
            frame.setPacketType(type);
        } else {
            NetworkOrder.putU16(frame.segment(), payloadAt - (long) EthernetHeader.TYPE_BYTES, type);
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
