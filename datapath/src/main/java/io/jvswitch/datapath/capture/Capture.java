package io.jvswitch.datapath.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * A capture under way: copies of frames that pass a port, from all workers, for one reader.
 *
 * <p>Workers never wait for the reader: each writes to a ring of its own, and what finds no room is counted as {@link
 * #lost()}.
 *
 * <p>{@link #start} and {@link #drain} are each one thread's; {@link #lost} and {@link #close} any thread's.
 */
public final class Capture {

    /** All rings of a capture together, but for the least size of each. */
    private static final int RINGS_BYTES = 16 << 20;
    /** An eighth of it holds a superframe. */
    private static final int MIN_RING_BYTES = 1 << 20;

    /** Whose frames can be captured: a worker. */
    public interface Source {

        /** Adds a capture, which takes part until it is closed. Any thread. */
        void addCapture(CaptureRing ring);
    }

    private final List<CaptureRing> rings = new ArrayList<>();
    private final List<CapturedFrame> drained = new ArrayList<>();

    private Capture(CaptureSelection selection, List<? extends Source> workers) {
        int ringBytes = Math.max(MIN_RING_BYTES, Integer.highestOneBit(RINGS_BYTES / Math.max(1, workers.size())));
        for (Source worker : workers) {
            CaptureRing ring = new CaptureRing(selection, ringBytes);
            rings.add(ring);
            worker.addCapture(ring);
        }
    }

    /** Begins a capture; every worker takes part from its next duty cycle on. */
    public static Capture start(CaptureSelection selection, List<? extends Source> workers) {
        return new Capture(selection, workers);
    }

    /**
     * Takes frames out of the rings, those of several workers in the order of their times as far as they are there
     * already.
     *
     * @param mostOfEach how many frames of each worker at most
     * @return how many
     */
    public int drain(int mostOfEach, Consumer<CapturedFrame> reader) {
        drained.clear();
        for (CaptureRing ring : rings) {
            ring.drain(mostOfEach, drained::add);
        }
        if (rings.size() > 1) {
            drained.sort(Comparator.comparingLong(CapturedFrame::timeNs));
        }
        drained.forEach(reader);
        int count = drained.size();
        drained.clear();
        return count;
    }

    /** Frames that the capture wanted and had no room for, because they were not taken out in time. */
    public long lost() {
        return rings.stream().mapToLong(CaptureRing::lost).sum();
    }

    /** Ends it; what is in the rings can still be taken out. */
    public void close() {
        rings.forEach(CaptureRing::close);
    }
}
