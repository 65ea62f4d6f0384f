package io.jvswitch.datapath.worker;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Frames that come back to translation: each {@linkplain Frame#recirculationId knows} what for. They wait for the end
 * of the burst that sent them, and are the next round's. Bounded; owned by one worker; allocates nothing.
 */
final class RecirculationQueue {

    /** A burst may send each of its frames several ways. */
    private static final int CAPACITY = 4 * FrameBatch.BURST_FRAMES;

    private @Nullable Frame[] waiting = new Frame[CAPACITY];
    private int waitingCount;
    private @Nullable Frame[] round = new Frame[CAPACITY];

    /** Takes the frame over, or says no. */
    boolean offer(Frame frame) {
        if (waitingCount == CAPACITY) {
            return false;
        }
        waiting[waitingCount++] = frame;
        return true;
    }

    /** Makes what waits the round at hand; returns how many frames that are. The last round's must be taken. */
    int beginRound() {
        int count = waitingCount;
        if (count == 0) {
            return 0;
        }
        @Nullable Frame[] frames = waiting;
        waiting = round;
        waitingCount = 0;
        round = frames;
        return count;
    }

    /** A frame of the round, which the caller then owns. */
    Frame take(int index) {
        Frame frame = Objects.requireNonNull(round[index], "taken already");
        round[index] = null;
        return frame;
    }

    /** Forgets all frames, after an error: the worker takes them back. */
    void clear() {
        Arrays.fill(waiting, null);
        Arrays.fill(round, null);
        waitingCount = 0;
    }
}
