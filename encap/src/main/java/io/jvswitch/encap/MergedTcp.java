package io.jvswitch.encap;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.MemorySegment;

/**
 * Recognises TCP segments that the kernel merged inside a tunnel before a raw socket got them.
 *
 * <p>Where a NIC's driver uses GRO, Linux merges the TCP segments of GRE packets too ({@code net/ipv4/gre_offload.c}),
 * whether or not the host has a tunnel: it verifies each checksum, adjusts lengths, and leaves a partial checksum in
 * the inner TCP header, the folded sum of the pseudo-header. A packet socket would be told; a raw socket gets only the
 * bytes. Passed on unchanged, the packet would be dropped by its receiver for its wrong checksum.
 *
 * <p>How it is recognised: the checksum field holds exactly that sum, and is not a valid checksum. Of randomly damaged
 * frames one in 65,536 looks like that, as many as the checksum itself fails to detect.
 */
final class MergedTcp {

    private MergedTcp() {}

    /**
     * Marks a frame as the superframe that it is: partial checksum, and GSO fields when it is larger than one segment
     * may be. The kernel does not tell the sender's segment size; the largest that fits is used.
     *
     * @param frame an Ethernet frame from a tunnel; its layers are set when it is one, and cleared when not
     * @param mtuBytes the IP MTU of untagged frames
     * @return whether it is one; otherwise nothing else is changed
     */
    static boolean describe(Frame frame, int mtuBytes) {
        int l4At = locate(frame);
        if (l4At < 0 || !isPartial(frame, l4At)) {
            frame.setLayers(0, 0);
            return false;
        }
        MemorySegment seg = frame.segment();
        int l3At = frame.l3At();
        int headerBytes = TcpHeader.headerBytes(seg, l4At);
        int payloadBytes = frame.end() - l4At - headerBytes;
        int sizeBytes = EffectiveMtu.forFrame(frame, mtuBytes) - (l4At - l3At) - headerBytes;
        frame.setLayers(l3At, l4At);
        frame.setChecksum(Frame.CSUM_PARTIAL, l4At, TcpHeader.CHECKSUM_OFFSET);
        if (sizeBytes > 0 && payloadBytes > sizeBytes) {
            int type = InnerPacket.isIpv4(frame) ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6;
            int ecn = (TcpHeader.flags(seg, l4At) & TcpHeader.FLAG_CWR) != 0 ? Frame.GSO_ECN : 0;
            frame.setGso(type | ecn, sizeBytes, l4At + headerBytes - frame.start());
        }
        return true;
    }

    /** Sets the network layer and finds the header of a whole TCP segment, or -1. */
    private static int locate(Frame frame) {
        if (!InnerPacket.locate(frame)) {
            return -1;
        }
        MemorySegment seg = frame.segment();
        int l4At = InnerPacket.transportAt(frame, IpProtocol.TCP);
        boolean whole = l4At >= 0
                && InnerPacket.end(frame) == frame.end()
                && TcpHeader.check(seg, l4At, frame.end() - l4At) == null;
        return whole ? l4At : -1;
    }

    private static boolean isPartial(Frame frame, int l4At) {
        MemorySegment seg = frame.segment();
        int bytes = frame.end() - l4At;
        long pseudo = Checksum.pseudo(seg, frame.l3At(), IpProtocol.TCP, bytes);
        return TcpHeader.checksum(seg, l4At) == Checksum.fold(pseudo)
                && Checksum.fold(pseudo + Checksum.sum(seg, l4At, bytes)) != 0xffff;
    }
}
