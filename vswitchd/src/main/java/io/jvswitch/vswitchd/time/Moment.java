package io.jvswitch.vswitchd.time;

import java.util.concurrent.TimeUnit;

/**
 * One point in time by both clocks: what lasts is measured by the first, and what must be told to others or outlive the
 * daemon is dated by the second.
 *
 * @param ns monotonic time, of {@link System#nanoTime()} or a test's clock; only differences mean something
 * @param epochNs wall-clock time since 1970, which may jump
 */
public record Moment(long ns, long epochNs) {

    /** A moment whose wall-clock time is known in milliseconds. */
    public static Moment of(long ns, long epochMs) {
        return new Moment(ns, TimeUnit.MILLISECONDS.toNanos(epochMs));
    }

    /** Wall-clock time in milliseconds. */
    public long epochMs() {
        return TimeUnit.NANOSECONDS.toMillis(epochNs);
    }
}
