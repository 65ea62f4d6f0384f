package io.jvswitch.encap;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;

/**
 * Recognises a guest's train of UDP datagrams ({@code UDP_SEGMENT}) that came through a tunnel in one piece.
 *
 * <p>Linux's tunnel devices leave segmentation to a NIC that can do it inside tunnels. A veth claims to be one, and
 * what crosses it is never segmented: the socket gets one tunnel packet that holds the whole train. {@code UDP_GRO}
 * then gives the size of the <em>inner</em> datagrams, whereas for a train of tunnel packets it gives theirs. Taken
 * apart by that size, the train would be lost.
 *
 * <p>How it is recognised: the first inner packet says that it is as long as everything that was received, and its
 * checksum is the folded sum of its pseudo-header. A train of tunnel packets cannot look like that unless its sender
 * wrote that into the first of them.
 */
public final class TunnelledTrain {

    private TunnelledTrain() {}

    /**
     * Strips the tunnel header and marks the frame as the superframe that it is.
     *
     * @param received from a UDP socket; {@link Frame#gsoSizeBytes()} as the socket gave it
     * @param kind a tunnel over UDP
     * @return whether it is one; otherwise the frame is unchanged, except for its tunnel fields
     */
    public static boolean pop(Frame received, TunnelKind kind) {
        int sizeBytes = received.gsoSizeBytes();
        if (received.gsoType() != Frame.GSO_UDP_L4 || sizeBytes < 1) {
            return false;
        }
        int at = received.start();
        int bytes = received.length();
        boolean popped = (kind == TunnelKind.VXLAN ? Vxlan.pop(received) : Geneve.pop(received)) == null;
        if (popped && describe(received, sizeBytes)) {
            return true;
        }
        received.place(at, bytes);
        received.setLayers(0, 0);
        return false;
    }

    private static boolean describe(Frame frame, int sizeBytes) {
        if (!InnerPacket.locate(frame) || InnerPacket.end(frame) != frame.end()) {
            return false;
        }
        int l4At = InnerPacket.transportAt(frame, IpProtocol.UDP);
        MemorySegment seg = frame.segment();
        int transportBytes = frame.end() - l4At;
        if (l4At < 0
                || transportBytes - UdpHeader.BYTES <= sizeBytes
                || UdpHeader.check(seg, l4At, transportBytes) != null
                || UdpHeader.length(seg, l4At) != transportBytes) {
            return false;
        }
        int partial = Checksum.fold(Checksum.pseudo(seg, frame.l3At(), IpProtocol.UDP, transportBytes));
        if (UdpHeader.checksum(seg, l4At) != partial) {
            return false;
        }
        frame.setLayers(frame.l3At(), l4At);
        frame.setChecksum(Frame.CSUM_PARTIAL, l4At, UdpHeader.CHECKSUM_OFFSET);
        frame.setGso(Frame.GSO_UDP_L4, sizeBytes, l4At + UdpHeader.BYTES - frame.start());
        return true;
    }
}
