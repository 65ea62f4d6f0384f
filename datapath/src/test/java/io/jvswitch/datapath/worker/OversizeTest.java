package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is too large for the tunnel is answered, cut or clamped, and counted; never lost in silence. */
final class OversizeTest {

    private static final int VXLAN_BYTES = 8;
    private static final int MTU_BYTES = 1_450;

    private final TestSwitch blue = new TestSwitch(2)
            .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
            .host(Frames.MAC_B, Frames.IP4_B, "192.0.2.2")
            .publish();

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    /** A UDP datagram whose IPv4 packet has that many bytes. */
    private static byte[] ipv4Packet(int bytes, boolean dontFragment) {
        FrameBuilder packet = Frames.ipv4();
        return (dontFragment ? packet.dontFragment() : packet)
                .udp(1000, 2000)
                .payload(bytes - 28)
                .bytes();
    }

    @Test
    void thePacketThatJustFitsPassesAndTheNextIsAnswered() {
        blue.send(1, ipv4Packet(MTU_BYTES, true));
        assertEquals(1, blue.underlay().drain().size());
        blue.send(1, ipv4Packet(MTU_BYTES + 1, true));
        assertEquals(List.of(), blue.underlay().drain());
        List<MemoryQueue.Sent> answer = blue.port(1).drain();
        assertEquals(1, answer.size());
        String hex = answer.getFirst().hex().replaceAll("\\s", "");
        // RFC 1191, section 4: type 3, code 4, checksum, unused, next-hop MTU 1450
        assertEquals("0304", hex.substring(68, 72));
        assertEquals("000005aa", hex.substring(76, 84));
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMP_SENT));
    }

    @Test
    void aPacketThatCannotBeCutIsCounted() {
        // One buffer more than the packet's own: not enough for two fragments.
        try (TestSwitch small = new TestSwitch(1, 2, 16)
                .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
                .host(Frames.MAC_B, Frames.IP4_B, "192.0.2.2")
                .publish()) {
            small.send(1, ipv4Packet(1_500, false));
            assertEquals(1, small.dropped(1, DropReason.FRAGMENTATION_FAILED));
            assertEquals(List.of(), small.underlay().drain());
            assertEquals(0, small.imbalance());
            assertEquals(0, small.leakedFrames());
        }
    }

    @Test
    void aFrameWithoutRoomForTheOuterHeaderIsCounted() {
        blue.port(1).offer(ipv4Packet(100, true));
        blue.port(1).describe(frame -> {
            byte[] bytes = Hex.bytes(frame);
            frame.place(4, bytes.length);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), 4, bytes.length);
        });
        blue.run();
        assertEquals(1, blue.dropped(1, DropReason.HEADROOM));
        assertEquals(List.of(), blue.underlay().drain());
    }

    @Test
    void ipv6IsAnsweredWithPacketTooBig() {
        blue.send(1, Frames.udpv6().payload(MTU_BYTES + 1 - 48).bytes());
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMPV6_SENT));
        assertEquals(1, blue.port(1).drain().size());
    }

    @Test
    void withoutDfThePacketIsCutAndArrives() {
        blue.send(1, ipv4Packet(1_500, false));
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(2, sent.size());
        for (MemoryQueue.Sent datagram : sent) {
            assertTrue(datagram.bytes().length <= MTU_BYTES + 14 + VXLAN_BYTES);
        }
        assertEquals(1, blue.count(1, PortCounters.Kind.FRAGMENTED));
        assertEquals(0, blue.dropped(1, DropReason.TOO_BIG_SILENT));
    }

    private static byte[] notIp(int payloadBytes) {
        return Frames.ethernet(Frames.MAC_A, Frames.MAC_B)
                .etherType(0x88b5)
                .payload(payloadBytes)
                .bytes();
    }

    private static byte[] toGroup(int packetBytes) {
        return Frames.ethernet(Frames.MAC_A, "33:33:00:00:00:fb")
                .ipv6("fd00:10::11", "ff02::fb")
                .udp(5353, 5353)
                .payload(packetBytes - 48)
                .bytes();
    }

    private static byte[] ipv6Packet(int bytes) {
        return Frames.udpv6().payload(bytes - 48).bytes();
    }

    @Test
    void whatIsNotIpAndMoreThanGuestsMaySendIsCounted() {
        blue.send(1, notIp(1_451));
        blue.send(1, toGroup(1_451));
        assertEquals(2, blue.dropped(1, DropReason.TOO_BIG_SILENT));
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(List.of(), blue.fragmenting().drain());
    }

    /** The network says 1450, and a path takes 1350 for a while. */
    @Test
    void inADipWhatGuestsMaySendIsNeverLost() {
        blue.dip(1_400).publish();
        for (byte[] frame : List.of(notIp(1_351), notIp(1_450), toGroup(1_351), toGroup(1_450))) {
            blue.send(1, frame);
            // one each, by the socket whose packets may become fragments
            assertEquals(1, blue.fragmenting().drain().size());
            assertEquals(List.of(), blue.underlay().drain());
        }
        assertEquals(4, blue.count(1, PortCounters.Kind.OUTER_FRAGMENTED));
        blue.send(1, notIp(1_350));
        assertEquals(1, blue.underlay().drain().size());
        // a sender that can be told is told
        blue.send(1, ipv6Packet(1_351));
        blue.send(1, ipv4Packet(1_351, true));
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMPV6_SENT));
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMP_SENT));
        assertEquals(List.of(), blue.fragmenting().drain());
        assertEquals(4, blue.count(1, PortCounters.Kind.OUTER_FRAGMENTED));
    }

    /** RFC 8200, section 5: whatever carries IPv6 carries 1280 bytes of it. */
    @Test
    void ipv6OfUpTo1280BytesCrossesAnyPath() {
        blue.dip(1_300).publish(); // 1250 inside
        blue.send(1, ipv6Packet(1_250));
        assertEquals(1, blue.underlay().drain().size());
        for (int bytes : new int[] {1_251, 1_280}) {
            blue.send(1, ipv6Packet(bytes));
            List<MemoryQueue.Sent> crossed = blue.fragmenting().drain();
            assertEquals(1, crossed.size());
            assertEquals(bytes + 14 + VXLAN_BYTES, crossed.getFirst().bytes().length);
        }
        blue.send(1, ipv6Packet(1_281));
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMPV6_SENT));
        String hex = blue.port(1).drain().getFirst().hex().replaceAll("\\s", "");
        // RFC 4443, section 3.2: type 2, code 0, checksum, MTU; never less than 1280 (RFC 8201, section 4)
        assertEquals("0200", hex.substring(108, 112));
        assertEquals("00000500", hex.substring(116, 124));
        assertEquals(0, blue.dropped(1, DropReason.TOO_BIG_SILENT));
        assertEquals(2, blue.count(1, PortCounters.Kind.OUTER_FRAGMENTED));
    }

    @Test
    void inADipTheMssIsClampedBothWays() {
        blue.dip(1_400).publish();
        blue.send(1, syn(1_460));
        assertEquals(1_310, mssOf(blue.underlay().drain().getFirst().bytes(), VXLAN_BYTES));
        blue.sendFromTunnel("192.0.2.2", synAckFromTunnel(1_460));
        assertEquals(1_310, mssOf(blue.port(1).drain().getFirst().bytes(), 0));
    }

    @Test
    void errorsAreLimitedAndTheRestIsCounted() {
        byte[] tooBig = ipv4Packet(1_500, true);
        for (int i = 0; i < 200; i++) {
            blue.send(1, tooBig);
        }
        long told = blue.dropped(1, DropReason.TOO_BIG_ICMP_SENT);
        assertEquals(200, told + blue.dropped(1, DropReason.TOO_BIG_SILENT));
        assertTrue(told > 0 && told < 200, told + " answered");
    }

    private static byte[] syn(int mss) {
        return Frames.tcpv4().flags(TcpHeader.FLAG_SYN).mss(mss).bytes();
    }

    private static byte[] synAckFromTunnel(int mss) {
        byte[] back = Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                .ipv4(Frames.IP4_B, Frames.IP4_A)
                .tcp(80, 1000)
                .flags(TcpHeader.FLAG_SYN | TcpHeader.FLAG_ACK)
                .mss(mss)
                .bytes();
        return Hex.bytes("0800000000002a00" + Hex.text(back).replaceAll("\\s", ""));
    }

    private static int mssOf(byte[] frame, int ethernetAt) {
        String hex = Hex.text(frame).replaceAll("\\s", "");
        int option = (ethernetAt + 14 + 20 + 20) * 2;
        assertEquals("0204", hex.substring(option, option + 4));
        return Integer.parseInt(hex.substring(option + 4, option + 8), 16);
    }

    @Test
    void theMssIsClampedIntoTheTunnelAndOutOfIt() {
        blue.send(1, syn(1_460));
        assertEquals(1_410, mssOf(blue.underlay().drain().getFirst().bytes(), VXLAN_BYTES));
        blue.sendFromTunnel("192.0.2.2", synAckFromTunnel(1_460));
        assertEquals(1_410, mssOf(blue.port(1).drain().getFirst().bytes(), 0));
        assertEquals(1, blue.count(1, PortCounters.Kind.MSS_CLAMPED));
        assertEquals(1, blue.count(Locations.UNDERLAY, PortCounters.Kind.MSS_CLAMPED));
    }

    @Test
    void aSmallMssAndAPathThatGrowsAreLeftAlone() {
        blue.send(1, syn(500));
        assertEquals(500, mssOf(blue.underlay().drain().getFirst().bytes(), VXLAN_BYTES));
        blue.pathMtu(9_000).publish();
        blue.send(1, syn(1_460));
        assertEquals(1_460, mssOf(blue.underlay().drain().getFirst().bytes(), VXLAN_BYTES));
    }

    @Test
    void aPathThatShrinksIsHeardOfAndFollowed() {
        blue.underlay().refuse(DropReason.TX_TOO_BIG);
        blue.send(1, ipv4Packet(MTU_BYTES, true));
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.TX_TOO_BIG));
        assertTrue(blue.told().stream().anyMatch(event -> event instanceof ConductorEvent.PathTooBig));
        blue.pathMtu(1_400).publish();
        blue.send(1, ipv4Packet(MTU_BYTES, true));
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMP_SENT));
        assertNotEquals(List.of(), blue.port(1).drain());
    }
}
