package io.jvswitch.wire.testing;

import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;

/**
 * Where building a frame begins, and ready beginnings for tests that do not care for addresses: two guests, A and B, of
 * {@code 10.0.0.0/24} and {@code 2001:db8::/64}.
 */
public final class Frames {

    public static final String MAC_A = "02:00:00:00:00:0a";
    public static final String MAC_B = "02:00:00:00:00:0b";
    public static final String MAC_BROADCAST = "ff:ff:ff:ff:ff:ff";
    public static final String IP4_A = "10.0.0.10";
    public static final String IP4_B = "10.0.0.11";
    public static final String IP6_A = "2001:db8::a";
    public static final String IP6_B = "2001:db8::b";

    private static final String MAC_ZERO = "00:00:00:00:00:00";

    private Frames() {}

    /** Begins with an Ethernet header. */
    public static FrameBuilder ethernet(String source, String destination) {
        return new FrameBuilder().ethernet(source, destination);
    }

    /** Begins with what comes first: an IP header, say, for what an underlay socket carries. */
    public static FrameBuilder packet() {
        return new FrameBuilder();
    }

    /** Ethernet from A to B. */
    public static FrameBuilder aToB() {
        return ethernet(MAC_A, MAC_B);
    }

    /** Ethernet and IPv4 from A to B. */
    public static FrameBuilder ipv4() {
        return aToB().ipv4(IP4_A, IP4_B);
    }

    /** Ethernet and IPv6 from A to B. */
    public static FrameBuilder ipv6() {
        return aToB().ipv6(IP6_A, IP6_B);
    }

    /** A TCP segment over IPv4 from A to B, DF set, ports 40000 and 80; payload and options are the caller's to add. */
    public static FrameBuilder tcpv4() {
        return ipv4().dontFragment().tcp(40_000, 80);
    }

    /** A TCP segment over IPv6 from A to B, ports 40000 and 80. */
    public static FrameBuilder tcpv6() {
        return ipv6().tcp(40_000, 80);
    }

    /** A UDP datagram over IPv4 from A to B, ports 40000 and 9. */
    public static FrameBuilder udpv4() {
        return ipv4().udp(40_000, 9);
    }

    /** A UDP datagram over IPv6 from A to B, ports 40000 and 9. */
    public static FrameBuilder udpv6() {
        return ipv6().udp(40_000, 9);
    }

    /** An echo request over IPv4 from A to B with 56 bytes, as ping sends it. */
    public static FrameBuilder pingv4() {
        return ipv4().icmp(IcmpHeader.TYPE_ECHO_REQUEST, 0, 1 << 16 | 1).payload(56);
    }

    /** An echo request over IPv6 from A to B with 56 bytes. */
    public static FrameBuilder pingv6() {
        return ipv6().icmpv6(Icmpv6Header.TYPE_ECHO_REQUEST, 0, 1 << 16 | 1).payload(56);
    }

    /** A broadcast ARP request. */
    public static FrameBuilder arpRequest(String senderMac, String senderIp, String targetIp) {
        return ethernet(senderMac, MAC_BROADCAST)
                .arp(ArpPacket.OPERATION_REQUEST, senderMac, senderIp, MAC_ZERO, targetIp);
    }

    /** A unicast ARP reply. */
    public static FrameBuilder arpReply(String senderMac, String senderIp, String targetMac, String targetIp) {
        return ethernet(senderMac, targetMac).arp(ArpPacket.OPERATION_REPLY, senderMac, senderIp, targetMac, targetIp);
    }
}
