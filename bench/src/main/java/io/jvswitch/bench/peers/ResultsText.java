package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.text.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/** Results as text for a terminal, and as a record in Markdown. */
final class ResultsText {
    private final Results results;
    private final List<PeerKind> others;

    ResultsText(Results results) {
        this.results = results;
        others = results.peers().stream()
                .filter(peer -> peer != PeerKind.JVSWITCH)
                .toList();
    }

    /** A table a scenario, then the targets and the notes. */
    String terminal() {
        StringBuilder text = new StringBuilder();
        eachScenario((scenario, rows) -> {
            List<String> headings = new ArrayList<>();
            for (String heading : headings(scenario)) {
                headings.add((headings.size() < 2 ? "" : ">") + heading.toUpperCase(Locale.ROOT));
            }
            Table table = new Table(headings.toArray(String[]::new));
            rows.forEach(row -> table.row(row.toArray()));
            text.append(scenario.title()).append('\n').append(table).append('\n');
        });
        verdicts().forEach(verdict -> text.append(verdict).append('\n'));
        results.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    /**
     * The record.
     *
     * @param head title, command, machine and conditions, in Markdown
     * @param charts names of the SVG files beside it
     */
    String markdown(String head, List<String> charts) {
        StringBuilder text = new StringBuilder(head).append('\n');
        for (String chart : charts) {
            text.append("![](").append(chart).append(")\n");
        }
        eachScenario((scenario, rows) -> {
            text.append("\n## ").append(scenario.title()).append("\n\n");
            List<String> headings = headings(scenario);
            text.append("| ").append(String.join(" | ", headings)).append(" |\n");
            text.append("|---|---|").append("---:|".repeat(headings.size() - 2)).append('\n');
            rows.forEach(
                    row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        });
        List<String> verdicts = verdicts();
        if (!verdicts.isEmpty()) {
            text.append("\n## Targets\n\n```\n");
            verdicts.forEach(verdict -> text.append(verdict).append('\n'));
            text.append("```\n");
        }
        if (!results.notes().isEmpty()) {
            text.append("\n## Notes\n\n");
            results.notes()
                    .forEach(note ->
                            text.append("- ").append(note.replace('\n', ' ')).append('\n'));
        }
        return text.toString();
    }

    /** A line for each target that was measured. */
    List<String> verdicts() {
        return Target.ALL.stream()
                .map(target -> target.verdict(results))
                .filter(verdict -> !verdict.isEmpty())
                .toList();
    }

    private List<PeerKind> othersIn(Scenario scenario) {
        return others.stream()
                .filter(peer -> peer.takesPartIn(scenario.layout()))
                .toList();
    }

    private boolean hasOurs() {
        return results.peers().contains(PeerKind.JVSWITCH);
    }

    private List<String> headings(Scenario scenario) {
        List<String> headings = new ArrayList<>(List.of("measured", "unit"));
        if (hasOurs()) {
            headings.add(PeerKind.JVSWITCH.label());
        }
        othersIn(scenario).forEach(peer -> headings.add(peer.label()));
        if (hasOurs()) {
            othersIn(scenario).forEach(peer -> headings.add("/ " + peer.label()));
        }
        return headings;
    }

    private void eachScenario(BiConsumer<Scenario, List<List<String>>> consumer) {
        for (Scenario scenario : Scenario.values()) {
            if (results.has(scenario)) {
                List<List<String>> rows = new ArrayList<>();
                for (Measure measure : scenario.measures()) {
                    for (Figure figure : measure.figures()) {
                        if (results.has(scenario, measure, figure)) {
                            rows.add(row(scenario, measure, figure));
                        }
                    }
                }
                consumer.accept(scenario, rows);
            }
        }
    }

    private List<String> row(Scenario scenario, Measure measure, Figure figure) {
        List<String> row = new ArrayList<>();
        row.add(measure.title() + ": " + figure.label());
        row.add(figure.unit());
        if (hasOurs()) {
            row.add(cell(results.samples(scenario, measure, figure, PeerKind.JVSWITCH)));
        }
        for (PeerKind peer : othersIn(scenario)) {
            row.add(cell(results.samples(scenario, measure, figure, peer)));
        }
        if (hasOurs()) {
            for (PeerKind peer : othersIn(scenario)) {
                OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
                row.add(ratio.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()));
            }
        }
        return row;
    }

    /** The median, and where there are several rounds the least and the greatest of them. */
    private static String cell(List<Double> samples) {
        String median = number(Results.median(samples));
        return samples.size() < 2
                ? median
                : median + " (" + number(OptionalDouble.of(Collections.min(samples))) + "-"
                        + number(OptionalDouble.of(Collections.max(samples))) + ")";
    }

    /** Three digits that count; a dash for what was not measured. */
    static String number(OptionalDouble value) {
        if (value.isEmpty()) {
            return "-";
        }
        double number = value.getAsDouble();
        int decimals = number >= 100 ? 0 : number >= 10 ? 1 : number >= 0.1 || number == 0 ? 2 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }
}
