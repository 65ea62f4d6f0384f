package io.jvswitch.datapath.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long a worker's duty cycles take: rounds, busy and idle time, and the distribution of rounds that found work.
 *
 * <p>Written by the worker, without allocating; {@link #read()} by any thread, one at a time.
 */
public final class CycleTimes {

    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What was measured since the start.
     *
     * @param loops rounds
     * @param busyNs time in rounds that found work
     * @param idleNs time polling and waiting
     * @param p50Ns median of the rounds with work
     * @param p99Ns their 99th percentile
     * @param maxNs the longest
     */
    public record Reading(long loops, long busyNs, long idleNs, long p50Ns, long p99Ns, long maxNs) {}

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(LONGEST_NS, 2);
    private final Histogram total = new Histogram(LONGEST_NS, 2);
    private final AtomicLong loops = new AtomicLong();
    private final AtomicLong busyNs = new AtomicLong();
    private final AtomicLong idleNs = new AtomicLong();

    /** The worker had a round with work. */
    void busy(long lengthNs) {
        add(loops, 1);
        add(busyNs, lengthNs);
        recorder.recordValue(Math.clamp(lengthNs, 1, LONGEST_NS));
    }

    /** The worker had a round without, and waited. */
    void idle(long lengthNs) {
        add(loops, 1);
        add(idleNs, lengthNs);
    }

    /** The worker is the only writer, so no locked instruction is needed. */
    private static void add(AtomicLong counter, long amount) {
        counter.setOpaque(counter.getPlain() + amount);
    }

    /** What was measured since the start. */
    public synchronized Reading read() {
        total.add(recorder.getIntervalHistogram());
        return new Reading(
                loops.getOpaque(),
                busyNs.getOpaque(),
                idleNs.getOpaque(),
                total.getValueAtPercentile(50),
                total.getValueAtPercentile(99),
                total.getMaxValue());
    }
}
