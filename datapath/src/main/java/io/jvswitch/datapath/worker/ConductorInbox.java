package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Locations;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue from the workers to the conductor, with a place for the conductor to wait.
 *
 * <p>Fair by sender: what frames of one port have waiting here is at most an eighth of the room that is left, and never
 * more than {@value #MAX_PER_SENDER} events. So there is room for every other port however many flood, and for the
 * switch's own news, and none waits for long behind one that floods.
 *
 * <p>{@link #offer} is lock-free for any number of workers and says no when the queue is full; what could not be told
 * is counted by the worker. {@link #poll} and {@link #await} are the conductor's.
 */
public final class ConductorInbox {

    static final int MAX_PER_SENDER = 256;
    private static final int PARTS = 8;
    /** In a sender's cell: it wanted more than its share. The rest is the number of its events. */
    private static final int OVERDRAWN = 1 << 30;

    private static final int OVERDRAWN_SENDERS = 64;

    private final MpscVarHandleArrayQueue<ConductorEvent> events;
    private final AtomicIntegerArray waitingOf = new AtomicIntegerArray(Locations.SENDERS);
    private final MpscVarHandleArrayQueue<Integer> overdrawn = new MpscVarHandleArrayQueue<>(OVERDRAWN_SENDERS);
    private volatile @Nullable Thread waiting;

    /** An inbox for at most {@code capacity} events. */
    public ConductorInbox(int capacity) {
        events = new MpscVarHandleArrayQueue<>(capacity);
    }

    /** Leaves an event; false when there is no room, or none for its sender. */
    boolean offer(ConductorEvent event) {
        int sender = event.sender();
        if (sender != ConductorEvent.SWITCH) {
            int cell = waitingOf.get(sender);
            if ((cell & ~OVERDRAWN) >= Math.min(MAX_PER_SENDER, (events.capacity() - events.size()) / PARTS)) {
                if ((cell & OVERDRAWN) == 0) {
                    overdraw(sender);
                }
                return false;
            }
            waitingOf.incrementAndGet(sender);
        }
        if (!events.offer(event)) {
            release(sender);
            return false;
        }
        wakeup();
        return true;
    }

    private void overdraw(int sender) {
        boolean first = (waitingOf.getAndUpdate(sender, cell -> cell | OVERDRAWN) & OVERDRAWN) == 0;
        if (first && !overdrawn.offer(sender)) {
            waitingOf.getAndUpdate(sender, cell -> cell & ~OVERDRAWN); // many do: another time
        }
    }

    private void release(int sender) {
        if (sender != ConductorEvent.SWITCH) {
            waitingOf.decrementAndGet(sender);
        }
    }

    /**
     * The {@linkplain ConductorEvent#sender() number} of one who wanted more than its share since it was told the last
     * time, or -1.
     */
    public int takeOverdrawn() {
        Integer sender = overdrawn.poll();
        if (sender == null) {
            return -1;
        }
        waitingOf.getAndUpdate(sender, cell -> cell & ~OVERDRAWN);
        return sender;
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
        ConductorEvent event = events.poll();
        if (event != null) {
            release(event.sender());
        }
        return event;
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
