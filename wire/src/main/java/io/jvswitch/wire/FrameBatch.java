package io.jvswitch.wire;

import org.jspecify.annotations.Nullable;

/**
 * A burst of frames in order, of fixed capacity.
 *
 * <p>Holds references only; the methods that take or fill a batch say who owns the frames. Single-threaded.
 */
public final class FrameBatch {

    /**
     * Maximum frames per receive call: large enough to amortise the fixed costs, small enough for the first-level
     * cache.
     */
    public static final int BURST_FRAMES = 64;

    private final @Nullable Frame[] frames;
    private int size;

    /** A batch of at most {@code capacity} frames. */
    public FrameBatch(int capacity) {
        frames = new Frame[capacity];
    }

    /** Most frames it can hold. */
    public int capacity() {
        return frames.length;
    }

    /** Frames in it. */
    public int size() {
        return size;
    }

    /** Frames that can still be added. */
    public int room() {
        return frames.length - size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == frames.length;
    }

    /**
     * Appends a frame.
     *
     * @throws IndexOutOfBoundsException when the batch is full
     */
    public void add(Frame frame) {
        frames[size] = frame;
        size++;
    }

    /** The frame at {@code index}, which stays in the batch. */
    public Frame get(int index) {
        Frame frame = index < size ? frames[index] : null;
        if (frame == null) {
            throw new IndexOutOfBoundsException("frame " + index + " of a batch of " + size);
        }
        return frame;
    }

    /** Removes all frames without releasing them. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            frames[i] = null;
        }
        size = 0;
    }

    /** Releases every frame to its pool and removes it. */
    public void releaseAll(FramePool pool) {
        // the first is released last, and so is taken first: bursts keep filling the same buffers, which are warm in
        // the cache
        for (int i = size - 1; i >= 0; i--) {
            pool.release(get(i));
        }
        clear();
    }
}
