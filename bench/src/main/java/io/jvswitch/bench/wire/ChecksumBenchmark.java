package io.jvswitch.bench.wire;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.testing.Frames;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Internet checksums: summing ranges of native memory, completing a TCP segment's, and updating one for a changed
 * field.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {

    /** Random bytes at an odd multiple of two, where payloads lie behind Ethernet and IPv4. */
    @State(Scope.Thread)
    public static class Range {

        @Param({"20", "64", "576", "1460", "65495"})
        int bytes;

        private final MemorySegment segment = Arena.ofAuto().allocate(66_368);

        @Setup
        public void fill() {
            for (int i = 0; i < 66_368; i++) {
                segment.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
            }
        }
    }

    /** A TCP segment of 1,448 bytes with its checksum in place. */
    @State(Scope.Thread)
    public static class Segment {

        private final Frame frame = Frames.tcpv4()
                .tcpOptions("0101 080a 00000001 00000002")
                .payload(1448)
                .frame();
        private int before = 1460;
        private int checksum = 0x1234;
    }

    @Benchmark
    public int sum(Range range) {
        return Checksum.sum(range.segment, 226, range.bytes);
    }

    @Benchmark
    public boolean verifyTcp(Segment segment) {
        Frame frame = segment.frame;
        int ipAt = frame.start() + 14;
        return Checksum.transportIsValid(frame.segment(), ipAt, IpProtocol.TCP, ipAt + 20, frame.end() - ipAt - 20);
    }

    @Benchmark
    public int update16(Segment segment) {
        return Checksum.update16(segment.checksum, segment.before, 1410);
    }
}
