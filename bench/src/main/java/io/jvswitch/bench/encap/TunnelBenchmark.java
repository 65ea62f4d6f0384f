package io.jvswitch.bench.encap;

import io.jvswitch.encap.Geneve;
import io.jvswitch.encap.Gre;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.mtu.MssClamp;
import io.jvswitch.encap.mtu.TooBig;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A full-size TCP frame goes into each kind of tunnel and out again; a SYN is clamped; an oversized packet is answered.
 * Frames lie in the first-level cache, as those of a burst do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class TunnelBenchmark {

    private static final int MTU_BYTES = 1450;
    private static final int MSS_BYTES = 1460;

    private final FramePool pool = new FramePool(4, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final Frame segment = frame(Frames.tcpv4().payload(1398));
    private final Frame syn = frame(Frames.tcpv4().flags(TcpHeader.FLAG_SYN).mss(MSS_BYTES));
    private final Frame tooBig = frame(Frames.tcpv4().payload(1460));
    private final Frame answer = Objects.requireNonNull(pool.take());
    private int mssAt;

    /** Made by JMH. */
    public TunnelBenchmark() {}

    private Frame frame(FrameBuilder builder) {
        Frame frame = builder.frame(pool);
        frame.setLayers(frame.start() + 14, frame.start() + 34);
        return frame;
    }

    @Setup
    public void findOption() {
        mssAt = (int) TcpHeader.findOption(syn.segment(), syn.l4At(), TcpHeader.OPTION_MSS) + 2;
    }

    @TearDown
    public void close() {
        pool.close();
    }

    @Benchmark
    public @Nullable DropReason vxlan() {
        Vxlan.push(segment, 42);
        return Vxlan.pop(segment);
    }

    /** With a key; popping looks for what the kernel may have merged. */
    @Benchmark
    public @Nullable DropReason gre() {
        Gre.push(segment, true, 42);
        DropReason reason = Gre.pop(segment);
        segment.clearOffload();
        return reason;
    }

    @Benchmark
    public @Nullable DropReason geneve() {
        Geneve.push(segment, 42);
        return Geneve.pop(segment);
    }

    /** What every TCP frame pays. */
    @Benchmark
    public boolean clampOfADataSegment() {
        return MssClamp.clamp(segment, MTU_BYTES);
    }

    /** What a SYN pays: the option lowered, the checksum updated. Writes the option back each time. */
    @Benchmark
    public boolean clampOfASyn() {
        NetworkOrder.putU16(syn.segment(), mssAt, MSS_BYTES);
        return MssClamp.clamp(syn, MTU_BYTES);
    }

    @Benchmark
    public TooBig.Outcome answerTooBig() {
        answer.clear();
        return TooBig.answer(tooBig, MTU_BYTES, answer);
    }
}
