package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.time.Moment;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conductor's thread: a duty cycle over the workers' events, the control socket's calls, and a tick a second. All
 * state behind it is touched by this thread only.
 */
final class Conductor implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    private static final int EVENTS_PER_CYCLE = 1_024;
    /** Commands are answered in between. */
    private static final long EVENTS_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int MAX_PENDING_CALLS = 1_024;
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long whoever asks waits at most for ports that come and go, but for the last one of them. */
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long LAST_CHANGES_NS = TimeUnit.SECONDS.toNanos(10);

    private record Call<T>(Function<Moment, T> body, CompletableFuture<T> result) {
        void run(Moment now) {
            try {
                result.complete(body.apply(now));
            } catch (RuntimeException e) {
                if (!(e instanceof ControlRefusedException)) {
                    LOG.error("a command failed in the conductor", e);
                }
                result.completeExceptionally(e);
            }
        }
    }

    private final ConductorInbox inbox;
    private final SwitchState state;
    private final DaemonClock clock;
    private final Queue<Call<?>> calls = new LinkedBlockingQueue<>(MAX_PENDING_CALLS);
    private final Thread thread;
    private volatile boolean stopping;

    Conductor(ConductorInbox inbox, SwitchState state, DaemonClock clock) {
        this.clock = clock;
        this.inbox = inbox;
        this.state = state;
        thread = new Thread(this, "conductor");
    }

    void start() {
        thread.start();
    }

    /**
     * Runs {@code body} on the conductor's thread, at a time that it is given; refused when too many calls wait or the
     * switch is stopping.
     */
    <T> CompletableFuture<T> call(Function<Moment, T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (stopping || !calls.offer(new Call<>(body, result))) {
            result.completeExceptionally(new ControlRefusedException(
                    ControlRefusedException.Kind.UNAVAILABLE,
                    "switch " + state.spec().name(),
                    null,
                    stopping ? "is stopping" : "has " + MAX_PENDING_CALLS + " commands waiting",
                    "try again in a moment"));
        } else {
            inbox.wakeup();
        }
        return result;
    }

    /** As {@link #call}, of what the conductor begins then and will have done later. */
    <T> CompletableFuture<T> begin(Function<Moment, CompletableFuture<T>> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = call(now -> {
            follow(body.apply(now), result);
            return true;
        });
        var _ = begun.whenComplete((ok, refused) -> {
            if (refused != null) {
                result.completeExceptionally(refused);
            }
        });
        return result;
    }

    private static <T> void follow(CompletableFuture<T> work, CompletableFuture<T> result) {
        var _ = work.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    /** Ends the duty cycle after what is queued; the state is closed by the conductor's thread as its last act. */
    void stop() {
        stopping = true;
        inbox.wakeup();
    }

    /** Waits for the thread's end. */
    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void run() {
        long nextTickNs = clock.now().ns();
        while (!stopping) {
            Moment now = clock.now();
            boolean worked = runEvents(now.ns() + EVENTS_NS);
            Call<?> call = calls.poll();
            if (call != null) {
                call.run(clock.now());
                worked = true;
            }
            guarded("the news of devices and paths", () -> state.readNews(now));
            if (now.ns() - nextTickNs >= 0) {
                nextTickNs = now.ns() + TICK_NS;
                guarded("the tick", () -> state.tick(now));
                for (int sender = inbox.takeOverdrawn(); sender >= 0; sender = inbox.takeOverdrawn()) {
                    state.exceeded(sender, now);
                }
            }
            worked |= some("a change", state::changeSome);
            worked |= some("attaching devices", state::attachSome);
            guarded("publishing", state::publishIfChanged);
            if (!worked) {
                inbox.await(
                        Math.max(1, nextTickNs - clock.now().ns()),
                        () -> stopping || !calls.isEmpty() || state.hasNews());
            }
        }
        runEvents(clock.now().ns() + TICK_NS);
        for (Call<?> call = calls.poll(); call != null; call = calls.poll()) {
            call.run(clock.now());
        }
        guarded("the last changes", () -> state.changeSome(clock, clock.now().ns() + LAST_CHANGES_NS));
        guarded("closing", state::close);
    }

    /** Work that takes long, and is done a slice at a time. */
    private interface Sliced {
        boolean workUntil(DaemonClock clock, long deadlineNs);
    }

    /** Says whether there is more to do right now. */
    private boolean some(String what, Sliced work) {
        boolean[] more = {false};
        guarded(what, () -> more[0] = work.workUntil(clock, clock.now().ns() + SLICE_NS));
        return more[0];
    }

    private boolean runEvents(long untilNs) {
        int done = 0;
        Moment now = clock.now();
        @Nullable ConductorEvent event;
        while (done < EVENTS_PER_CYCLE && untilNs - now.ns() > 0 && (event = inbox.poll()) != null) {
            ConductorEvent current = event;
            Moment then = now;
            guarded("an event", () -> state.handle(current, then));
            done++;
            now = clock.now();
        }
        return done > 0;
    }

    /** A defect in one piece of work must not end the thread that everything depends on. */
    private static void guarded(String what, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed in the conductor; it goes on", what, e);
        }
    }
}
