package io.jvswitch.encap.mtu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.mtu.TooBig.Outcome;
import io.jvswitch.encap.offload.Layers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.testing.Tcpdump;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TooBigTest {

    private static final int MTU_BYTES = 1450;
    /** Largest answer: Ethernet, two tags, 1280 bytes of IPv6. */
    private static final int ANSWER_BYTES = 14 + 8 + 1280;

    private final Frame into = new Frame(Hex.segment(new byte[Frame.HEADROOM_BYTES + ANSWER_BYTES]));

    private Outcome answer(FrameBuilder original) {
        return answer(Layers.set(original.frame()));
    }

    private Outcome answer(Frame original) {
        into.clear();
        byte[] before = Hex.bytes(original);
        Outcome outcome = TooBig.answer(original, MTU_BYTES, into);
        assertArrayEquals(before, Hex.bytes(original));
        if (outcome == Outcome.SILENT || outcome == Outcome.MUST_FRAGMENT) {
            assertEquals(0, into.length());
        }
        return outcome;
    }

    @Test
    void answersAsLinuxDoes() {
        List<byte[]> captured = Hex.frames(TooBigTest.class, "linux-too-big.hex");
        assertEquals(Outcome.ANSWERED_ICMP, answer(Layers.set(Hex.frame(captured.get(0), 0))));
        assertArrayEquals(captured.get(1), Hex.bytes(into));
        assertEquals(Outcome.ANSWERED_ICMPV6, answer(Layers.set(Hex.frame(captured.get(2), 0))));
        assertArrayEquals(captured.get(3), Hex.bytes(into));
    }

    @Test
    void tcpdumpFindsNothingWrong() throws IOException, InterruptedException {
        FrameBuilder tagged = Frames.aToB()
                .vlan(7)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .dontFragment()
                .tcp(40_000, 80)
                .payload(1460);
        assertEquals(Outcome.ANSWERED_ICMP, answer(tagged));
        String ipv4 = Tcpdump.decode(Hex.bytes(into));
        assertTrue(ipv4.contains("vlan 7"), ipv4);
        assertTrue(ipv4.contains("10.0.0.11 > 10.0.0.10: ICMP 10.0.0.11 unreachable - need to frag (mtu 1450)"), ipv4);
        assertTrue(ipv4.contains("10.0.0.10.40000 > 10.0.0.11.80"), ipv4);
        assertFalse(ipv4.contains("bad cksum") || ipv4.contains("wrong icmp cksum"), ipv4);

        FrameBuilder twiceTagged = Frames.aToB()
                .vlan(0x88a8, 3)
                .vlan(7)
                .ipv6(Frames.IP6_A, Frames.IP6_B)
                .udp(40_000, 9)
                .payload(1460);
        assertEquals(Outcome.ANSWERED_ICMPV6, answer(twiceTagged));
        String ipv6 = Tcpdump.decode(Hex.bytes(into));
        assertTrue(ipv6.contains("vlan 3") && ipv6.contains("vlan 7"), ipv6);
        assertTrue(ipv6.contains("2001:db8::b > 2001:db8::a: [icmp6 sum ok] ICMP6, packet too big, mtu 1450"), ipv6);
    }

    @Test
    void theAnswerGoesBackTheWayTheFrameCame() {
        assertEquals(Outcome.ANSWERED_ICMP, answer(Frames.tcpv4().payload(1460)));
        assertEquals("0200 0000 000a 0200 0000 000b 0800", Hex.text(Hex.bytes(into.segment(), into.start(), 14)));
        assertEquals(into.start() + 14, into.l3At());
        assertEquals(into.start() + 34, into.l4At());
        assertEquals(MTU_BYTES, IcmpHeader.nextHopMtu(into.segment(), into.l4At()));
    }

    @Test
    void quotesAllOfAShortPacketAndNoPadding() {
        assertEquals(
                Outcome.ANSWERED_ICMP,
                TooBig.answer(
                        Layers.set(Frames.ipv4()
                                .dontFragment()
                                .udp(1, 2)
                                .payload(100)
                                .padTo(200)
                                .frame()),
                        100,
                        into));
        assertEquals(14 + 20 + 8 + 20 + 8 + 100, into.length());
    }

    @Test
    void ipv4WithoutDfIsToBeFragmented() {
        assertEquals(Outcome.MUST_FRAGMENT, answer(Frames.ipv4().udp(1, 2).payload(2000)));
        assertEquals(
                Outcome.MUST_FRAGMENT, answer(Frames.ipv4().fragment(1480, true).payload(1480)));
        assertEquals(
                Outcome.MUST_FRAGMENT,
                answer(Frames.ethernet(Frames.MAC_A, "01:00:5e:00:00:01")
                        .ipv4(Frames.IP4_A, "224.0.0.1")
                        .udp(1, 2)
                        .payload(2000)));
        assertTrue(TooBig.mayFragment(Layers.set(Frames.udpv4().frame())));
        assertFalse(TooBig.mayFragment(Layers.set(Frames.tcpv4().frame())));
        assertFalse(TooBig.mayFragment(Layers.set(Frames.udpv6().frame())));
        assertFalse(TooBig.mayFragment(Layers.set(
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).frame())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"})
    void silentForIpv4AddressesThatAreNoHosts(String address) {
        assertEquals(
                Outcome.SILENT,
                answer(Frames.aToB()
                        .ipv4(address, Frames.IP4_B)
                        .dontFragment()
                        .udp(1, 2)
                        .payload(1460)));
        assertEquals(
                Outcome.SILENT,
                answer(Frames.aToB()
                        .ipv4(Frames.IP4_A, address)
                        .dontFragment()
                        .udp(1, 2)
                        .payload(1460)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "ff02::1", "ff0e::1234"})
    void silentForIpv6AddressesThatAreNoHosts(String address) {
        assertEquals(
                Outcome.SILENT,
                answer(Frames.aToB().ipv6(address, Frames.IP6_B).udp(1, 2).payload(1460)));
        assertEquals(
                Outcome.SILENT,
                answer(Frames.aToB().ipv6(Frames.IP6_A, address).udp(1, 2).payload(1460)));
    }

    @Test
    void silentForGroupMacs() {
        FrameBuilder broadcast = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .dontFragment()
                .udp(1, 2)
                .payload(1460);
        assertEquals(Outcome.SILENT, answer(broadcast));
        FrameBuilder fromGroup = Frames.ethernet("03:00:00:00:00:01", Frames.MAC_B)
                .ipv6(Frames.IP6_A, Frames.IP6_B)
                .udp(1, 2)
                .payload(1460);
        assertEquals(Outcome.SILENT, answer(fromGroup));
    }

    @Test
    void silentForIcmpErrorsAndNotForOtherIcmp() {
        for (int type = 0; type < 256; type++) {
            boolean error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
            Outcome expected = error ? Outcome.SILENT : Outcome.ANSWERED_ICMP;
            assertEquals(
                    expected,
                    answer(Frames.ipv4().dontFragment().icmp(type, 0, 0).payload(1460)),
                    "type " + type);
        }
        for (int type = 0; type < 256; type++) {
            boolean error = type < 128 || type == Icmpv6Header.TYPE_REDIRECT;
            Outcome expected = error ? Outcome.SILENT : Outcome.ANSWERED_ICMPV6;
            assertEquals(
                    expected,
                    answer(Frames.ipv6()
                            .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                            .icmpv6(type, 0, 0)
                            .payload(1460)),
                    "type " + type);
        }
    }

    @Test
    void neverAnswersItsOwnAnswers() {
        assertEquals(Outcome.ANSWERED_ICMP, answer(Frames.tcpv4().payload(1460)));
        Frame ipv4 = Hex.frame(Hex.bytes(into), 0);
        assertEquals(Outcome.SILENT, answer(Layers.set(ipv4)));
        assertEquals(Outcome.ANSWERED_ICMPV6, answer(Frames.tcpv6().payload(1460)));
        Frame ipv6 = Hex.frame(Hex.bytes(into), 0);
        assertEquals(Outcome.SILENT, answer(Layers.set(ipv6)));
    }

    @Test
    void silentForLaterFragmentsAndAnsweredForFirstOnes() {
        FrameBuilder later =
                Frames.ipv4().protocol(IpProtocol.UDP).payload(1460).poke(14 + 6, "4005");
        Frame laterIpv4 = Layers.set(later.frame());
        Ipv4Header.updateChecksum(laterIpv4.segment(), laterIpv4.l3At());
        assertEquals(Outcome.SILENT, answer(laterIpv4));
        Frame firstIpv4 = Layers.set(
                Frames.ipv4().udp(1, 2).payload(1460).poke(14 + 6, "6000").frame());
        Ipv4Header.updateChecksum(firstIpv4.segment(), firstIpv4.l3At());
        assertEquals(Outcome.ANSWERED_ICMP, answer(firstIpv4));
        assertEquals(
                Outcome.SILENT,
                answer(Frames.ipv6()
                        .fragmentHeader(1448, false, 7)
                        .protocol(IpProtocol.UDP)
                        .payload(1460)));
        assertEquals(
                Outcome.ANSWERED_ICMPV6,
                answer(Frames.ipv6().fragmentHeader(0, true, 7).udp(1, 2).payload(1460)));
    }

    @Test
    void silentForWhatIsNotIpOrIsDamaged() {
        assertEquals(Outcome.SILENT, answer(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B)));
        assertEquals(Outcome.SILENT, answer(Frames.aToB().etherType(0x88b5).payload(1600)));
        assertEquals(Outcome.SILENT, answer(Frames.tcpv4().payload(1460).poke(14 + 8, "3f"))); // header checksum
        assertEquals(
                Outcome.SILENT,
                answer(Frames.ipv4().dontFragment().protocol(IpProtocol.ICMP).payload(4)));
        assertEquals(
                Outcome.SILENT, answer(Frames.ipv6().protocol(IpProtocol.ICMPV6).payload(3)));
    }

    @Test
    void silentWhereTheSenderCouldNotObey() {
        Frame ipv4 = Layers.set(Frames.tcpv4().payload(1400).frame());
        into.clear();
        assertEquals(Outcome.SILENT, TooBig.answer(ipv4, 67, into));
        assertEquals(Outcome.ANSWERED_ICMP, TooBig.answer(ipv4, 68, into));
    }

    @Test
    void silentWhenTheAnswerDoesNotFitItsBuffer() {
        try (FramePool small = new FramePool(1, Frame.HEADROOM_BYTES + 576)) {
            Frame tooSmall = java.util.Objects.requireNonNull(small.take());
            Frame original = Layers.set(Frames.tcpv4().payload(1460).frame());
            assertEquals(Outcome.SILENT, TooBig.answer(original, MTU_BYTES, tooSmall));
            assertEquals(0, tooSmall.length());
        }
    }

    @Test
    void everyTruncationIsSurvived() {
        for (FrameBuilder builder : List.of(
                Frames.ipv4().dontFragment().icmp(8, 0, 0).payload(20),
                Frames.ipv6()
                        .extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100")
                        .icmpv6(128, 0, 0)
                        .payload(20))) {
            byte[] whole = builder.bytes();
            for (int length = 0; length < whole.length; length++) {
                Frame frame = Hex.frame(Arrays.copyOf(whole, length), 0);
                frame.setLayers(frame.start() + 14, 0);
                assertEquals(Outcome.SILENT, answer(frame), "length " + length);
            }
        }
    }

    @Test
    void anyDamagedFrameIsSurvived() {
        RandomGenerator random = Seed.random(TooBigTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 5000; i++) {
            Frame frame = Hex.frame(frames.mutated(), 0);
            frame.setLayers(frame.start() + 14 + 4 * random.nextInt(3), 0);
            answer(frame);
            assertTrue(into.length() <= ANSWER_BYTES);
        }
    }
}
