package io.jvswitch.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Counts what the calling thread allocates.
 *
 * <p>Code that allocates nothing does so once the compiler has got round to it, which on a loaded machine may be late:
 * a pass is repeated until one is clean. Code that does allocate never has a clean pass.
 */
public final class AllocationMeter {

    /** What the JVM itself may allocate on the thread that counts: a few objects, whatever the pass does. */
    private static final long OWN_BYTES = 4_096;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationMeter() {}

    /**
     * Runs {@code pass} until it allocates nothing; that none did within a minute is an {@link AssertionError}.
     *
     * @param what continues "bytes allocated in"
     * @param pass so much work that a single object per piece of it would exceed what the JVM allocates by itself
     */
    public static void awaitNone(String what, Runnable pass) {
        long fewest = Long.MAX_VALUE;
        long startNs = System.nanoTime();
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            pass.run();
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        } while (fewest > OWN_BYTES && System.nanoTime() - startNs < PATIENCE.toNanos());
        if (fewest > OWN_BYTES) {
            throw new AssertionError(fewest + " bytes allocated in " + what);
        }
    }

    /** What one run of {@code pass} allocates on this thread, in bytes. */
    public static long bytesOf(Runnable pass) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        pass.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
