package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a port may say above its MAC address. Port 1 is A's with an IPv4 and an IPv6 address, port 2 B's with an IPv4
 * address only, port 3 is C's with a MAC only, port 4 anybody's, port 5 gets everything.
 */
final class SourceGuardTest {

    private static final String MAC_C = "02:00:00:00:00:0c";
    private static final String MAC_X = "02:00:00:00:00:99";
    private static final String LINK_LOCAL_A = "fe80::ff:fe00:a";
    private static final String LINK_LOCAL_B = "fe80::ff:fe00:b";
    private static final String ALL_NODES = "33:33:00:00:00:01";
    private static final int OVERRIDE = 0x2000_0000;

    private final TestSwitch blue = new TestSwitch(5)
            .bind(1, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A)
            .bind(2, Frames.MAC_B, Frames.IP4_B)
            .bind(3, MAC_C)
            .publish();

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private void passes(int port, FrameBuilder frame) {
        blue.port(5).drain();
        blue.send(port, frame.bytes());
        assertEquals(1, blue.port(5).drain().size(), blue::flowsText);
    }

    private void refused(DropReason reason, int port, FrameBuilder frame) {
        long before = blue.dropped(port, reason);
        blue.port(5).drain();
        blue.send(port, frame.bytes());
        assertEquals(before + 1, blue.dropped(port, reason), blue::flowsText);
        assertEquals(0, blue.port(5).drain().size());
    }

    private static FrameBuilder from(String mac) {
        return Frames.ethernet(mac, ALL_NODES);
    }

    private static FrameBuilder datagram(String mac, String source) {
        return from(mac).ipv6(source, "ff02::1").udp(1000, 2000);
    }

    private static FrameBuilder advertisement(String mac, String source, String target, @Nullable String option) {
        return from(mac).ipv6(source, "ff02::1").neighbourAdvertisement(target, OVERRIDE, option);
    }

    private static FrameBuilder message(String mac, String source, int type, String body) {
        return from(mac).ipv6(source, "ff02::1").ttl(255).icmpv6(type, 0, 0).payload(body);
    }

    private static String bytes(String ip) {
        IpAddress address = IpAddress.parse(ip);
        return "%016x%016x".formatted(address.hi(), address.lo());
    }

    private static String option(int kind, String mac) {
        return "%02x01%012x".formatted(kind, MacAddress.parse(mac).bits());
    }

    @Test
    void aBoundPortSendsIpv6FromItsAddressesAndTheLinkLocalOneOfItsMac() {
        passes(1, datagram(Frames.MAC_A, Frames.IP6_A));
        passes(1, datagram(Frames.MAC_A, LINK_LOCAL_A));
        refused(DropReason.SPOOFED_IP, 1, datagram(Frames.MAC_A, LINK_LOCAL_B));
        refused(DropReason.SPOOFED_IP, 1, datagram(Frames.MAC_A, "fe80::1"));
        refused(DropReason.SPOOFED_IP, 1, datagram(Frames.MAC_A, "2001:db8::66"));
        refused(DropReason.SPOOFED_IP, 1, datagram(Frames.MAC_A, "::"));
    }

    @Test
    void aPortThatIsBoundToIpv4OnlyHasNoOtherIpv6Address() {
        passes(2, datagram(Frames.MAC_B, LINK_LOCAL_B));
        refused(DropReason.SPOOFED_IP, 2, datagram(Frames.MAC_B, Frames.IP6_A));
        refused(DropReason.SPOOFED_IP, 2, datagram(Frames.MAC_B, "2001:db8::77"));
        refused(DropReason.SPOOFED_IP, 2, datagram(Frames.MAC_B, "::10.0.0.11"));
    }

    @Test
    void aPortThatIsBoundToIpv6OnlySendsFromNoOthersIpv4Address() {
        blue.bind(1, Frames.MAC_A, Frames.IP6_A).publish();
        passes(1, from(Frames.MAC_A).ipv4("10.0.0.77", "10.0.0.255").udp(1, 2));
        refused(
                DropReason.SPOOFED_IP,
                1,
                from(Frames.MAC_A).ipv4(Frames.IP4_B, "10.0.0.255").udp(1, 2));
    }

    /** RFC 4862, section 5.4 and RFC 3590. */
    @Test
    void whatANodeSendsBeforeItHasAnAddressPasses() {
        FrameBuilder probe = Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:0a").ipv6("::", "ff02::1:ff00:a");
        passes(1, probe.neighbourSolicitation(LINK_LOCAL_A, null));
        passes(1, message(Frames.MAC_A, "::", 143, "00".repeat(24)));
        passes(1, message(Frames.MAC_A, "::", 131, "00".repeat(16)));
        refused(DropReason.SPOOFED_IP, 1, message(Frames.MAC_A, "::", 128, "00".repeat(16)));
        FrameBuilder foreign =
                Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:66").ipv6("::", "ff02::1:ff00:66");
        refused(DropReason.SPOOFED_IP, 1, foreign.neighbourSolicitation("2001:db8::66", null));
    }

