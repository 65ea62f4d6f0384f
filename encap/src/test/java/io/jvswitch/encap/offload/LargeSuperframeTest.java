package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LargeSuperframeTest {
    private static final int SPILL_AT = 1000;

    private final FramePool pool = new FramePool(4, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final LargeSuperframe large = new LargeSuperframe(pool);

    LargeSuperframeTest() {
        pool.setSpill(Arena.ofAuto().allocate(1 << 20));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** As Linux 6.18 gives one to a packet socket: seen with {@code gso_max_size} 180000 on a veth. */
    private static byte[] bytes(boolean ipv4, boolean jumbo, int tags, byte[] payload) {
        FrameBuilder builder = Frames.aToB();
        for (int i = 0; i < tags; i++) {
            builder.vlan(100 + i);
        }
        if (ipv4) {
            builder.ipv4(Frames.IP4_A, Frames.IP4_B).identification(65_500).dontFragment();
        } else {
            builder.ipv6(Frames.IP6_A, Frames.IP6_B);
        }
        byte[] small = builder.tcp(1000, 2000).payload(1).bytes();
        int headerBytes = small.length - 1;
        int ipAt = 14 + 4 * tags;
        int jumboAt = ipAt + 40;
        int jumboBytes = jumbo ? 8 : 0;
        byte[] all = new byte[headerBytes + jumboBytes + payload.length];
        int before = jumbo ? jumboAt : headerBytes;
        System.arraycopy(small, 0, all, 0, before);
        System.arraycopy(small, before, all, before + jumboBytes, headerBytes - before);
        System.arraycopy(payload, 0, all, headerBytes + jumboBytes, payload.length);
        MemorySegment seg = MemorySegment.ofArray(all);
        if (ipv4) {
            Ipv4Header.setTotalLength(seg, ipAt, 0);
            Ipv4Header.updateChecksum(seg, ipAt);
        } else {
            Ipv6Header.setPayloadLength(seg, ipAt, 0);
        }
        if (jumbo) {
            Ipv6Header.setNextHeader(seg, ipAt, 0);
            NetworkOrder.putInt(seg, jumboAt, 0x0600c204);
            NetworkOrder.putInt(seg, jumboAt + 4L, all.length - jumboAt);
        }
        int tcpAt = headerBytes + jumboBytes - 20;
        TcpHeader.setFlags(seg, tcpAt, TcpHeader.FLAG_ACK | TcpHeader.FLAG_PSH | TcpHeader.FLAG_CWR);
        TcpHeader.setSequence(seg, tcpAt, 0xffff_f000);
        return all;
    }

    private Frame frame(byte[] bytes, boolean ipv4, boolean jumbo, int tags, int sizeBytes) {
        Frame frame = Objects.requireNonNull(pool.take());
        int inBuffer = Math.min(bytes.length, frame.tailroom());
        frame.resize(inBuffer);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), frame.start(), inBuffer);
        if (inBuffer < bytes.length) {
            MemorySegment spill = Objects.requireNonNull(pool.spill());
            int excess = bytes.length - inBuffer;
            MemorySegment.copy(MemorySegment.ofArray(bytes), inBuffer, spill, SPILL_AT, excess);
            frame.setExcess(SPILL_AT, excess);
        }
        int tcpAt = frame.start() + 14 + 4 * tags + (ipv4 ? 20 : jumbo ? 48 : 40);
        frame.setChecksum(Frame.CSUM_PARTIAL, tcpAt, TcpHeader.CHECKSUM_OFFSET);
        frame.setGso((ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6) | Frame.GSO_ECN, sizeBytes, 0);
        return frame;
    }

    @Test
    void thePiecesCarryAllThatTheSuperframeDid() {
        RandomGenerator random = Seed.random(LargeSuperframeTest.class);
        for (int round = 0; round < 200; round++) {
            boolean ipv4 = random.nextBoolean();
            boolean jumbo = !ipv4 && random.nextBoolean();
            int tags = random.nextInt(3);
            int sizeBytes = random.nextInt(200, 9_000);
            byte[] payload = new byte[random.nextInt(65_536, random.nextBoolean() ? 68_000 : 524_000)];
            random.nextBytes(payload);
            Frame frame = frame(bytes(ipv4, jumbo, tags, payload), ipv4, jumbo, tags, sizeBytes);
            assertTrue(LargeSuperframe.matches(frame));
            assertNull(large.begin(frame));
            check(frame, ipv4, sizeBytes, payload);
            pool.release(frame);
        }
    }

    private void check(Frame frame, boolean ipv4, int sizeBytes, byte[] payload) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Segmenter segmenter = new Segmenter();
        int pieces = large.remaining();
        int segments = 0;
        for (int i = 0; i < pieces; i++) {
            Frame piece = Objects.requireNonNull(pool.take());
            assertTrue(large.next(piece));
            assertEquals(0, piece.excessBytes());
            assertFalse(LargeSuperframe.matches(piece));
            Layers.set(piece);
            MemorySegment seg = piece.segment();
            assertEquals(piece.l4At(), piece.checksumStart());
            int flags = TcpHeader.flags(seg, piece.l4At());
            assertEquals(i == pieces - 1, (flags & TcpHeader.FLAG_PSH) != 0, "PSH of piece " + i);
            assertEquals(i == 0, (flags & TcpHeader.FLAG_CWR) != 0, "CWR of piece " + i);
            assertEquals(0xffff_f000 + all.size(), TcpHeader.sequence(seg, piece.l4At()));
            if (ipv4) {
                assertEquals(65_500 + segments & 0xffff, Ipv4Header.identification(seg, piece.l3At()));
            }
            byte[] part = Arrays.copyOfRange(Hex.bytes(piece), piece.l4At() + 20 - piece.start(), piece.length());
            all.writeBytes(part);
            if (part.length > sizeBytes) {
                assertNull(segmenter.begin(piece));
                assertTrue(piece.length() + segmenter.remaining() * 60 < 70_000, "fits one train");
            }
            segments += (part.length + sizeBytes - 1) / sizeBytes;
            assertTrue(i == pieces - 1 || part.length % sizeBytes == 0, "whole segments");
            pool.release(piece);
        }
        assertArrayEquals(payload, all.toByteArray());
        assertFalse(large.next(frame));
    }

    @Test
    void whatFitsIpIsLeftAlone() {
        Frame frame = Objects.requireNonNull(pool.take());
        frame.resize(65_553); // an MTU of 65,535, and a tag
        byte[] head = Frames.aToB()
                .vlan(1)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .payload(10)
                .bytes();
        MemorySegment.copy(MemorySegment.ofArray(head), 0, frame.segment(), frame.start(), head.length);
        assertFalse(LargeSuperframe.matches(frame));
        assertFalse(
                LargeSuperframe.matches(Hex.frame(Frames.tcpv4().payload(1000).bytes(), 0)));
    }

    @Test
    void whatDoesNotAddUpIsRefused() {
        byte[] bytes = bytes(false, true, 0, new byte[100_000]);
        Frame sizeless = frame(bytes, false, true, 0, 0);
        assertEquals(DropReason.OFFLOAD_INVALID, large.begin(sizeless));
        sizeless.clearOffload();
        assertTrue(LargeSuperframe.matches(sizeless));
        assertEquals(DropReason.RX_TOO_LONG, large.begin(sizeless), "no superframe at all");
        sizeless.setGso(Frame.GSO_UDP_L4, 1000, 0);
        assertEquals(DropReason.RX_TOO_LONG, large.begin(sizeless), "UDP has no such length");
        pool.release(sizeless);
        for (int at : new int[] {14, 20, 54, 55, 56, 57, 61}) { // version, next header, and of the option
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x11;
            Frame frame = frame(damaged, false, true, 0, 1400);
            assertEquals(DropReason.OFFLOAD_INVALID, large.begin(frame), "byte " + at);
            pool.release(frame);
        }
        byte[] wrongSum = bytes(true, false, 0, new byte[100_000]);
        wrongSum[24] ^= 1;
        Frame frame = frame(wrongSum, true, false, 0, 1400);
        assertEquals(DropReason.IPV4_BAD_CHECKSUM, large.begin(frame));
        assertEquals(0, large.remaining());
        assertFalse(large.next(frame));
    }
}
