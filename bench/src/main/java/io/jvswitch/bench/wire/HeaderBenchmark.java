package io.jvswitch.bench.wire;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Header checks and views over a burst of 32 frames in pooled memory; an operation is a frame. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@OperationsPerInvocation(HeaderBenchmark.BURST)
public class HeaderBenchmark {

    static final int BURST = 32;

    private final FramePool pool = new FramePool(128, FramePool.JUMBO_BUFFER_BYTES);
    private final Frame[] tcpv4 = new Frame[BURST];
    private final Frame[] tcpv6 = new Frame[BURST];
    private final Frame[] tcpv6Extended = new Frame[BURST];

    @Setup
    public void build() {
        for (int i = 0; i < BURST; i++) {
            tcpv4[i] = payload(Frames.ipv4().tcp(40_000 + i, 80));
            tcpv6[i] = payload(Frames.ipv6().tcp(40_000 + i, 80));
            tcpv6Extended[i] = payload(Frames.ipv6()
                    .extension(IpProtocol.HOP_BY_HOP, "0104 00000000")
                    .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                    .tcp(40_000 + i, 80));
        }
    }

    private Frame payload(FrameBuilder frame) {
        return frame.tcpOptions("0101 080a 00000001 00000002").payload(100).frame(pool);
    }

    @TearDown
    public void close() {
        pool.close();
    }

    @Benchmark
    public long tcpOverIpv4() {
        return burst(tcpv4);
    }

    @Benchmark
    public long tcpOverIpv6() {
        return burst(tcpv6);
    }

    @Benchmark
    public long tcpOverIpv6WithExtensions() {
        return burst(tcpv6Extended);
    }

    @Benchmark
    public int pushAndPopVlan() {
        int good = 0;
        for (Frame frame : tcpv4) {
            good += VlanTag.push(frame, EtherType.VLAN, 7) == null ? 1 : 0;
            good += VlanTag.pop(frame) == null ? 1 : 0;
        }
        return good;
    }

    @Benchmark
    public long findMssThatIsNotThere() {
        long sum = 0;
        for (Frame frame : tcpv4) {
            sum += TcpHeader.findOption(frame.segment(), frame.start() + 34L, TcpHeader.OPTION_MSS);
        }
        return sum;
    }

    private static long burst(Frame[] frames) {
        long sum = 0;
        for (Frame frame : frames) {
            DropReason reason = check(frame);
            sum += reason == null ? ports(frame) : -1;
        }
        return sum;
    }

    private static @Nullable DropReason check(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.start();
        int length = frame.length();
        DropReason reason = EthernetHeader.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        int type = EthernetHeader.type(seg, at);
        int ipAt = at + EthernetHeader.BYTES;
        length -= EthernetHeader.BYTES;
        int tcpAt;
        int tcpBytes;
        if (type == EtherType.IPV4) {
            reason = Ipv4Header.check(seg, ipAt, length);
            if (reason != null) {
                return reason;
            }
            tcpAt = ipAt + Ipv4Header.headerBytes(seg, ipAt);
            tcpBytes = Ipv4Header.payloadBytes(seg, ipAt);
        } else {
            reason = Ipv6Header.check(seg, ipAt, length);
            if (reason != null) {
                return reason;
            }
            long walk = Ipv6Extensions.walk(seg, ipAt);
            reason = Ipv6Extensions.failure(walk);
            if (reason != null) {
                return reason;
            }
            tcpAt = ipAt + Ipv6Extensions.transportOffset(walk);
            tcpBytes = Ipv6Header.totalBytes(seg, ipAt) - Ipv6Extensions.transportOffset(walk);
        }
        frame.setLayers(ipAt, tcpAt);
        return TcpHeader.check(seg, tcpAt, tcpBytes);
    }

    private static long ports(Frame frame) {
        MemorySegment seg = frame.segment();
        return TcpHeader.sourcePort(seg, frame.l4At()) ^ TcpHeader.destinationPort(seg, frame.l4At());
    }
}
