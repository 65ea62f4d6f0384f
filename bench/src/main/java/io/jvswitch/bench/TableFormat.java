package io.jvswitch.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's progress as a table with one line a benchmark, printed as soon as it is done; the rest goes to a log. */
final class TableFormat implements OutputFormat {

    private static final String PREFIX = "io.jvswitch.bench.";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final PrintStream table;
    private final OutputFormat log;
    private int failures;

    TableFormat(PrintStream table, PrintStream log) {
        this.table = table;
        this.log = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
    }

    /** Benchmarks that gave no result. */
    int failures() {
        return failures;
    }

    /** A benchmark's name without what all share: {@code wire.Checksum.sum}. */
    static String shortName(String benchmark) {
        String name = benchmark.startsWith(PREFIX) ? benchmark.substring(PREFIX.length()) : benchmark;
        return name.replace("Benchmark.", ".");
    }

    /** Says on what the figures were taken: a figure without its machine says nothing. */
    void printMachine() throws IOException {
        table.printf("%s%n%n", Machine.line());
    }

    @Override
    public void startRun() {
        table.printf("%-46s %-24s %12s %10s %-9s %10s%n", "benchmark", "parameters", "score", "+-", "unit", "B/op");
        log.startRun();
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        log.startBenchmark(params);
    }

    @Override
    public void endBenchmark(@Nullable BenchmarkResult result) {
        log.endBenchmark(result);
        if (result == null) {
            failures++;
            return;
        }
        Result<?> score = result.getPrimaryResult();
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        table.printf(
                Locale.ROOT,
                "%-46s %-24s %12.2f %10s %-9s %10s%n",
                shortName(result.getParams().getBenchmark()),
                parameters(result.getParams()),
                score.getScore(),
                number(score.getScoreError()),
                score.getScoreUnit(),
                allocated == null ? "-" : number(allocated.getScore()));
    }

    private static String parameters(BenchmarkParams params) {
        return params.getParamsKeys().stream()
                .map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(" "));
    }

    /** Two digits behind the point; what the profiler's own few bytes a run make of zero is zero. */
    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {
        log.iteration(benchmark, params, iteration);
    }

    @Override
    public void iterationResult(
            BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult data) {
        log.iterationResult(benchmark, params, iteration, data);
    }

    @Override
    public void endRun(Collection<RunResult> results) {
        log.endRun(results);
    }

    @Override
    public void print(String text) {
        log.print(text);
    }

    @Override
    public void println(String text) {
        log.println(text);
    }

    @Override
    public void flush() {
        log.flush();
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public void verbosePrintln(String text) {
        log.verbosePrintln(text);
    }

    @Override
    public void write(int b) {
        log.write(b);
    }

    @Override
    public void write(byte[] b) throws IOException {
        log.write(b);
    }
}
