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
    /** How long whoever asks waits at most for devices that are being attached, but for the last one of them. */
    private static final long ATTACHING_SLICE_NS = TimeUnit.MILLISECONDS.toNanos(5);

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
            worked |= attachSome();
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
        guarded("closing", state::close);
    }

    /** Says whether there is more to attach right now. */
    private boolean attachSome() {
        boolean[] more = {false};
        guarded(
                "attaching devices",
                () -> more[0] = state.attachSome(clock, clock.now().ns() + ATTACHING_SLICE_NS));
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
