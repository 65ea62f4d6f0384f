package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowExtractorTest {

    private static final long MAC_A = 0x0200_0000_000aL;
    private static final long MAC_B = 0x0200_0000_000bL;
    private static final long IP4_A = 0xffff_0a00_000aL;
    private static final long IP4_B = 0xffff_0a00_000bL;
    private static final long IP6_HI = 0x2001_0db8_0000_0000L;

    private static FlowKey key(FrameBuilder builder) {
        return key(builder.frame());
    }

    private static FlowKey key(Frame frame) {
        FlowKey key = new FlowKey();
        assertNull(FlowExtractor.extract(frame, key));
        return key;
    }

    private static void assertDropped(DropReason reason, FrameBuilder builder) {
        FlowKey key = new FlowKey();
        assertNull(FlowExtractor.extract(Frames.tcpv6().vlan(1).frame(), key));
        assertEquals(reason, FlowExtractor.extract(builder.frame(), key));
        assertEquals(new FlowKey(), key, "the key of a dropped frame is empty");
    }

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
    void oneVlanTag() {
        Frame frame = Frames.aToB()
                .vlan(EtherType.VLAN, 0xf007)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .frame();
        FlowKey key = key(frame);
        assertEquals(0xf007, key.vlanTci(), "priority and VID; the drop-eligible bit gives way to \"present\"");
        assertEquals(EtherType.VLAN, key.get(FlowField.VLAN_TPID));
        assertEquals(0, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(EtherType.IPV4, key.ethType());
        assertEquals(frame.start() + 18, frame.l3At());
    }

    @Test
    void twoVlanTags() {
        Frame frame = Frames.aToB()
                .vlan(EtherType.SERVICE_VLAN, 0x0064)
                .vlan(EtherType.VLAN, 0x2007)
                .arp(1, Frames.MAC_A, Frames.IP4_A, "00:00:00:00:00:00", Frames.IP4_B)
                .frame();
        FlowKey key = key(frame);
        assertEquals(0x1064, key.vlanTci());
        assertEquals(EtherType.SERVICE_VLAN, key.get(FlowField.VLAN_TPID));
        assertEquals(0x3007, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(EtherType.VLAN, key.get(FlowField.VLAN_TPID_INNER));
        assertEquals(EtherType.ARP, key.ethType());
        assertEquals(frame.start() + 22, frame.l3At());
    }

    @Test
    void theThirdTagIsAnEtherType() {
        Frame frame = Frames.aToB()
                .vlan(1)
                .vlan(2)
                .vlan(3)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .frame();
        FlowKey key = key(frame);
        assertEquals(EtherType.VLAN, key.ethType());
        assertEquals(0x1002, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(0, key.get(FlowField.IP_SRC));
        assertEquals(0, frame.l3At());
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
    void anUnknownEtherTypeIsLayer2Only() {
        Frame frame = Frames.aToB().etherType(EtherType.LLDP).payload(46).frame();
        FlowKey key = key(frame);
        assertEquals(EtherType.LLDP, key.ethType());
        assertEquals(0, frame.l3At());
    }

    @Test
    void ieee8023FramesHaveTheTypeOfTheirSnapHeaderOrNone() {
        // A spanning tree BPDU: length 38, LLC 42 42 03.
        Frame bpdu = Frames.ethernet(Frames.MAC_A, "01:80:c2:00:00:00")
                .etherType(38)
                .payload("424203" + "00".repeat(43))
                .frame();
        assertEquals(FlowField.ETH_TYPE_NONE, key(bpdu).ethType());
        assertEquals(0, bpdu.l3At());
        byte[] packet = Frames.ipv4().udp(1, 2).bytes();
        Frame snap = Frames.aToB()
                .etherType(36)
                .payload("aaaa03 000000 0800")
                .payload(java.util.Arrays.copyOfRange(packet, 14, packet.length))
                .frame();
        FlowKey key = key(snap);
        assertEquals(EtherType.IPV4, key.ethType());
        assertEquals(IP4_A, key.get(FlowField.IP_SRC));
        assertEquals(snap.start() + 22, snap.l3At());
        assertEquals(
                FlowField.ETH_TYPE_NONE,
                key(Frames.aToB().etherType(8).payload("aaaa03 00000c 2000")).ethType(),
                "another organisation's protocol number is no EtherType");
    }

    /** VU#855201: what a receiver strips before it believes the rest. */
    @Test
    void priorityTagsAndSnapHeadersAreLookedThrough() {
        byte[] packet = Frames.ipv4().udp(1, 2).bytes();
        String[] fronts = {
            "8100 0000 88a8 e000 8100 0000",
            "8100 0005 8100 0006 8100 0000",
            "0040 aaaa03 0000f8 8100 2000",
            "8100 0000 0040 aaaa03 000000 0040 aaaa03 000000"
        };
        for (String front : fronts) {
            int bytes = front.replace(" ", "").length() / 2;
            byte[] rest = java.util.Arrays.copyOfRange(packet, 12, packet.length);
            FrameBuilder builder = Frames.aToB()
                    .etherType(Integer.parseInt(front.substring(0, 4), 16))
                    .payload(front.substring(5));
            Frame frame = builder.payload(rest).frame();
            FlowKey key = key(frame);
            assertEquals(EtherType.IPV4, key.ethType(), front);
            assertEquals(IP4_A, key.get(FlowField.IP_SRC), front);
            assertEquals(frame.start() + 14 + bytes, frame.l3At(), front);
        }
        Frame third = Frames.aToB()
                .vlan(0)
                .vlan(0)
                .vlan(7)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .frame();
        assertEquals(EtherType.VLAN, key(third).ethType(), "a third tag that has a VLAN is not in the key");
        Frame cut = Frames.aToB()
                .vlan(0)
                .vlan(0)
                .etherType(EtherType.VLAN)
                .payload("000008")
                .frame();
        assertEquals(DropReason.VLAN_TRUNCATED, FlowExtractor.extract(cut, new FlowKey()));
        FrameBuilder deep = Frames.aToB();
        for (int tags = 0; tags < 11; tags++) {
            deep = deep.vlan(0);
        }
        assertEquals(
                DropReason.VLAN_TOO_DEEP,
                FlowExtractor.extract(deep.ipv4(Frames.IP4_A, Frames.IP4_B).frame(), new FlowKey()));
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
        FlowKey key = key(frame);
        assertEquals(42, key.tunnelId());
        assertEquals(3, key.tunnelFlags());
        assertEquals(remote.lo(), key.get(FlowField.TUNNEL_SRC));
        assertEquals(local.lo(), key.get(FlowField.TUNNEL_DST));
        assertTrue(
                key.toString().contains("tunnel(tun_id=0x2a,src=192.0.2.2,dst=192.0.2.1,flags=0x3),in_port(0)"),
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
    void malformedFramesNameTheirReason() {
        assertDropped(DropReason.IPV4_BAD_VERSION, Frames.tcpv4().poke(14, "55"));
        assertDropped(DropReason.IPV4_BAD_HEADER_LENGTH, Frames.tcpv4().poke(14, "44"));
        assertDropped(DropReason.IPV4_BAD_TOTAL_LENGTH, Frames.tcpv4().poke(16, "0013"));
        assertDropped(DropReason.IPV4_BAD_TOTAL_LENGTH, Frames.tcpv4().poke(16, "0fff"));
        assertDropped(
                DropReason.IPV4_TINY_FRAGMENT,
                Frames.ipv4().fragment(8, false).protocol(6).payload(64));
        assertDropped(
                DropReason.IPV4_TINY_FRAGMENT,
                Frames.ipv4().fragment(0, true).protocol(6).payload(16));
        assertDropped(
                DropReason.IPV4_TINY_FRAGMENT,
                Frames.ipv4().fragment(0, true).protocol(17).payload(7));
        assertDropped(
                DropReason.IPV4_TINY_FRAGMENT,
                Frames.ipv4().fragment(0, true).protocol(1).payload(7));
        assertDropped(
                DropReason.IPV4_TINY_FRAGMENT,
                Frames.ipv4().fragment(0, true).tcp(1, 2).poke(46, "80").payload(4));
        assertDropped(DropReason.IPV6_BAD_VERSION, Frames.tcpv6().poke(14, "45"));
        assertDropped(DropReason.IPV6_BAD_PAYLOAD_LENGTH, Frames.tcpv6().poke(18, "0fff"));
        assertDropped(
                DropReason.IPV6_BAD_EXTENSION, Frames.tcpv6().poke(20, "00").poke(55, "ff"));
        assertDropped(
                DropReason.IPV6_TINY_FRAGMENT,
                Frames.ipv6().fragmentHeader(0, true, 1).protocol(6).payload(16));
        assertDropped(
                DropReason.IPV6_TINY_FRAGMENT,
                Frames.ipv6()
                        .fragmentHeader(0, true, 1)
                        .tcp(1, 2)
                        .poke(74, "80")
                        .payload(4));
        assertDropped(DropReason.TCP_BAD_DATA_OFFSET, Frames.tcpv4().poke(46, "40"));
        assertDropped(DropReason.TCP_BAD_DATA_OFFSET, Frames.tcpv4().poke(46, "f0"));
        assertDropped(
                DropReason.TCP_BAD_DATA_OFFSET,
                Frames.ipv4().fragment(0, true).tcp(1, 2).poke(46, "40").payload(4));
        assertDropped(DropReason.UDP_BAD_LENGTH, Frames.udpv4().payload(10).poke(38, "0007"));
        assertDropped(DropReason.UDP_BAD_LENGTH, Frames.udpv4().payload(10).poke(38, "0013"));
        assertDropped(DropReason.UDP_BAD_LENGTH, Frames.udpv6().payload(10).poke(58, "0000"));
        assertDropped(DropReason.ICMP_TRUNCATED, Frames.ipv4().protocol(1).payload(7));
        assertDropped(DropReason.ICMP_TRUNCATED, Frames.ipv6().protocol(58).payload(3));
        assertDropped(DropReason.SCTP_TRUNCATED, Frames.ipv4().protocol(132).payload(11));
        assertDropped(
                DropReason.ARP_INVALID,
                Frames.aToB()
                        .arp(1, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B)
                        .poke(14, "0007"));
        assertDropped(
                DropReason.ND_INVALID,
                Frames.ipv6().neighbourSolicitation("2001:db8::c", null).ttl(254));
        assertDropped(DropReason.ND_INVALID, Frames.ipv6().neighbourSolicitation("ff02::1", null));
        assertDropped(
                DropReason.ND_INVALID,
                Frames.ipv6().fragmentHeader(0, false, 1).neighbourSolicitation("2001:db8::c", null));
    }

    @Test
    void everyTruncationIsRefusedUntilTheHeadersAreWhole() {
        assertTruncations(
                Frames.aToB()
                        .vlan(1)
                        .vlan(2)
                        .etherType(EtherType.LLDP)
                        .payload(10)
                        .bytes(),
                new int[] {14, 18, 22},
                DropReason.ETHERNET_TRUNCATED,
                DropReason.VLAN_TRUNCATED,
                DropReason.VLAN_TRUNCATED);
        assertTruncations(
                Frames.aToB()
                        .arp(1, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B)
                        .bytes(),
                new int[] {14, 42},
                DropReason.ETHERNET_TRUNCATED,
                DropReason.ARP_TRUNCATED);
        assertTruncations(
                Frames.ipv4()
                        .ipOptions("94040000")
                        .tcp(1, 2)
                        .mss(1460)
                        .payload(5)
                        .bytes(),
                new int[] {14, 34, 38, 67},
                DropReason.ETHERNET_TRUNCATED,
                DropReason.IPV4_TRUNCATED,
                DropReason.IPV4_BAD_HEADER_LENGTH,
                DropReason.IPV4_BAD_TOTAL_LENGTH);
        assertTruncations(
                Frames.ipv6()
                        .extension(IpProtocol.HOP_BY_HOP, "010400000000")
                        .udp(1, 2)
                        .payload(5)
                        .bytes(),
                new int[] {14, 54, 75},
                DropReason.ETHERNET_TRUNCATED,
                DropReason.IPV6_TRUNCATED,
                DropReason.IPV6_BAD_PAYLOAD_LENGTH);
    }

    /**
     * Cuts a frame to every length; below {@code limits[i]} (and not below the one before) it must fail with that
     * reason.
     */
    private static void assertTruncations(byte[] whole, int[] limits, DropReason... reasons) {
        int stage = 0;
        for (int length = 0; length <= whole.length; length++) {
            while (stage < limits.length && length >= limits[stage]) {
                stage++;
            }
            Frame frame = Hex.frame(java.util.Arrays.copyOf(whole, length), 0);
            assertEquals(
                    stage < limits.length ? reasons[stage] : null,
                    FlowExtractor.extract(frame, new FlowKey()),
                    "cut to " + length + " bytes");
        }
    }

    /** The same, from the transport header on, with the IP length cut too. */
    @Test
    void everyTruncationOfATransportHeaderIsRefused() {
        for (int bytes = 0; bytes < 20; bytes++) {
            assertDropped(DropReason.TCP_TRUNCATED, Frames.ipv4().protocol(6).payload(bytes));
            assertDropped(DropReason.TCP_TRUNCATED, Frames.ipv6().protocol(6).payload(bytes));
        }
        for (int bytes = 0; bytes < 24; bytes++) {
            byte[] message = java.util.Arrays.copyOf(Hex.bytes("87 00 0000 00000000 20010db8"), bytes);
            assertDropped(
                    bytes < 4 ? DropReason.ICMP_TRUNCATED : DropReason.ND_INVALID,
                    Frames.ipv6().protocol(58).ttl(255).payload(bytes < 1 ? new byte[0] : message));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dhcp-dhclient",
                "dhcp-udhcpc",
                "linux-arp-ping",
                "linux-fragments",
                "linux-nd-ping",
                "linux-tcp",
                "linux-udp",
                "linux-vxlan-ipv4",
                "linux-vxlan-ipv6",
                "ovs-geneve",
                "ovs-gre",
                "ovs-vlan"
            })
    void whatOthersSendIsWellFormed(String capture) {
        List<byte[]> frames = Captures.frames(capture);
        assertTrue(frames.size() > 0);
        FlowKey key = new FlowKey();
        for (byte[] bytes : frames) {
            assertNull(FlowExtractor.extract(Hex.frame(bytes, 0), key), () -> Hex.text(bytes));
        }
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

    @Test
    void theFlowHashIsTheSameInBothDirections() {
        assertEquals(
                hash(Frames.ipv4().tcp(1000, 80)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .ipv4(Frames.IP4_B, Frames.IP4_A)
                        .tcp(80, 1000)));
        assertEquals(
                hash(Frames.ipv6().udp(1000, 80)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .ipv6(Frames.IP6_B, Frames.IP6_A)
                        .udp(80, 1000)));
        assertEquals(
                hash(Frames.aToB().etherType(EtherType.LLDP)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A).etherType(EtherType.LLDP)));
        assertNotEquals(hash(Frames.ipv4().tcp(1000, 80)), hash(Frames.ipv4().tcp(80, 1000)));
        assertNotEquals(hash(Frames.ipv4().tcp(1000, 80)), hash(Frames.ipv4().udp(1000, 80)));
    }

    private static int hash(FrameBuilder builder) {
        Frame frame = builder.frame();
        key(frame);
        return frame.flowHash();
    }

    @Test
    void neighbouringFlowsSpreadOverAllBitsOfTheFlowHash() {
        int[] ones = new int[32];
        int flows = 4096;
        for (int i = 0; i < flows; i++) {
            int hash = FlowHash.ofIp(0, IP4_A + (i & 63), 0, IP4_B, 6L << 56 | (long) (32768 + (i >>> 6)) << 16 | 80);
            for (int bit = 0; bit < 32; bit++) {
                ones[bit] += hash >>> bit & 1;
            }
        }
        // The hash has no random part, so neither has this test; 5 standard deviations are 160.
        for (int bit = 0; bit < 32; bit++) {
            assertEquals(flows / 2.0, ones[bit], 160, "bit " + bit);
        }
    }
}
