package io.jvswitch.bench;

import io.jvswitch.bench.flowtable.SliceTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** The flow table's figures beside their targets, as Markdown and plots. */
final class FlowTableRecord {

    private static final String BEGIN = "<!-- figures -->";
    private static final String END = "<!-- end of figures -->";
    private static final String NONE = "-";

    private final boolean quick;
    private final String loadBefore;
    private String loadAfter = "unknown";
    private final Map<String, RunResult> results = new LinkedHashMap<>();
    private double bytesAnEntry = Double.NaN;
    private @Nullable SliceTimes sliceTimes;
    private DpdkHashPerf.@Nullable Cycles dpdk;
    private double cyclesPerNs = Double.NaN;

    /**
     * An empty record.
     *
     * @param loadBefore the machine's load average before the first measurement
     */
    FlowTableRecord(boolean quick, String loadBefore) {
        this.quick = quick;
        this.loadBefore = loadBefore;
    }

    void add(Collection<RunResult> measured) {
        for (RunResult result : measured) {
            String parameters = result.getParams().getParamsKeys().stream()
                    .sorted()
                    .map(key -> " " + key + "=" + result.getParams().getParam(key))
                    .collect(Collectors.joining());
            String name = TableFormat.shortName(result.getParams().getBenchmark());
            results.put(name.replaceFirst("^flowtable\\.", "") + parameters, result);
        }
    }

    void setBytesAnEntry(double bytes) {
        bytesAnEntry = bytes;
    }

    void setSlices(SliceTimes measured) {
        sliceTimes = measured;
    }

    void setDpdk(DpdkHashPerf.@Nullable Cycles cycles, double timeStampCyclesPerNs) {
        dpdk = cycles;
        cyclesPerNs = timeStampCyclesPerNs;
    }

    void setLoadAfter(String load) {
        loadAfter = load;
    }

