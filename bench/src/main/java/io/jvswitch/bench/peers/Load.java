package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
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

    /** Until flows are known: connections stand, addresses are learnt. */
    private static final int SETTLING_MS = 500;

    /** What both readings of a busy daemon's counters take at most: its control socket gives up earlier. */
    private static final int READINGS_LIMIT_MS = 60_000;

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
     * @param pacedFramesPerSecond of paced UDP
     */
    record Options(int warmUpMs, int measureMs, int pacedFramesPerSecond) {}

    /** Measures once. */
    Map<Figure, Double> measure(Peer peer, Measure measure) {
        Map<Figure, Double> figures = switch (measure) {
            case TCP_1, TCP_1_BACK, TCP_4, TCP_4_BACK ->
                run(peer, measure.isBack(), "tcp", Integer.toString(measure.streams()))
                        .streamFigures();
            case UDP_PACED -> run(peer, false, "udp", paced()).datagramFigures();
            case UDP_OVERLOAD -> run(peer, false, "udp", "0").datagramFigures();
            case LATENCY -> latency(peer, "0");
            case LATENCY_LOADED -> loadedLatency(peer);
            case ALLOCATION_UDP -> allocation(peer, "udp", paced());
            case ALLOCATION_TCP -> allocation(peer, "tcp", "1");
            case IDLE, MEMORY, START -> throw new IllegalArgumentException(measure + " is without load");
        };
        figures.keySet().retainAll(measure.figures());
        return figures;
    }

    private String paced() {
        return Integer.toString(options.pacedFramesPerSecond);
    }

    /** Round trips beside datagrams, with what garbage collection may have had to do with them. */
    private Map<Figure, Double> loadedLatency(Peer peer) {
        // The first answer loads the classes that give it, which may bring a collection about.
        peer.reading();
        DaemonReading before = peer.reading();
        Map<Figure, Double> figures = latency(peer, paced());
        DaemonReading after = peer.reading();
        if (before != null && after != null) {
            figures.putAll(after.since(before).collections(figures.getOrDefault(Figure.REQUESTS, 0.0)));
        }
        return figures;
    }

    private Map<Figure, Double> latency(Peer peer, String framesPerSecond) {
        Path counts = lab.directory().resolve("round-trips");
        LoadReport report = start(
                peer,
                false,
                "rr",
                List.of(
                        framesPerSecond,
                        Integer.toString(options.warmUpMs),
                        Integer.toString(options.measureMs),
                        pids(peer),
                        counts.toString()));
        try {
            Map<Figure, Double> figures =
                    percentiles(ByteBuffer.wrap(Files.readAllBytes(counts)).order(ByteOrder.nativeOrder()));
            figures.put(Figure.DELIVERED, report.thousandFramesPerSecond());
            return figures;
        } catch (IOException e) {
            throw new StepFailedException("cannot read " + counts + ": " + e.getMessage(), e);
        }
    }

    /** The figures of round-trip times: pairs of 64-bit numbers, nanoseconds and how many took that long. */
    static Map<Figure, Double> percentiles(ByteBuffer counts) {
        Histogram histogram = new Histogram(3);
        while (counts.remaining() >= 2 * Long.BYTES) {
            histogram.recordValueWithCount(counts.getLong(), counts.getLong());
        }
        if (histogram.getTotalCount() == 0) {
            throw new StepFailedException("no request was answered within the window");
        }
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.P50, histogram.getValueAtPercentile(50) / 1e3);
        figures.put(Figure.P99, histogram.getValueAtPercentile(99) / 1e3);
        figures.put(Figure.P999, histogram.getValueAtPercentile(99.9) / 1e3);
        figures.put(Figure.MAX, histogram.getMaxValue() / 1e3);
        figures.put(Figure.REQUESTS, (double) histogram.getTotalCount());
        return figures;
    }

    /**
     * What a peer that can tell allocates while the load runs: both readings are taken inside it, when its flows are
     * known. Peers that cannot tell have no figures.
     */
    private Map<Figure, Double> allocation(Peer peer, String kind, String amount) {
        // The first answer loads the classes that give it.
        if (peer.reading() == null) {
            return new EnumMap<>(Figure.class);
        }
        // It is ended once the second reading has come, however long a busy machine takes for that.
        String loadMs = Integer.toString(options.measureMs + READINGS_LIMIT_MS);
        Lab.Started running =
                launch(peer, false, kind, List.of(amount, Integer.toString(options.warmUpMs), loadMs, pids(peer)));
        try {
            sleep(options.warmUpMs + SETTLING_MS);
            DaemonReading before = peer.reading();
            long startNs = System.nanoTime();
            sleep(options.measureMs);
            DaemonReading after = peer.reading();
            double seconds = (System.nanoTime() - startNs) / 1e9;
            if (!running.process().isAlive()) {
                throw new StepFailedException("the load ended before the window did; it said: " + running.output());
            }
            if (before == null || after == null || after.frames() == before.frames()) {
                throw new StepFailedException("no frame passed within the window");
            }
            return after.since(before).allocation(seconds, peer.layout().hosts());
        } finally {
            end(running.process());
        }
    }

    private static void end(Process process) {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
    }

    private LoadReport run(Peer peer, boolean back, String kind, String amount) {
        return start(
                peer,
                back,
                kind,
                List.of(amount, Integer.toString(options.warmUpMs), Integer.toString(options.measureMs), pids(peer)));
    }

    /** Sends until the first datagram arrives, and gives when that was, by {@link System#nanoTime}'s clock. */
    long firstFrameNs(Peer peer) {
        // Linux's System.nanoTime is CLOCK_MONOTONIC, which the generator reads as well.
        return start(peer, false, "first", List.of(Integer.toString(FIRST_FRAME_LIMIT_MS)))
                .value("first");
    }

    private LoadReport start(Peer peer, boolean back, String what, List<String> rest) {
        int limitSeconds = PATIENCE_SECONDS
                + (int) TimeUnit.MILLISECONDS.toSeconds(
                        what.equals("first") ? FIRST_FRAME_LIMIT_MS : options.warmUpMs + options.measureMs);
        return LoadReport.parse(launch(peer, back, what, rest).awaitEnd(limitSeconds));
    }

    private Lab.Started launch(Peer peer, boolean back, String what, List<String> rest) {
        int from = back ? 2 : 1;
        int to = back ? 1 : 2;
        List<String> command = new ArrayList<>(List.of(program.toString(), what));
        command.addAll(List.of(peer.site().guest(from), peer.site().guest(to), Site.address(to)));
        command.addAll(rest);
        return lab.start(command, null);
    }

    private static String pids(Peer peer) {
        List<Long> pids = peer.pids();
        return pids.isEmpty() ? "-" : pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
