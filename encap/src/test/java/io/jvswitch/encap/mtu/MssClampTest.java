package io.jvswitch.encap.mtu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.offload.Layers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class MssClampTest {

    private static final int MTU_BYTES = 1450;
    private static final int SYN_ACK = TcpHeader.FLAG_SYN | TcpHeader.FLAG_ACK;

    private static FrameBuilder synv4() {
        return Frames.tcpv4().flags(TcpHeader.FLAG_SYN);
    }

    private static FrameBuilder synv6() {
        return Frames.tcpv6().flags(TcpHeader.FLAG_SYN);
    }

    private static int mss(Frame frame) {
        long option = TcpHeader.findOption(frame.segment(), frame.l4At(), TcpHeader.OPTION_MSS);
        return option < 0 ? -1 : NetworkOrder.getU16(frame.segment(), option + 2);
    }

    private static boolean checksumIsValid(Frame frame) {
        return Checksum.transportIsValid(
                frame.segment(), frame.l3At(), IpProtocol.TCP, frame.l4At(), frame.end() - frame.l4At());
    }

    private static void assertClamped(int expectedMss, FrameBuilder builder) {
        Frame frame = Layers.set(builder.frame());
        assertTrue(MssClamp.clamp(frame, MTU_BYTES));
        assertEquals(expectedMss, mss(frame));
        assertTrue(checksumIsValid(frame));
    }

    private static void assertUntouched(FrameBuilder builder) {
        Frame frame = Layers.set(builder.frame());
        byte[] before = Hex.bytes(frame);
        assertFalse(MssClamp.clamp(frame, MTU_BYTES));
        assertArrayEquals(before, Hex.bytes(frame));
    }

    @Test
    void lowersWhatLinuxAnnouncesAndChangesNothingElse() {
        List<byte[]> captured = Hex.frames(Vxlan.class, "linux-vxlan.hex");
        int[] mssAt = {14 + 20 + 20 + 2, 14 + 40 + 20 + 2};
        for (int i = 0; i < 2; i++) {
            byte[] whole = captured.get(i + 1);
            byte[] inner = Arrays.copyOfRange(whole, 14 + 20 + 8 + 8, whole.length);
            Frame frame = Layers.set(Hex.frame(inner, 0));
            assertTrue(checksumIsValid(frame));
            assertTrue(MssClamp.clamp(frame, 1400));
            assertTrue(checksumIsValid(frame));
            assertEquals(i == 0 ? 1360 : 1340, mss(frame));
            byte[] clamped = Hex.bytes(frame);
            int checksumAt = mssAt[i] - 2 - 20 + TcpHeader.CHECKSUM_OFFSET;
            for (int at : new int[] {mssAt[i], mssAt[i] + 1, checksumAt, checksumAt + 1}) {
                clamped[at] = inner[at];
            }
            assertArrayEquals(inner, clamped);
        }
    }

    @Test
    void clampsSynAndSynAckOfBothFamilies() {
        assertClamped(1410, synv4().mss(1460));
        assertClamped(1390, synv6().mss(1440));
        assertClamped(1410, Frames.tcpv4().flags(SYN_ACK).mss(1411));
        assertClamped(1390, Frames.tcpv6().flags(SYN_ACK).mss(65_535));
    }

    @Test
    void neverRaisesAndNeverInserts() {
        assertUntouched(synv4().mss(1410));
        assertUntouched(synv4().mss(536));
        assertUntouched(synv4().mss(0));
        assertUntouched(synv4());
        assertUntouched(synv6().tcpOptions("0101 080a 00000001 00000002"));
    }

    @Test
    void countsTheFramesTags() {
        assertClamped(
                1406,
                Frames.aToB()
                        .vlan(7)
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .tcp(1, 2)
                        .flags(TcpHeader.FLAG_SYN)
                        .mss(1460));
        assertClamped(
                1382,
                Frames.aToB()
                        .vlan(0x88a8, 7)
                        .vlan(8)
                        .ipv6(Frames.IP6_A, Frames.IP6_B)
                        .tcp(1, 2)
                        .flags(TcpHeader.FLAG_SYN)
                        .mss(1460));
    }

    @Test
    void findsTheOptionAmongOthersAndAtOddOffsets() {
        assertClamped(1410, synv4().tcpOptions("01 0204 05b4 01 01 01"));
        assertClamped(1410, synv4().tcpOptions("0402 080a 00000001 00000000 01 0204 ffff 030307"));
        assertClamped(1390, synv6().tcpOptions("030307 0204 05b4"));
    }

    @Test
    void stepsOverIpOptionsAndExtensionHeaders() {
        assertClamped(
                1410,
                Frames.ipv4()
                        .ipOptions("94040000")
                        .tcp(1, 2)
                        .flags(TcpHeader.FLAG_SYN)
                        .mss(1460));
        assertClamped(
                1390,
                Frames.ipv6()
                        .extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100")
                        .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                        .tcp(1, 2)
                        .flags(TcpHeader.FLAG_SYN)
                        .mss(1460));
        assertClamped(
                1410,
                Frames.ipv4()
                        .fragment(0, true)
                        .tcp(1, 2)
                        .flags(TcpHeader.FLAG_SYN)
                        .mss(1460)
                        .payload(4));
    }

    @Test
    void leavesEverythingElseAlone() {
        assertUntouched(Frames.tcpv4().mss(1460));
        assertUntouched(
                Frames.tcpv6().flags(TcpHeader.FLAG_ACK | TcpHeader.FLAG_PSH).mss(1460));
        // a datagram whose 14th byte looks like SYN, and whose payload looks like an MSS option
        assertUntouched(Frames.udpv4().payload("0000000050020000 00000000 0204ffff"));
        assertUntouched(Frames.pingv4());
        assertUntouched(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B));
        assertUntouched(Frames.ipv4()
                .fragment(1480, false)
                .protocol(IpProtocol.TCP)
                .payload("0001 0002 00000001 00000001 6002 ffff 0000 0000 0204 05b4"));
    }

    /** A later fragment's bytes are payload, even if somebody set the transport offset. */
    @Test
    void leavesLaterFragmentsAlone() {
        Frame frame = Layers.set(synv4().mss(1460).poke(14 + 6, "0001").frame());
        frame.setLayers(frame.l3At(), frame.l3At() + 20);
        assertFalse(MssClamp.clamp(frame, MTU_BYTES));
    }

    @Test
    void leavesMalformedOptionsAlone() {
        for (int length = 0; length < 256; length++) {
            if (length != 4) {
                assertUntouched(synv4().tcpOptions(String.format("02%02x 05b4 0101 0101", length)));
            }
        }
        // an option before it that runs past the header, or that has no length
        assertUntouched(synv4().tcpOptions("0309 07 0204 05b4"));
        assertUntouched(synv4().tcpOptions("0300 07 0204 05b4"));
        // behind the end of options, and cut off by it
        assertUntouched(synv4().tcpOptions("00 0204 05b4"));
        assertUntouched(synv4().tcpOptions("01 01 01 02"));
    }

    @Test
    void leavesSignedOptionsAlone() {
        // RFC 5925: kind 29, length 16, two key ids, a 96-bit MAC
        assertUntouched(synv4().tcpOptions("0204 05b4 1d10 0101 000102030405060708090a0b"));
        assertUntouched(synv4().tcpOptions("1d10 0101 000102030405060708090a0b 0204 05b4"));
    }

    @Test
    void aPartialChecksumStaysPartial() {
        for (FrameBuilder builder : List.of(synv4().mss(9000), synv6().tcpOptions("01 0204 2328"))) {
            Frame frame = Layers.set(builder.partialChecksum().frame());
            int partial = TcpHeader.checksum(frame.segment(), frame.l4At());
            assertTrue(MssClamp.clamp(frame, MTU_BYTES));
            assertEquals(partial, TcpHeader.checksum(frame.segment(), frame.l4At()));
            assertNull(Checksum.complete(frame));
            assertTrue(checksumIsValid(frame));
        }
    }

    /** The error itself survives: what makes it right before also makes it right after. */
    @Test
    void aWrongChecksumStaysExactlyAsWrong() {
        RandomGenerator random = Seed.random(MssClampTest.class);
        for (int i = 0; i < 2000; i++) {
            String options = random.nextBoolean() ? "0204 %04x" : "01 0204 %04x 01 01 01";
            FrameBuilder builder = (random.nextBoolean() ? synv4() : synv6())
                    .tcpOptions(String.format(options, random.nextInt(1411, 65_536)));
            Frame frame = Layers.set(builder.payload(random.nextInt(8)).frame());
            int right = TcpHeader.checksum(frame.segment(), frame.l4At());
            int wrong = random.nextInt(65_536);
            TcpHeader.setChecksum(frame.segment(), frame.l4At(), wrong);
            boolean validBefore = checksumIsValid(frame);
            assertTrue(MssClamp.clamp(frame, MTU_BYTES));
            assertEquals(validBefore, checksumIsValid(frame));
            int error = (wrong - right + 0xffff) % 0xffff;
            int wrongAfter = TcpHeader.checksum(frame.segment(), frame.l4At());
            Checksum.setTransport(
                    frame.segment(), frame.l3At(), IpProtocol.TCP, frame.l4At(), frame.end() - frame.l4At());
            int rightAfter = TcpHeader.checksum(frame.segment(), frame.l4At());
            assertEquals(error, (wrongAfter - rightAfter + 0xffff) % 0xffff);
        }
    }

    @Test
    void anMtuWithoutRoomForASegmentChangesNothing() {
        Frame frame = Layers.set(synv4().mss(1460).frame());
        assertFalse(MssClamp.clamp(frame, 40));
        assertFalse(MssClamp.clamp(frame, 0));
        assertTrue(MssClamp.clamp(frame, 41));
        assertEquals(1, mss(frame));
    }

    @Test
    void aCutFrameIsNotReadBeyondItsEnd() {
        byte[] whole = synv4().mss(1460).bytes();
        for (int length = 34; length < whole.length; length++) {
            Frame frame = Hex.frame(Arrays.copyOf(whole, length), 0);
            frame.setLayers(frame.start() + 14, frame.start() + 34);
            assertFalse(MssClamp.clamp(frame, MTU_BYTES), "length " + length);
        }
    }

    @Test
    void anyFrameIsClampedRightOrLeftAlone() {
        RandomGenerator random = Seed.random(MssClampTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 3000; i++) {
            Frame frame = Layers.set(frames.next().frame());
            int before = frame.length();
            int mtuBytes = random.nextInt(68, 9000);
            if (MssClamp.clamp(frame, mtuBytes)) {
                assertTrue(mss(frame) < mtuBytes - 39);
            }
            assertEquals(before, frame.length());
        }
    }
}
