package io.jvswitch.dhcp;

import java.util.concurrent.TimeUnit;

/**
 * Notices when the time of day is set: it moves against the monotonic clock then. Single-threaded.
 *
 * <p>Leases end at a time of day, since they outlive the daemon; but a client counts its lease, and the server an
 * offer, from the moment it was given. A machine that slept looks like one whose clock was set forward, as the
 * monotonic clock slept too.
 */
final class LeaseClock {

    /** Smaller differences come of reading two clocks one after the other. */
    static final long MIN_STEP_MS = 2_000;

    private long offsetMs;
    private boolean running;

    /**
     * How far the time of day was set since the last call, in milliseconds: forward above 0, back below, 0 for not.
     *
     * @param nowNs the monotonic clock, read beside the time of day
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
