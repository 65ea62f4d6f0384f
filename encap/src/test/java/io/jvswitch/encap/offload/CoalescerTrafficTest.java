package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random traffic: whatever comes in comes out, unchanged and in its order. */
final class CoalescerTrafficTest extends CoalescerFixture {

    @Test
    void anySuperframeComesBackFromItsSegments() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        for (int i = 0; i < 150; i++) {
            RandomSuperframe superframe = RandomSuperframe.randomTcp(random, true, 60_000);
            byte[] whole = Hex.bytes(superframe.frame());
            List<byte[]> segments = superframe.allSegments();
            boolean train = random.nextBoolean();
            if (train) {
                out.releaseAll(pool);
                addTrain(vxlan(segments));
            } else {
                coalesce(segments);
            }
            assertEquals(1, out.size(), superframe.toString());
            Frame frame = out.get(0);
            if (segments.size() == 1) {
                assertArrayEquals(segments.getFirst(), Hex.bytes(frame));
            } else {
                assertArrayEquals(whole, Hex.bytes(frame), superframe.toString());
                assertEquals(superframe.gsoType(), frame.gsoType());
                assertEquals(superframe.sizeBytes(), frame.gsoSizeBytes());
            }
        }
    }

    @Test
    void moreFlowsThanItKnowsOnlyJoinLess() {
        List<byte[]> frames = new ArrayList<>();
        int flows = Coalescer.FLOWS + 20;
        for (int round = 0; round < 3; round++) {
            for (int flow = 0; flow < flows; flow++) {
                frames.add(Frames.ipv4()
                        .identification(round)
                        .tcp(100 + flow, 80)
                        .sequence(round * 50, 1)
                        .payload(50)
                        .bytes());
            }
        }
        coalesce(frames);
        assertTrue(out.size() >= flows && out.size() <= frames.size());
        assertEquals(byFlow(frames), byFlow(expanded()));
        coalesce(frames.subList(0, 2 * flows).stream()
                .filter(f -> (f[35] & 0xff) < 100 + 60)
                .toList());
        assertEquals(60, out.size(), "after a flush nothing is remembered");
    }

    /** Each flow's frames as text, in order; a flow is what addresses and ports name. */
    private static Map<String, List<String>> byFlow(List<byte[]> frames) {
        Map<String, List<String>> flows = new LinkedHashMap<>();
        for (byte[] bytes : frames) {
            Frame frame = Layers.set(Hex.frame(bytes, 0));
            String key = frame.l4At() == 0 || frame.l4At() + 4 > frame.end()
                    ? "other"
                    : Hex.text(Hex.bytes(frame.segment(), frame.start(), 14))
                            + Hex.text(Hex.bytes(frame.segment(), frame.l4At(), 4));
            flows.computeIfAbsent(key, k -> new ArrayList<>()).add(Hex.text(bytes));
        }
        return flows;
    }

    /**
     * The strongest law: cut again, every flow has exactly the frames that came, in order, damaged ones as damaged as
     * before.
     */
    @Test
    void nothingIsEverLostChangedOrReordered() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        for (int i = 0; i < 100; i++) {
            List<byte[]> frames = traffic(random, 0);
            coalesce(frames);
            assertEquals(byFlow(frames), byFlow(expanded()));
        }
    }

    @Test
    void norInTrains() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        int joined = 0;
        for (int i = 0; i < 100; i++) {
            int sizeBytes = random.nextInt(80, 600);
            List<byte[]> frames = traffic(random, sizeBytes);
            out.releaseAll(pool);
            int last = frames.size() - 1;
            List<byte[]> datagrams = new ArrayList<>(vxlan(frames));
            if (random.nextBoolean()) { // only the last may be short
                byte[] cut = Frames.udpv4().payload(random.nextInt(30)).bytes();
                frames.set(last, cut);
                datagrams.set(last, vxlan(cut, VNI));
            }
            assertEquals(frames.size(), addTrain(datagrams));
            joined += frames.size() - out.size();
            assertEquals(byFlow(frames), byFlow(expanded()));
        }
        assertTrue(joined > 0);
        assertTrue(lost.isEmpty(), lost.toString());
    }

    /**
     * Interleaved flows with losses, repetitions, swaps and damage; all frames of {@code frameBytes} when that is not
     * 0.
     */
    private static List<byte[]> traffic(RandomGenerator random, int frameBytes) {
        List<byte[]> frames = new ArrayList<>();
        int[] sequence = new int[4];
        int[] id = new int[4];
        while (frames.size() < 60) {
            int flow = random.nextInt(4);
            boolean ipv4 = flow < 3;
            int headers = 14 + (ipv4 ? 20 : 40) + 20;
            int payload = frameBytes != 0 ? frameBytes - headers : random.nextInt(4) == 0 ? random.nextInt(200) : 200;
            if (payload < 0) {
                continue;
            }
            FrameBuilder builder = ipv4 ? Frames.ipv4().identification(id[flow]++ & 0xffff) : Frames.ipv6();
            if (flow == 2) {
                builder.dontFragment();
            }
            int flags = random.nextInt(10) == 0 ? random.nextInt(512) : TcpHeader.FLAG_ACK;
            byte[] data = new byte[payload];
            random.nextBytes(data);
            byte[] bytes = builder.tcp(1000 + flow, 80)
                    .sequence(sequence[flow], 1)
                    .flags(flags)
                    .payload(data)
                    .bytes();
            sequence[flow] += payload;
            switch (random.nextInt(20)) {
                case 0 -> {} // lost
                case 1 -> {
                    frames.add(bytes);
                    frames.add(bytes.clone());
                }
                case 2 -> {
                    bytes[random.nextInt(headers, Math.max(headers + 1, bytes.length)) % bytes.length] ^= 4;
                    frames.add(bytes);
                }
                case 3 -> {
                    frames.add(bytes);
                    if (frames.size() > 1) {
                        Collections.swap(frames, frames.size() - 1, frames.size() - 2);
                    }
                }
                default -> frames.add(bytes);
            }
        }
        return frames;
    }

    @Test
    void anyNoiseIsSurvived() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 150; i++) {
            List<byte[]> burst = new ArrayList<>();
            for (int f = 0; f < 40; f++) {
                burst.add(
                        random.nextBoolean() ? frames.mutated() : frames.next().bytes());
            }
            coalesce(burst);
            assertTrue(out.size() <= 40);
            out.releaseAll(pool);
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            Frame train = take(noise);
            train.setGso(Frame.GSO_UDP_L4, random.nextInt(300), 0);
            coalescer.addTrain(train, TunnelKind.GENEVE, pool, out, (from, reason) -> {});
            coalescer.flush();
        }
    }
}