    @Test
    void aTargetThatIsNotItsOwnCannotBeAdvertised() {
        passes(1, advertisement(Frames.MAC_A, Frames.IP6_A, Frames.IP6_A, Frames.MAC_A));
        passes(1, advertisement(Frames.MAC_A, LINK_LOCAL_A, LINK_LOCAL_A, null));
        for (String source : new String[] {Frames.IP6_A, LINK_LOCAL_A}) {
            refused(DropReason.SPOOFED_IP, 1, advertisement(Frames.MAC_A, source, "2001:db8::66", Frames.MAC_A));
            refused(DropReason.SPOOFED_IP, 1, advertisement(Frames.MAC_A, source, LINK_LOCAL_B, null));
        }
        refused(DropReason.SPOOFED_IP, 2, advertisement(Frames.MAC_B, LINK_LOCAL_B, Frames.IP6_A, Frames.MAC_B));
    }

    @Test
    void nobodyOfThisSwitchCanClaimAConfiguredAddress() {
        refused(DropReason.SPOOFED_IP, 3, advertisement(MAC_C, "2001:db8::c", Frames.IP6_A, MAC_C));
        refused(DropReason.SPOOFED_IP, 4, advertisement(MAC_X, "2001:db8::99", Frames.IP6_A, MAC_X));
        refused(DropReason.SPOOFED_IP, 4, advertisement(MAC_X, Frames.IP6_A, Frames.IP6_A, null));
        refused(DropReason.SPOOFED_IP, 4, advertisement(Frames.MAC_A, Frames.IP6_A, Frames.IP6_A, MAC_X));
        passes(4, advertisement(MAC_X, "2001:db8::99", "2001:db8::99", MAC_X));
        refused(
                DropReason.SPOOFED_IP,
                4,
                from(MAC_X).ipv6(Frames.IP6_A, "ff02::1:ff00:77").neighbourSolicitation("2001:db8::77", MAC_X));
        refused(DropReason.SPOOFED_IP, 4, message(MAC_X, Frames.IP6_A, 133, option(1, MAC_X)));
        refused(DropReason.SPOOFED_IP, 4, Frames.arpReply(MAC_X, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B));
        refused(DropReason.SPOOFED_IP, 4, Frames.arpRequest(MAC_X, Frames.IP4_A, "10.0.0.77"));
        passes(4, Frames.arpRequest(MAC_X, "10.0.0.99", "10.0.0.77"));
        // RFC 5227, section 2.4: who announces another's address is told, and nobody else hears of it
        blue.send(4, Frames.arpRequest(MAC_X, Frames.IP4_A, Frames.IP4_A).bytes());
        assertEquals(1, blue.count(4, PortCounters.Kind.ARP_REPLIES));
        assertEquals(0, blue.port(5).drain().size());
        blue.port(4).drain();
    }

    @Test
    void macAddressesInsideAreThePortsToo() {
        refused(DropReason.SPOOFED_MAC, 1, advertisement(Frames.MAC_A, Frames.IP6_A, Frames.IP6_A, MAC_X));
        refused(
                DropReason.SPOOFED_MAC,
                1,
                from(Frames.MAC_A).ipv6(Frames.IP6_A, "ff02::1:ff00:77").neighbourSolicitation("2001:db8::77", MAC_X));
        passes(
                1,
                from(Frames.MAC_A)
                        .ipv6(Frames.IP6_A, "ff02::1:ff00:77")
                        .neighbourSolicitation("2001:db8::77", Frames.MAC_A));
        refused(DropReason.SPOOFED_MAC, 1, message(Frames.MAC_A, LINK_LOCAL_A, 133, option(1, MAC_X)));
        passes(1, message(Frames.MAC_A, LINK_LOCAL_A, 133, option(1, Frames.MAC_A)));
        refused(DropReason.SPOOFED_MAC, 3, advertisement(MAC_C, "2001:db8::c", "2001:db8::c", MAC_X));
        refused(
                DropReason.SPOOFED_MAC,
                1,
                from(Frames.MAC_A).arp(ArpPacket.OPERATION_REPLY, MAC_X, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B));
    }

