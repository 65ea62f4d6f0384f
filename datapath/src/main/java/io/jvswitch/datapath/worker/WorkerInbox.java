package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The border into one worker: what other threads want of it waits here, and what it has adopted of the switch's
 * snapshots is told here.
 *
 * <p>Nobody waits at it. Changes always find room, for there are few: at most two for each port and kind of tunnel that
 * the conductor has, and one for each capture and barrier. Frames of the switch's own making are as many as guests
 * provoke: their queue is bounded and says no.
 *
 * <p>Adding is lock-free for any number of threads. Taking out and {@link #adopt} are the worker's; a change is carried
 * out between two bursts.
 */
final class WorkerInbox {

    /** Something to be done on the worker's thread. */
    @FunctionalInterface
    interface Command {
        void run(Worker worker);
    }

    /** {@link #adoptedAcquire()}: the worker has not begun. */
    static final long NOTHING_ADOPTED = Long.MIN_VALUE;

    static final int MAX_FRAMES = 4_096;
    private static final int CHANGES_PER_CHUNK = 256;
    private static final int COMMANDS_AT_ONCE = 8;

    private static final VarHandle ADOPTED;
    private static final VarHandle ADOPTED_RULES;

    static {
        try {
            ADOPTED = MethodHandles.lookup().findVarHandle(WorkerInbox.class, "adopted", long.class);
            ADOPTED_RULES = MethodHandles.lookup().findVarHandle(WorkerInbox.class, "adoptedRules", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable wakeup;
    private final MpscUnboundedVarHandleArrayQueue<Command> changes =
            new MpscUnboundedVarHandleArrayQueue<>(CHANGES_PER_CHUNK);
    private final MpscVarHandleArrayQueue<Command> frames = new MpscVarHandleArrayQueue<>(MAX_FRAMES);
    private volatile Snapshot snapshot = Snapshot.empty();

    @SuppressWarnings("FieldMayBeFinal") // written by its handle
    private long adopted = NOTHING_ADOPTED;

    @SuppressWarnings("FieldMayBeFinal") // written by its handle
    private long adoptedRules = NOTHING_ADOPTED;

    /** @param wakeup ends the worker's wait, now or the next one */
    WorkerInbox(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    // ---- any thread ----

    /** Leaves a change, which will be carried out. */
    void add(Command change) {
        changes.offer(change);
        wakeup.run();
    }

    /** Leaves a frame to send; false when too many wait. */
    boolean offerFrame(Command frame) {
        boolean taken = frames.offer(frame);
        wakeup.run();
        return taken;
    }

    /** From its next burst on, the worker translates against this snapshot. */
    void publish(Snapshot next) {
        snapshot = next;
        wakeup.run();
    }

    /** What was published last. */
    Snapshot snapshot() {
        return snapshot;
    }

    /**
     * Version of the snapshot by which the worker treats every frame that it receives from now on, or a later one's;
     * {@link #NOTHING_ADOPTED} before it begins. What the worker wrote before it adopted that version is visible.
     */
    long adoptedAcquire() {
        return (long) ADOPTED.getAcquire(this);
    }

    /** As {@link #adoptedAcquire}, of the version at which rules are looked up. */
    long adoptedRulesAcquire() {
        return (long) ADOPTED_RULES.getAcquire(this);
    }

    // ---- the worker's thread ----

    /** The snapshot for the burst that begins. Whatever was received before has been treated. */
    Snapshot adopt() {
        Snapshot current = snapshot;
        if (adopted != current.version()) {
            ADOPTED.setRelease(this, current.version());
        }
        long rules = current.rules().current();
        if (adoptedRules != rules) {
            ADOPTED_RULES.setRelease(this, rules);
        }
        return current;
    }

    /** Whether a change waits. */
    boolean hasChanges() {
        return !changes.isEmpty();
    }

    /** Carries some of what waits out, changes first; returns how much. */
    int run(Worker worker) {
        int done = runChanges(worker);
        Command frame;
        while (done < COMMANDS_AT_ONCE && (frame = frames.poll()) != null) {
            frame.run(worker);
            done++;
        }
        return done;
    }

    /** Carries some of the changes that wait out; returns how many. */
    int runChanges(Worker worker) {
        int done = 0;
        Command change;
        while (done < COMMANDS_AT_ONCE && (change = changes.poll()) != null) {
            change.run(worker);
            done++;
        }
        return done;
    }
}
