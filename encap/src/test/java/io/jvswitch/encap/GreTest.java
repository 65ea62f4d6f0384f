package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Layers;
import io.jvswitch.encap.offload.RandomSuperframe;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.tunnel.GreHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class GreTest {

    /** Outer Ethernet and IPv4 in front of the GRE header. */
    private static final int OUTER_BYTES = 14 + 20;

    private static final int INNER_BYTES = 50;
    private static final int KEY = 456;
    private static final List<byte[]> OVS = Hex.frames(GreTest.class, "ovs-tunnels.hex");

    private static byte[] payload(int capture) {
        byte[] captured = OVS.get(capture);
        return Arrays.copyOfRange(captured, OUTER_BYTES, captured.length);
    }

    private static byte[] inner() {
        byte[] captured = OVS.getFirst();
        return Arrays.copyOfRange(captured, captured.length - INNER_BYTES, captured.length);
    }

    private static void assertPops(int capture, long key, int flags) {
        Frame frame = Hex.frame(payload(capture), 0);
        assertNull(Gre.pop(frame));
        assertArrayEquals(inner(), Hex.bytes(frame));
        assertEquals(key, frame.tunnelId());
        assertEquals(TunnelFlags.GRE | flags, frame.tunnelFlags());
    }

    @Test
    void readsWhatOpenVswitchSends() {
        assertPops(0, KEY, TunnelFlags.KEYED);
        assertPops(1, 0, 0);
        assertPops(2, KEY, TunnelFlags.KEYED | TunnelFlags.CHECKSUM);
        assertPops(3, 0, TunnelFlags.CHECKSUM);
        assertPops(4, KEY, TunnelFlags.KEYED | TunnelFlags.SEQUENCE);
    }

    /**
     * Open vSwitch 3.1 computes the checksum before it counts the sequence number up, so all but its first are wrong.
     */
    @Test
    void judgesTheChecksumWithASequenceNumber() {
        byte[] bytes = payload(5);
        assertEquals(DropReason.GRE_BAD_CHECKSUM, Gre.pop(Hex.frame(bytes, 0)));
        bytes[5]--;
        Frame frame = Hex.frame(bytes, 0);
        assertNull(Gre.pop(frame));
        assertArrayEquals(inner(), Hex.bytes(frame));
        assertEquals(KEY, frame.tunnelId());
        assertEquals(
                TunnelFlags.GRE | TunnelFlags.KEYED | TunnelFlags.CHECKSUM | TunnelFlags.SEQUENCE, frame.tunnelFlags());
    }

    @Test
    void writesWhatOpenVswitchSends() {
        Frame keyed = Hex.frame(inner(), 0);
        assertTrue(Gre.push(keyed, true, KEY));
        assertArrayEquals(payload(0), Hex.bytes(keyed));
        Frame keyless = Hex.frame(inner(), 0);
        assertTrue(Gre.push(keyless, false, KEY));
        assertArrayEquals(payload(1), Hex.bytes(keyless));
    }

    @Test
    void keyZeroIsNotNoKey() {
        Frame frame = Hex.frame(inner(), 0);
        assertTrue(Gre.push(frame, true, 0));
        assertNull(Gre.pop(frame));
        assertEquals(TunnelFlags.GRE | TunnelFlags.KEYED, frame.tunnelFlags());
    }

    @Test
    void keepsAll32BitsOfTheKey() {
        Frame frame = Hex.frame(inner(), 0);
        assertTrue(Gre.push(frame, true, 0xdeadbeef));
        assertNull(Gre.pop(frame));
        assertEquals(0xdeadbeefL, frame.tunnelId());
    }

    @Test
    void refusesEveryTruncationAndLeavesTheFrame() {
        int[] headerBytes = {8, 4, 12, 8, 12};
        for (int capture = 0; capture < headerBytes.length; capture++) {
            byte[] whole = payload(capture);
            boolean checksum = (whole[0] & 0x80) != 0;
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                Frame frame = Hex.frame(cut, 0);
                DropReason expected;
                if (length < headerBytes[capture]) {
                    expected = DropReason.GRE_TRUNCATED;
                } else if (checksum) {
                    expected = DropReason.GRE_BAD_CHECKSUM;
                } else {
                    expected = length < headerBytes[capture] + 14 ? DropReason.ETHERNET_TRUNCATED : null;
                }
                assertEquals(expected, Gre.pop(frame), "capture " + capture + ", length " + length);
                if (expected != null) {
                    assertArrayEquals(cut, Hex.bytes(frame));
                    assertEquals(0, frame.tunnelFlags());
                }
            }
        }
    }

    @Test
    void everyDamagedBitUnderAChecksumIsSeen() {
        byte[] whole = payload(2);
        int headerBytes = 12;
        for (int bit = headerBytes * 8; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(DropReason.GRE_BAD_CHECKSUM, Gre.pop(Hex.frame(damaged, 0)), "bit " + bit);
        }
    }

    @Test
    void judgesTheFlagWord() {
        byte[] bytes = payload(1);
        for (int word = 0; word < 0x10000; word++) {
            if ((word & (GreHeader.FLAG_CHECKSUM | GreHeader.FLAG_KEY | GreHeader.FLAG_SEQUENCE)) != 0) {
                continue;
            }
            bytes[0] = (byte) (word >>> 8);
            bytes[1] = (byte) word;
            DropReason expected = null;
            if ((word & 0x0007) != 0) {
                expected = DropReason.GRE_BAD_VERSION;
            } else if ((word & 0x4c00) != 0) {
                expected = DropReason.GRE_BAD_FLAGS; // RFC 2784, section 2.3: bits 1 to 5 of RFC 1701
            }
            assertEquals(expected, Gre.pop(Hex.frame(bytes, 0)), "flags " + Integer.toHexString(word));
        }
    }

    @Test
    void refusesWhatIsNotEthernet() {
        byte[] bytes = payload(1);
        bytes[2] = 0x08;
        bytes[3] = 0x00;
        assertEquals(DropReason.GRE_BAD_PROTOCOL, Gre.pop(Hex.frame(bytes, 0)));
    }

    @Test
    void saysSoWithoutHeadroom() {
        Frame frame = Frames.pingv4().frame();
        int length = frame.length();
        frame.place(7, length);
        assertFalse(Gre.push(frame, true, 1));
        assertEquals(7, frame.start());
        assertTrue(Gre.push(frame, false, 0));
        assertEquals(3, frame.start());
    }

    @Test
    void anyFrameComesBackAsItWas() {
        RandomGenerator random = Seed.random(GreTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 500; i++) {
            byte[] inner = frames.next().bytes();
            boolean keyed = random.nextBoolean();
            int key = random.nextInt();
            Frame frame = Hex.frame(inner, 0);
            assertTrue(Gre.push(frame, keyed, key));
            assertNull(Gre.pop(frame));
            assertArrayEquals(inner, Hex.bytes(frame));
            assertEquals(keyed ? key & 0xffff_ffffL : 0, frame.tunnelId());
        }
    }

    /** Three segments of 60 bytes in one packet; see the resource for how Linux came to make it. */
    @Test
    void whatTheKernelMergedIsASuperframe() {
        List<byte[]> captured = Hex.frames(GreTest.class, "linux-merged-gre.hex");
        for (int i = 0; i < captured.size(); i++) {
            boolean ipv4 = i % 2 == 0;
            int ipHeaderBytes = ipv4 ? 20 : 40;
            Frame frame = Hex.frame(captured.get(i), 0);
            assertNull(Gre.pop(frame, ipHeaderBytes + 20 + 70)); // segments of 70 bytes
            assertEquals(42, frame.tunnelId());
            assertEquals(ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6, frame.gsoType());
            assertEquals(70, frame.gsoSizeBytes());
            assertEquals(14 + ipHeaderBytes + 20, frame.gsoHeaderBytes());
            int tcpAt = frame.start() + 14 + ipHeaderBytes;
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(tcpAt, frame.checksumStart());
            assertNull(new Segmenter().begin(frame), "and can be cut as it is");

            Frame small = Hex.frame(captured.get(i), 0);
            assertNull(Gre.pop(small));
            assertEquals(Frame.GSO_NONE, small.gsoType(), "fits one segment");
            assertEquals(Frame.CSUM_PARTIAL, small.checksumState());
            assertNull(Checksum.complete(small));
            assertTrue(Checksum.transportIsValid(
                    small.segment(), small.start() + 14, IpProtocol.TCP, tcpAt, small.end() - tcpAt));
        }
    }

    /**
     * As one packet, whose checksum is partial, or as a list, in front of which the first one's checksum still stands.
     */
    @Test
    void whereTheKernelTellsTheSegmentSizeItIsTaken() {
        RandomGenerator random = Seed.random(GreTest.class);
        for (int round = 0; round < 300; round++) {
            RandomSuperframe inside = round % 2 == 0
                    ? RandomSuperframe.randomUdp(random, 30_000)
                    : RandomSuperframe.randomTcp(random, true, 30_000);
            if (inside.segments() == 1) {
                continue;
            }
            Frame frame = inside.frame();
            int type = inside.gsoType();
            if (random.nextBoolean()) {
                int at = frame.l4At() + (inside.udp() ? UdpHeader.CHECKSUM_OFFSET : TcpHeader.CHECKSUM_OFFSET);
                NetworkOrder.putU16(frame.segment(), at, random.nextInt(1, 0x10000));
            }
            byte[] bytes = Hex.bytes(frame);
            frame.clearOffload();
            frame.setLayers(0, 0);
            assertTrue(Gre.push(frame, true, KEY));
            frame.setGso(Frame.GSO_INNER, inside.sizeBytes(), 0);
            assertNull(Gre.pop(frame), inside::toString);
            assertEquals(type, frame.gsoType(), inside::toString);
            assertEquals(inside.sizeBytes(), frame.gsoSizeBytes());
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(bytes.length, frame.length());
            Segmenter segmenter = new Segmenter();
            assertNull(segmenter.begin(frame), inside::toString);
            assertEquals(inside.segments(), segmenter.remaining());
            try (FramePool pool = new FramePool(1, FramePool.SUPERFRAME_BUFFER_BYTES)) {
                for (int i = 0; i < inside.segments(); i++) {
                    Frame segment = Objects.requireNonNull(pool.take());
                    assertTrue(segmenter.next(segment, Segmenter.Checksums.COMPLETE));
                    assertArrayEquals(inside.segment(i), Hex.bytes(segment));
                    pool.release(segment);
                }
            }
        }
    }

    @Test
    void whatTheKernelMergedAndNobodyCanCutIsRefused() {
        Frame sctp = Frames.ipv4().protocol(IpProtocol.SCTP).payload(3000).frame();
        byte[] inner = Hex.bytes(sctp);
        assertTrue(Gre.push(sctp, true, KEY));
        sctp.setGso(Frame.GSO_INNER, 0xffff, 0);
        assertEquals(DropReason.SEGMENTS_UNKNOWN, Gre.pop(sctp));
        assertEquals(inner.length + 8, sctp.length());
        Frame one = Frames.udpv4().payload(100).frame();
        assertTrue(Gre.push(one, true, KEY));
        one.setGso(Frame.GSO_INNER, 100, 0);
        assertNull(Gre.pop(one));
        assertEquals(Frame.GSO_NONE, one.gsoType(), "one datagram alone");
    }

    @Test
    void aWrongChecksumIsNoMergedSegment() {
        for (byte[] bytes : Hex.frames(GreTest.class, "linux-merged-gre.hex")) {
            boolean checksum = (bytes[0] & 0x80) != 0;
            int tcpAt = (checksum ? 12 : 8) + 14 + (bytes[checksum ? 24 : 20] == 0x08 ? 20 : 40);
            bytes[tcpAt + 16] ^= 1;
            Frame frame = Hex.frame(bytes, 0);
            assertEquals(checksum ? DropReason.GRE_BAD_CHECKSUM : null, Gre.pop(frame));
            assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
            assertEquals(checksum ? bytes.length : bytes.length - 8, frame.length());
            assertEquals(0, frame.l3At());
        }
    }

    /** A right checksum that happens to equal the pseudo-header's sum is a right checksum. */
    @Test
    void aCompleteChecksumIsLeftAlone() {
        Frame inner = Layers.set(Frames.tcpv4().payload("0000 0000").frame());
        int pseudo = Checksum.fold(Checksum.pseudo(inner.segment(), inner.l3At(), IpProtocol.TCP, 24));
        // the payload makes up for the difference: the sum of everything else and the pseudo-header's sum as the
        // checksum
        TcpHeader.setChecksum(inner.segment(), inner.l4At(), pseudo);
        int missing = Checksum.finish(2L * pseudo
                + Checksum.sum(inner.segment(), inner.l4At(), 16)
                + Checksum.sum(inner.segment(), inner.l4At() + 18L, 6));
        NetworkOrder.putU16(inner.segment(), inner.end() - 2L, missing);
        assertTrue(Checksum.transportIsValid(inner.segment(), inner.l3At(), IpProtocol.TCP, inner.l4At(), 24));
        assertEquals(pseudo, TcpHeader.checksum(inner.segment(), inner.l4At()));
        assertTrue(Gre.push(inner, true, KEY));
        assertNull(Gre.pop(inner));
        assertEquals(Frame.CSUM_UNKNOWN, inner.checksumState());
    }
}