    @Test
    void zeroIsASenderOfProbesOnly() {
        passes(1, Frames.arpRequest(Frames.MAC_A, "0.0.0.0", "10.0.0.77"));
        refused(DropReason.SPOOFED_IP, 1, Frames.arpReply(Frames.MAC_A, "0.0.0.0", Frames.MAC_B, Frames.IP4_B));
        refused(
                DropReason.SPOOFED_IP,
                1,
                from(Frames.MAC_A).ipv4("0.0.0.0", "10.0.0.255").udp(1, 2));
    }

    private static FrameBuilder routerAdvertisement(String mac, String source) {
        return message(mac, source, 134, "0000000000000000" + option(1, mac));
    }

    private static FrameBuilder redirect(String mac, String source) {
        return message(mac, source, 137, bytes("fe80::1") + bytes("2001:db8:9::9"));
    }

    @Test
    void aBoundPortIsNoRouterUnlessItIsSaid() {
        FrameBuilder[] bound = {
            routerAdvertisement(Frames.MAC_A, LINK_LOCAL_A),
            redirect(Frames.MAC_A, LINK_LOCAL_A),
            from(Frames.MAC_A).ipv4(Frames.IP4_A, "224.0.0.1").icmp(9, 0, 0),
            from(Frames.MAC_A).ipv4(Frames.IP4_A, Frames.IP4_B).icmp(5, 1, 0x0a00_0001),
        };
        for (FrameBuilder frame : bound) {
            refused(DropReason.ROUTER_SPOOF, 1, frame);
        }
        refused(DropReason.ROUTER_SPOOF, 3, routerAdvertisement(MAC_C, "fe80::c"));
        passes(4, routerAdvertisement(MAC_X, "fe80::99"));
        blue.bind(1, true, false, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A).publish();
        for (FrameBuilder frame : bound) {
            passes(1, frame);
        }
        passes(1, datagram(Frames.MAC_A, "2001:db8:77::77"));
        passes(1, from(Frames.MAC_A).ipv4("198.51.100.1", "10.0.0.255").udp(1, 2));
        // what it says of itself must be true all the same
        refused(DropReason.SPOOFED_IP, 1, advertisement(Frames.MAC_A, LINK_LOCAL_A, "2001:db8::66", Frames.MAC_A));
        refused(DropReason.SPOOFED_IP, 1, Frames.arpReply(Frames.MAC_A, "10.0.0.66", Frames.MAC_B, Frames.IP4_B));
    }

    /** RFC 7113: no way around it by fragments or extension headers. */
    @Test
    void routerAdvertisementsAreSeenBehindExtensionHeaders() {
        String options = "0000000000000000" + option(1, Frames.MAC_A);
        refused(
                DropReason.ROUTER_SPOOF,
                1,
                from(Frames.MAC_A)
                        .ipv6(LINK_LOCAL_A, "ff02::1")
                        .ttl(255)
                        .extension(60, "010400000000")
                        .icmpv6(134, 0, 0)
                        .payload(options));
        refused(
                DropReason.ND_INVALID,
                1,
                from(Frames.MAC_A)
                        .ipv6(LINK_LOCAL_A, "ff02::1")
                        .ttl(255)
                        .fragmentHeader(0, false, 1)
                        .icmpv6(134, 0, 0)
                        .payload(options));
    }

    @Test
    void aBoundPortIsNoDhcpServerUnlessItIsSaid() {
        FrameBuilder[] messages = {
            from(Frames.MAC_A).ipv4(Frames.IP4_A, "255.255.255.255").udp(67, 68).payload(300),
            // clients take it from any port
            from(Frames.MAC_A)
                    .ipv4(Frames.IP4_A, "255.255.255.255")
                    .udp(1067, 68)
                    .payload(300),
            from(Frames.MAC_A).ipv6(LINK_LOCAL_A, "ff02::1").udp(547, 546).payload(60),
        };
        for (FrameBuilder message : messages) {
            refused(DropReason.DHCP_SERVER_SPOOF, 1, message);
        }
        blue.bind(1, false, true, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A).publish();
        for (FrameBuilder message : messages) {
            passes(1, message);
        }
        passes(4, from(MAC_X).ipv4("10.0.0.99", "255.255.255.255").udp(67, 68).payload(300));
    }

