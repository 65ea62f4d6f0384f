package io.jvswitch.bench.encap;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.offload.Coalescer;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.testing.Frames;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A TCP superframe of 43 segments of 1,398 bytes (60,114 bytes) is cut and put together: time and bytes for the whole
 * of it. {@code copy} and {@code sum} are the floor: its bytes copied once, its bytes summed once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class SuperframeBenchmark {

    private static final int SEGMENT_BYTES = 1398;
    private static final int SEGMENTS = 43;
    private static final int VNI = 42;

    private final FramePool pool = new FramePool(64, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final Segmenter segmenter = new Segmenter();
    private final Coalescer coalescer = new Coalescer();
    private final FrameBatch out = new FrameBatch(64);
    private final Frame superframe = superframe();
    private final Frame pushed = pushed();
    private final Frame train = train();
    private final Frame scratch = Objects.requireNonNull(pool.take());
    private final Coalescer.Losses losses = (from, reason) -> this.lost++;
    private long lost;

    /** Made by JMH. */
    public SuperframeBenchmark() {}

    private Frame superframe() {
        Frame frame = Frames.tcpv4()
                .tcpOptions("0101 080a 00000001 00000002")
                .payload(SEGMENT_BYTES * SEGMENTS)
                .gso(Frame.GSO_TCPV4, SEGMENT_BYTES)
                .frame(pool);
        frame.setLayers(frame.start() + 14, frame.start() + 34);
        return frame;
    }

    private Frame pushed() {
        Frame frame = superframe();
        Vxlan.push(frame, VNI);
        return frame;
    }

    private Frame train() {
        segmenter.trains(pushed, pool, out);
        Frame whole = out.get(0);
        out.clear();
        return whole;
    }

    @TearDown
    public void close() {
        if (lost != 0) {
            throw new IllegalStateException(lost + " datagrams were lost");
        }
        pool.close();
    }

    /** For a tunnel by UDP GSO: datagrams back to back, checksums complete. */
    @Benchmark
    public @Nullable DropReason cutIntoATrain() {
        DropReason failure = segmenter.trains(pushed, pool, out);
        out.releaseAll(pool);
        return failure;
    }

    /** For a tunnel without UDP GSO (GRE), or a device without offloads: a frame each. */
    @Benchmark
    public @Nullable DropReason cutIntoFrames() {
        DropReason failure = segmenter.segment(superframe, Segmenter.Checksums.COMPLETE, pool, out);
        out.releaseAll(pool);
        return failure;
    }

    /** For a device with checksum offload. */
    @Benchmark
    public @Nullable DropReason cutIntoFramesWithPartialChecksums() {
        DropReason failure = segmenter.segment(superframe, Segmenter.Checksums.PARTIAL, pool, out);
        out.releaseAll(pool);
        return failure;
    }

    /** What UDP GRO received becomes one superframe. The train is copied in first: putting together uses it up. */
    @Benchmark
    public int putTogetherFromATrain() {
        Frame received = Objects.requireNonNull(pool.take());
        received.copyFrom(train);
        coalescer.addTrain(received, TunnelKind.VXLAN, pool, out, losses);
        coalescer.flush();
        int length = out.get(0).length();
        out.releaseAll(pool);
        return length;
    }

    @Benchmark
    public int copy() {
        MemorySegment.copy(
                superframe.segment(), superframe.start(), scratch.segment(), scratch.start(), superframe.length());
        return scratch.length();
    }

    @Benchmark
    public int sum() {
        return Checksum.sum(superframe.segment(), superframe.start(), superframe.length());
    }
}
