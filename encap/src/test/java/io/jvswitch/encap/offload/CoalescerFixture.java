package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.offload.Segmenter.Checksums;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** A coalescer with frames for it, two segments that join, and a look at what came out. */
abstract class CoalescerFixture {

    static final int FRAMES = 300;
    static final int VNI = 42;
    static final String TIMESTAMPS = "0101 080a 11223344 55667788";

    final FramePool pool = new FramePool(FRAMES, FramePool.SUPERFRAME_BUFFER_BYTES);
    final FrameBatch out = new FrameBatch(FRAMES);
    final Coalescer coalescer = new Coalescer();
    final Segmenter segmenter = new Segmenter();
    final Map<DropReason, Integer> lost = new EnumMap<>(DropReason.class);

    @AfterEach
    void everyFrameComesBack() {
        out.releaseAll(pool);
        assertEquals(FRAMES, pool.free());
        pool.close();
    }

    Frame take(byte[] bytes) {
        Frame frame = Objects.requireNonNull(pool.take());
        Hex.fill(frame, bytes);
        return frame;
    }

    void coalesce(List<byte[]> frames) {
        out.releaseAll(pool);
        for (byte[] bytes : frames) {
            coalescer.add(take(bytes), pool, out);
        }
        coalescer.flush();
    }

    List<byte[]> output() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < out.size(); i++) {
            frames.add(Hex.bytes(out.get(i)));
        }
        return frames;
    }

    int addTrain(List<byte[]> datagrams) {
        return addTrain(datagrams, 0);
    }

    int addTrain(List<byte[]> datagrams, int outerTrafficClass) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        datagrams.forEach(bytes::writeBytes);
        Frame train = take(bytes.toByteArray());
        train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
        train.setRemote(1, 2, 4789);
        train.setOuterTrafficClass(outerTrafficClass);
        int count = coalescer.addTrain(
                train, TunnelKind.VXLAN, pool, out, (from, reason) -> lost.merge(reason, 1, Integer::sum));
        coalescer.flush();
        return count;
    }

    static byte[] vxlan(byte[] inner, int vni) {
        Frame frame = Hex.frame(inner, 0);
        assertTrue(Vxlan.push(frame, vni));
        return Hex.bytes(frame);
    }

    static List<byte[]> vxlan(List<byte[]> inner) {
        return inner.stream().map(bytes -> vxlan(bytes, VNI)).toList();
    }

    static void assertFrames(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "frame " + i);
        }
    }

    /** What the output becomes on a wire: superframes cut again, the others as they are. */
    List<byte[]> expanded() {
        List<byte[]> frames = new ArrayList<>();
        FrameBatch segments = new FrameBatch(FRAMES);
        for (int i = 0; i < out.size(); i++) {
            Frame frame = out.get(i);
            if (frame.gsoType() == Frame.GSO_NONE) {
                frames.add(Hex.bytes(frame));
                continue;
            }
            assertNull(segmenter.segment(Layers.set(frame), Checksums.COMPLETE, pool, segments));
            for (int s = 0; s < segments.size(); s++) {
                frames.add(Hex.bytes(segments.get(s)));
            }
            segments.releaseAll(pool);
        }
        return frames;
    }

    // The two segments that every rule below is tried on.

    static FrameBuilder first() {
        return Frames.ipv4()
                .identification(7)
                .tcp(1, 2)
                .sequence(1000, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    static FrameBuilder second(int bytes) {
        return Frames.ipv4()
                .identification(8)
                .tcp(1, 2)
                .sequence(1100, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(bytes);
    }

    static FrameBuilder third() {
        return Frames.ipv4()
                .identification(9)
                .tcp(1, 2)
                .sequence(1200, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    void assertJoin(FrameBuilder a, FrameBuilder b) {
        coalesce(List.of(a.bytes(), b.bytes()));
        assertEquals(1, out.size());
        assertFrames(List.of(a.bytes(), b.bytes()), expanded());
    }

    void assertApart(FrameBuilder a, FrameBuilder b) {
        List<byte[]> frames = List.of(a.bytes(), b.bytes());
        coalesce(frames);
        assertFrames(frames, output());
        assertEquals(Frame.GSO_NONE, out.get(0).gsoType());
        assertEquals(Frame.GSO_NONE, out.get(1).gsoType());
    }

    static FrameBuilder dontFragment(int id, int sequence) {
        return Frames.ipv4()
                .dontFragment()
                .identification(id)
                .tcp(1, 2)
                .sequence(sequence, 1)
                .payload(100);
    }

    Frame tunnelled(FrameBuilder builder) {
        Frame frame = take(builder.bytes());
        frame.setTunnel(VNI, TunnelFlags.VXLAN | TunnelFlags.KEYED);
        frame.setRemote(1, 2, 4789);
        return frame;
    }
}
