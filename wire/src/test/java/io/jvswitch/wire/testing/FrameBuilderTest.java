package io.jvswitch.wire.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** tcpdump reads what the builders write: it recomputes lengths and checksums on its own. */
class FrameBuilderTest {

    private static final Pattern COMPLAINT = Pattern.compile(
            "(bad|wrong) ([a-z0-9]+ )?cksum|cksum 0x[0-9a-f]+ \\(incorrect|bad hdr|bad length|truncated-ip");

    private static String decode(FrameBuilder frame) throws Exception {
        return Tcpdump.decode(frame.bytes());
    }

    @Test
    void tcpOverIpv4() throws Exception {
        String text = decode(Frames.tcpv4().flags(TcpHeader.FLAG_SYN).mss(1460).sequence(7, 0));
        assertTrue(text.contains("02:00:00:00:00:0a > 02:00:00:00:00:0b, ethertype IPv4"), text);
        assertTrue(text.contains("flags [DF], proto TCP (6), length 44"), text);
        assertTrue(text.contains("10.0.0.10.40000 > 10.0.0.11.80: Flags [S]"), text);
        assertTrue(text.contains("(correct), seq 7"), text);
        assertTrue(text.contains("options [mss 1460]"), text);
    }

    @Test
    void spoiltAndPartialChecksumsAreSeen() throws Exception {
        assertTrue(decode(Frames.tcpv4().badChecksum()).contains("(incorrect -> "));
        assertTrue(decode(Frames.udpv6().payload(5).badChecksum()).contains("[bad udp cksum "));
        assertTrue(decode(Frames.tcpv4().payload(5).partialChecksum()).contains("(incorrect -> "));
    }

    @Test
    void vlanStackAndUdp() throws Exception {
        String text = decode(Frames.aToB()
                .vlan(0x88a8, 100)
                .vlan(7)
                .ipv6(Frames.IP6_A, Frames.IP6_B)
                .udp(5, 9)
                .payload(3));
        assertTrue(text.contains("ethertype 802.1Q-QinQ (0x88a8)"), text);
        assertTrue(text.contains("vlan 100, p 0, ethertype 802.1Q"), text);
        assertTrue(text.contains("vlan 7, p 0, ethertype IPv6"), text);
        assertTrue(text.contains("[udp sum ok]"), text);
    }

    @Test
    void vxlanInUdp() throws Exception {
        String text = decode(Frames.ipv4()
                .udp(50_000, 4789)
                .withoutChecksum()
                .vxlan(0xabcde)
                .ethernet(Frames.MAC_B, Frames.MAC_A)
                .ipv4("192.0.2.1", "192.0.2.2")
                .tcp(1, 2)
                .payload(10));
        assertTrue(text.contains("VXLAN, flags [I] (0x08), vni 703710"), text);
        assertTrue(text.contains("[no cksum]"), text);
        assertTrue(text.contains("192.0.2.1.1 > 192.0.2.2.2: Flags [.], cksum"), text);
        assertTrue(text.contains("(correct)"), text);
    }

    @Test
    void greWithEverything() throws Exception {
        int flags = GreHeader.FLAG_CHECKSUM | GreHeader.FLAG_KEY | GreHeader.FLAG_SEQUENCE;
        String text = decode(Frames.ipv4().gre(flags, 0xfeed_beefL, 9).ethernet(Frames.MAC_B, Frames.MAC_A));
        assertTrue(text.contains("GREv0, Flags [checksum present, key present, sequence# present]"), text);
        assertTrue(text.contains("key=0xfeedbeef"), text);
        assertTrue(text.contains("seq 9"), text);
        assertTrue(text.contains("proto TEB (0x6558)"), text);
    }

