package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.time.Moment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that are to be made, one after the other, and a long one a slice at a time: whoever asks the conductor
 * something meanwhile does not wait for all of it. The conductor's.
 */
final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /** A change, or what is left of one. */
    interface Work {

        /**
         * Goes on until it is done, or the time is up.
         *
         * @return whether it is done
         */
        boolean goOn(Moment now, BooleanSupplier timeIsUp);

        /** It cannot go on. */
        void fail(RuntimeException why);
    }

    /** A change that is made in one go. */
    private record InOneGo<T>(Function<Moment, T> body, CompletableFuture<T> result) implements Work {

        @Override
        public boolean goOn(Moment now, BooleanSupplier timeIsUp) {
            result.complete(body.apply(now));
            return true;
        }

        @Override
        public void fail(RuntimeException why) {
            result.completeExceptionally(why);
        }
    }

    private final Deque<Work> waiting = new ArrayDeque<>();

    /** A change more, after those that wait. */
    void add(Work change) {
        waiting.add(change);
    }

    /** Does something in one go when every change before it has been made. */
    <T> CompletableFuture<T> inTurn(Function<Moment, T> body) {
        InOneGo<T> change = new InOneGo<>(body, new CompletableFuture<>());
        waiting.add(change);
        return change.result();
    }

    /**
     * Makes changes until a time.
     *
     * @return whether there is more to do
     */
    boolean makeSome(DaemonClock clock, long deadlineNs) {
        BooleanSupplier timeIsUp = () -> clock.now().ns() - deadlineNs >= 0;
        while (!waiting.isEmpty()) {
            if (makes(waiting.getFirst(), clock.now(), timeIsUp)) {
                waiting.removeFirst();
            }
            if (timeIsUp.getAsBoolean()) {
                break;
            }
        }
        return !waiting.isEmpty();
    }

    /** Whether the change is over, in whatever way. */
    private static boolean makes(Work change, Moment now, BooleanSupplier timeIsUp) {
        try {
            return change.goOn(now, timeIsUp);
        } catch (RuntimeException e) {
            if (!(e instanceof ControlRefusedException)) {
                LOG.error("a change failed in the conductor", e);
            }
            change.fail(e);
            return true;
        }
    }
}
