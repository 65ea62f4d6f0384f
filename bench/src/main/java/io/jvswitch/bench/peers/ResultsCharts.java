package io.jvswitch.bench.peers;

import io.jvswitch.bench.BarChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** The plots of a run: a bar is a median, its whisker reaches from the least to the greatest round. */
final class ResultsCharts {
    private final Results results;
    private final Path directory;
    private final List<String> names = new ArrayList<>();

    private ResultsCharts(Results results, Path directory) {
        this.results = results;
        this.directory = directory;
    }

    /** Writes one file for each kind of figure and gives their names. */
    static List<String> write(Results results, Path directory) throws IOException {
        ResultsCharts charts = new ResultsCharts(results, directory);
        charts.write("peers-tcp.svg", "TCP goodput, more is better", Figure.THROUGHPUT, measure -> true);
        charts.write(
                "peers-tcp-cpu.svg",
                "Switch's CPU, less is better",
                Figure.CPU_PER_GIGABIT,
                measure -> !measure.isBack());
        charts.write("peers-udp.svg", "64-byte UDP delivered, more is better", Figure.DELIVERED, measure -> true);
        charts.write(
                "peers-udp-cpu.svg", "Switch's CPU, less is better", Figure.CPU_PER_MILLION_FRAMES, measure -> true);
        charts.write("peers-latency-p50.svg", "Request and response, p50, less is better", Figure.P50, measure -> true);
        charts.write("peers-latency-p99.svg", "Request and response, p99, less is better", Figure.P99, measure -> true);
        return List.copyOf(charts.names);
    }

    private void write(String name, String title, Figure figure, Predicate<Measure> wanted) throws IOException {
        BarChart chart = new BarChart(title, figure.unit());
        boolean empty = true;
        for (Scenario scenario : Scenario.values()) {
            for (Measure measure : scenario.measures()) {
                if (!measure.figures().contains(figure) || !wanted.test(measure)) {
                    continue;
                }
                for (PeerKind peer : results.peers()) {
                    List<Double> samples = results.samples(scenario, measure, figure, peer);
                    OptionalDouble median = Results.median(samples);
                    if (median.isPresent()) {
                        chart.bar(
                                scenario.label() + ", " + measure.label(),
                                peer.label(),
                                median.getAsDouble(),
                                Collections.min(samples),
                                Collections.max(samples));
                        empty = false;
                    }
                }
            }
        }
        if (!empty) {
            chart.write(directory.resolve(name));
            names.add(name);
        }
    }
}
