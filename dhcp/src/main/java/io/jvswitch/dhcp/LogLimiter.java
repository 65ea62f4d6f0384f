package io.jvswitch.dhcp;

import java.util.Arrays;

/**
 * Lets one message a minute of each kind through: what a guest can cause once, it can cause a million times.
 * Single-threaded.
 */
@SuppressWarnings("EnumOrdinal") // an index into this object's memory, never stored
final class LogLimiter {

    private static final long INTERVAL_MS = 60_000;

    private final long[] lastMs = new long[DhcpCounter.values().length];

    LogLimiter() {
        Arrays.fill(lastMs, Long.MIN_VALUE);
    }

    /** Whether the event that a counter counts may be logged now. */
    boolean allows(DhcpCounter counter, long nowEpochMs) {
        long last = lastMs[counter.ordinal()];
        boolean allowed = last == Long.MIN_VALUE || nowEpochMs - last >= INTERVAL_MS || nowEpochMs < last;
        if (allowed) {
            lastMs[counter.ordinal()] = nowEpochMs;
        }
        return allowed;
    }
}
