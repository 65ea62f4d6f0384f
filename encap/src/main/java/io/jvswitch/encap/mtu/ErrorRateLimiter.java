package io.jvswitch.encap.mtu;

import java.util.Arrays;

/**
 * Keeps ICMP errors from becoming a weapon: a token bucket for each port (RFC 1812, section 4.3.2.8; RFC 4443, section
 * 2.4(f)).
 *
 * <p>One bucket per port rather than one for all, so that a guest that floods oversized packets cannot deprive another
 * guest of its path-MTU errors. Ports share {@value #BUCKETS} buckets by number: two ports may get the same one, which
 * costs fairness between those two only. Buckets hold whole tokens' worth of nanoseconds, so no time is lost to
 * rounding.
 *
 * <p>Single-threaded: one per worker. Allocates nothing after construction.
 */
public final class ErrorRateLimiter {

    /** Number of buckets; a power of two. */
    public static final int BUCKETS = 256;
    /** As Linux's {@code icmp_msgs_per_sec}. */
    public static final int DEFAULT_ERRORS_PER_SECOND = 1_000;
    /** As Linux's {@code icmp_msgs_burst}. */
    public static final int DEFAULT_BURST_ERRORS = 50;

    private static final long SECOND_NS = 1_000_000_000L;

    private final long costNs;
    private final long capacityNs;
    private final long[] savedNs = new long[BUCKETS];
    private final long[] seenNs = new long[BUCKETS];

    /** With the default rate and burst. */
    public ErrorRateLimiter() {
        this(DEFAULT_ERRORS_PER_SECOND, DEFAULT_BURST_ERRORS);
    }

    /**
     * All buckets full.
     *
     * @param errorsPerSecond the rate of each bucket, 1 to 1,000,000
     * @param burstErrors how many may be sent at once after a pause, at least 1
     */
    public ErrorRateLimiter(int errorsPerSecond, int burstErrors) {
        if (errorsPerSecond < 1 || errorsPerSecond > 1_000_000 || burstErrors < 1) {
            throw new IllegalArgumentException("ICMP error rate of " + errorsPerSecond + " a second with a burst of "
                    + burstErrors + ": the rate must be 1 to 1000000, the burst at least 1");
        }
        costNs = SECOND_NS / errorsPerSecond;
        capacityNs = costNs * burstErrors;
        Arrays.fill(savedNs, capacityNs);
    }

    /**
     * Whether one more error may go to a port now; takes nothing.
     *
     * @param port the port that the error would leave by
     * @param nowNs the worker's clock; a step back counts as no time
     */
    public boolean isAvailable(int port, long nowNs) {
        return saved(port & BUCKETS - 1, nowNs) >= costNs;
    }

    /**
     * Whether one more error may go to a port now; takes the token if so. The parameters are {@link #isAvailable}'s.
     */
    public boolean tryTake(int port, long nowNs) {
        int bucket = port & BUCKETS - 1;
        long saved = saved(bucket, nowNs);
        if (saved < costNs) {
            return false;
        }
        if (saved == capacityNs || nowNs - seenNs[bucket] > 0) {
            seenNs[bucket] = nowNs;
        }
        savedNs[bucket] = saved - costNs;
        return true;
    }

    private long saved(int bucket, long nowNs) {
        long saved = savedNs[bucket];
        if (saved == capacityNs) {
            return saved; // and seenNs may be older than the clock can tell
        }
        long elapsedNs = nowNs - seenNs[bucket];
        if (elapsedNs <= 0) {
            return saved;
        }
        return elapsedNs >= capacityNs - saved ? capacityNs : saved + elapsedNs;
    }
}
