package io.jvswitch.flowtable.key;

import static io.jvswitch.flowtable.key.Extraction.assertDropped;
import static io.jvswitch.flowtable.key.Extraction.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is malformed is dropped for its reason; what others send is not. */
class FlowExtractorMalformedTest {

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
}
