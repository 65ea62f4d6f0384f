package io.jvswitch.vswitchd.demo;

import java.io.PrintStream;
import java.util.List;

/** The demo's account of itself, in numbered steps. */
final class Account {
    private static final String INDENT = "   ";

    private final PrintStream out;
    private final long startNs = System.nanoTime();
    private int steps;
    private long stepStartNs = startNs;

    Account(PrintStream out) {
        this.out = out;
    }

    /** A line at the margin; whoever watches sees it at once. */
    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Begins a step. */
    void step(String title) {
        steps++;
        stepStartNs = System.nanoTime();
        line("");
        line(steps + ". " + title);
    }

    /** A command that the demo runs, as it can be typed by hand. */
    void command(String... words) {
        command(List.of(words));
    }

    /** A command that the demo runs, as it can be typed by hand. */
    void command(List<String> words) {
        line(INDENT + "# " + String.join(" ", words));
    }

    /** A result. */
    void say(String text) {
        line(INDENT + text);
    }

    /** What a command printed. */
    void quote(String text) {
        text.stripTrailing().lines().forEach(line -> line((INDENT + "| " + line).stripTrailing()));
    }

    int steps() {
        return steps;
    }

    /** Seconds since the step began. */
    double stepSeconds() {
        return (System.nanoTime() - stepStartNs) / 1e9;
    }

    /** Seconds since the demo began. */
    double totalSeconds() {
        return (System.nanoTime() - startNs) / 1e9;
    }
}
