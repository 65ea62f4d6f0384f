package io.jvswitch.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One run of JMH over the benchmarks that some names choose, always with the gc profiler.
 *
 * <p>Writes {@code target/bench/<names>-<time>.json} (JMH's results) and {@code .log} (JMH's own account of every
 * iteration) below the clone that {@code ./jvswitch} runs from, or below the current directory.
 */
final class JmhRun {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final List<String> names;
    private final List<String> includes;
    private final boolean quick;
    private @Nullable Collection<RunResult> results;
    private @Nullable Path json;

    /**
     * @param names parts of benchmark names, taken literally and in any case; none means all
     * @param quick one fork and short iterations instead of two forks and seconds
     */
    JmhRun(List<String> names, boolean quick) {
        this.names = names;
        this.quick = quick;
        includes = names.stream().map(name -> "(?i)" + Pattern.quote(name)).toList();
    }

    /** Full names of the benchmarks chosen, in order. */
    List<String> find() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, includes, List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .distinct()
                .toList();
    }

    /**
     * Runs them and prints the table.
     *
     * @return whether every benchmark gave a result
     */
    boolean run(PrintStream out) throws IOException, RunnerException {
        Path directory = ResultsDirectory.path();
        Files.createDirectories(directory);
        String stem = (names.isEmpty() ? "all" : String.join("-", names)).replaceAll("[^A-Za-z0-9.-]", "_");
        String file = stem + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
        json = directory.resolve(file + ".json");
        Path log = directory.resolve(file + ".log");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString())
                .forks(quick ? 1 : 2)
                .warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.milliseconds(quick ? 300 : 1000))
                .measurementIterations(quick ? 3 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 300 : 1000));
        includes.forEach(options::include);
        try (PrintStream text = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8)) {
            TableFormat format = new TableFormat(out, text);
            format.printMachine();
            results = new Runner(options.build(), format).run();
            leaveOutPlaces(json);
            out.println();
            out.println("results: " + json);
            out.println("log:     " + log);
            if (format.failures() > 0) {
                out.println(format.failures() + " benchmarks failed: the log says why");
            }
            return format.failures() == 0;
        }
    }

    /**
     * JMH writes the JVM's command down; where this clone and its JDK lie is nobody's business, and records keep the
     * file.
     */
    private static void leaveOutPlaces(Path json) throws IOException {
        Files.writeString(
                json,
                Files.readString(json)
                        .replace(System.getProperty("jvswitch.launcher", "./jvswitch"), "./jvswitch")
                        .replace(System.getProperty("java.home") + "/bin/java", "java"));
    }

    /** What JMH measured, after {@link #run}. */
    Collection<RunResult> results() {
        return Objects.requireNonNull(results, "run() comes first");
    }

    /** JMH's results in its own format, after {@link #run}. */
    Path json() {
        return Objects.requireNonNull(json, "run() comes first");
    }
}
