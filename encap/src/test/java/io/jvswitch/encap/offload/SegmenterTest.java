package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.offload.Segmenter.Checksums;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SegmenterTest {

    private static final int FRAMES = 256;
    private static final int VNI = 42;

    private final FramePool pool = new FramePool(FRAMES, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final FrameBatch out = new FrameBatch(FRAMES);
    private final Segmenter segmenter = new Segmenter();

    @AfterEach
    void everyFrameComesBack() {
        out.releaseAll(pool);
        assertEquals(FRAMES, pool.free());
        pool.close();
    }

    private static Frame superframe(byte[] bytes, int type, int sizeBytes) {
        Frame frame = Layers.set(Hex.frame(bytes, 0));
        int offset = type == Frame.GSO_UDP_L4 ? UdpHeader.CHECKSUM_OFFSET : TcpHeader.CHECKSUM_OFFSET;
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.l4At(), offset);
        frame.setGso(type, sizeBytes, 0);
        return frame;
    }

    private void assertInvalid(Frame frame) {
        assertEquals(DropReason.OFFLOAD_INVALID, segmenter.segment(frame, Checksums.COMPLETE, pool, out));
        assertEquals(DropReason.OFFLOAD_INVALID, segmenter.trains(frame, pool, out));
        assertEquals(0, segmenter.remaining());
        assertTrue(out.isEmpty());
        assertEquals(FRAMES, pool.free());
    }

    private void assertFails(Frame frame) {
        assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.segment(frame, Checksums.COMPLETE, pool, out));
        assertTrue(out.isEmpty());
        assertEquals(FRAMES, pool.free());
    }

    /** TCP over IPv4 and IPv6 in 5 segments each, UDP over IPv4 and IPv6 in 3. */
    @Test
    void makesTheDatagramsThatLinuxMakes() {
        List<byte[]> captured = Hex.frames(SegmenterTest.class, "linux-segments.hex");
        int[] types = {Frame.GSO_TCPV4, Frame.GSO_TCPV6, Frame.GSO_UDP_L4, Frame.GSO_UDP_L4};
        int at = 0;
        for (int type : types) {
            int sizeBytes = type == Frame.GSO_UDP_L4 ? 100 : 148;
            int count = type == Frame.GSO_UDP_L4 ? 3 : 5;
            Frame frame = superframe(captured.get(at), type, sizeBytes);
            List<byte[]> datagrams = captured.subList(at + 1, at + 1 + count);
            assertTrue(Vxlan.push(frame, VNI));

            assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, out));
            assertEquals(count, out.size());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(datagrams.get(i), Hex.bytes(out.get(i)), "capture " + at + ", segment " + i);
            }
            out.releaseAll(pool);

            assertNull(segmenter.segment(frame, Checksums.PARTIAL, pool, out));
            for (int i = 0; i < count; i++) {
                assertNull(Checksum.complete(out.get(i)));
                assertArrayEquals(datagrams.get(i), Hex.bytes(out.get(i)), "capture " + at + ", segment " + i);
            }
            out.releaseAll(pool);

            assertNull(segmenter.trains(frame, pool, out));
            assertEquals(1, out.size());
            ByteArrayOutputStream train = new ByteArrayOutputStream();
            datagrams.forEach(train::writeBytes);
            assertArrayEquals(train.toByteArray(), Hex.bytes(out.get(0)));
            assertEquals(Frame.GSO_UDP_L4, out.get(0).gsoType());
            assertEquals(datagrams.getFirst().length, out.get(0).gsoSizeBytes());
            assertEquals(Frame.CSUM_UNKNOWN, out.get(0).checksumState());
            out.releaseAll(pool);
            at += 1 + count;
        }
    }

    @Test
    void anySuperframeIsCutAsItsSegmentsWouldHaveBeenBuilt() {
        RandomGenerator random = Seed.random(SegmenterTest.class);
        for (int i = 0; i < 150; i++) {
            RandomSuperframe superframe = random.nextInt(3) == 0
                    ? RandomSuperframe.randomUdp(random, 60_000)
                    : RandomSuperframe.randomTcp(random, false, 60_000);
            Frame frame = superframe.frame();
            byte[] before = Hex.bytes(frame);
            assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, out));
            assertArrayEquals(before, Hex.bytes(frame));
            assertEquals(superframe.segments(), out.size());
            for (int s = 0; s < out.size(); s++) {
                Frame segment = out.get(s);
                assertArrayEquals(superframe.segment(s), Hex.bytes(segment), superframe + ", segment " + s);
                assertEquals(frame.l3At(), segment.l3At());
                assertEquals(frame.l4At(), segment.l4At());
                assertEquals(Frame.GSO_NONE, segment.gsoType());
            }
            assertEquals(Hex.bytes(out.get(0)).length, Segmenter.largestSegmentBytes(frame));
            out.releaseAll(pool);
            assertNull(segmenter.segment(frame, Checksums.PARTIAL, pool, out));
            for (int s = 0; s < out.size(); s++) {
                assertEquals(Frame.CSUM_PARTIAL, out.get(s).checksumState());
                byte[] expected = completed(superframe.segment(s), out.get(s));
                assertNull(Checksum.complete(out.get(s)));
                assertArrayEquals(expected, Hex.bytes(out.get(s)), superframe + ", segment " + s);
            }
            out.releaseAll(pool);
        }
    }

    /**
     * A segment as {@link Checksum#complete} leaves it: a sum of zero is written as ones in TCP, too, where building it
     * in full writes zero. Both are right (RFC 1624, section 3), and the kernel has the same two ways.
     */
    private static byte[] completed(byte[] built, Frame like) {
        int field = like.l4At() - like.start() + TcpHeader.CHECKSUM_OFFSET;
        if (like.checksumOffset() == TcpHeader.CHECKSUM_OFFSET && built[field] == 0 && built[field + 1] == 0) {
            built[field] = (byte) 0xff;
            built[field + 1] = (byte) 0xff;
        }
        return built;
    }

    @Test
    void trainsHoldTheSameSegments() {
        RandomGenerator random = Seed.random(SegmenterTest.class);
        for (int i = 0; i < 60; i++) {
            RandomSuperframe superframe = RandomSuperframe.randomTcp(random, false, 64_000);
            Frame frame = superframe.frame();
            frame.setRemote(1, 2, 4789);
            frame.setFlowHash(77);
            assertTrue(Vxlan.push(frame, VNI));
            assertNull(segmenter.trains(frame, pool, out));
            int segment = 0;
            for (int t = 0; t < out.size(); t++) {
                Frame train = out.get(t);
                assertEquals(2, train.remoteLo());
                assertEquals(4789, train.remotePort());
                assertEquals(77, train.flowHash());
                assertTrue(train.length() <= Segmenter.MAX_TRAIN_BYTES);
                int sizeBytes = train.gsoType() == Frame.GSO_NONE ? train.length() : train.gsoSizeBytes();
                int count = Coalescer.datagrams(train);
                assertTrue(count <= Segmenter.MAX_TRAIN_DATAGRAMS);
                assertTrue(
                        t == out.size() - 1 || train.length() % sizeBytes == 0, "only the last datagram may be short");
                for (int at = 0; at < train.length(); at += sizeBytes) {
                    int bytes = Math.min(sizeBytes, train.length() - at);
                    Frame datagram = Hex.frame(Hex.bytes(train.segment(), train.start() + (long) at, bytes), 0);
                    assertNull(Vxlan.pop(datagram));
                    assertEquals(VNI, datagram.tunnelId());
                    assertArrayEquals(superframe.segment(segment++), Hex.bytes(datagram));
                }
            }
            assertEquals(superframe.segments(), segment);
            out.releaseAll(pool);
        }
    }

    /** 65,535 bytes of IP packet at the MSS of a 1,450-byte MTU: 47 segments, of which 44 fill a train. */
    @Test
    void theLargestSuperframeOfIpv4MakesTwoTrains() {
        byte[] payload = new byte[65_535 - 20 - 32];
        Seed.random(SegmenterTest.class).nextBytes(payload);
        Frame frame = Layers.set(Frames.ipv4()
                .dontFragment()
                .tcp(1, 2)
                .tcpOptions("0101 080a 00000001 00000002")
                .payload(payload)
                .gso(Frame.GSO_TCPV4, 1398)
                .frame());
        assertTrue(Vxlan.push(frame, VNI));
        assertNull(segmenter.trains(frame, pool, out));
        assertEquals(2, out.size());
        assertEquals(1472, out.get(0).gsoSizeBytes());
        assertEquals(44 * 1472, out.get(0).length());
        assertEquals(65_483 - 44 * 1398 + 3 * 74, out.get(1).length());
    }

    @Test
    void theLargestSuperframeOfIpv6IsCut() {
        byte[] payload = new byte[65_535 - 20];
        Frame frame = Layers.set(
                Frames.tcpv6().payload(payload).gso(Frame.GSO_TCPV6, 1430).frame());
        assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, out));
        assertEquals(46, out.size());
    }

    @Test
    void smallSegmentsMakeTrainsOf64() {
        Frame frame =
                Layers.set(Frames.tcpv4().payload(1000).gso(Frame.GSO_TCPV4, 10).frame());
        assertTrue(Vxlan.push(frame, VNI));
        assertNull(segmenter.trains(frame, pool, out));
        assertEquals(2, out.size());
        assertEquals(64, Coalescer.datagrams(out.get(0)));
        assertEquals(36, Coalescer.datagrams(out.get(1)));
    }

    @Test
    void aTrainOfOneIsAnOrdinaryFrame() {
        Frame frame = Layers.set(
                Frames.tcpv4().payload(500).gso(Frame.GSO_TCPV4, 1000).frame());
        assertTrue(Vxlan.push(frame, VNI));
        assertNull(segmenter.trains(frame, pool, out));
        assertEquals(1, out.size());
        assertEquals(Frame.GSO_NONE, out.get(0).gsoType());
    }

    @Test
    void segmentsCanBeTakenOneByOne() {
        RandomSuperframe superframe = RandomSuperframe.randomTcp(Seed.random(SegmenterTest.class), false, 20_000);
        Frame one = new Frame(Hex.segment(new byte[4096]));
        assertNull(segmenter.begin(superframe.frame()));
        for (int i = 0; i < superframe.segments(); i++) {
            assertEquals(superframe.segments() - i, segmenter.remaining());
            assertTrue(segmenter.next(one, Checksums.COMPLETE));
            assertArrayEquals(superframe.segment(i), Hex.bytes(one));
        }
        assertEquals(0, segmenter.remaining());
        assertFalse(segmenter.next(one, Checksums.COMPLETE));
    }

    @Test
    void urgentDataReachesAsFarAsItDid() {
        // urgent pointer 250: in segments of 100, the third holds the end of the urgent data
        Frame frame = Layers.set(Frames.ipv4()
                .dontFragment()
                .tcp(1, 2)
                .flags(TcpHeader.FLAG_ACK | TcpHeader.FLAG_URG)
                .payload(500)
                .gso(Frame.GSO_TCPV4, 100)
                .frame());
        TcpHeader.setUrgentPointer(frame.segment(), frame.l4At(), 250);
        assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, out));
        int[] pointers = {250, 150, 50, 0, 0};
        for (int i = 0; i < 5; i++) {
            Frame segment = out.get(i);
            assertEquals(pointers[i], TcpHeader.urgentPointer(segment.segment(), segment.l4At()));
            boolean urgent = (TcpHeader.flags(segment.segment(), segment.l4At()) & TcpHeader.FLAG_URG) != 0;
            assertEquals(pointers[i] > 0, urgent);
        }
    }

    @Test
    void refusesChecksumsThatNobodyVouchesFor() {
        FrameBuilder builder = Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1000);
        Frame unknown = Layers.set(builder.frame());
        unknown.setChecksum(Frame.CSUM_UNKNOWN, 0, 0);
        assertInvalid(unknown);
        Frame elsewhere = Layers.set(builder.frame());
        elsewhere.setChecksum(Frame.CSUM_PARTIAL, elsewhere.l4At() + 2, TcpHeader.CHECKSUM_OFFSET);
        assertInvalid(elsewhere);
        Frame otherField = Layers.set(builder.frame());
        otherField.setChecksum(Frame.CSUM_PARTIAL, otherField.l4At(), UdpHeader.CHECKSUM_OFFSET);
        assertInvalid(otherField);
        Frame verified = Layers.set(builder.frame());
        verified.setChecksum(Frame.CSUM_VALID, 0, 0);
        assertNull(segmenter.segment(verified, Checksums.COMPLETE, pool, out));
    }

    @Test
    void refusesGsoFieldsThatContradictTheHeaders() {
        Frame frame = Layers.set(
                Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1000).frame());
        for (int type = 0; type < 256; type++) {
            frame.setGso(type, 1000, 0);
            if ((type & ~Frame.GSO_ECN) != Frame.GSO_TCPV4) {
                assertInvalid(frame);
            }
        }
        frame.setGso(Frame.GSO_TCPV4, 0, 0);
        assertInvalid(frame);
        frame.setGso(Frame.GSO_TCPV4, -1, 0);
        assertInvalid(frame);
        frame.setGso(Frame.GSO_TCPV4, 3, 0); // 1,334 segments
        assertInvalid(frame);
        frame.setGso(Frame.GSO_TCPV4, 65_535, 0);
        assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, out));
        assertEquals(1, out.size());
    }

    @Test
    void refusesLayersThatAreNotThere() {
        Frame frame = Layers.set(
                Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1000).frame());
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        int[][] layers = {
            {0, 0},
            {l3At, 0},
            {l3At, l4At + 4},
            {l3At, l3At},
            {l3At, frame.end()},
            {l3At, 1 << 30},
            {l4At, l4At},
            {frame.end(), frame.end()},
            {1, 2},
            {l3At, -1}
        };
        for (int[] pair : layers) {
            frame.setLayers(pair[0], pair[1]);
            assertInvalid(frame);
        }
    }

    @Test
    void refusesHeadersThatLie() {
        int ip = 14;
        int tcp = 14 + 20;
        FrameBuilder good = Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1000);
        assertNull(segmenter.begin(Layers.set(good.frame())));
        String[][] pokes = {
            {ip + 2 + "", "0fc7"}, // total length one short
            {ip + 2 + "", "ffff"},
            {ip + 2 + "", "0000"},
            {ip + "", "44"}, // IHL 4
            {ip + "", "4f"}, // IHL beyond where the transport header is said to be
            {ip + "", "65"}, // version 6
            {ip + 6 + "", "2000"}, // a fragment
            {ip + 6 + "", "0001"},
            {ip + 9 + "", "11"}, // UDP
            {tcp + 12 + "", "40"}, // data offset 4
            {tcp + 13 + "", "12"}, // SYN
            {tcp + 13 + "", "14"}, // RST
        };
        for (String[] poke : pokes) {
            Frame frame = good.frame();
            Layers.set(frame);
            byte[] patch = Hex.bytes(poke[1]);
            for (int i = 0; i < patch.length; i++) {
                frame.segment()
                        .set(
                                java.lang.foreign.ValueLayout.JAVA_BYTE,
                                frame.start() + Integer.parseInt(poke[0]) + (long) i,
                                patch[i]);
            }
            assertInvalid(frame);
        }
        // data offset 15 in a segment of 20 bytes and some: the header would reach beyond the packet
        Frame cut =
                Layers.set(Frames.tcpv4().payload(30).gso(Frame.GSO_TCPV4, 10).frame());
        cut.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, cut.l4At() + 12L, (byte) 0xf0);
        assertInvalid(cut);
        Frame udp = Layers.set(
                Frames.udpv4().payload(300).gso(Frame.GSO_UDP_L4, 100).frame());
        UdpHeader.setLength(udp.segment(), udp.l4At(), 300);
        assertInvalid(udp);
        Frame fragmentHeader = Layers.set(Frames.ipv6()
                .fragmentHeader(0, false, 1)
                .tcp(1, 2)
                .payload(300)
                .gso(Frame.GSO_TCPV6, 100)
                .frame());
        assertInvalid(fragmentHeader);
        Frame padded = Layers.set(
                Frames.tcpv4().payload(100).gso(Frame.GSO_TCPV4, 50).padTo(300).frame());
        assertInvalid(padded);
        Frame empty = Layers.set(Frames.tcpv4().gso(Frame.GSO_TCPV4, 50).frame());
        assertInvalid(empty);
    }

    @Test
    void everyTruncationIsRefused() {
        FrameBuilder builder = Frames.aToB()
                .vlan(7)
                .ipv6(Frames.IP6_A, Frames.IP6_B)
                .tcp(1, 2)
                .tcpOptions("0101 080a 00000001 00000002")
                .payload(100)
                .gso(Frame.GSO_TCPV6, 40);
        Frame whole = Layers.set(builder.frame());
        byte[] bytes = Hex.bytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Frame frame = Hex.frame(Arrays.copyOf(bytes, length), 0);
            frame.describeAs(whole);
            assertInvalid(frame);
            assertTrue(Segmenter.largestSegmentBytes(frame) <= length);
        }
    }

    @Test
    void failsWithoutBuffersOrRoom() {
        Frame frame = Layers.set(
                Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1000).frame());
        assertTrue(Vxlan.push(frame, VNI));
        FrameBatch three = new FrameBatch(3);
        assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.segment(frame, Checksums.COMPLETE, pool, three));
        assertTrue(three.isEmpty());
        assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.trains(frame, pool, new FrameBatch(0)));
        try (FramePool few = new FramePool(3, FramePool.SUPERFRAME_BUFFER_BYTES);
                FramePool small = new FramePool(8, 512);
                FramePool medium = new FramePool(8, Frame.HEADROOM_BYTES + 3000)) {
            assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.segment(frame, Checksums.COMPLETE, few, out));
            assertEquals(3, few.free());
            assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.segment(frame, Checksums.COMPLETE, small, out));
            assertEquals(DropReason.SEGMENTATION_FAILED, segmenter.trains(frame, small, out));
            assertEquals(8, small.free());
            assertTrue(out.isEmpty());
            assertNull(segmenter.trains(frame, medium, out));
            assertEquals(2, out.size(), "two datagrams fit each of these buffers");
            out.releaseAll(medium);
        }
    }

    @Test
    void countsOverABatchThatIsTooSmall() {
        Frame frame =
                Layers.set(Frames.tcpv4().payload(3000).gso(Frame.GSO_TCPV4, 10).frame()); // 300 segments, 256 buffers
        assertFails(frame);
    }

    @Test
    void anyDamagedSuperframeIsSurvived() {
        RandomGenerator random = Seed.random(SegmenterTest.class);
        RandomFrames damage = new RandomFrames(random);
        int cut = 0;
        for (int i = 0; i < 1500; i++) {
            RandomSuperframe superframe = random.nextBoolean()
                    ? RandomSuperframe.randomUdp(random, 3000)
                    : RandomSuperframe.randomTcp(random, false, 3000);
            Frame whole = superframe.frame();
            Frame frame = Hex.frame(damage.mutate(Hex.bytes(whole)), 0);
            frame.describeAs(whole);
            if (random.nextInt(8) == 0) {
                frame.setGso(whole.gsoType(), random.nextInt(65_536), random.nextInt(65_536));
            }
            if (segmenter.segment(frame, Checksums.COMPLETE, pool, out) == null) {
                cut++;
            }
            out.releaseAll(pool);
            if (segmenter.trains(frame, pool, out) == null) {
                cut++;
            }
            out.releaseAll(pool);
            assertTrue(Segmenter.largestSegmentBytes(frame) <= frame.length());
        }
        assertTrue(cut > 0);
    }

    @Test
    void aWrongHeaderChecksumIsNotMadeRight() {
        Frame frame = Layers.set(Frames.tcpv4()
                .payload(3_000)
                .partialChecksum()
                .gso(Frame.GSO_TCPV4, 1_000)
                .poke(24, "dead")
                .frame());
        assertEquals(DropReason.IPV4_BAD_CHECKSUM, segmenter.begin(frame));
        assertEquals(0, segmenter.remaining());
    }
}
