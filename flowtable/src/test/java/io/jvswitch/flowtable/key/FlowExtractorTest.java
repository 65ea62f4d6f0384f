package io.jvswitch.flowtable.key;

import static io.jvswitch.flowtable.key.Extraction.assertDropped;
import static io.jvswitch.flowtable.key.Extraction.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FlowExtractorTest {

    private static final long MAC_A = 0x0200_0000_000aL;
    private static final long MAC_B = 0x0200_0000_000bL;
    private static final long IP4_A = 0xffff_0a00_000aL;
    private static final long IP4_B = 0xffff_0a00_000bL;
    private static final long IP6_HI = 0x2001_0db8_0000_0000L;

    @Test
    void tcpOverIpv4() {
        Frame frame = Frames.aToB()
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .tos(0xb9)
                .ttl(63)
                .tcp(40000, 80)
                .flags(TcpHeader.FLAG_SYN | TcpHeader.FLAG_ECE)
                .frame();
        frame.setInPort(7);
        FlowKey key = key(frame);
        assertEquals(7, key.inPort());
        assertEquals(7, key.get(FlowField.IN_PORT));
        assertEquals(0, key.recircId());
        assertEquals(MAC_B, key.ethDst());
        assertEquals(MAC_A, key.ethSrc());
        assertEquals(EtherType.IPV4, key.ethType());
        assertEquals(0, key.vlanTci());
        assertEquals(IP4_A, key.get(FlowField.IP_SRC));
        assertEquals(IP4_B, key.get(FlowField.IP_DST));
        assertEquals(0, key.getHi(FlowField.IP_SRC));
        assertEquals(IpProtocol.TCP, key.ipProto());
        assertEquals(0xb9, key.get(FlowField.IP_TOS));
        assertEquals(63, key.get(FlowField.IP_TTL));
        assertEquals(FlowField.FRAG_NONE, key.ipFrag());
        assertEquals(40000, key.l4Src());
        assertEquals(80, key.l4Dst());
        assertEquals(0x42, key.get(FlowField.TCP_FLAGS));
        assertEquals(frame.start() + 14, frame.l3At());
        assertEquals(frame.start() + 34, frame.l4At());
        assertEquals(
                "recirc_id(0),in_port(7),eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b),eth_type(0x0800),"
                        + "ipv4(src=10.0.0.10,dst=10.0.0.11,proto=6,tos=185,ttl=63,frag=no),tcp(src=40000,dst=80),"
                        + "tcp_flags(0x42)",
                key.toString());
    }

    @Test
    void udpOverIpv6WithFlowLabel() {
        Frame frame = Frames.udpv6().poke(14, "6b912345").frame();
        FlowKey key = key(frame);
        assertEquals(EtherType.IPV6, key.ethType());
        assertEquals(IP6_HI, key.getHi(FlowField.IP_SRC));
        assertEquals(0xa, key.get(FlowField.IP_SRC));
        assertEquals(IP6_HI, key.getHi(FlowField.IP_DST));
        assertEquals(0xb, key.get(FlowField.IP_DST));
        assertEquals(0x12345, key.get(FlowField.IPV6_LABEL));
        assertEquals(0xb9, key.get(FlowField.IP_TOS));
        assertEquals(IpProtocol.UDP, key.ipProto());
        assertEquals(64, key.get(FlowField.IP_TTL));
        assertEquals(frame.start() + 54, frame.l4At());
    }

    @Test
    void arp() {
        Frame frame = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .arp(2, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B)
                .padTo(60)
                .frame();
        FlowKey key = key(frame);
        assertEquals(2, key.ipProto());
        assertEquals(IP4_A, key.get(FlowField.IP_SRC));
        assertEquals(IP4_B, key.get(FlowField.IP_DST));
        assertEquals(MAC_A, key.get(FlowField.ARP_SHA));
        assertEquals(MAC_B, key.get(FlowField.ARP_THA));
        assertEquals(frame.start() + 14, frame.l3At());
        assertEquals(0, frame.l4At());
        assertEquals(
                "recirc_id(0),in_port(0),eth(src=02:00:00:00:00:0a,dst=ff:ff:ff:ff:ff:ff),eth_type(0x0806),"
                        + "arp(sip=10.0.0.10,tip=10.0.0.11,op=2,sha=02:00:00:00:00:0a,tha=02:00:00:00:00:0b)",
                key.toString());
    }

    @Test
    void arpOperationsAbove255AreNotOnesThatAFlowCanName() {
        FrameBuilder arp = Frames.aToB().arp(0x0101, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B);
        assertEquals(0, key(arp).ipProto());
    }

    @Test
    void neighbourSolicitationAndAdvertisement() {
        FlowKey solicitation = key(Frames.ipv6().neighbourSolicitation("2001:db8::c", Frames.MAC_A));
        assertEquals(135, solicitation.l4Src());
        assertEquals(IP6_HI, solicitation.getHi(FlowField.ND_TARGET));
        assertEquals(0xc, solicitation.get(FlowField.ND_TARGET));
        assertEquals(MAC_A, solicitation.get(FlowField.ARP_SHA));
        assertEquals(0, solicitation.get(FlowField.ARP_THA));
        FlowKey advertisement = key(Frames.ipv6().neighbourAdvertisement("2001:db8::c", 0x6000_0000, Frames.MAC_B));
        assertEquals(136, advertisement.l4Src());
        assertEquals(0, advertisement.get(FlowField.ARP_SHA));
        assertEquals(MAC_B, advertisement.get(FlowField.ARP_THA));
        FlowKey bare = key(Frames.ipv6().neighbourSolicitation("2001:db8::c", null));
        assertEquals(0, bare.get(FlowField.ARP_SHA));
    }

    @Test
    void icmpTypeAndCodeStandInThePorts() {
        FlowKey key = key(Frames.ipv4().icmp(3, 4, 1400).payload(28));
        assertEquals(3, key.l4Src());
        assertEquals(4, key.l4Dst());
        key = key(Frames.ipv6().icmpv6(128, 0, 0x10001));
        assertEquals(128, key.l4Src());
    }

    @Test
    void sctpPorts() {
        Frame frame = Frames.ipv4().sctp(5000, 6000, 1).payload(16).frame();
        FlowKey key = key(frame);
        assertEquals(IpProtocol.SCTP, key.ipProto());
        assertEquals(5000, key.l4Src());
        assertEquals(6000, key.l4Dst());
        assertEquals(frame.start() + 34, frame.l4At());
    }

    @Test
    void anUnknownProtocolHasNoTransportHeader() {
        Frame frame = Frames.ipv4().protocol(IpProtocol.ESP).payload(64).frame();
        FlowKey key = key(frame);
        assertEquals(IpProtocol.ESP, key.ipProto());
        assertEquals(0, key.l4Src());
        assertEquals(frame.start() + 14, frame.l3At());
        assertEquals(0, frame.l4At());
    }

    @Test
    void allMessagesOfNeighbourDiscoveryHaveTheirLinkLayerAddresses() {
        String solicitation = "0101 02000000000a";
        FlowKey key = key(Frames.aToB()
                .ipv6("fe80::1", "ff02::1")
                .ttl(255)
                .icmpv6(134, 0, 0)
                .payload("0000000000000000 " + solicitation));
        assertEquals(MAC_A, key.get(FlowField.ARP_SHA));
        assertEquals(0, key.get(FlowField.ND_TARGET));
        key = key(Frames.aToB()
                .ipv6("fe80::1", "ff02::2")
                .ttl(255)
                .icmpv6(133, 0, 0)
                .payload(solicitation));
        assertEquals(MAC_A, key.get(FlowField.ARP_SHA));
        key = key(Frames.ipv6().neighbourAdvertisement(Frames.IP6_A, 0xa000_0000, Frames.MAC_A));
        assertEquals(0xa000_0000L, key.get(FlowField.ND_RESERVED));
        assertEquals(0, key.get(FlowField.ARP_SHA));
        assertEquals(MAC_A, key.get(FlowField.ARP_THA));
    }

    @Test
    void tunnelMetadataBecomesPartOfTheKey() {
        Frame frame = Frames.tcpv4().frame();
        frame.setTunnel(42, 3);
        IpAddress remote = IpAddress.parse("192.0.2.2");
        IpAddress local = IpAddress.parse("192.0.2.1");
        frame.setRemote(remote.hi(), remote.lo(), 50_000);
        frame.setLocal(local.hi(), local.lo());
        frame.setOuterHops(63);
        frame.setOuterTrafficClass(0xb9);
        frame.setGroupPolicy(0x48, 7);
        FlowKey key = key(frame);
        assertEquals(63, key.get(FlowField.TUNNEL_TTL));
        assertEquals(0xb9, key.get(FlowField.TUNNEL_TOS));
        assertEquals(0x48, key.get(FlowField.TUNNEL_GBP_FLAGS));
        assertEquals(7, key.get(FlowField.TUNNEL_GBP_ID));
        assertEquals(42, key.tunnelId());
        assertEquals(3, key.tunnelFlags());
        assertEquals(remote.lo(), key.get(FlowField.TUNNEL_SRC));
        assertEquals(local.lo(), key.get(FlowField.TUNNEL_DST));
        assertTrue(
                key.toString()
                        .contains("tunnel(tun_id=0x2a,src=192.0.2.2,dst=192.0.2.1,tos=185,ttl=63,"
                                + "gbp_id=7,gbp_flags=0x48,flags=0x3),in_port(0)"),
                key.toString());
    }

    @Test
    void paddingBehindTheIpLengthIsNotPayload() {
        Frame frame = Frames.ipv4().udp(1, 2).padTo(60).frame();
        assertEquals(2, key(frame).l4Dst());
        assertDropped(
                DropReason.UDP_TRUNCATED, Frames.ipv4().protocol(17).payload(7).padTo(60));
        assertDropped(
                DropReason.TCP_TRUNCATED, Frames.ipv6().protocol(6).payload(19).padTo(90));
    }

    @Test
    void ipv4OptionsAreSteppedOver() {
        Frame frame = Frames.ipv4().ipOptions("94040000").udp(5, 6).frame();
        assertEquals(6, key(frame).l4Dst());
        assertEquals(frame.start() + 38, frame.l4At());
    }

    @Test
    void ipv6ExtensionHeadersAreSteppedOver() {
        Frame frame = Frames.ipv6()
                .extension(IpProtocol.HOP_BY_HOP, "010400000000")
                .extension(IpProtocol.DESTINATION_OPTIONS, "010400000000")
                .tcp(5, 6)
                .frame();
        FlowKey key = key(frame);
        assertEquals(IpProtocol.TCP, key.ipProto());
        assertEquals(6, key.l4Dst());
        assertEquals(frame.start() + 70, frame.l4At());
    }

    @Test
    void ipv4Fragments() {
        Frame first = Frames.ipv4().fragment(0, true).udp(1, 2).payload(1472).frame();
        FlowKey key = key(first);
        assertEquals(FlowField.FRAG_FIRST, key.ipFrag());
        assertEquals(2, key.l4Dst());
        // The UDP length is that of the whole datagram.
        key = key(Frames.ipv4().fragment(0, true).udp(1, 2).payload(1472).poke(38, "0fff"));
        assertEquals(2, key.l4Dst());
        Frame later =
                Frames.ipv4().fragment(1480, false).protocol(17).payload(100).frame();
        key = key(later);
        assertEquals(FlowField.FRAG_LATER, key.ipFrag());
        assertEquals(IpProtocol.UDP, key.ipProto());
        assertEquals(0, key.l4Dst());
        assertEquals(0, later.l4At());
        assertEquals(first.flowHash(), later.flowHash(), "all fragments take one path");
    }

    @Test
    void ipv6Fragments() {
        Frame first =
                Frames.ipv6().fragmentHeader(0, true, 9).udp(1, 2).payload(1000).frame();
        FlowKey key = key(first);
        assertEquals(FlowField.FRAG_FIRST, key.ipFrag());
        assertEquals(IpProtocol.UDP, key.ipProto());
        assertEquals(2, key.l4Dst());
        Frame later = Frames.ipv6()
                .fragmentHeader(1008, false, 9)
                .protocol(17)
                .payload(100)
                .frame();
        key = key(later);
        assertEquals(FlowField.FRAG_LATER, key.ipFrag());
        assertEquals(IpProtocol.FRAGMENT, key.ipProto());
        assertEquals(0, later.l4At());
        key = key(Frames.ipv6().fragmentHeader(0, false, 9).udp(1, 2));
        assertEquals(FlowField.FRAG_NONE, key.ipFrag(), "an atomic fragment (RFC 6946) is whole");
        assertEquals(2, key.l4Dst());
    }

    @Test
    void aReusedKeyHoldsNothingOfTheFrameBefore() {
        RandomGenerator random = Seed.random(FlowExtractorTest.class);
        RandomFrames frames = new RandomFrames(random);
        FlowKey reused = new FlowKey();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes =
                    random.nextInt(3) == 0 ? frames.mutated() : frames.next().bytes();
            Frame frame = Hex.frame(bytes, 0);
            frame.setInPort(random.nextInt(3));
            if (random.nextInt(4) == 0) {
                frame.setTunnel(random.nextInt(3), random.nextInt(3));
                frame.setRemote(random.nextInt(2), random.nextInt(2), 0);
            }
            FlowKey fresh = new FlowKey();
            DropReason reason = FlowExtractor.extract(frame, fresh);
            assertEquals(reason, FlowExtractor.extract(frame, reused));
            assertEquals(fresh, reused, () -> Hex.text(bytes));
            for (int word = 0; word < FlowLayout.HIGH_WORDS; word++) {
                int at = word;
                assertTrue(
                        reused.words[word] == 0 || (reused.present >>> word & 1) == 1,
                        () -> "word " + at + " is hidden: " + Hex.text(bytes));
            }
            if (reason == null && frame.l4At() != 0) {
                assertTrue(frame.l4At() > frame.l3At() && frame.l4At() < frame.end());
            }
        }
    }
}