    @Test
    void geneveWithOption() throws Exception {
        String text = decode(Frames.ipv6()
                .udp(50_000, 6081)
                .geneve(42, "0102 80 01 00000007")
                .ethernet(Frames.MAC_B, Frames.MAC_A));
        assertTrue(text.contains("Geneve, Flags"), text);
        assertTrue(text.contains("vni 0x2a"), text);
        assertTrue(
                text.contains("class Linux (0x102)") || text.contains("class Open vSwitch") || text.contains("0x102"),
                text);
    }

    @Test
    void neighbourDiscovery() throws Exception {
        String ns = decode(Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A));
        assertTrue(ns.contains("[icmp6 sum ok] ICMP6, neighbor solicitation"), ns);
        assertTrue(ns.contains("source link-address option (1), length 8 (1): 02:00:00:00:00:0a"), ns);
        String na = decode(Frames.ipv6()
                .neighbourAdvertisement(
                        Frames.IP6_B,
                        NeighbourDiscovery.FLAG_SOLICITED | NeighbourDiscovery.FLAG_OVERRIDE,
                        Frames.MAC_B));
        assertTrue(na.contains("Flags [solicited, override]"), na);
    }

    @Test
    void extensionHeadersAndFragments() throws Exception {
        String text = decode(Frames.ipv6()
                .extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100")
                .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                .udp(1, 2)
                .payload(4));
        assertTrue(text.contains("HBH (rtalert: 0x0000) (padn)"), text);
        assertTrue(text.contains("DSTOPT (padn)"), text);
        assertTrue(text.contains("[udp sum ok]"), text);
        String fragment =
                decode(Frames.ipv6().fragmentHeader(1448, false, 0x12345678).payload(16));
        assertTrue(fragment.contains("frag (0x12345678:1448|16)"), fragment);
        String first = decode(Frames.ipv4().fragment(0, true).udp(1, 2).payload(8));
        assertTrue(first.contains("flags [+]"), first);
    }

    @Test
    void dhcpAndArpAndSctp() throws Exception {
        String dhcp = decode(Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(68, 67)
                .dhcp(DhcpMessage.OP_REQUEST, 0xabcd, Frames.MAC_A, "350101 370401030f1a ff"));
        assertTrue(dhcp.contains("BOOTP/DHCP, Request from 02:00:00:00:00:0a, length 250, xid 0xabcd"), dhcp);
        assertTrue(dhcp.contains("DHCP-Message (53), length 1: Discover"), dhcp);
        String arp = decode(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B));
        assertTrue(arp.contains("Request who-has 10.0.0.11 tell 10.0.0.10"), arp);
        String sctp = decode(Frames.ipv4().sctp(7, 8, 9).payload("0e000004")); // SHUTDOWN COMPLETE
        assertTrue(sctp.contains("1) [SHUTDOWN COMPLETE]"), sctp);
    }

    @Test
    void randomFramesHaveNoBadChecksum() throws Exception {
        RandomFrames random = new RandomFrames(Seed.random(getClass()));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            frames.add(random.next().bytes());
        }
        List<String> decoded = Tcpdump.decode(frames);
        assertEquals(frames.size(), decoded.size());
        for (int i = 0; i < frames.size(); i++) {
            String text = decoded.get(i);
            // A fragment's transport checksum covers the whole packet, which tcpdump does not have: it does not judge
            // it.
            assertFalse(COMPLAINT.matcher(text).find(), () -> text);
        }
    }

    @Test
    void pcapFilesReadBack() throws Exception {
        java.nio.file.Path file = java.nio.file.Files.createTempFile("jvswitch", ".pcap");
        try {
            List<byte[]> frames =
                    List.of(Frames.tcpv4().bytes(), Frames.pingv6().bytes());
            PcapFile.write(file, frames);
            List<byte[]> back = PcapFile.read(file);
            assertEquals(2, back.size());
            assertArrayEquals(frames.get(0), back.get(0));
            assertArrayEquals(frames.get(1), back.get(1));
        } finally {
            java.nio.file.Files.delete(file);
        }
    }
}
