package io.jvswitch.arp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Tcpdump;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NeighbourResponderTest {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";
    private static final String B_GROUP = "33:33:ff:00:00:0b";
    private static final String B_SOLICITED = "ff02::1:ff00:b";
    private static final long MAC_B = MacAddress.parse(B).bits();

    private static final NeighbourTable TABLE = NeighbourTable.of()
            .with(IpAddress.parse("2001:db8::a"), MacAddress.parse(A))
            .with(IpAddress.parse("2001:db8::b"), MacAddress.parse(B))
            .with(IpAddress.parse("fe80::1"), MacAddress.parse(B), NodeKind.ROUTER)
            .with(IpAddress.parse("fe80::2"), MacAddress.parse(B), NodeKind.HOST)
            .with(IpAddress.parse("fe80::3"), MacAddress.parse(B))
            .with(IpAddress.parse("10.0.0.11"), MacAddress.parse(B));

    /** The captures of {@code linux-nd.hex}. */
    private static final List<byte[]> LINUX = Hex.frames(NeighbourResponderTest.class, "linux-nd.hex");

    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource(textBlock = """
            known host,                        02:00:00:00:00:0a, 2001:db8::b,       33:33:ff:00:00:0b, ANSWER
            whether it is still there,         02:00:00:00:00:0a, 2001:db8::b,       02:00:00:00:00:0b, FORWARD
            unicast to a holder of old,        02:00:00:00:00:0a, 2001:db8::b,       02:00:00:00:00:0c, ANSWER
            link-local of a router,            02:00:00:00:00:0a, fe80::1,           33:33:ff:00:00:01, ANSWER
            link-local of a host,              02:00:00:00:00:0a, fe80::2,           33:33:ff:00:00:02, ANSWER
            link-local of who knows,           02:00:00:00:00:0a, fe80::3,           33:33:ff:00:00:03, FORWARD
            own link-local (DAD),              02:00:00:00:00:0b, fe80::3,           33:33:ff:00:00:03, SILENT
            unknown host,                      02:00:00:00:00:0a, 2001:db8::c,       33:33:ff:00:00:0c, FORWARD
            own address (DAD),                 02:00:00:00:00:0b, 2001:db8::b,       33:33:ff:00:00:0b, SILENT
            own address to one station,        02:00:00:00:00:0b, 2001:db8::b,       02:00:00:00:00:0a, FORWARD
            an IPv4 neighbour as IPv6 address, 02:00:00:00:00:0a, ::ffff:a00:b,      33:33:ff:00:00:0b, FORWARD
            """)
    void decides(String what, String ethSrc, String target, String ethDst, ResponderDecision decision) {
        // InetAddress would turn ::ffff:a00:b into an IPv4 address, which is just how the table keeps one
        IpAddress ip = target.startsWith("::ffff") ? IpAddress.parse("10.0.0.11") : IpAddress.parse(target);
        assertEquals(
                decision,
                NeighbourResponder.decide(
                        MacAddress.parse(ethSrc).bits(),
                        ip.hi(),
                        ip.lo(),
                        MacAddress.parse(ethDst).bits(),
                        TABLE),
                what);
    }

    @Test
    void answersWhatLinuxAnswered() {
        Frame frame = solicitation(LINUX.get(1), 0);
        assertNull(NeighbourResponder.answer(frame, 0x0200_0000_00feL, false));
        assertArrayEquals(LINUX.get(2), Hex.bytes(frame));
    }

    @Test
    void answersARefreshAsLinuxDidButWithTheOption() {
        Frame frame = solicitation(LINUX.get(3), 0);
        assertNull(NeighbourResponder.answer(frame, 0x0200_0000_0001L, false));
        // Linux leaves option and override flag out; RFC 4861, section 7.2.4 allows both, and a responder is surer.
        assertArrayEquals(
                Frames.ethernet("02:00:00:00:00:01", "02:00:00:00:00:fe")
                        .ipv6("2001:db8::1", "fe80::ff:fe00:fe")
                        .ttl(255)
                        .neighbourAdvertisement("2001:db8::1", 0x6000_0000, "02:00:00:00:00:01")
                        .bytes(),
                Hex.bytes(frame));
    }

    @Test
    void duplicateAddressDetectionIsAnsweredToAllNodesUnsolicited() {
        Frame frame = solicitation(LINUX.get(0), 0);
        assertNull(NeighbourResponder.answer(frame, MAC_B, false));
        assertArrayEquals(
                Frames.ethernet(B, "33:33:00:00:00:01")
                        .ipv6("2001:db8::1", "ff02::1")
                        .ttl(255)
                        .neighbourAdvertisement("2001:db8::1", 0x2000_0000, B)
                        .bytes(),
                Hex.bytes(frame));
    }

    @Test
    void routerSaysThatItIsOne() {
        Frame frame = solicitation(LINUX.get(1), 0);
        assertNull(NeighbourResponder.answer(frame, MAC_B, true));
        assertEquals(0xe000_0000, NeighbourDiscovery.flags(frame.segment(), frame.l4At()));
    }

    @Test
    void tagsAreKeptAndTheFrameGrowsByTheOption() {
        Frame frame = Frames.ethernet(A, B)
                .vlan(100)
                .ipv6("2001:db8::a", "2001:db8::b")
                .ttl(255)
                .neighbourSolicitation("2001:db8::b", null)
                .frame();
        frame.setLayers(frame.start() + 18, frame.start() + 58);
        assertNull(NeighbourResponder.answer(frame, MAC_B, false));
        assertArrayEquals(
                Frames.ethernet(B, A)
                        .vlan(100)
                        .ipv6("2001:db8::b", "2001:db8::a")
                        .ttl(255)
                        .neighbourAdvertisement("2001:db8::b", 0x6000_0000, B)
                        .bytes(),
                Hex.bytes(frame));
    }

    @Test
    void extensionHeadersAndFurtherOptionsAreLeftOut() {
        Frame frame = Frames.ethernet(A, B_GROUP)
                .ipv6("2001:db8::a", B_SOLICITED)
                .ttl(255)
                .extension(0, "010400000000")
                .neighbourSolicitation("2001:db8::b", A)
                .payload("0e01 0102 0304 0506")
                .padTo(128)
                .frame();
        frame.setLayers(frame.start() + 14, frame.start() + 62);
        assertNull(NeighbourResponder.answer(frame, MAC_B, false));
        assertArrayEquals(
                Frames.ethernet(B, A)
                        .ipv6("2001:db8::b", "2001:db8::a")
                        .ttl(255)
                        .neighbourAdvertisement("2001:db8::b", 0x6000_0000, B)
                        .bytes(),
                Hex.bytes(frame));
        assertEquals(frame.start() + 54, frame.l4At());
    }

    @Test
    void bufferWithoutRoomLeavesTheFrameAsItWas() {
        byte[] request = shortSolicitation();
        Frame frame = solicitation(request, 7);
        assertEquals(DropReason.NO_BUFFER, NeighbourResponder.answer(frame, MAC_B, false));
        assertArrayEquals(request, Hex.bytes(frame));
        assertNull(NeighbourResponder.answer(solicitation(request, 8), MAC_B, false));
    }

    @Test
    void partialChecksumOfTheRequestIsForgotten() {
        Frame frame = solicitation(LINUX.get(1), 0);
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.l4At(), 2);
        assertNull(NeighbourResponder.answer(frame, MAC_B, false));
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }

    @Test
    void tcpdumpReadsTheAnswer() throws Exception {
        Frame frame = solicitation(LINUX.get(1), 0);
        assertNull(NeighbourResponder.answer(frame, MAC_B, true));
        String text = Tcpdump.decode(Hex.bytes(frame));
        assertTrue(text.contains("[icmp6 sum ok]"), text);
        assertTrue(text.contains("Flags [router, solicited, override]"), text);
        assertTrue(text.contains("destination link-address option (2), length 8 (1): " + B), text);
    }

    private static byte[] shortSolicitation() {
        return Frames.ethernet(A, B)
                .ipv6("2001:db8::a", "2001:db8::b")
                .ttl(255)
                .neighbourSolicitation("2001:db8::b", null)
                .bytes();
    }

    private static Frame solicitation(byte[] bytes, int tailroom) {
        Frame frame = Hex.frame(bytes, tailroom);
        int ipAt = frame.start() + EthernetHeader.BYTES;
        frame.setLayers(ipAt, ipAt + Ipv6Header.BYTES);
        @Nullable
        DropReason reason = NeighbourDiscovery.check(
                frame.segment(), ipAt, frame.l4At(), Ipv6Header.payloadLength(frame.segment(), ipAt));
        assertNull(reason);
        return frame;
    }
}
