package io.jvswitch.datapath.worker;

import java.util.Arrays;

/**
 * How many broadcasts, multicasts and frames for unknown addresses a port may send: a token bucket for each port that
 * has a limit, as big as a quarter of a second, {@value #MIN_BURST_FRAMES} frames at least. A new limit begins with
 * a full bucket.
 *
 * <p>Credit is kept in billionths of a frame, so no time is lost to rounding. Owned by one worker; allocates nothing
 * but for a port's first.
 */
final class StormControl {

    /** So that a guest that boots, and says all that it has to say at once, does not need a high limit. */
    static final int MIN_BURST_FRAMES = 32;

    private static final int BURSTS_PER_SECOND = 4;
    /** A nanosecond at one frame a second is a billionth of a frame. */
    private static final long FRAME = 1_000_000_000;

    private int[] limits = new int[64];
    private long[] credits = new long[64];
    private long[] seenNs = new long[64];

    /**
     * Whether a port may send one more now; then it is counted.
     *
     * @param framesPerSecond the port's limit, at least 1
     * @param nowNs the worker's clock; a step back counts as no time
     */
    boolean admits(int port, int framesPerSecond, long nowNs) {
        if (port >= limits.length) {
            int length = Math.max(port + 1, 2 * limits.length);
            limits = Arrays.copyOf(limits, length);
            credits = Arrays.copyOf(credits, length);
            seenNs = Arrays.copyOf(seenNs, length);
        }
        long full = FRAME * Math.max(MIN_BURST_FRAMES, framesPerSecond / BURSTS_PER_SECOND);
        if (limits[port] != framesPerSecond) {
            limits[port] = framesPerSecond;
            credits[port] = full;
            seenNs[port] = nowNs;
        }
        long elapsedNs = nowNs - seenNs[port];
        if (elapsedNs > 0) {
            boolean isFull = elapsedNs > (full - credits[port]) / framesPerSecond;
            credits[port] = isFull ? full : credits[port] + elapsedNs * framesPerSecond;
            seenNs[port] = nowNs;
        }
        if (credits[port] < FRAME) {
            return false;
        }
        credits[port] -= FRAME;
        return true;
    }
}
