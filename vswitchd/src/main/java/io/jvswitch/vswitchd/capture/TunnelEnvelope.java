package io.jvswitch.vswitchd.capture;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;

/**
 * The outer headers of a datagram whose tunnel header is wrong. A socket of the underlay does not see them; so that a
 * decoder finds the wrong header where it looks for one, they are made of the addresses that the socket tells. MAC
 * addresses and checksums are 0.
 */
final class TunnelEnvelope {

    private static final int GRE = 47;
    private static final int TTL = 64;

    private TunnelEnvelope() {}

    /** The bytes to put before those of {@code frame}. */
    static byte[] of(CapturedFrame frame) {
        IpAddress peer = frame.peer();
        boolean ipv4 = peer.isIpv4();
        boolean udp = frame.peerPort() != 0;
        int ipBytes = ipv4 ? Ipv4Header.BYTES : Ipv6Header.BYTES;
        int payloadBytes = frame.lengthBytes() + (udp ? UdpHeader.BYTES : 0);
        byte[] header = new byte[EthernetHeader.BYTES + ipBytes + (udp ? UdpHeader.BYTES : 0)];
        MemorySegment seg = MemorySegment.ofArray(header);
        EthernetHeader.write(seg, 0, 0, 0, ipv4 ? EtherType.IPV4 : EtherType.IPV6);
        int at = EthernetHeader.BYTES;
        int protocol = udp ? IpProtocol.UDP : GRE;
        if (ipv4) {
            int local = frame.local().isIpv4() ? frame.local().ipv4() : 0;
            Ipv4Header.write(seg, at, 0, ipBytes + payloadBytes, 0, 0, TTL, protocol, peer.ipv4(), local);
        } else {
            Ipv6Header.write(seg, at, 0, 0, payloadBytes, protocol, TTL);
            Ipv6Header.setSource(seg, at, peer.hi(), peer.lo());
            Ipv6Header.setDestination(seg, at, frame.local().hi(), frame.local().lo());
        }
        if (udp) {
            UdpHeader.write(seg, at + ipBytes, frame.peerPort(), VxlanHeader.UDP_PORT, payloadBytes);
        }
        return header;
    }
}
