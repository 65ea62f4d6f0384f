package io.jvswitch.datapath;

import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue from the workers to the conductor, with a place for the conductor to wait.
 *
 * <p>{@link #offer} is lock-free for any number of workers and says no when the queue is full; what could not be told is
 * counted by the worker. {@link #poll} and {@link #await} are the conductor's.
 */
public final class ConductorInbox {

    private final MpscVarHandleArrayQueue<ConductorEvent> events;
    private volatile @Nullable Thread waiting;

    /** An inbox for at most {@code capacity} events. */
    public ConductorInbox(int capacity) {
        events = new MpscVarHandleArrayQueue<>(capacity);
    }

    /** Leaves an event; false when there is no room. */
    boolean offer(ConductorEvent event) {
        if (!events.offer(event)) {
            return false;
        }
        wakeup();
        return true;
    }

    /** Ends the conductor's wait, now or the next one; from any thread. */
    public void wakeup() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** The next event, null when there is none. */
    public @Nullable ConductorEvent poll() {
        return events.poll();
    }

    /**
     * Waits until there is an event, {@link #wakeup()} was called, or the time has passed.
     *
     * @param otherWork asked after announcing the wait: something to do that came by another way
     */
    public void await(long maxNs, java.util.function.BooleanSupplier otherWork) {
        waiting = Thread.currentThread();
        try {
            // looked at after the announcement: whoever adds later sees it and wakes us
            if (events.isEmpty() && !otherWork.getAsBoolean()) {
                LockSupport.parkNanos(this, maxNs);
            }
        } finally {
            waiting = null;
        }
    }
}
