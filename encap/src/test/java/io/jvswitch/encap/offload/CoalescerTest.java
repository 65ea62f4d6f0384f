package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CoalescerTest extends CoalescerFixture {

    @Test
    void putsTogetherWhatLinuxCutUp() {
        List<byte[]> captured = Hex.frames(CoalescerTest.class, "linux-segments.hex");
        for (int at = 0; at < 12; at += 6) {
            byte[] superframe = captured.get(at);
            assertEquals(5, addTrain(captured.subList(at + 1, at + 6)));
            assertEquals(1, out.size());
            assertArrayEquals(superframe, Hex.bytes(out.get(0)), "every bit, the partial checksum too");
            Frame frame = out.get(0);
            assertEquals(at == 0 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6, frame.gsoType());
            assertEquals(148, frame.gsoSizeBytes());
            Layers.set(frame);
            assertEquals(frame.l4At() + 32 - frame.start(), frame.gsoHeaderBytes());
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(frame.l4At(), frame.checksumStart());
            assertEquals(TcpHeader.CHECKSUM_OFFSET, frame.checksumOffset());
            assertEquals(VNI, frame.tunnelId());
            assertEquals(2, frame.remoteLo());
            out.releaseAll(pool);
        }
    }

    /** Linux's UDP segments stay what they are: datagrams of their own. */
    @Test
    void leavesDatagramsAlone() {
        List<byte[]> captured = Hex.frames(CoalescerTest.class, "linux-segments.hex");
        List<byte[]> datagrams = captured.subList(13, 16);
        assertEquals(3, addTrain(datagrams));
        assertFrames(
                datagrams.stream().map(d -> Arrays.copyOfRange(d, 8, d.length)).toList(), output());
        for (int i = 0; i < 3; i++) {
            assertEquals(VNI, out.get(i).tunnelId());
            assertEquals(0, out.get(i).gsoSizeBytes());
        }
    }

    @Test
    void joinsWhatContinues() {
        assertJoin(first(), second(100));
        assertJoin(first(), second(1));
        assertJoin(first(), second(100).flags(TcpHeader.FLAG_ACK)); // the last header is TCP no more
    }

    @Test
    void trustsWhatWasVerifiedAndLeavesWhatIsPartial() {
        Frame a = take(first().bytes());
        Frame b = take(second(100).bytes());
        a.setChecksum(Frame.CSUM_VALID, 0, 0);
        b.setChecksum(Frame.CSUM_VALID, 0, 0);
        coalescer.add(a, pool, out);
        coalescer.add(b, pool, out);
        coalescer.flush();
        assertEquals(1, out.size());
        out.releaseAll(pool);

        Frame partial = Frames.ipv4()
                .identification(7)
                .tcp(1, 2)
                .sequence(1000, 1)
                .partialChecksum()
                .tcpOptions(TIMESTAMPS)
                .payload(100)
                .frame(pool);
        coalescer.add(partial, pool, out);
        coalescer.add(take(second(100).bytes()), pool, out);
        coalescer.flush();
        assertEquals(2, out.size());
        assertEquals(Frame.CSUM_PARTIAL, out.get(0).checksumState());
    }

    @Test
    void whatInterruptsAFlowKeepsItsPlace() {
        byte[] acknowledgment = Frames.ipv4().tcp(1, 2).sequence(1200, 9).bytes();
        List<byte[]> frames = List.of(
                dontFragment(0, 1000).bytes(),
                dontFragment(1, 1100).bytes(),
                acknowledgment,
                dontFragment(2, 1200).bytes(),
                dontFragment(3, 1300).bytes());
        coalesce(frames);
        assertEquals(3, out.size());
        assertArrayEquals(acknowledgment, Hex.bytes(out.get(1)));
        assertFrames(frames, expanded());
    }

    @Test
    void stopsAt65535Bytes() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            frames.add(Frames.ipv4()
                    .dontFragment()
                    .identification(i)
                    .tcp(1, 2)
                    .sequence(i * 1400, 1)
                    .payload(1400)
                    .bytes());
        }
        coalesce(frames);
        assertEquals(2, out.size());
        assertEquals(14 + 40 + 46 * 1400, out.get(0).length());
        assertFrames(frames, expanded());
        // a packet of exactly the most bytes
        byte[] big = Frames.ipv4()
                .tcp(1, 2)
                .sequence(0, 1)
                .payload(65_535 - 40 - 400)
                .bytes();
        byte[] fits = Frames.ipv4()
                .identification(2)
                .tcp(1, 2)
                .sequence(65_095, 1)
                .payload(400)
                .bytes();
        coalesce(List.of(big, fits));
        assertEquals(1, out.size());
        assertEquals(14 + 65_535, out.get(0).length());
        byte[] tooMuch = Frames.ipv4()
                .identification(2)
                .tcp(1, 2)
                .sequence(65_095, 1)
                .payload(401)
                .bytes();
        coalesce(List.of(big, tooMuch));
        assertEquals(2, out.size());
    }

    @Test
    void noMoreSegmentsJoinThanMayBeCutAgain() {
        int count = Segmenter.MAX_SEGMENTS + 10;
        try (FramePool large = new FramePool(count, 2_000 * 36)) {
            FrameBatch batch = new FrameBatch(count);
            for (int i = 0; i < count; i++) {
                Frame frame = Objects.requireNonNull(large.take());
                Hex.fill(
                        frame,
                        Frames.ipv4()
                                .identification(i)
                                .tcp(1, 2)
                                .sequence(1000 + 30 * i, 1)
                                .payload(30)
                                .bytes());
                coalescer.add(frame, large, batch);
            }
            coalescer.flush();
            assertEquals(2, batch.size());
            assertEquals(54 + 30 * Segmenter.MAX_SEGMENTS, batch.get(0).length());
            assertNull(segmenter.begin(Layers.set(batch.get(0))));
            batch.releaseAll(large);
        }
    }

    @Test
    void lacksBuffersOrRoomWithoutHarm() {
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            datagrams.add(vxlan(Frames.udpv4().payload(new byte[] {(byte) i}).bytes(), VNI));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        datagrams.forEach(bytes::writeBytes);
        Coalescer.Losses losses = (from, reason) -> lost.merge(reason, 1, Integer::sum);
        try (FramePool three = new FramePool(3, FramePool.SUPERFRAME_BUFFER_BYTES)) {
            Frame train = Objects.requireNonNull(three.take());
            Hex.fill(train, bytes.toByteArray());
            train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
            assertEquals(10, coalescer.addTrain(train, TunnelKind.VXLAN, three, out, losses));
            assertEquals(Map.of(DropReason.NO_BUFFER, 7), lost);
            out.releaseAll(three);

            lost.clear();
            FrameBatch two = new FrameBatch(2);
            train = Objects.requireNonNull(three.take());
            Hex.fill(train, bytes.toByteArray());
            train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
            assertEquals(10, coalescer.addTrain(train, TunnelKind.VXLAN, three, two, losses));
            assertEquals(Map.of(DropReason.NO_BUFFER, 8), lost);
            coalescer.flush();
            two.releaseAll(three);
            assertEquals(3, three.free());
        }
    }
}
