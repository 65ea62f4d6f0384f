package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Segmenter.Checksums;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatagramCoalescerTest {

    private static final int FRAMES = 300;
    private static final int HASH = 77;

    private final FramePool pool = new FramePool(FRAMES, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final FrameBatch out = new FrameBatch(FRAMES);
    /** For each frame of {@link #out}, how many it stands for. */
    private final int[] counts = new int[FRAMES];

    private final DatagramCoalescer coalescer = new DatagramCoalescer();
    private final Segmenter segmenter = new Segmenter();

    @AfterEach
    void everyFrameComesBack() {
        out.releaseAll(pool);
        assertEquals(FRAMES, pool.free());
        pool.close();
    }

    private void add(FrameBuilder builder, int flowHash) {
        Frame frame = Objects.requireNonNull(pool.take());
        Layers.set(builder.into(frame)).setFlowHash(flowHash);
        add(frame);
    }

    private void add(Frame frame) {
        int joined = coalescer.join(frame);
        if (joined == DatagramCoalescer.NONE) {
            counts[out.size()] = 1;
            coalescer.begin(frame, out.size());
            out.add(frame);
        } else {
            counts[joined]++;
            pool.release(frame);
        }
    }

    /** Sends the datagrams of one flow as one burst. */
    private void burst(FrameBuilder... frames) {
        out.releaseAll(pool);
        for (FrameBuilder frame : frames) {
            add(frame, HASH);
        }
        coalescer.finish();
    }

    /** What the output becomes at the receiver: superframes cut again, the others as they are. */
    private List<byte[]> expanded() {
        List<byte[]> frames = new ArrayList<>();
        FrameBatch datagrams = new FrameBatch(FRAMES);
        for (int i = 0; i < out.size(); i++) {
            Frame frame = out.get(i);
            if (frame.gsoType() == Frame.GSO_NONE) {
                assertEquals(1, counts[i]);
                frames.add(Hex.bytes(frame));
                continue;
            }
            assertNull(segmenter.segment(frame, Checksums.COMPLETE, pool, datagrams));
            assertEquals(counts[i], datagrams.size());
            for (int d = 0; d < datagrams.size(); d++) {
                frames.add(Hex.bytes(datagrams.get(d)));
            }
            datagrams.releaseAll(pool);
        }
        return frames;
    }

    private static FrameBuilder first() {
        return Frames.ipv4().identification(7).udp(1, 2).payload(100);
    }

    private static FrameBuilder second(int bytes) {
        return Frames.ipv4().identification(8).udp(1, 2).payload(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100})
    void aDatagramNoLongerThanTheFirstJoins(int bytes) {
        burst(first(), second(bytes));
        assertEquals(1, out.size());
        Frame superframe = out.get(0);
        assertEquals(Frame.GSO_UDP_L4, superframe.gsoType());
        assertEquals(100, superframe.gsoSizeBytes());
        assertEquals(42, superframe.gsoHeaderBytes());
        assertEquals(Frame.CSUM_PARTIAL, superframe.checksumState());
        byte[] payload = Arrays.copyOf(first().bytes(), 142 + bytes);
        System.arraycopy(second(bytes).bytes(), 42, payload, 142, bytes);
        byte[] expected = Frames.ipv4()
                .identification(7)
                .udp(1, 2)
                .payload(Arrays.copyOfRange(payload, 42, payload.length))
                .partialChecksum()
                .bytes();
        assertArrayEquals(expected, Hex.bytes(superframe));
        assertEquals(2, expanded().size());
        assertArrayEquals(second(bytes).bytes(), expanded().get(1));
    }

    @Test
    void aShorterDatagramIsTheLast() {
        burst(first(), second(99), Frames.ipv4().identification(9).udp(1, 2).payload(99));
        assertEquals(2, out.size());
        assertEquals(2, counts[0]);
    }

    @Test
    void sixtyFourDatagramsAreAllThatASuperframeTakes() {
        FrameBuilder[] frames = new FrameBuilder[100];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frames.ipv4().identification(i).udp(1, 2).payload(18);
        }
        burst(frames);
        assertEquals(2, out.size());
        assertEquals(64, counts[0]);
        assertEquals(36, counts[1]);
    }

    @Test
    void aSuperframeIsNoLongerThanAPacketMayBe() {
        FrameBuilder[] frames = new FrameBuilder[50];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frames.ipv4().identification(i).udp(1, 2).payload(1_472);
        }
        burst(frames);
        assertEquals(44, counts[0]);
        assertEquals(6, counts[1]);
        assertTrue(out.get(0).length() - 14 <= 65_535);
    }

    @Test
    void whatDiffersFromTheFirstStaysApart() {
        Map<String, FrameBuilder> others = new LinkedHashMap<>();
        others.put("longer", second(101));
        others.put("without payload", second(0));
        others.put("destination port", Frames.ipv4().identification(8).udp(1, 3).payload(100));
        others.put("source port", Frames.ipv4().identification(8).udp(2, 2).payload(100));
        others.put(
                "identification repeats",
                Frames.ipv4().identification(7).udp(1, 2).payload(100));
        others.put(
                "identification jumps",
                Frames.ipv4().identification(9).udp(1, 2).payload(100));
        others.put("ttl", Frames.ipv4().identification(8).ttl(1).udp(1, 2).payload(100));
        others.put("tos", Frames.ipv4().identification(8).tos(4).udp(1, 2).payload(100));
        others.put(
                "df", Frames.ipv4().identification(8).dontFragment().udp(1, 2).payload(100));
        others.put(
                "address",
                Frames.aToB()
                        .ipv4(Frames.IP4_A, "10.9.9.9")
                        .identification(8)
                        .udp(1, 2)
                        .payload(100));
        others.put(
                "mac",
                Frames.ethernet("02:00:00:00:00:77", "02:00:00:00:00:78")
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .identification(8)
                        .udp(1, 2)
                        .payload(100));
        others.put(
                "tag",
                Frames.aToB()
                        .vlan(5)
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .identification(8)
                        .udp(1, 2)
                        .payload(100));
        others.put(
                "options",
                Frames.ipv4().identification(8).ipOptions("01010100").udp(1, 2).payload(100));
        others.put(
                "fragment",
                Frames.ipv4().identification(8).fragment(0, true).udp(1, 2).payload(100));
        others.put("ipv6", Frames.ipv6().udp(1, 2).payload(100));
        others.put("tcp", Frames.ipv4().identification(8).tcp(1, 2).payload(88));
        others.put("padding", second(100).padTo(150));
        others.put("wrong checksum", second(100).badChecksum());
        others.put(
                "no checksum",
                Frames.ipv4().identification(8).udp(1, 2).withoutChecksum().payload(100));
        others.put("wrong IPv4 checksum", second(100).poke(24, "dead"));
        others.forEach((what, other) -> {
            burst(first(), other);
            assertEquals(2, out.size(), what);
            assertArrayEquals(first().bytes(), Hex.bytes(out.get(0)), what);
            assertArrayEquals(other.bytes(), Hex.bytes(out.get(1)), what);
            assertEquals(1, counts[0], what);
        });
    }

    @Test
    void aWrongChecksumOfTheFirstIsNotMadeRight() {
        burst(first().badChecksum(), second(100));
        assertEquals(2, out.size());
        assertArrayEquals(first().badChecksum().bytes(), Hex.bytes(out.get(0)));
    }

    @Test
    void identificationsUnderDfDoNotMatter() {
        burst(
                Frames.ipv4().dontFragment().udp(1, 2).payload(10),
                Frames.ipv4().dontFragment().udp(1, 2).payload(10),
                Frames.ipv4().dontFragment().identification(500).udp(1, 2).payload(10));
        assertEquals(1, out.size());
        assertEquals(3, counts[0]);
    }

    @Test
    void partialChecksumsAreTakenAsTheyAre() {
        burst(first().partialChecksum(), second(100));
        assertEquals(1, out.size());
        assertArrayEquals(first().bytes(), expanded().get(0));
        assertArrayEquals(second(100).bytes(), expanded().get(1));
    }

    @Test
    void aSuperframeOfTheGuestPassesAndKeepsItsPlace() {
        FrameBuilder superframe = Frames.ipv4()
                .identification(8)
                .udp(1, 2)
                .payload(300)
                .partialChecksum()
                .gso(Frame.GSO_UDP_L4, 100);
        burst(first(), superframe, Frames.ipv4().identification(11).udp(1, 2).payload(100));
        assertEquals(3, out.size());
        assertEquals(342, out.get(1).length());
    }

    @Test
    void moreFlowsThanCanGrowLoseNothing() {
        out.releaseAll(pool);
        for (int round = 0; round < 10; round++) {
            for (int flow = 0; flow < 20; flow++) {
                add(Frames.ipv4().identification(round).udp(1000 + flow, 2).payload(18), flow);
            }
        }
        coalescer.finish();
        List<byte[]> received = expanded();
        assertEquals(200, received.size());
        for (int flow = 0; flow < 20; flow++) {
            assertOrder(1000 + flow, received);
        }
    }

    private static void assertOrder(int sourcePort, List<byte[]> frames) {
        int next = 0;
        for (byte[] frame : frames) {
            if (((frame[34] & 0xff) << 8 | frame[35] & 0xff) == sourcePort) {
                assertEquals(next++, (frame[18] & 0xff) << 8 | frame[19] & 0xff);
            }
        }
        assertEquals(10, next);
    }

    @Test
    void cutAgainEverySuperframeGivesTheDatagramsThatItWasMadeOf() {
        RandomGenerator random = Seed.random(DatagramCoalescerTest.class);
        int merged = 0;
        for (int i = 0; i < 300; i++) {
            RandomSuperframe description = RandomSuperframe.randomUdp(random, 60_000);
            List<byte[]> datagrams = description.allSegments();
            out.releaseAll(pool);
            for (byte[] datagram : datagrams) {
                Frame frame = Objects.requireNonNull(pool.take());
                Hex.fill(frame, datagram);
                Layers.set(frame).setFlowHash(HASH);
                add(frame);
            }
            coalescer.finish();
            merged += datagrams.size() - out.size();
            List<byte[]> received = expanded();
            assertEquals(datagrams.size(), received.size());
            for (int d = 0; d < datagrams.size(); d++) {
                assertArrayEquals(datagrams.get(d), received.get(d), description + ", datagram " + d);
            }
        }
        assertTrue(merged > 1000, "only " + merged + " datagrams were merged");
    }

    @Test
    void anyNoiseIsSurvivedAndPassesInOrder() {
        RandomGenerator random = Seed.random(DatagramCoalescerTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 200; i++) {
            out.releaseAll(pool);
            int total = 0;
            for (int f = 0; f < 40; f++) {
                Frame frame = Objects.requireNonNull(pool.take());
                Hex.fill(
                        frame,
                        random.nextBoolean() ? frames.mutated() : frames.next().bytes());
                int l3At = frame.start() + random.nextInt(-10, 60);
                frame.setLayers(l3At, l3At + random.nextInt(-10, 60));
                frame.setFlowHash(random.nextInt(3));
                add(frame);
            }
            coalescer.finish();
            for (int f = 0; f < out.size(); f++) {
                total += counts[f];
            }
            assertEquals(40, total);
        }
    }
}
