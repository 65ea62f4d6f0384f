package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class TunnelSuperframeTest {

    /** RFC 7348, section 5: flags 0x08, VNI 42. */
    private static final byte[] VXLAN = {8, 0, 0, 0, 0, 0, 42, 0};
    /** RFC 2784: Ethernet within, without and with a key. */
    private static final byte[] GRE = {0, 0, 0x65, 0x58};

    private static final byte[] KEYED_GRE = {0x20, 0, 0x65, 0x58, 0, 0, 0, 7};
    private static final byte[] SUMMED_GRE = {(byte) 0x80, 0, 0x65, 0x58, 1, 2, 0, 0};

    private final TunnelSuperframe tunnel = new TunnelSuperframe();

    private static byte[] outer(byte[] header, boolean ipv4, int tags, int index, byte[] inner) {
        FrameBuilder builder = Frames.aToB();
        for (int i = 0; i < tags; i++) {
            builder.vlan(200 + i);
        }
        if (ipv4) {
            builder.ipv4(Frames.IP4_A, Frames.IP4_B)
                    .identification(65_530 + index & 0xffff)
                    .dontFragment();
        } else {
            builder.ipv6(Frames.IP6_A, Frames.IP6_B);
        }
        byte[] payload = Arrays.copyOf(header, header.length + inner.length);
        System.arraycopy(inner, 0, payload, header.length, inner.length);
        if (header[0] == VXLAN[0]) {
            builder.udp(50_000, 4_789);
        } else {
            builder.protocol(47);
        }
        return builder.payload(payload).bytes();
    }

    /** As a packet socket gives it. */
    private static Frame superframe(byte[] header, boolean ipv4, int tags, RandomSuperframe inside) {
        Frame inner = inside.frame();
        byte[] bytes = outer(header, ipv4, tags, 0, Hex.bytes(inner));
        Frame frame = Hex.frame(bytes, 0);
        int innerAt = frame.end() - inner.length();
        frame.setChecksum(
                Frame.CSUM_PARTIAL,
                innerAt + inner.l4At() - inner.start(),
                inside.udp() ? UdpHeader.CHECKSUM_OFFSET : TcpHeader.CHECKSUM_OFFSET);
        frame.setGso(inside.gsoType(), inside.sizeBytes(), 0);
        return frame;
    }

    @Test
    void everySegmentIsTheGuestsOwn() {
        RandomGenerator random = Seed.random(TunnelSuperframeTest.class);
        try (FramePool pool = new FramePool(1, FramePool.SUPERFRAME_BUFFER_BYTES)) {
            for (int round = 0; round < 500; round++) {
                RandomSuperframe inside = random.nextInt(4) == 0
                        ? RandomSuperframe.randomUdp(random, 50_000)
                        : RandomSuperframe.randomTcp(random, true, 50_000);
                if (inside.extension()) {
                    continue;
                }
                byte[] header = random.nextInt(3) == 0 ? random.nextBoolean() ? GRE : KEYED_GRE : VXLAN;
                boolean ipv4 = random.nextBoolean();
                int tags = random.nextInt(3);
                Frame frame = superframe(header, ipv4, tags, inside);
                assertTrue(TunnelSuperframe.matches(frame), inside::toString);
                assertNull(tunnel.begin(frame), inside::toString);
                assertEquals(inside.segments(), tunnel.remaining());
                for (int i = 0; i < inside.segments(); i++) {
                    Frame segment = Objects.requireNonNull(pool.take());
                    assertTrue(tunnel.next(segment));
                    assertArrayEquals(outer(header, ipv4, tags, i, inside.segment(i)), Hex.bytes(segment));
                    assertEquals(Frame.GSO_NONE, segment.gsoType());
                    assertEquals(Frame.CSUM_VALID, segment.checksumState());
                    pool.release(segment);
                }
                assertEquals(0, tunnel.remaining());
            }
        }
    }

    /**
     * The kernel merges what is in GRE as a list of packets, too, and then tells neither a checksum's place nor leaves
     * one partial.
     */
    @Test
    void aListIsCutAsWell() {
        RandomGenerator random = Seed.random(TunnelSuperframeTest.class);
        try (FramePool pool = new FramePool(1, FramePool.SUPERFRAME_BUFFER_BYTES)) {
            for (int round = 0; round < 200; round++) {
                RandomSuperframe inside = random.nextBoolean()
                        ? RandomSuperframe.randomUdp(random, 50_000)
                        : RandomSuperframe.randomTcp(random, true, 50_000);
                if (inside.extension() || inside.segments() == 1) {
                    continue;
                }
                byte[] header = random.nextBoolean() ? GRE : KEYED_GRE;
                boolean ipv4 = random.nextBoolean();
                Frame frame = superframe(header, ipv4, 0, inside);
                frame.segment()
                        .set(
                                java.lang.foreign.ValueLayout.JAVA_BYTE,
                                (long) frame.checksumStart() + frame.checksumOffset(),
                                (byte) random.nextInt());
                frame.setChecksum(Frame.CSUM_VALID, 0, 0);
                assertTrue(TunnelSuperframe.matches(frame), inside::toString);
                assertNull(tunnel.begin(frame), inside::toString);
                assertEquals(inside.segments(), tunnel.remaining());
                for (int i = 0; i < inside.segments(); i++) {
                    Frame segment = Objects.requireNonNull(pool.take());
                    assertTrue(tunnel.next(segment));
                    assertArrayEquals(outer(header, ipv4, 0, i, inside.segment(i)), Hex.bytes(segment));
                    pool.release(segment);
                }
            }
        }
    }

    @Test
    void whatIsNoTunnelIsLeftAlone() {
        RandomGenerator random = Seed.random(TunnelSuperframeTest.class);
        for (int round = 0; round < 200; round++) {
            assertFalse(TunnelSuperframe.matches(
                    RandomSuperframe.randomTcp(random, false, 10_000).frame()));
            assertFalse(TunnelSuperframe.matches(
                    RandomSuperframe.randomUdp(random, 10_000).frame()));
        }
        assertFalse(
                TunnelSuperframe.matches(Hex.frame(Frames.udpv4().payload(200).bytes(), 0)));
    }

    @Test
    void whatDoesNotAddUpIsRefused() {
        RandomSuperframe inside = RandomSuperframe.randomTcp(Seed.random(TunnelSuperframeTest.class), true, 9_000);
        assertEquals(DropReason.OFFLOAD_INVALID, tunnel.begin(superframe(SUMMED_GRE, true, 0, inside)));
        for (int by : new int[] {-30, -20, -4, -1, 1, 4, 20, 40}) {
            Frame frame = superframe(VXLAN, true, 0, inside);
            frame.setChecksum(Frame.CSUM_PARTIAL, frame.checksumStart() + by, TcpHeader.CHECKSUM_OFFSET);
            assertEquals(DropReason.OFFLOAD_INVALID, tunnel.begin(frame), "moved by " + by);
        }
        int whole = superframe(VXLAN, true, 0, inside).length();
        for (int length = 14; length < Math.min(whole, 300); length++) {
            Frame cut = superframe(VXLAN, true, 0, inside);
            cut.resize(length);
            if (TunnelSuperframe.matches(cut)) {
                assertEquals(DropReason.OFFLOAD_INVALID, tunnel.begin(cut), "cut to " + length);
            }
        }
    }

    @Test
    void randomBytesAreNeverReadBeyondTheirEnd() {
        RandomGenerator random = Seed.random(TunnelSuperframeTest.class);
        for (int round = 0; round < 20_000; round++) {
            RandomSuperframe inside = RandomSuperframe.randomTcp(random, true, 400);
            Frame frame =
                    superframe(random.nextBoolean() ? VXLAN : GRE, random.nextBoolean(), random.nextInt(3), inside);
            for (int k = random.nextInt(1, 4); k > 0; k--) {
                int at = frame.start() + random.nextInt(Math.min(frame.length(), 120));
                frame.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
            }
            if (random.nextInt(3) == 0) {
                frame.resize(random.nextInt(frame.length()));
            }
            if (TunnelSuperframe.matches(frame) && tunnel.begin(frame) == null) {
                assertTrue(tunnel.remaining() > 0);
            }
        }
    }
}
