package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Layers;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class EcnTest {

    private static final List<String> CODEPOINTS = List.of("Not-ECT", "ECT(1)", "ECT(0)", "CE");
    /** RFC 6040, figure 4, by the inner codepoint: what arrives under an outer Not-ECT, ECT(1), ECT(0) and CE. */
    private static final Map<String, List<String>> FIGURE_4 = Map.of(
            "Not-ECT", List.of("Not-ECT", "Not-ECT", "Not-ECT", "drop"),
            "ECT(0)", List.of("ECT(0)", "ECT(1)", "ECT(0)", "CE"),
            "ECT(1)", List.of("ECT(1)", "ECT(1)", "ECT(1)", "CE"),
            "CE", List.of("CE", "CE", "CE", "CE"));

    private static final int INNER_DSCP = 0x48;
    private static final int OUTER_DSCP = 0xb8;

    private static List<Supplier<FrameBuilder>> packets() {
        return List.of(
                () -> Frames.ipv4().tos(0).tcp(1, 2).payload(100),
                () -> Frames.ipv4().ipOptions("94040000").tos(0).udp(1, 2).payload(100),
                () -> Frames.ipv4().fragment(1480, true).protocol(17).payload(64),
                () -> Frames.ipv6().tcp(1, 2).payload(100),
                () -> Frames.ipv6().fragmentHeader(1480, true, 7).protocol(17).payload(64),
                () -> tagged(1).ipv4(Frames.IP4_A, Frames.IP4_B).udp(1, 2).payload(100),
                () -> tagged(1).ipv6(Frames.IP6_A, Frames.IP6_B).udp(1, 2).payload(100),
                () -> tagged(2).ipv4(Frames.IP4_A, Frames.IP4_B).udp(1, 2).payload(100),
                () -> tagged(5).ipv6(Frames.IP6_A, Frames.IP6_B).udp(1, 2).payload(100));
    }

    private static FrameBuilder tagged(int tags) {
        FrameBuilder builder = Frames.aToB();
        for (int i = 0; i < tags; i++) {
            builder = builder.vlan(i == 0 && tags > 1 ? 0x88a8 : 0x8100, i);
        }
        return builder;
    }

    @Test
    void everyPairOfCodepointsIsAsTheRfcSays() {
        for (Supplier<FrameBuilder> packet : packets()) {
            for (int inner = 0; inner < 4; inner++) {
                for (int outer = 0; outer < 4; outer++) {
                    byte[] arrived = packet.get().tos(INNER_DSCP | inner).bytes();
                    Frame frame = Hex.frame(arrived, 0);
                    frame.setOuterTrafficClass(OUTER_DSCP | outer);
                    String expected = Objects.requireNonNull(FIGURE_4.get(CODEPOINTS.get(inner)))
                            .get(outer);
                    String pair = CODEPOINTS.get(inner) + " in " + CODEPOINTS.get(outer) + ", " + Hex.text(arrived);
                    if (expected.equals("drop")) {
                        assertEquals(DropReason.TUNNEL_CE_NOT_ECT, Ecn.decapsulate(frame), pair);
                        assertArrayEquals(arrived, Hex.bytes(frame), pair);
                        continue;
                    }
                    byte[] right = packet.get()
                            .tos(INNER_DSCP | CODEPOINTS.indexOf(expected))
                            .bytes();
                    assertNull(Ecn.decapsulate(frame), pair);
                    assertArrayEquals(right, Hex.bytes(frame), pair);
                    assertNull(Ecn.decapsulate(frame), pair);
                    assertArrayEquals(right, Hex.bytes(frame), pair + ", a second time");
                }
            }
        }
    }

    @Test
    void aWrongHeaderChecksumStaysWrong() {
        byte[] bytes = Frames.ipv4().tos(Ecn.ECT_0).udp(1, 2).payload(10).bytes();
        bytes[EthernetHeader.BYTES + Ipv4Header.CHECKSUM_OFFSET] ^= 0x40;
        Frame frame = Hex.frame(bytes, 0);
        frame.setOuterTrafficClass(Ecn.CE);
        assertNull(Ecn.decapsulate(frame));
        int l3At = frame.start() + EthernetHeader.BYTES;
        assertEquals(Ecn.CE, Ipv4Header.ecn(frame.segment(), l3At));
        assertFalse(Ipv4Header.checksumIsValid(frame.segment(), l3At));
        assertTrue(Ipv4Header.checksumIsValid(
                Hex.frame(Frames.ipv4().tos(Ecn.CE).udp(1, 2).payload(10).bytes(), 0)
                        .segment(),
                l3At));
    }

    @Test
    void whatIsNoIpPacketPassesAsItIs() {
        List<byte[]> frames = List.of(
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes(),
                Frames.aToB().etherType(0x88b5).payload(100).bytes(),
                Frames.aToB()
                        .etherType(0x0800)
                        .payload("65000000" + "00".repeat(40))
                        .bytes(),
                Frames.aToB()
                        .etherType(0x86dd)
                        .payload("45000000" + "00".repeat(40))
                        .bytes());
        for (byte[] bytes : frames) {
            Frame frame = Hex.frame(bytes, 0);
            frame.setOuterTrafficClass(Ecn.CE);
            assertNull(Ecn.decapsulate(frame));
            assertArrayEquals(bytes, Hex.bytes(frame));
        }
    }

    /** A frame of IEEE 802.3, alone and behind and before tags: extraction reads it, so it may leave as ECN-capable. */
    @Test
    void aPacketBehindSnapIsMarked() {
        String ip = "%02x" + "0014" + "0001" + "0000" + "4011" + "0000" + "0a00000a" + "0a00000b";
        for (String link : List.of(
                "001c aaaa03000000 0800", "8100 0005 001c aaaa030000f8 0800", "0020 aaaa03000000 8100 0000 0800")) {
            String ethernet = "02000000000b 02000000000a" + link + "45";
            Frame frame = Hex.frame(Hex.bytes(ethernet + ip.formatted(Ecn.ECT_0)), 0);
            Ipv4Header.updateChecksum(frame.segment(), frame.end() - Ipv4Header.BYTES);
            frame.setOuterTrafficClass(Ecn.CE);
            assertNull(Ecn.decapsulate(frame));
            assertEquals(Ecn.CE, Ipv4Header.tos(frame.segment(), frame.end() - Ipv4Header.BYTES), link);
            assertTrue(Ipv4Header.checksumIsValid(frame.segment(), frame.end() - Ipv4Header.BYTES));
            Frame other = Hex.frame(Hex.bytes(ethernet + ip.formatted(Ecn.NOT_ECT)), 0);
            other.setOuterTrafficClass(Ecn.CE);
            assertEquals(DropReason.TUNNEL_CE_NOT_ECT, Ecn.decapsulate(other));
        }
    }

    /** Cut where the header is whole, a packet may be judged; cut before, it must pass. */
    @Test
    void everyTruncationIsSurvived() {
        for (Supplier<FrameBuilder> packet : packets()) {
            byte[] whole = packet.get().tos(Ecn.ECT_0).bytes();
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                // nothing behind the frame may be looked at: the buffer ends with it
                Frame frame = Hex.frame(cut, 0);
                frame.setOuterTrafficClass(Ecn.CE);
                assertNull(Ecn.decapsulate(frame));
                assertEquals(length, frame.length());
            }
        }
    }

    @Test
    void theOuterHeaderIsAsConfigured() {
        int tos = INNER_DSCP | Ecn.CE;
        for (Supplier<FrameBuilder> packet : packets()) {
            Frame frame = Layers.set(packet.get().tos(tos).frame());
            assertEquals(Ecn.CE, OuterTos.DEFAULT.of(frame), "RFC 6040, section 4.1: CE is copied");
            assertEquals(tos, new OuterTos(0, true, true).of(frame));
            assertEquals(INNER_DSCP, new OuterTos(0, true, false).of(frame));
            assertEquals(OUTER_DSCP | Ecn.CE, new OuterTos(OUTER_DSCP, false, true).of(frame));
            assertEquals(OUTER_DSCP, new OuterTos(OUTER_DSCP, false, false).of(frame));
            for (int ecn = 0; ecn < 4; ecn++) {
                assertEquals(
                        ecn,
                        OuterTos.DEFAULT.of(
                                Layers.set(packet.get().tos(INNER_DSCP | ecn).frame())));
            }
        }
    }

    @Test
    void whatIsNoIpPacketIsSentNotEcnCapable() {
        List<FrameBuilder> frames = List.of(
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B),
                Frames.aToB().etherType(0x88b5).payload("ffffffff" + "ff".repeat(40)));
        for (FrameBuilder packet : frames) {
            Frame frame = Layers.set(packet.frame());
            assertEquals(0, OuterTos.DEFAULT.of(frame));
            assertEquals(0, new OuterTos(0, true, true).of(frame));
            assertEquals(OUTER_DSCP, new OuterTos(OUTER_DSCP, false, true).of(frame));
        }
    }
}
