package io.jvswitch.flowtable.megaflow;

/**
 * Scratch space of a burst's look-up between its steps: plain numbers, for a reference stored costs the collector's
 * barrier. The owner's alone.
 */
final class FlowBurst {

    /** Frames that are looked up together. */
    static final int FRAMES = 64;

    /** Of each frame the hash under the mask at hand. */
    final int[] hashes = new int[FRAMES];
    /** Of each frame its place in the cache, or -1. */
    final int[] places = new int[FRAMES];

    /** The frames that the cache did not know, as indices of the caller's arrays, and their hashes in the cache. */
    final int[] missing = new int[FRAMES];

    final int[] cacheHashes = new int[FRAMES];

    /** The frames for which no subtable had a flow yet. */
    final int[] pending = new int[FRAMES];

    /** Of each filter and pending frame the subtables that may have the frame's flow. */
    final long[] maps = new long[SubtableFilters.FILTERS * FRAMES];

    /** What was read ahead of its use; nobody wants to know it. */
    int touched;

    /** Notes that all frames of a range are missing, and returns how many. */
    int all(int from, int end) {
        for (int i = from; i < end; i++) {
            missing[i - from] = i;
        }
        return end - from;
    }
}
