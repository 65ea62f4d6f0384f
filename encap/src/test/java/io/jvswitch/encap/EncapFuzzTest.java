package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jvswitch.encap.mtu.MssClamp;
import io.jvswitch.encap.mtu.TooBig;
import io.jvswitch.encap.offload.Coalescer;
import io.jvswitch.encap.offload.Ipv4Fragmenter;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.encap.offload.Segmenter.Checksums;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import java.util.Objects;

/**
 * Any bytes: no exception, no buffer lost. {@code mvn test} runs the corpus beside this class; with {@code
 * JAZZER_FUZZ=1} Jazzer looks for more.
 */
final class EncapFuzzTest {

    private static final int FRAMES = 64;

    /** The first byte chooses the tunnel, the rest is a datagram. */
    @FuzzTest
    void aDatagramFromTheUnderlay(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] datagram = Arrays.copyOfRange(input, 1, Math.min(input.length, 9000));
        TunnelKind kind = TunnelFlags.kind(TunnelFlags.VXLAN + (input[0] & 0xff) % 3);
        try (FramePool pool = new FramePool(FRAMES, FramePool.JUMBO_BUFFER_BYTES)) {
            FrameBatch out = new FrameBatch(FRAMES);
            Frame frame = Objects.requireNonNull(pool.take());
            Hex.fill(frame, datagram);
            boolean popped = (switch (kind) {
                        case VXLAN -> Vxlan.pop(frame);
                        case GRE -> Gre.pop(frame, 100);
                        case GENEVE -> Geneve.pop(frame);
                    })
                    == null;
            if (!popped) {
                assertEquals(datagram.length, frame.length());
            }
            Coalescer coalescer = new Coalescer();
            if (popped) {
                coalescer.add(frame, pool, out);
            } else {
                pool.release(frame);
            }
            Frame train = Objects.requireNonNull(pool.take());
            Hex.fill(train, datagram);
            train.setGso(Frame.GSO_UDP_L4, Math.max(1, datagram.length / 3), 0);
            coalescer.addTrain(train, kind, pool, out, (from, reason) -> {});
            coalescer.flush();
            out.releaseAll(pool);
            assertEquals(FRAMES, pool.free());
        }
    }

    /** The first bytes choose layers and offload fields, the rest is a guest's frame. */
    @FuzzTest
    void aFrameFromAGuest(byte[] input) {
        if (input.length < 5 + 14) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 5, Math.min(input.length, 9000));
        int l3Offset = 14 + 4 * (input[0] & 3);
        int l4Offset = l3Offset + 20 + 4 * (input[0] >>> 2 & 0x1f);
        try (FramePool pool = new FramePool(FRAMES, FramePool.JUMBO_BUFFER_BYTES)) {
            FrameBatch out = new FrameBatch(FRAMES);
            Frame frame = Objects.requireNonNull(pool.take());
            Hex.fill(frame, bytes);
            frame.setLayers(frame.start() + l3Offset, frame.start() + l4Offset);
            MssClamp.clamp(frame, 1450);
            Frame answer = Objects.requireNonNull(pool.take());
            TooBig.answer(frame, 1450, answer);
            pool.release(answer);
            Ipv4Fragmenter.fragment(frame, 576, pool, out);
            out.releaseAll(pool);

            int type = input[1] & 0xff;
            boolean udp = (type & ~Frame.GSO_ECN) == Frame.GSO_UDP_L4;
            frame.setGso(type, (input[2] & 0xff) << 8 | input[3] & 0xff, input[4] & 0xff);
            frame.setChecksum(
                    Frame.CSUM_PARTIAL, frame.l4At(), udp ? UdpHeader.CHECKSUM_OFFSET : TcpHeader.CHECKSUM_OFFSET);
            assertTrue(Segmenter.largestSegmentBytes(frame) <= frame.length());
            Segmenter segmenter = new Segmenter();
            segmenter.segment(frame, Checksums.COMPLETE, pool, out);
            out.releaseAll(pool);
            segmenter.trains(frame, pool, out);
            out.releaseAll(pool);
            pool.release(frame);
            assertEquals(FRAMES, pool.free());
        }
    }
}
