package io.jvswitch.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Tcpdump;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real clients' messages, answered as dnsmasq answered them. How the captures were made is said in them. */
final class DhcpCaptureTest {

    private static final int PORT = 3;

    private final RecordingEvents events = new RecordingEvents();
    private long nowMs = 1_767_323_045_000L;

    /** What dnsmasq served, with the one address that it had given the client. */
    private DhcpResponder like(String address) {
        DhcpSubnet subnet = DhcpSubnet.builder("10.0.0.0/24", "10.0.0.2")
                .serverMac(MacAddress.parse("02:00:00:00:00:fe"))
                .gateway(IpAddress.parse("10.0.0.1"))
                .dns(List.of(IpAddress.parse("10.0.0.53")))
                .domain("example.com")
                .search(List.of("example.com", "lab.example.com"))
                .routes(List.of(new DhcpSubnet.Route(IpAddress.parse("172.16.0.0"), 12, IpAddress.parse("10.0.0.254"))))
                .mtuBytes(1450)
                .leaseSeconds(120)
                .pools(List.of(new DhcpSubnet.Range(IpAddress.parse(address), IpAddress.parse(address))))
                .build();
        return new DhcpResponder(List.of(subnet), LeaseStore.inMemory(events), events, nowMs, nowNs());
    }

    private static List<byte[]> capture(String name) {
        return Hex.frames(DhcpCaptureTest.class, name);
    }

    private long nowNs() {
        return nowMs * 1_000_000;
    }

    private DhcpOutcome answer(DhcpResponder responder, Frame frame) {
        return responder.answer(frame, DhcpNetwork.port(PORT), nowMs, nowNs());
    }

    private Reply answer(DhcpResponder responder, byte[] request) {
        Frame frame = Guest.frame(request, PORT);
        assertEquals(DhcpOutcome.REPLY, answer(responder, frame));
        return Reply.of(frame);
    }

    /**
     * Same addresses, and the same value in each option that both send. dnsmasq shortens T1 and T2 at random and gives
     * the client's own host name back.
     */
    private void assertLikeDnsmasq(byte[] dnsmasq, Reply ours) {
        Frame frame = Guest.frame(dnsmasq, PORT);
        frame.setLayers(frame.start() + 14, frame.start() + 34);
        Reply theirs = Reply.read(frame);
        assertEquals(theirs.yiaddr(), ours.yiaddr());
        assertEquals(theirs.ciaddr(), ours.ciaddr());
        assertEquals(theirs.ipDestination(), ours.ipDestination());
        assertEquals(theirs.ethernetDestination(), ours.ethernetDestination());
        assertEquals(theirs.ethernetSource(), ours.ethernetSource());
        assertEquals(theirs.flags(), ours.flags());
        for (int code : theirs.options().keySet()) {
            if (code != OptionCode.RENEWAL_TIME && code != OptionCode.REBINDING_TIME && code != OptionCode.HOSTNAME) {
                assertEquals(theirs.option(code), ours.option(code), "option " + code);
            }
        }
        List<Integer> more = new ArrayList<>(ours.options().keySet());
        more.removeAll(theirs.options().keySet());
        more.remove((Object) OptionCode.CLIENT_ID);
        assertEquals(List.of(), more, "options that dnsmasq did not send");
    }

    @Test
    void udhcpc() {
        List<byte[]> frames = capture("udhcpc.hex");
        DhcpResponder responder = like("10.0.0.163");
        assertLikeDnsmasq(frames.get(1), answer(responder, frames.get(0)));
        assertLikeDnsmasq(frames.get(3), answer(responder, frames.get(2)));
        nowMs += 60_000;
        assertLikeDnsmasq(frames.get(5), answer(responder, frames.get(4)));
        DhcpLease lease = responder.leases().getFirst();
        assertEquals("vm1", lease.hostname());
        assertEquals("01020000000001", lease.clientId());
        assertEquals(PORT, lease.inPort());
        assertEquals(nowMs + 120_000, lease.untilEpochMs());
        Frame release = Guest.frame(frames.get(6), PORT);
        assertEquals(DhcpOutcome.SILENT, answer(responder, release));
        assertEquals(LeaseState.EXPIRED, responder.leases().getFirst().state());
    }

    @Test
    void dhclient() {
        List<byte[]> frames = capture("dhclient.hex");
        DhcpResponder responder = like("10.0.0.163");
        assertLikeDnsmasq(frames.get(1), answer(responder, frames.get(0)));
        assertLikeDnsmasq(frames.get(3), answer(responder, frames.get(2)));
        assertLikeDnsmasq(frames.get(5), answer(responder, frames.get(4)));
        Frame release = Guest.frame(frames.get(6), PORT);
        assertEquals(DhcpOutcome.SILENT, answer(responder, release));
        assertEquals(0, responder.boundLeases());
        // dhclient sends no client identifier, udhcpc type 1 with its MAC: one machine all the same
        assertEquals(
                "10.0.0.163", answer(responder, capture("udhcpc.hex").get(0)).yiaddr());
    }

    @Test
    void dhclientRenewsAndRebinds() {
        List<byte[]> frames = capture("dhclient-rebind.hex");
        DhcpResponder responder = like("10.0.0.164");
        answer(responder, frames.get(0));
        for (int request = 1; request <= 3; request++) {
            nowMs += 40_000;
            Reply ack = answer(responder, frames.get(request));
            assertEquals(MessageType.ACK, ack.type());
            assertEquals("10.0.0.164", ack.yiaddr());
            assertEquals("10.0.0.164", ack.ipDestination());
        }
        nowMs += 200_000;
        assertEquals("10.0.0.164", answer(responder, frames.get(4)).yiaddr());
    }

    @Test
    void dhclientDeclines() {
        List<byte[]> frames = capture("dhclient-decline.hex");
        DhcpResponder responder = like("10.0.0.163");
        answer(responder, frames.get(0));
        answer(responder, frames.get(1));
        Frame decline = Guest.frame(frames.get(2), PORT);
        assertEquals(DhcpOutcome.SILENT, answer(responder, decline));
        assertEquals(LeaseState.DECLINED, responder.leases().getFirst().state());
        assertEquals(DhcpOutcome.SILENT, answer(responder, Guest.frame(frames.get(0), PORT)), "no other address");
    }

    @Test
    void tcpdumpReadsTheOffer() throws Exception {
        Frame frame = Guest.frame(capture("udhcpc.hex").get(0), PORT);
        assertNull(answer(like("10.0.0.163"), frame).dropReason());
        String text = Tcpdump.decode(Hex.bytes(frame));
        for (String expected : new String[] {
            "10.0.0.2.67 > 10.0.0.163.68: [udp sum ok] BOOTP/DHCP, Reply",
            "Your-IP 10.0.0.163",
            "DHCP-Message (53), length 1: Offer",
            "Lease-Time (51), length 4: 120",
            "RN (58), length 4: 60",
            "RB (59), length 4: 105",
            "MTU (26), length 2: 1450",
            "Classless-Static-Route (121), length 12: (172.16.0.0/12:10.0.0.254),(default:10.0.0.1)"
        }) {
            assertTrue(text.contains(expected), text);
        }
    }
}
