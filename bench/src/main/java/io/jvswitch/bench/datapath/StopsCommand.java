package io.jvswitch.bench.datapath;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./jvswitch bench stops}: how long a worker's frames wait for its housekeeping, see {@link WorkerStops}. */
@Command(
        name = "stops",
        description = "Measures every duty cycle of a worker that revalidates its flows while frames flow: the "
                + "distribution in wall time and "
                + "in the thread's own CPU time.")
public final class StopsCommand implements Callable<Integer> {

    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 100};

    @Option(names = "--flows", description = "Megaflows. Default: ${DEFAULT-VALUE}.")
    private int flows = 100_000;

    @Option(names = "--ports", description = "Ports of the network. Default: ${DEFAULT-VALUE}.")
    private int ports = 256;

    @Option(
            names = "--seconds",
            description = "How long to measure, after as long a warm-up. Default: ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli prints the text itself when it sees the option
    private boolean help;

    /** For picocli. */
    public StopsCommand() {}

    @Override
    public Integer call() {
        try (WorkerStops stops = new WorkerStops(ports, flows)) {
            System.out.println(
                    stops.size() + " flows, " + ports + " ports, a burst of 64 frames a cycle, a snapshot a round");
            long lengthNs = TimeUnit.SECONDS.toNanos(seconds);
            stops.run(lengthNs);
            long waitedNs = waitedNs();
            long collections = collections();
            long collectingMs = collectingMs();
            int rounds = stops.run(lengthNs);
            collections = collections() - collections;
            collectingMs = collectingMs() - collectingMs;
            System.out.println(stops.wall().getTotalCount() + " cycles, " + rounds + " rounds, " + collections
                    + " collections of garbage in " + collectingMs + " ms, waited for a CPU "
                    + TimeUnit.NANOSECONDS.toMillis(waitedNs() - waitedNs) + " ms");
            System.out.println("a cycle in us      50 %     99 %   99.9 %  99.99 %    worst");
            print("wall time   ", stops.wall());
            print("own CPU time", stops.own());
            System.out.printf(Locale.ROOT, "a round of an idle worker: %.1f ms%n", stops.idleRoundNs() / 1e6);
        }
        return CommandLine.ExitCode.OK;
    }

    private static void print(String what, Histogram times) {
        StringBuilder line = new StringBuilder(what);
        for (double percentile : PERCENTILES) {
            line.append(String.format(Locale.ROOT, " %8.1f", times.getValueAtPercentile(percentile) / 1e3));
        }
        System.out.println(line);
    }

    /** How long this thread was ready to run and did not; 0 where the kernel does not say. */
    private static long waitedNs() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ", -1)[1]);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static long collectingMs() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
