package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the switch answers itself, who may send what, and what never crosses the underlay. */
final class AnsweringTest {

    private static final String HOST_MAC = "02:00:00:00:00:02";
    private static final String HOST_IP = "10.0.0.12";
    private static final String SERVER_MAC = "02:00:00:00:00:d0";

    private final TestSwitch blue = new TestSwitch(2)
            .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
            .host(HOST_MAC, HOST_IP, "192.0.2.2")
            .bind(1, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A)
            .publish();

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private static FrameBuilder dhcpDiscover(String mac) {
        return Frames.ethernet(mac, Frames.MAC_BROADCAST)
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(68, 67)
                .dhcp(1, 0x1234, mac, "350101ff");
    }

    @Test
    void anArpRequestForAKnownHostIsAnsweredAndNeverCrossesTheUnderlay() {
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, HOST_IP).bytes());
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(List.of(), blue.port(2).drain());
        byte[] expected =
                Frames.arpReply(HOST_MAC, HOST_IP, Frames.MAC_A, Frames.IP4_A).bytes();
        assertArrayEquals(expected, blue.port(1).drain().getFirst().bytes());
        assertEquals(1, blue.count(1, PortCounters.Kind.ARP_REPLIES));
    }

    @Test
    void anArpRequestForAnUnknownHostIsFlooded() {
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, "10.0.0.77").bytes());
        assertEquals(1, blue.underlay().drain().size());
        assertEquals(1, blue.port(2).drain().size());
    }

    @Test
    void aNeighbourSolicitationForAKnownHostIsAnswered() {
        blue.send(
                2,
                Frames.ethernet(Frames.MAC_B, "33:33:ff:00:00:0a")
                        .ipv6(Frames.IP6_B, "ff02::1:ff00:a")
                        .neighbourSolicitation(Frames.IP6_A, Frames.MAC_B)
                        .bytes());
        assertEquals(1, blue.count(2, PortCounters.Kind.ND_REPLIES));
        assertEquals(1, blue.port(2).drain().size());
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(List.of(), blue.port(1).drain());
    }

    @Test
    void aProbeForOnesOwnAddressIsNotAnswered() {
        blue.send(1, Frames.arpRequest(Frames.MAC_A, "0.0.0.0", Frames.IP4_A).bytes());
        assertEquals(List.of(), blue.port(1).drain());
        assertEquals(1, blue.dropped(1, DropReason.RESPONDER_SILENT));
    }

    @Test
    void aBoundPortMaySendItsOwnAddressesOnly() {
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_B, HOST_MAC)
                        .ipv4(Frames.IP4_A, HOST_IP)
                        .udp(1, 2)
                        .bytes());
        assertEquals(1, blue.dropped(1, DropReason.SPOOFED_MAC));
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, HOST_MAC)
                        .ipv4("10.0.0.66", HOST_IP)
                        .udp(1, 2)
                        .bytes());
        blue.send(1, Frames.arpRequest(Frames.MAC_A, "10.0.0.66", HOST_IP).bytes());
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, HOST_MAC)
                        .ipv6("2001:db8::66", "2001:db8::1")
                        .udp(1, 2)
                        .bytes());
        assertEquals(3, blue.dropped(1, DropReason.SPOOFED_IP));
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, HOST_MAC)
                        .ipv4(Frames.IP4_A, HOST_IP)
                        .udp(1, 2)
                        .bytes());
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, HOST_MAC)
                        .ipv6("fe80::ff:fe00:a", "fe80::2")
                        .udp(1, 2)
                        .bytes());
        assertEquals(2, blue.underlay().drain().size());
    }

    @Test
    void aDhcpRequestGoesToTheConductorAndNowhereElse() {
        blue.dhcp(SERVER_MAC).publish();
        blue.told();
        byte[] discover = dhcpDiscover(Frames.MAC_A).bytes();
        blue.send(1, discover);
        ConductorEvent.DhcpRequest told =
                (ConductorEvent.DhcpRequest) blue.told().getFirst();
        assertEquals(1, told.port());
        assertArrayEquals(discover, told.frame());
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(List.of(), blue.port(2).drain());
        assertEquals(1, blue.count(1, PortCounters.Kind.HANDED_OVER));
    }

    @Test
    void aReplyThatTheConductorInjectsLeavesByThePort() {
        byte[] reply = Frames.udpv4().payload(18).bytes();
        blue.worker().proxy().inject(1, reply);
        blue.run();
        assertArrayEquals(reply, blue.port(1).drain().getFirst().bytes());
    }

    @Test
    void aReplyForAPortThatWentIsCounted() {
        blue.worker().proxy().removePort(1, () -> {});
        blue.worker().proxy().inject(1, Frames.udpv4().payload(18).bytes());
        blue.run();
        assertEquals(1, blue.dropped(1, DropReason.PORT_DOWN));
    }

    @Test
    void aDhcpServerInAGuestIsStoppedWhereTheSwitchServes() {
        blue.dhcp(SERVER_MAC).publish();
        blue.send(
                2,
                Frames.ethernet(Frames.MAC_B, Frames.MAC_BROADCAST)
                        .ipv4(Frames.IP4_B, "255.255.255.255")
                        .udp(67, 68)
                        .payload(300)
                        .bytes());
        assertEquals(1, blue.dropped(2, DropReason.DHCP_SERVER_SPOOF));
    }

    private static byte[] datagram(int sourcePort, int destinationPort) {
        return Frames.ethernet(Frames.MAC_A, HOST_MAC)
                .ipv4(Frames.IP4_A, HOST_IP)
                .udp(sourcePort, destinationPort)
                .bytes();
    }

    /** Or a scan, or a resolver, would need a megaflow a datagram. */
    @Test
    void dhcpDoesNotMakeTheMegaflowsOfOtherDatagramsExact() {
        blue.dhcp(SERVER_MAC).publish();
        for (int port = 1024; port < 1024 + 2000; port++) {
            blue.send(1, datagram(40_000, port));
        }
        for (int port = 0; port < 1 << 16; port += 13) {
            blue.send(1, datagram(port, 53));
        }
        assertTrue(blue.worker().flows().size() <= 16, blue::flowsText);
        assertEquals(0, blue.dropped(1, DropReason.DHCP_SERVER_SPOOF));
        blue.underlay().drain();
    }

    @Test
    void portsNextToThoseOfDhcpAreToldFromThem() {
        blue.dhcp(SERVER_MAC).publish();
        for (int source = 66; source < 70; source++) {
            for (int destination = 66; destination < 70; destination++) {
                blue.send(1, datagram(source, destination));
            }
        }
        assertEquals(4, blue.dropped(1, DropReason.DHCP_SERVER_SPOOF), "whatever port they come from");
        assertEquals(12, blue.underlay().drain().size());
    }

    @Test
    void whatElseIsSentToAServiceOfTheSwitchEndsThere() {
        blue.dhcp(SERVER_MAC).publish();
        blue.send(
                2,
                Frames.ethernet(Frames.MAC_B, SERVER_MAC)
                        .ipv4(Frames.IP4_B, "10.0.0.2")
                        .udp(1, 2)
                        .bytes());
        assertEquals(1, blue.dropped(2, DropReason.DESTINATION_RESERVED));
        blue.send(
                2,
                Frames.ethernet(SERVER_MAC, Frames.MAC_A)
                        .ipv4(Frames.IP4_B, Frames.IP4_A)
                        .udp(1, 2)
                        .bytes());
        assertEquals(1, blue.dropped(2, DropReason.SPOOFED_MAC));
    }

    @Test
    void theDhcpServersAddressAnswersPing() {
        blue.dhcp(SERVER_MAC, "10.0.0.2").publish();
        FrameBuilder ping = Frames.ethernet(Frames.MAC_A, SERVER_MAC).ipv4(Frames.IP4_A, "10.0.0.2");
        byte[] request = ping.icmp(8, 0, 0x1234_0001).payload(56).bytes();
        blue.send(1, request);
        byte[] expected = Frames.ethernet(SERVER_MAC, Frames.MAC_A)
                .ipv4("10.0.0.2", Frames.IP4_A)
                .icmp(0, 0, 0x1234_0001)
                .payload(56)
                .bytes();
        assertArrayEquals(expected, blue.port(1).drain().getFirst().bytes());
        assertEquals(List.of(), blue.underlay().drain());
        byte[] damaged = request.clone();
        damaged[60] ^= 1;
        blue.send(1, damaged);
        FrameBuilder other = Frames.ethernet(Frames.MAC_A, SERVER_MAC).ipv4(Frames.IP4_A, "10.0.0.3");
        blue.send(1, other.icmp(8, 0, 1).bytes());
        FrameBuilder fragment = Frames.ethernet(Frames.MAC_A, SERVER_MAC).ipv4(Frames.IP4_A, "10.0.0.2");
        blue.send(1, fragment.fragment(0, true).icmp(8, 0, 1).payload(56).bytes());
        FrameBuilder group = Frames.ethernet(Frames.MAC_B, SERVER_MAC).ipv4("224.0.0.9", "10.0.0.2");
        blue.send(2, group.icmp(8, 0, 1).bytes());
        assertEquals(3, blue.dropped(1, DropReason.DESTINATION_RESERVED));
        assertEquals(1, blue.dropped(2, DropReason.DESTINATION_RESERVED));
    }

    /** RFC 1390 and RFC 1122: IEEE 802's type means the same. */
    @Test
    void anArpRequestOfHardwareTypeSixIsAnsweredAndGuardedAlike() {
        byte[] request = Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, HOST_IP)
                .poke(15, "06")
                .bytes();
        blue.send(1, request);
        byte[] expected = Frames.arpReply(HOST_MAC, HOST_IP, Frames.MAC_A, Frames.IP4_A)
                .poke(15, "06")
                .bytes();
        assertArrayEquals(expected, blue.port(1).drain().getFirst().bytes());
        blue.send(
                1,
                Frames.arpRequest(Frames.MAC_A, "10.0.0.66", HOST_IP)
                        .poke(15, "06")
                        .bytes());
        assertEquals(1, blue.dropped(1, DropReason.SPOOFED_IP));
    }

    @Test
    void aFloodOfDhcpRequestsIsBoundedAndCostsNoOtherPort() {
        blue.dhcp(SERVER_MAC).publish();
        byte[] discover = dhcpDiscover(Frames.MAC_A).bytes();
        for (int i = 0; i < 64; i++) {
            blue.port(1).offer(discover);
        }
        blue.port(2).offer(dhcpDiscover(Frames.MAC_B).bytes());
        blue.run();
        long taken = blue.count(1, PortCounters.Kind.HANDED_OVER);
        assertTrue(taken >= 2 && taken <= 4, "an eighth of 32: " + taken);
        assertEquals(64 - taken, blue.dropped(1, DropReason.CONDUCTOR_QUEUE_FULL));
        assertEquals(1, blue.count(2, PortCounters.Kind.HANDED_OVER));
    }
}
