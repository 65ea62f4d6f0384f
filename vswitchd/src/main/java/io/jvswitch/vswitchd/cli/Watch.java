package io.jvswitch.vswitchd.cli;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options {@code --watch}, {@code --interval} and {@code --count}, and the loop that they stand for. */
final class Watch {

    /** Makes the screen of a moment out of what it saw before. */
    interface Screen {

        /**
         * The text to show.
         *
         * @param nowNs when it is shown
         */
        String render(long nowNs);

        /** Whether a program reads it, so that nothing may be put around it. */
        default boolean isForProgram() {
            return false;
        }
    }

    @Option(names = "--watch", description = "Show rates, refreshed until interrupted.")
    private boolean watch;

    @Mixin
    private Timing timing = new Timing();

    boolean isOn() {
        return watch;
    }

    int run(Console console, Screen screen) throws InterruptedException {
        return timing.run(console, screen);
    }

    /** Once, or again and again when watching. */
    int repeat(IntSupplier command) throws InterruptedException {
        if (watch) {
            timing.check();
        } else if (timing.isGiven()) {
            throw CommandFailure.ofUsage("--interval and --count are for --watch");
        }
        int status = command.getAsInt();
        for (int i = 1; watch && status == Console.DONE && timing.goesOn(i); i++) {
            timing.pause();
            status = command.getAsInt();
        }
        return status;
    }

    /** How often and how many times. */
    static final class Timing {

        private static final double MIN_INTERVAL_S = 0.01;
        private static final int MAX_INTERVAL_S = 86_400;
        private static final String HOME_AND_CLEAR = "\033[H\033[2J";

        @Option(names = "--interval", paramLabel = "SECONDS", description = "Seconds between refreshes (default: 1).")
        private @Nullable Double intervalS;

        @Option(names = "--count", paramLabel = "N", description = "End after N refreshes.")
        private @Nullable Integer count;

        boolean isGiven() {
            return intervalS != null || count != null;
        }

        /** Refuses values that make no sense. */
        void check() {
            if (intervalS != null && !(intervalS >= MIN_INTERVAL_S && intervalS <= MAX_INTERVAL_S)) {
                throw CommandFailure.ofUsage("--interval: value '" + intervalS + "': expected " + MIN_INTERVAL_S
                        + " to " + MAX_INTERVAL_S + " seconds");
            }
            if (count != null && count < 1) {
                throw CommandFailure.ofUsage("--count: value '" + count + "': expected at least 1");
            }
        }

        boolean goesOn(int shown) {
            return count == null || shown < count;
        }

        void pause() throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep((long) ((intervalS == null ? 1 : intervalS) * 1e9));
        }

        int run(Console console, Screen screen) throws InterruptedException {
            check();
            // To a terminal each screen replaces the one before; into a pipe they follow one another.
            boolean terminal = Optional.ofNullable(System.console())
                    .map(java.io.Console::isTerminal)
                    .orElse(false);
            screen.render(System.nanoTime());
            int shown = 0;
            do {
                pause();
                String text = screen.render(System.nanoTime());
                console.out().print(terminal && !screen.isForProgram() ? HOME_AND_CLEAR + text : text + "\n");
                console.out().flush();
                shown++;
            } while (goesOn(shown));
            return Console.DONE;
        }
    }
}