    /** The figures as Markdown, one table for the targets and one for the peers. */
    String table() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(Machine.line()).append(".\n");
        text.append("Load average ")
                .append(loadBefore)
                .append(" before, ")
                .append(loadAfter)
                .append(" after the run.");
        text.append(quick ? " **Short iterations (`--quick`): for a look, not for a record.**\n\n" : "\n\n");
        text.append("| figure | target | measured | +- (99.9 %) | unit | B/op |\n|---|---|---|---|---|---|\n");
        for (String flows : new String[] {"8000", "1000000"}) {
            String target = flows.equals("8000") ? "<= 50" : "<= 110";
            row(text, "extraction alone, " + flows + " flows", NONE, "ExactMatch.extract flows=" + flows);
            row(
                    text,
                    "extraction and exact-match hit, " + flows + " flows",
                    target,
                    "ExactMatch.extractAndLookUp flows=" + flows);
            row(
                    text,
                    "the same, and the hit counted, " + flows + " flows",
                    NONE,
                    "ExactMatch.extractLookUpAndCount flows=" + flows);
        }
        row(text, "of which the benchmark's own writing of frames", NONE, "ExactMatch.rewrite flows=8000");
        row(text, "megaflow hit, 1 mask", "<= 40", "Megaflow.hit firstTwo=-1 masks=1");
        row(text, "megaflow hit, 8 masks", "<= 120", "Megaflow.hit firstTwo=-1 masks=8");
        row(text, "megaflow hit, 32 masks", "<= 350", "Megaflow.hit firstTwo=-1 masks=32");
        row(text, "megaflow hit, 128 masks", NONE, "Megaflow.hit firstTwo=-1 masks=128");
        for (String masks : new String[] {"8", "32", "128"}) {
            row(
                    text,
                    "megaflow hit, " + masks + " masks, 90 % in two",
                    "<= 70",
                    "Megaflow.hit firstTwo=90 masks=" + masks);
        }
        rate(text, "insertion to a million", "Churn.insert");
        rate(text, "insertion to a million, 32 masks in turn", "Churn.insertWithManyMasks");
        rate(text, "deletion from a million", "Churn.remove");
        line(text, "memory of an IPv4 TCP megaflow, all in", "<= 256", bytesAnEntry, "B");
        slices(text);
        flood(text);
        peers(text);
        return text.toString();
    }

    private void row(StringBuilder text, String figure, String target, String key) {
        RunResult result = results.get(key);
        if (result != null) {
            Result<?> score = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.1f | ns | %s |%n",
                    figure,
                    target,
                    score.getScore(),
                    score.getScoreError(),
                    allocated == null ? NONE : String.format(Locale.ROOT, "%.2f", allocated.getScore())));
        }
    }

    private void rate(StringBuilder text, String figure, String key) {
        RunResult result = results.get(key);
        if (result != null) {
            Statistics ns = result.getPrimaryResult().getStatistics();
            line(text, figure, ">= 1.5", 1000 / ns.getMean(), "million/s");
            line(text, figure + ", slowest million", NONE, 1000 / ns.getMax(), "million/s");
        }
    }

    private void slices(StringBuilder text) {
        RunResult result = results.get("Revalidation.slice slice=64");
        if (result != null) {
            Statistics ns = result.getPrimaryResult().getStatistics();
            String slice = "slice of 64 of 100,000 revalidated megaflows, ";
            line(text, slice + "median", NONE, ns.getPercentile(50) / 1000, "µs");
            line(text, slice + "99.9 %", NONE, ns.getPercentile(99.9) / 1000, "µs");
            line(text, slice + "99.99 %", "<= 100", ns.getPercentile(99.99) / 1000, "µs");
            line(text, slice + "worst", NONE, ns.getMax() / 1000, "µs");
        }
        SliceTimes times = sliceTimes;
        if (times != null) {
            everySlice(text, times);
        }
    }

    /** Every slice, by the clock and by where the time of the worst went. */
    private static void everySlice(StringBuilder text, SliceTimes times) {
        String slice = String.format(Locale.ROOT, "each of %,d such slices, ", times.slices());
        line(text, slice + "99.99 % by the clock", "<= 100", times.wallNs(99.99) / 1000.0, "µs");
        line(text, slice + "worst: the thread's own processor time", "<= 100", times.worstOwnNs() / 1000.0, "µs");
        line(text, slice + "worst by the clock", NONE, times.wallNs(100) / 1000.0, "µs");
        line(text, slice + "that one: own processor time", NONE, times.worstWallOwnNs() / 1000.0, "µs");
        if (times.worstWaitNs() >= 0) {
            line(text, slice + "that one: waiting for a processor", NONE, times.worstWaitNs() / 1000.0, "µs");
        }
        line(text, slice + "that one: collections of garbage", NONE, (double) times.worstCollections(), "-");
        line(text, slice + "longer than 100 µs by the clock", NONE, times.longerThan(100_000), "-");
        line(text, slice + "collections of garbage in all", NONE, (double) times.collections(), "-");
    }

    private void flood(StringBuilder text) {
        for (String flood : new String[] {"0", "16"}) {
            RunResult result = results.get("Flood.burst flood=" + flood);
            if (result != null) {
                String figure = flood.equals("0") ? "no flood: " : "half of all frames a flood: ";
                double frames = secondary(result, "establishedFrames");
                line(
                        text,
                        figure + "burst of 32",
                        NONE,
                        result.getPrimaryResult().getScore(),
                        "ns");
                line(
                        text,
                        figure + "established frames answered by the cache",
                        NONE,
                        100 * secondary(result, "cacheHits") / frames,
                        "%");
                line(
                        text,
                        figure + "established frames whose flow was evicted",
                        "0",
                        100 * secondary(result, "establishedLost") / frames,
                        "%");
            }
        }
    }

    private static double secondary(RunResult result, String name) {
        Result<?> value = result.getSecondaryResults().get(name);
        return value == null ? Double.NaN : value.getScore();
    }

    private static void line(StringBuilder text, String figure, String target, double value, String unit) {
        if (!Double.isNaN(value)) {
            text.append(String.format(
                    Locale.ROOT, "| %s | %s | %.2f | %s | %s | %s |%n", figure, target, value, NONE, unit, NONE));
        }
    }

    private double peer(String name, String flows) {
        RunResult result = results.get("Peer.lookUp flows=" + flows + " peer=" + name);
        return result == null ? Double.NaN : result.getPrimaryResult().getScore();
    }

    private void peers(StringBuilder text) {
        text.append(
                "\nPeers, the same frames and the same extraction in the same run (ns a frame; in brackets how many "
                        + "times"
                        + " jvswitch's time):\n\n| flows | jvswitch | ConcurrentHashMap | Agrona "
                        + "Object2ObjectHashMap |\n|---|---|---|---|\n");
        for (String flows : new String[] {"8000", "1000000"}) {
            double own = peer("JVSWITCH", flows);
            double concurrent = peer("CONCURRENT_HASH_MAP", flows);
            double agrona = peer("AGRONA", flows);
            if (!Double.isNaN(own)) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f | %.1f (%.2f) | %.1f (%.2f) |%n",
                        flows,
                        own,
                        concurrent,
                        concurrent / own,
                        agrona,
                        agrona / own));
            }
        }
        DpdkHashPerf.Cycles cycles = dpdk;
        if (cycles == null) {
            text.append("\nDPDK's `hash_perf_autotest` gave no figures (not installed, or not in time).\n");
        } else {
            text.append(String.format(
                    Locale.ROOT,
                    "%nDPDK `hash_perf_autotest`, keys of 48 bytes, no extraction, ns (time-stamp counter at %.3f "
                            + "GHz): "
                            + "add %.0f, look-up %.0f, bulk look-up %.0f, delete %.0f.%n",
                    cyclesPerNs,
                    cycles.add() / cyclesPerNs,
                    cycles.lookup() / cyclesPerNs,
                    cycles.bulkLookup() / cyclesPerNs,
                    cycles.delete() / cyclesPerNs));
            for (String flows : new String[] {"8000", "1000000"}) {
                double own = peer("JVSWITCH", flows) - score("ExactMatch.extract flows=" + flows);
                if (!Double.isNaN(own)) {
                    text.append(String.format(
                            Locale.ROOT,
                            "jvswitch's look-up of a burst without the extraction takes %.1f ns at %s flows; DPDK's "
                                    + "bulk look-up "
                                    + "%.2f times that, a single one %.2f times.%n",
                            own,
                            flows,
                            cycles.bulkLookup() / cyclesPerNs / own,
                            cycles.lookup() / cyclesPerNs / own));
                }
            }
        }
    }

    /** Writes the page, or the figures of a page that is there, and the plots. */
    void write(Path page, Path beside) throws IOException {
        String name = String.valueOf(beside.getFileName());
        String figures = BEGIN + "\n\n" + table() + plots(beside, name) + "\n" + END;
        String text = Files.exists(page) ? Files.readString(page) : "";
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        Files.writeString(
                page,
                begin >= 0 && end > begin
                        ? text.substring(0, begin) + figures + text.substring(end + END.length())
                        : text + "# The flow table's figures\n\n    ./jvswitch bench flowtable\n\n" + figures + "\n");
    }

    private String plots(Path beside, String name) throws IOException {
        BarChart exact = new BarChart("Extraction and exact-match hit", "ns a frame");
        for (String flows : new String[] {"8000", "1000000"}) {
            bar(exact, flows + " flows", "jvswitch", peer("JVSWITCH", flows));
            bar(exact, flows + " flows", "ConcurrentHashMap", peer("CONCURRENT_HASH_MAP", flows));
            bar(exact, flows + " flows", "Agrona", peer("AGRONA", flows));
        }
        exact.write(beside.resolve("exact-match.svg"));
        BarChart megaflow = new BarChart("Megaflow hit", "ns a frame");
        for (String masks : new String[] {"1", "8", "32", "128"}) {
            bar(megaflow, masks + " masks", "hits spread evenly", score("Megaflow.hit firstTwo=-1 masks=" + masks));
            bar(megaflow, masks + " masks", "90 % in two masks", score("Megaflow.hit firstTwo=90 masks=" + masks));
        }
        megaflow.write(beside.resolve("megaflow.svg"));
        BarChart churn = new BarChart("Insertion and deletion, one million", "million a second");
        bar(churn, "insertion", "jvswitch", 1000 / score("Churn.insert"));
        bar(churn, "insertion, 32 masks", "jvswitch", 1000 / score("Churn.insertWithManyMasks"));
        bar(churn, "deletion", "jvswitch", 1000 / score("Churn.remove"));
        churn.mark(1.5, "target").write(beside.resolve("churn.svg"));
        return "\n![Exact match](" + name + "/exact-match.svg)\n![Megaflow](" + name + "/megaflow.svg)\n![Churn]("
                + name
                + "/churn.svg)\n\nRaw results: [jmh.json](" + name
                + "/jmh.json); flame graphs: the look-up at a million flows ([look-up.html]("
                + name + "/look-up.html)), 128 masks with 90 % of hits in two ([many-masks.html](" + name
                + "/many-masks.html)).\n";
    }

    private double score(String key) {
        RunResult result = results.get(key);
        return result == null ? Double.NaN : result.getPrimaryResult().getScore();
    }

    private static void bar(BarChart chart, String group, String series, double value) {
        if (!Double.isNaN(value)) {
            chart.bar(group, series, value);
        }
    }
}
