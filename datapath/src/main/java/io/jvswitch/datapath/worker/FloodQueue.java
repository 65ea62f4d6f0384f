package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.wire.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames that go to many places, and wait for their turn: copying them takes a share of each cycle only, so that other
 * frames pass meanwhile. First in, first out.
 *
 * <p>Fair by port: what one port has waiting is at most a quarter of the room that is left. Bounded, as each holds a
 * buffer. Owned by one worker; allocates nothing but for a port's first.
 */
final class FloodQueue {

    private static final int PARTS = 4;

    private final @Nullable Frame[] frames;
    private final @Nullable Verdict[] verdicts;
    private final long[] versions;
    private int[] waitingOf = new int[64];
    private int first;
    private int size;

    /** Room for that many frames, a power of two. */
    FloodQueue(int capacity) {
        frames = new Frame[capacity];
        verdicts = new Verdict[capacity];
        versions = new long[capacity];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Takes a frame over when there is room for its port.
     *
     * @param version of the snapshot that the verdict is of
     */
    boolean offer(Frame frame, Verdict verdict, long version) {
        int port = frame.inPort();
        if (port >= waitingOf.length) {
            waitingOf = Arrays.copyOf(waitingOf, Math.max(port + 1, 2 * waitingOf.length));
        }
        if (waitingOf[port] >= (frames.length - size) / PARTS) {
            return false;
        }
        int at = first + size & frames.length - 1;
        frames[at] = frame;
        verdicts[at] = verdict;
        versions[at] = version;
        waitingOf[port]++;
        size++;
        return true;
    }

    /** The verdict on the next frame, null when there is no frame. */
    @Nullable
    Verdict verdict() {
        return verdicts[first];
    }

    /** Of the snapshot that the next frame's verdict is of. */
    long version() {
        return versions[first];
    }

    /** Gives the next frame, of which there must be one. */
    Frame take() {
        Frame frame = frames[first];
        if (frame == null) {
            throw new IllegalStateException("no frame waits to be flooded");
        }
        frames[first] = null;
        verdicts[first] = null;
        first = first + 1 & frames.length - 1;
        size--;
        waitingOf[frame.inPort()]--;
        return frame;
    }

    /** Forgets all: their buffers were taken back. */
    void clear() {
        Arrays.fill(frames, null);
        Arrays.fill(verdicts, null);
        Arrays.fill(waitingOf, 0);
        first = 0;
        size = 0;
    }
}
