package io.jvswitch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plot for a benchmark record: horizontal bars in groups, as a self-contained SVG.
 *
 * <p>Groups stand in the order of their first bar, series (one colour each) likewise. Every bar tells its value, so
 * that the plot can be read without its axis. Colours are told apart in print and by the colour-blind (Okabe and Ito's
 * palette).
 */
public final class BarChart {

    private static final String[] COLOURS = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"};
    private static final int BAR_PX = 16;
    private static final int GROUP_GAP_PX = 12;
    private static final int HEADER_PX = 34;
    private static final int LEGEND_ROW_PX = 18;
    private static final int PLOT_PX = 430;
    private static final int VALUE_PX = 130;
    private static final double CHARACTER_PX = 6.6;

    /** One bar; low and high are the ends of its whisker, both the value itself when it has none. */
    private record Bar(String series, double value, double low, double high) {}

    private record Mark(double value, String text) {}

    private final String title;
    private final String unit;
    private final Map<String, List<Bar>> groups = new LinkedHashMap<>();
    private final List<String> series = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /**
     * An empty plot.
     *
     * @param title stands above it
     * @param unit of every value
     */
    public BarChart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** Adds a bar to a group. */
    public BarChart bar(String group, String ofSeries, double value) {
        return bar(group, ofSeries, value, value, value);
    }

    /** Adds a bar with a whisker from {@code low} to {@code high}: the spread, or the error. */
    public BarChart bar(String group, String ofSeries, double value, double low, double high) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(group + ", " + ofSeries + " is " + value + ": a bar is at least 0");
        }
        if (!series.contains(ofSeries)) {
            series.add(ofSeries);
        }
        groups.computeIfAbsent(group, g -> new ArrayList<>()).add(new Bar(ofSeries, value, low, high));
        return this;
    }

    /** Adds a dashed line across all bars, for a target. */
    public BarChart mark(double value, String text) {
        marks.add(new Mark(value, text));
        return this;
    }

    /** The plot as an SVG document. */
    public String toSvg() {
        double longest = groups.keySet().stream().mapToInt(String::length).max().orElse(0);
        int left = (int) (longest * CHARACTER_PX) + 16;
        int bars = groups.values().stream().mapToInt(List::size).sum();
        int top = HEADER_PX + (series.size() > 1 ? LEGEND_ROW_PX : 0) + (marks.isEmpty() ? 0 : LEGEND_ROW_PX);
        int height = top + bars * BAR_PX + groups.size() * GROUP_GAP_PX + 8;
        int width = left + PLOT_PX + VALUE_PX;
        double scale = PLOT_PX / greatest();
        Formatter svg = new Formatter(Locale.ROOT);
        svg.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"DejaVu Sans, Arial, sans-serif\" font-size=\"11\">%n",
                width, height, width, height);
        svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", width, height);
        svg.format("<text x=\"8\" y=\"20\" font-size=\"14\">%s (%s)</text>%n", escaped(title), escaped(unit));
        if (series.size() > 1) {
            legend(svg);
        }
        int y = top;
        for (Map.Entry<String, List<Bar>> group : groups.entrySet()) {
            double middle = y + group.getValue().size() * BAR_PX / 2.0 + 4;
            svg.format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    left - 6, middle, escaped(group.getKey()));
            for (Bar bar : group.getValue()) {
                draw(svg, bar, left, y, scale);
                y += BAR_PX;
            }
            y += GROUP_GAP_PX;
        }
        for (Mark mark : marks) {
            double x = left + mark.value * scale;
            svg.format(
                    "<path d=\"M%.1f %d V%d\" stroke=\"#000000\" stroke-dasharray=\"4 3\"/>%n",
                    x, top - 4, height - GROUP_GAP_PX);
            svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x, top - 7, escaped(mark.text));
        }
        return svg.format("</svg>%n").toString();
    }

    /** Writes the plot to a file, whose directories are made. */
    public void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, toSvg());
    }

    private double greatest() {
        double greatest = 0;
        for (List<Bar> bars : groups.values()) {
            for (Bar bar : bars) {
                greatest = Math.max(greatest, Math.max(bar.value, bar.high));
            }
        }
        for (Mark mark : marks) {
            greatest = Math.max(greatest, mark.value);
        }
        return greatest > 0 ? greatest : 1;
    }

    private void legend(Formatter svg) {
        double x = 8;
        for (int i = 0; i < series.size(); i++) {
            String name = series.get(i);
            svg.format(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>%n",
                    x, HEADER_PX - 4, COLOURS[i % COLOURS.length]);
            svg.format("<text x=\"%.1f\" y=\"%d\">%s</text>%n", x + 14, HEADER_PX + 5, escaped(name));
            x += 30 + name.length() * CHARACTER_PX;
        }
    }

    private void draw(Formatter svg, Bar bar, int left, int y, double scale) {
        double length = bar.value * scale;
        svg.format(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                left, y + 1, Math.max(1, length), BAR_PX - 2, COLOURS[series.indexOf(bar.series) % COLOURS.length]);
        double end = left + length;
        if (bar.high > bar.low) {
            svg.format(
                    "<path d=\"M%.1f %.1f H%.1f\" stroke=\"#000000\"/>%n",
                    left + bar.low * scale, y + BAR_PX / 2.0, left + bar.high * scale);
            end = Math.max(end, left + bar.high * scale);
        }
        svg.format("<text x=\"%.1f\" y=\"%d\">%s</text>%n", end + 5, y + 12, number(bar.value));
    }

    /** Three digits that count, and no more. */
    private static String number(double value) {
        int decimals = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
