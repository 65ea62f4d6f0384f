package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Runs the load generator ({@code src/main/c/load.c}) against a peer. */
final class Load {
    /** What a connection that starts with a lost frame takes at most; after it the measurement has failed. */
    private static final int PATIENCE_SECONDS = 20;

    private static final int FIRST_FRAME_LIMIT_MS = 20_000;

    private final Lab lab;
    private final Path program;
    private final Options options;

    Load(Lab lab, Path program, Options options) {
        this.lab = lab;
        this.program = program;
        this.options = options;
    }

    /**
     * What holds for each measurement.
     *
     * @param warmUpMs load before the window
     * @param measureMs the window
     * @param pacedFramesPerSecond for {@link Measure#UDP_PACED}
     */
    record Options(int warmUpMs, int measureMs, int pacedFramesPerSecond) {}

    /** Measures once. */
    Map<Figure, Double> measure(Peer peer, Measure measure) {
        return switch (measure) {
            case TCP_1, TCP_1_BACK, TCP_4, TCP_4_BACK -> {
                LoadReport report = run(peer, measure.isBack(), "tcp", Integer.toString(measure.streams()));
                yield report.streamFigures();
            }
            case UDP_PACED ->
                run(peer, false, "udp", Integer.toString(options.pacedFramesPerSecond))
                        .datagramFigures();
            case UDP_OVERLOAD -> run(peer, false, "udp", "0").datagramFigures();
            case LATENCY -> latency(peer);
            case IDLE, MEMORY, START -> throw new IllegalArgumentException(measure + " is without load");
        };
    }

    private Map<Figure, Double> latency(Peer peer) {
        Path samples = lab.directory().resolve("samples");
        start(
                peer,
                false,
                List.of("rr"),
                List.of(
                        Integer.toString(options.warmUpMs),
                        Integer.toString(options.measureMs),
                        pids(peer),
                        samples.toString()));
        try {
            return percentiles(ByteBuffer.wrap(Files.readAllBytes(samples)).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new StepFailedException("cannot read " + samples + ": " + e.getMessage(), e);
        }
    }

    /** The figures of round-trip times, 32-bit nanoseconds each. */
    static Map<Figure, Double> percentiles(ByteBuffer samplesNs) {
        if (samplesNs.remaining() < Integer.BYTES) {
            throw new StepFailedException("no request was answered within the window");
        }
        Histogram histogram = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
        while (samplesNs.remaining() >= Integer.BYTES) {
            histogram.recordValue(Integer.toUnsignedLong(samplesNs.getInt()));
        }
        return Map.of(
                Figure.P50, histogram.getValueAtPercentile(50) / 1e3,
                Figure.P99, histogram.getValueAtPercentile(99) / 1e3,
                Figure.P999, histogram.getValueAtPercentile(99.9) / 1e3);
    }

    private LoadReport run(Peer peer, boolean back, String kind, String amount) {
        return start(
                peer,
                back,
                List.of(kind),
                List.of(amount, Integer.toString(options.warmUpMs), Integer.toString(options.measureMs), pids(peer)));
    }

    /** Sends until the first datagram arrives, and gives when that was, by {@link System#nanoTime}'s clock. */
    long firstFrameNs(Peer peer) {
        // Linux's System.nanoTime is CLOCK_MONOTONIC, which the generator reads as well.
        return start(peer, false, List.of("first"), List.of(Integer.toString(FIRST_FRAME_LIMIT_MS)))
                .value("first");
    }

    private LoadReport start(Peer peer, boolean back, List<String> what, List<String> rest) {
        int from = back ? 2 : 1;
        int to = back ? 1 : 2;
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(what);
        command.addAll(List.of(peer.site().guest(from), peer.site().guest(to), Site.address(to)));
        command.addAll(rest);
        int limitSeconds = PATIENCE_SECONDS
                + (int) TimeUnit.MILLISECONDS.toSeconds(
                        what.contains("first") ? FIRST_FRAME_LIMIT_MS : options.warmUpMs + options.measureMs);
        return LoadReport.parse(lab.start(command, null).awaitEnd(limitSeconds));
    }

    private static String pids(Peer peer) {
        List<Long> pids = peer.pids();
        return pids.isEmpty() ? "-" : pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
