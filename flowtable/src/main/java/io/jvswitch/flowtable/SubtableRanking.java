package io.jvswitch.flowtable;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The subtables in the order in which they are searched: those that are hit most come first.
 *
 * <p>The writer counts hits and looks at the order every {@value #RANK_EVERY} look-ups. A new order is a new array, made only
 * when a subtable was hit clearly more often than the one before it; readers go on with the array that they have.
 */
final class SubtableRanking<A> {

    private static final int RANK_EVERY = 4096;

    private volatile Subtable<A>[] ranked = none();
    private int untilRanking = RANK_EVERY;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <A> Subtable<A>[] none() {
        return (Subtable<A>[]) new Subtable[0];
    }

    int size() {
        return ranked.length;
    }

    /** Any thread. */
    @Nullable
    Flow<A> find(long[] words) {
        for (Subtable<A> subtable : ranked) {
            Flow<A> flow = subtable.find(words, subtable.mask.hash(words));
            if (flow != null) {
                return flow;
            }
        }
        return null;
    }

    /**
     * Writer: looks the frames up that {@code burst.pending} names, subtable by subtable, and counts.
     *
     * @param count how many are pending
     * @return how many of them are left in {@code burst.pending} because no subtable has a flow for them
     */
    int lookup(FlowKey[] keys, FlowBurst burst, int count, @Nullable Flow<A>[] into) {
        untilRanking -= count;
        if (untilRanking <= 0) {
            untilRanking = RANK_EVERY;
            rank();
        }
        int left = count;
        for (Subtable<A> subtable : ranked) {
            int before = left;
            left = subtable.lookup(keys, burst, before, into);
            subtable.hits += before - left;
            if (left == 0) {
                break;
            }
        }
        return left;
    }

    /** The subtable that has this mask; it must be there. */
    Subtable<A> of(PackedMask mask) {
        for (Subtable<A> subtable : ranked) {
            if (subtable.mask == mask) {
                return subtable;
            }
        }
        throw new IllegalStateException("no subtable for a flow's mask");
    }

    /** Writer: the last rank, until it is hit. */
    void add(Subtable<A> subtable) {
        Subtable<A>[] longer = Arrays.copyOf(ranked, ranked.length + 1);
        longer[longer.length - 1] = subtable;
        ranked = longer;
    }

    /** Writer. */
    void remove(Subtable<A> subtable) {
        Subtable<A>[] before = ranked;
        Subtable<A>[] shorter = Arrays.copyOf(before, before.length - 1);
        int at = 0;
        for (Subtable<A> other : before) {
            if (other != subtable) {
                shorter[at++] = other;
            }
        }
        ranked = shorter;
    }

    private void rank() {
        Subtable<A>[] before = ranked;
        boolean ordered = true;
        for (int i = 1; i < before.length; i++) {
            ordered &= before[i].hits <= before[i - 1].hits + before[i - 1].hits / 8 + 8;
        }
        if (!ordered) {
            Subtable<A>[] order = before.clone();
            Arrays.sort(order, (a, b) -> Integer.compare(b.hits, a.hits));
            ranked = order;
        }
        for (Subtable<A> subtable : before) {
            subtable.hits >>= 1;
        }
    }
}
