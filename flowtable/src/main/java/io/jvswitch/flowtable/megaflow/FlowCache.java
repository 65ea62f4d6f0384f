package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;
import org.jspecify.annotations.Nullable;

/**
 * The exact-match cache before the megaflow classifier: one probe instead of one for each mask.
 *
 * <p>It is indexed by the hash of everything that any megaflow's mask looks at (the union of the masks), and it holds
 * references to megaflows, not keys: a candidate is confirmed by comparing the frame with the megaflow under the
 * megaflow's own mask. Megaflows are disjoint, so a match is the answer, however the candidate was found. Frames that
 * differ only in what no mask looks at share a place, a stale or colliding entry costs time and never a wrong verdict,
 * and nothing has to be flushed when masks come or go.
 *
 * <p>{@value #WAYS} places a set: with two places for each flow, one flow in 120 finds its set full (of four places it
 * would be one in 27, and each of its frames would go to the classifier). A free place is always taken; a taken one
 * only by every {@value #REPLACE_ONE_IN}th new entry, so that a flood of flows that come once does not push out those
 * that stay. After a change of the union, as many replacements as there are entries are free of that rule, to warm up
 * again.
 *
 * <p>The writer's alone.
 */
final class FlowCache<A> {

    private static final int WAYS = 8;
    /**
     * Where the first set begins: behind the array's header of 16 bytes this puts every set of a large array, which the
     * collector aligns, into one cache line.
     */
    private static final int FIRST = 4;

    static final int REPLACE_ONE_IN = 32;

    private final int[] tags;
    private final @Nullable Flow<A>[] flows;
    private final int setMask;
    private PackedMask union = PackedMask.of(new FlowMask());
    private int freeReplacements;
    private int random = 0x2545_f491;
    private int sweepAt;
    private int taken;

    /**
     * A cache of at least {@code entries} places (rounded up to a power of two, at least {@value #WAYS}), or of none at
     * all for 0.
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    FlowCache(int entries) {
        int places = entries == 0 ? 0 : Math.max(WAYS, Integer.highestOneBit(2 * entries - 1));
        tags = new int[FIRST + places];
        flows = (Flow<A>[]) new Flow[FIRST + places];
        setMask = places / WAYS - 1;
    }

    boolean isEnabled() {
        return setMask >= 0;
    }

    private int places() {
        return flows.length - FIRST;
    }

    /** Places that have a flow. */
    int taken() {
        return taken;
    }

    private int setOf(int hash) {
        return FIRST + (hash & setMask) * WAYS;
    }

    /** Says what the masks look at, all together. */
    void setUnion(FlowMask mask) {
        union = PackedMask.of(mask);
        freeReplacements = taken;
    }

    int hash(long[] words) {
        return union.hash(words);
    }

    /**
     * Begins a look-up: reads of the frame's set what {@link #place} will want, so that it is on its way from memory.
     *
     * @return what was read, for the caller to store somewhere, for the compiler leaves out loads that nobody uses
     */
    int touch(int hash) {
        int from = setOf(hash);
        Flow<A> first = flows[from];
        return first == null ? 0 : tags[from];
    }

    /** Goes on with it: the first place of the frame's set whose tag fits, or -1. */
    int place(int hash) {
        int from = setOf(hash);
        for (int i = from; i < from + WAYS; i++) {
            if (tags[i] == hash) {
                return i;
            }
        }
        return -1;
    }

    /** The flow in a place that {@link #place} found, not yet compared. */
    @Nullable
    Flow<A> at(int place) {
        return flows[place];
    }

    @Nullable
    Flow<A> find(long[] words, int hash) {
        int from = setOf(hash);
        for (int i = from; i < from + WAYS; i++) {
            if (tags[i] == hash) {
                Flow<A> flow = flows[i];
                if (flow != null && flow.seat >= 0 && flow.matches(words)) {
                    return flow;
                }
            }
        }
        return null;
    }

    void offer(int hash, Flow<A> flow) {
        int from = setOf(hash);
        for (int i = from; i < from + WAYS; i++) {
            Flow<A> old = flows[i];
            if (old == null || old.seat < 0 || tags[i] == hash) {
                put(i, hash, flow);
                return;
            }
        }
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        if (freeReplacements > 0) {
            freeReplacements--;
        } else if ((random >>> 8) % REPLACE_ONE_IN != 0) {
            return;
        }
        put(from + (random & WAYS - 1), hash, flow);
    }

    private void put(int i, int hash, Flow<A> flow) {
        if (flows[i] == null) {
            taken++;
        }
        tags[i] = hash;
        flows[i] = flow;
    }

    /**
     * Forgets flows that have left the table, in the next {@code budget} places, so that their memory can be reclaimed.
     */
    void sweep(int budget) {
        int places = places();
        for (int i = Math.min(budget, places); i > 0; i--) {
            int place = FIRST + sweepAt;
            Flow<A> flow = flows[place];
            if (flow != null && flow.seat < 0) {
                flows[place] = null;
                taken--;
            }
            sweepAt = sweepAt + 1 == places ? 0 : sweepAt + 1;
        }
    }
}
