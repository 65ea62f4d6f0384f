package io.jvswitch.bench;

import io.jvswitch.bench.flowtable.EntryMemory;
import io.jvswitch.bench.flowtable.SliceTimes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.AsyncProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./jvswitch bench flowtable}: all figures of the flow table with their peers, as a record with plots and a
 * flame graph.
 */
@Command(
        name = "flowtable",
        description = "Measures the flow table and its peers (about 15 minutes); prints a table, and writes a record:"
                + " Markdown, and beside it JMH's JSON, plots and a flame graph of the look-up.")
final class FlowTableSuite implements Callable<Integer> {

    private static final int MEMORY_FLOWS = 1_000_000;
    private static final int SLICES = 400_000;

    @Option(names = "--quick", description = "Short iterations, about 4 minutes: for a look, not for a record.")
    private boolean quick;

    @Option(
            names = "--record",
            paramLabel = "FILE.md",
            description = "Where the record goes; in a page that exists, what stands between the comment lines"
                    + " \"figures\" and \"end of figures\" is replaced. Default: target/bench/flowtable.md.")
    private @Nullable Path recordFile;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli prints the text itself when it sees the option
    private boolean help;

    @Override
    public Integer call() throws IOException, RunnerException, InterruptedException {
        Path page = recordFile != null ? recordFile : ResultsDirectory.path().resolve("flowtable.md");
        Path beside = Path.of(page.toString().replaceFirst("\\.md$", "") + ".d");
        Files.createDirectories(beside);
        FlowTableRecord record = new FlowTableRecord(quick, loadAverage());
        JmhRun run = new JmhRun(List.of("bench.flowtable."), quick);
        boolean whole = run.run(System.out);
        record.add(run.results());
        System.out.println("every slice of revalidation…");
        record.setSlices(SliceTimes.measure(quick ? SLICES / 8 : SLICES));
        System.out.println("memory…");
        record.setBytesAnEntry(EntryMemory.bytesAnEntry(MEMORY_FLOWS));
        if (DpdkHashPerf.isInstalled()) {
            System.out.println(DpdkHashPerf.PROGRAM + "…");
            record.setDpdk(DpdkHashPerf.run(quick ? 60 : 240), DpdkHashPerf.cyclesPerNs());
        } else {
            System.out.println(DpdkHashPerf.PROGRAM + " is not installed (Debian: " + DpdkHashPerf.PACKAGE
                    + "), so that peer is left out");
        }
        System.out.println("flame graphs…");
        if (!profile(
                        "ExactMatchBenchmark\\.extractAndLookUp",
                        Map.of("flows", "1000000"),
                        beside.resolve("look-up.html"))
                || !profile(
                        "MegaflowBenchmark\\.hit",
                        Map.of("masks", "128", "firstTwo", "90"),
                        beside.resolve("many-masks.html"))) {
            System.out.println("async-profiler does not run here: no flame graphs");
        }
        record.setLoadAfter(loadAverage());
        Files.copy(run.json(), beside.resolve("jmh.json"), StandardCopyOption.REPLACE_EXISTING);
        record.write(page, beside);
        System.out.println();
        System.out.println(record.table());
        System.out.println("record: " + page);
        return whole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static String loadAverage() throws IOException {
        Path file = Path.of("/proc/loadavg");
        return Files.isReadable(file) ? Files.readString(file).split(" ", 2)[0] : "unknown";
    }

    /** One more run of a benchmark, under async-profiler, which is not measured. */
    private static boolean profile(String benchmark, Map<String, String> parameters, Path flames)
            throws IOException, RunnerException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
        try (InputStream library = AsyncProfiler.class.getResourceAsStream("/" + machine + "/libasyncProfiler.so")) {
            if (library == null) {
                return false;
            }
            Path directory = Files.createTempDirectory("jvswitch-profile");
            Path file = directory.resolve("libasyncProfiler.so");
            Files.copy(library, file);
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("flowtable\\." + benchmark + "$")
                    .forks(1)
                    .warmupIterations(2)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.seconds(1))
                    .jvmArgsAppend("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints")
                    .addProfiler(
                            AsyncProfiler.class,
                            String.format(
                                    Locale.ROOT,
                                    "libPath=%s;event=ctimer;output=flamegraph;direction=forward;dir=%s",
                                    file,
                                    directory))
                    .verbosity(VerboseMode.SILENT);
            parameters.forEach(options::param);
            new Runner(options.build()).run();
            boolean found = false;
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    if (path.toString().endsWith(".html")) {
                        Files.copy(path, flames, StandardCopyOption.REPLACE_EXISTING);
                        found = true;
                    }
                    Files.delete(path);
                }
            }
            return found;
        }
    }
}
