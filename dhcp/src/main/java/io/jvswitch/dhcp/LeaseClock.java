package io.jvswitch.dhcp;

import java.util.concurrent.TimeUnit;

/**
 * Detects when the time of day is set: it then jumps relative to the monotonic clock. Single-threaded.
 *
 * <p>Leases end at a time of day, since they outlive the daemon; but a client counts its lease, and the server an
 * offer, from the moment it was given. A machine that was suspended looks like one whose clock was set forward, because
 * the monotonic clock stops as well.
 */
final class LeaseClock {

    /** Smaller differences come from reading two clocks one after the other. */
    static final long MIN_STEP_MS = 2_000;

    private long offsetMs;
    private boolean running;

    /**
     * By how much the time of day was set since the last call, in milliseconds: positive for forward, negative for
     * back, 0 if it was not.
     *
     * @param nowNs the monotonic clock, read at the same time
     */
    long stepMs(long nowEpochMs, long nowNs) {
        long offset = nowEpochMs - TimeUnit.NANOSECONDS.toMillis(nowNs);
        long step = offset - offsetMs;
        if (running && Math.abs(step) < MIN_STEP_MS) {
            return 0;
        }
        offsetMs = offset;
        boolean first = !running;
        running = true;
        return first ? 0 : step;
    }
}
