package io.jvswitch.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A worker's frames: one slab of native memory, cut into equal buffers, handed out last in, first out, so that the one
 * warmest in the cache is used next.
 *
 * <p>Buffers are large enough for a 64 KB superframe. Memory beyond the longest frame is never touched, so a switch
 * that only sees 1,500-byte frames keeps a page or two of each resident. Buffers are spaced by an odd number of cache
 * lines: with a power of two every frame's headers would compete for the same cache sets.
 *
 * <p>Single-threaded: owned by one worker. The readers {@link #free()} and {@link #size()} may be called from any
 * thread and may lag.
 */
public final class FramePool implements AutoCloseable {

    /** Room for a 65,535-byte packet, its Ethernet header and two tags, and the headroom. */
    public static final int SUPERFRAME_BUFFER_BYTES = 66_368;

    /** Room for a jumbo frame of 9,216 bytes: for tests and for switches without offloads. */
    public static final int JUMBO_BUFFER_BYTES = 9_664;

    private static final int CACHE_LINE_BYTES = 64;

    private final Arena arena;
    private final Frame[] all;
    private final Frame[] stack;
    private int top;
    private @Nullable MemorySegment spill;

    /**
     * Allocates the slab.
     *
     * @param frames how many frames; the bound on what a worker can hold at once
     * @param bufferBytes size of each frame's buffer, headroom included
     */
    public FramePool(int frames, int bufferBytes) {
        if (frames < 1 || bufferBytes <= Frame.HEADROOM_BYTES) {
            throw new IllegalArgumentException("frame pool of " + frames + " frames of " + bufferBytes
                    + " bytes: needs at least one frame of more than " + Frame.HEADROOM_BYTES + " bytes");
        }
        int lines = (bufferBytes + CACHE_LINE_BYTES - 1) / CACHE_LINE_BYTES | 1;
        long strideBytes = (long) lines * CACHE_LINE_BYTES;
        arena = Arena.ofShared();
        MemorySegment slab = arena.allocate(strideBytes * frames, CACHE_LINE_BYTES);
        stack = new Frame[frames];
        for (int i = frames - 1; i >= 0; i--) {
            Frame frame = new Frame(slab.asSlice(i * strideBytes, bufferBytes));
            frame.pooled = true;
            stack[top++] = frame;
        }
        all = stack.clone();
    }

    /**
     * A cleared frame, or null when all are in use: the caller counts {@link DropReason#NO_BUFFER}. The caller owns the
     * frame.
     */
    public @Nullable Frame take() {
        if (top == 0) {
            return null;
        }
        Frame frame = stack[--top];
        frame.pooled = false;
        frame.clear();
        return frame;
    }

    /**
     * Returns a frame to the pool.
     *
     * @throws IllegalStateException when it was returned before: two owners of one buffer would silently corrupt
     *     traffic
     */
    public void release(Frame frame) {
        if (frame.pooled || top == stack.length) {
            throw new IllegalStateException("frame released twice, or to a pool that it is not of");
        }
        frame.pooled = true;
        stack[top++] = frame;
    }

    /**
     * Takes every frame back, whoever has it: after an error, when nobody knows who had which. Nobody may use a frame
     * from before any more.
     */
    public void reclaim() {
        top = 0;
        for (Frame frame : all) {
            frame.pooled = true;
            stack[top++] = frame;
        }
    }

    /**
     * Memory for the rest of frames that are longer than a buffer ({@link Frame#setExcess}), null until a queue needs
     * it.
     */
    public @Nullable MemorySegment spill() {
        return spill;
    }

    /**
     * Whichever of the worker's queues needs the memory first allocates it for all of them: its content is valid for
     * one burst only.
     */
    public void setSpill(MemorySegment memory) {
        spill = memory;
    }

    /** Frames that can still be taken. */
    public int free() {
        return top;
    }

    /** Frames in all. */
    public int size() {
        return stack.length;
    }

    /** Frees the memory; a frame still in use fails at its next access. */
    @Override
    public void close() {
        arena.close();
    }
}
