package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.StepFailedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the load generator printed: lines {@code KEY=VALUE}, of which {@code begin.process} and {@code end.process} come
 * once for each process of the switch.
 */
final class LoadReport {
    private final Map<String, List<String>> lines = new HashMap<>();

    private LoadReport() {}

    static LoadReport parse(String output) {
        LoadReport report = new LoadReport();
        for (String line : output.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                report.lines
                        .computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return report;
    }

    long value(String key) {
        return Long.parseLong(text(key));
    }

    private String text(String key) {
        List<String> values = lines.get(key);
        if (values == null) {
            throw new StepFailedException("the load generator did not say '" + key + "'");
        }
        return values.getFirst();
    }

    /** Of {@code received}, where that counts frames. */
    double thousandFramesPerSecond() {
        return value("received") / seconds() / 1e3;
    }

    private double seconds() {
        return value("ns") / 1e9;
    }

    /** Figures of TCP, where {@code received} counts bytes. */
    Map<Figure, Double> streamFigures() {
        double gigabits = value("received") * 8 / 1e9;
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.THROUGHPUT, gigabits / seconds());
        putProcessorTime(figures, gigabits, Figure.CPU_PER_GIGABIT, Figure.MACHINE_PER_GIGABIT);
        return figures;
    }

    /** Figures of UDP, where {@code received} and {@code sent} count frames. */
    Map<Figure, Double> datagramFigures() {
        long frames = value("received");
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.DELIVERED, thousandFramesPerSecond());
        figures.put(Figure.OFFERED, value("sent") / seconds() / 1e3);
        putProcessorTime(figures, frames / 1e6, Figure.CPU_PER_MILLION_FRAMES, Figure.MACHINE_PER_MILLION_FRAMES);
        return figures;
    }

    /**
     * Without delivery there is no cost of it; a switch in the kernel has no processes, and its cost cannot be told
     * apart.
     */
    private void putProcessorTime(Map<Figure, Double> figures, double delivered, Figure ofSwitch, Figure ofMachine) {
        if (delivered <= 0) {
            return;
        }
        double machine = ProcFile.machineSeconds(text("end.machine")) - ProcFile.machineSeconds(text("begin.machine"));
        figures.put(ofMachine, machine * 1e3 / delivered);
        List<String> begin = lines.getOrDefault("begin.process", List.of());
        List<String> end = lines.getOrDefault("end.process", List.of());
        if (!begin.isEmpty()) {
            double processes = processSeconds(end) - processSeconds(begin);
            figures.put(ofSwitch, processes * 1e3 / delivered);
        }
    }

    private static double processSeconds(List<String> stats) {
        return stats.stream().mapToDouble(ProcFile::processSeconds).sum();
    }
}