    /** Its address was changed while it had a lease: only the server can tell it, with a NAK. */
    @Test
    void whatGoesToTheDhcpServerIsTheServersToJudge() {
        String server = "02:00:00:00:00:fe";
        String former = "10.0.0.111";
        FrameBuilder renewal = Frames.ethernet(Frames.MAC_A, server)
                .ipv4(former, "10.0.0.2")
                .udp(68, 67)
                .payload(300);
        FrameBuilder rebinding = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4(former, "255.255.255.255")
                .udp(68, 67)
                .payload(300);
        refused(DropReason.SPOOFED_IP, 1, rebinding); // to a server elsewhere, and everybody else
        blue.dhcp(server, "10.0.0.2").publish();
        for (FrameBuilder frame : new FrameBuilder[] {renewal, rebinding}) {
            blue.told();
            blue.port(5).drain();
            blue.send(1, frame.bytes());
            ConductorEvent.DhcpRequest told =
                    (ConductorEvent.DhcpRequest) blue.told().getFirst();
            assertArrayEquals(frame.bytes(), told.frame());
            assertEquals(0, blue.port(5).drain().size());
        }
        // and it must find the server
        blue.port(1).drain();
        blue.send(1, Frames.arpRequest(Frames.MAC_A, former, "10.0.0.2").bytes());
        assertArrayEquals(
                Frames.arpReply(server, "10.0.0.2", Frames.MAC_A, former).bytes(),
                blue.port(1).drain().getFirst().bytes());
        assertEquals(0, blue.port(5).drain().size());
        // nothing else, to nobody else
        refused(DropReason.SPOOFED_IP, 1, Frames.arpRequest(Frames.MAC_A, former, Frames.IP4_B));
        refused(DropReason.SPOOFED_IP, 1, Frames.arpRequest(Frames.MAC_A, "10.0.0.2", "10.0.0.2"));
        refused(
                DropReason.SPOOFED_IP,
                1,
                Frames.ethernet(Frames.MAC_A, server)
                        .ipv4(former, "10.0.0.2")
                        .udp(68, 69)
                        .payload(300));
        refused(
                DropReason.SPOOFED_IP,
                1,
                Frames.ethernet(Frames.MAC_A, Frames.MAC_B)
                        .ipv4(former, Frames.IP4_B)
                        .udp(68, 67)
                        .payload(300));
    }

    @Test
    void moreAddressesMayBeAllowed() {
        blue.bind(2, false, false, Frames.MAC_B, Frames.IP4_B, "fe80::/10", "10.9.0.0/16")
                .publish();
        passes(2, datagram(Frames.MAC_B, "fe80::1234"));
        passes(2, advertisement(Frames.MAC_B, "fe80::1234", "fe80::1234", Frames.MAC_B));
        passes(2, from(Frames.MAC_B).ipv4("10.9.3.4", "10.0.0.255").udp(1, 2));
        passes(2, Frames.arpRequest(Frames.MAC_B, "10.9.3.4", "10.0.0.77"));
        refused(
                DropReason.SPOOFED_IP,
                2,
                from(Frames.MAC_B).ipv4("10.8.3.4", "10.0.0.255").udp(1, 2));
        blue.bind(2, false, false, Frames.MAC_B, Frames.IP4_B, "0.0.0.0/0", "::/0")
                .publish();
        passes(2, from(Frames.MAC_B).ipv4("198.51.100.1", "10.0.0.255").udp(1, 2));
        passes(2, datagram(Frames.MAC_B, "2001:db8:77::77"));
        refused(DropReason.SPOOFED_IP, 2, advertisement(Frames.MAC_B, LINK_LOCAL_B, Frames.IP6_A, Frames.MAC_B));
        refused(DropReason.SPOOFED_IP, 2, Frames.arpReply(Frames.MAC_B, Frames.IP4_A, Frames.MAC_A, Frames.IP4_A));
    }

    /**
     * What is not neighbour discovery does not pay for it: no more flows, and their masks do not tell addresses that do
     * not matter.
     */
    @Test
    void ordinaryTrafficDoesNotNeedMoreFlows() {
        for (int i = 0; i < 200; i++) {
            blue.send(
                    1,
                    from(Frames.MAC_A)
                            .ipv6(Frames.IP6_A, "2001:db8::" + i)
                            .tcp(4000 + i, 80)
                            .bytes());
            blue.send(
                    4,
                    from(MAC_X)
                            .ipv6("2001:db8::9" + i, "2001:db8::" + i)
                            .tcp(4000 + i, 80)
                            .bytes());
        }
        assertEquals(2, blue.worker().flows().size(), blue::flowsText);
        for (int i = 0; i < 1 << 16; i += 13) {
            blue.send(
                    1,
                    from(Frames.MAC_A)
                            .ipv6(Frames.IP6_A, "2001:db8::1")
                            .udp(i, i)
                            .bytes());
        }
        assertTrue(blue.worker().flows().size() <= 2 + 16, blue::flowsText);
        assertTrue(!blue.flowsText().contains("nd("), blue::flowsText);
        for (int port = 1; port <= 5; port++) {
            blue.port(port).drain();
        }
    }
}
