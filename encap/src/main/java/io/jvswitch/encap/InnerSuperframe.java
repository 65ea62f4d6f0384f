package io.jvswitch.encap;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;

/**
 * A superframe of which the kernel told the segment size, but not the kind: inside a tunnel, or merged as a list of
 * packets ({@code rx-gro-list}), in which case the header still has the first packet's checksum. The kernel has
 * verified every segment's checksum, or the sender has left it to be computed. Stateless.
 */
public final class InnerSuperframe {

    private InnerSuperframe() {}

    /**
     * Marks an Ethernet frame as the superframe that it is: partial checksum, and GSO fields when there is more than
     * one segment.
     *
     * @param sizeBytes payload of each segment but the last
     * @return whether it is a whole TCP or UDP packet; if not, its layers are cleared and nothing else is changed
     */
    public static boolean describe(Frame frame, int sizeBytes) {
        if (InnerPacket.locate(frame) && InnerPacket.end(frame) == frame.end()) {
            int tcpAt = InnerPacket.transportAt(frame, IpProtocol.TCP);
            if (tcpAt >= 0) {
                return describeTcp(frame, tcpAt, sizeBytes);
            }
            int udpAt = InnerPacket.transportAt(frame, IpProtocol.UDP);
            if (udpAt >= 0) {
                return describeUdp(frame, udpAt, sizeBytes);
            }
        }
        frame.setLayers(0, 0);
        return false;
    }

    private static boolean describeTcp(Frame frame, int l4At, int sizeBytes) {
        MemorySegment seg = frame.segment();
        if (TcpHeader.check(seg, l4At, frame.end() - l4At) != null) {
            frame.setLayers(0, 0);
            return false;
        }
        int type = InnerPacket.isIpv4(frame) ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6;
        int ecn = (TcpHeader.flags(seg, l4At) & TcpHeader.FLAG_CWR) != 0 ? Frame.GSO_ECN : 0;
        describe(frame, IpProtocol.TCP, l4At, TcpHeader.headerBytes(seg, l4At), type | ecn, sizeBytes);
        return true;
    }

    private static boolean describeUdp(Frame frame, int l4At, int sizeBytes) {
        MemorySegment seg = frame.segment();
        int bytes = frame.end() - l4At;
        if (UdpHeader.check(seg, l4At, bytes) != null || UdpHeader.length(seg, l4At) != bytes) {
            frame.setLayers(0, 0);
            return false;
        }
        describe(frame, IpProtocol.UDP, l4At, UdpHeader.BYTES, Frame.GSO_UDP_L4, sizeBytes);
        return true;
    }

    private static void describe(Frame frame, int protocol, int l4At, int headerBytes, int type, int sizeBytes) {
        int l3At = frame.l3At();
        frame.clearOffload();
        frame.setLayers(l3At, l4At);
        Checksum.setPartial(frame, l3At, protocol, l4At, frame.end() - l4At);
        if (frame.end() - l4At - headerBytes > sizeBytes) {
            frame.setGso(type, sizeBytes, l4At + headerBytes - frame.start());
        }
    }
}
