package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.hash.Roster;
import io.jvswitch.flowtable.key.FlowKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The subtables, and the order in which the owner asks them: those that are hit most come first, the others through
 * {@link SubtableFilters filters} where there are many.
 *
 * <pre>
 *   lookup   head (hit most, a burst at a time) -> filters (one hash for up to 64 masks) -> those that no filter knows
 *   find     all, as they came
 * </pre>
 *
 * <p>The owner counts hits and looks at the order every {@value #RANK_EVERY} look-ups, in place, without allocating.
 * Readers of other threads have an array of their own, which is replaced when a subtable comes or goes.
 */
final class SubtableRanking<A> {

    private static final int RANK_EVERY = 4096;
    /** Subtables asked before the filters at most, and their share of the hits at least: below, a filter costs less. */
    private static final int HEAD = 4;

    private static final int HEAD_SHARE = 8;

    private final SubtableFilters<A> filters;
    private volatile Subtable<A>[] all = none(0);
    private Subtable<A>[] order = none(0);
    /** Those that are asked directly, the head first. */
    private Subtable<A>[] direct = none(0);

    private int headCount;
    private int directCount;
    private int untilRanking = RANK_EVERY;

    SubtableRanking(Roster<Flow<A>> roster) {
        filters = new SubtableFilters<>(roster);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <A> Subtable<A>[] none(int length) {
        return (Subtable<A>[]) new Subtable[length];
    }

    int size() {
        return all.length;
    }

    /** Any thread: the subtables, as they came; not to be written. */
    Subtable<A>[] all() {
        return all;
    }

    /** Any thread. */
    @Nullable
    Flow<A> find(long[] words) {
        for (Subtable<A> subtable : all) {
            Flow<A> flow = subtable.find(words, subtable.mask.hash(words));
            if (flow != null) {
                return flow;
            }
        }
        return null;
    }

    /**
     * Owner: looks the frames up that {@code burst.pending} names, and counts.
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
        if (filters.isWalking() && filters.walk(count)) {
            arrange();
        }
        int left = ask(0, headCount, keys, burst, count, into);
        if (left > 0 && filters.isActive()) {
            left = filters.lookup(keys, burst, left, into);
            left = ask(headCount, directCount, keys, burst, left, into);
        }
        return left;
    }

    private int ask(int from, int end, FlowKey[] keys, FlowBurst burst, int count, @Nullable Flow<A>[] into) {
        int left = count;
        for (int i = from; i < end && left > 0; i++) {
            Subtable<A> subtable = direct[i];
            int before = left;
            left = subtable.lookup(keys, burst, before, into);
            subtable.hits += before - left;
        }
        return left;
    }

    /** Owner: the last rank, until it is hit. */
    void add(Subtable<A> subtable) {
        Subtable<A>[] longer = Arrays.copyOf(all, all.length + 1);
        longer[longer.length - 1] = subtable;
        all = longer;
        order = Arrays.copyOf(order, longer.length);
        order[longer.length - 1] = subtable;
        direct = none(longer.length);
        filters.added(subtable, longer);
        arrange();
    }

    /** Owner: a subtable without flows. */
    void remove(Subtable<A> subtable) {
        Subtable<A>[] shorter = without(all, subtable);
        all = shorter;
        order = without(order, subtable);
        direct = none(shorter.length);
        filters.removed(subtable, shorter);
        arrange();
    }

    private static <A> Subtable<A>[] without(Subtable<A>[] before, Subtable<A> subtable) {
        Subtable<A>[] shorter = Arrays.copyOf(before, before.length - 1);
        int at = 0;
        for (Subtable<A> other : before) {
            if (other != subtable) {
                shorter[at++] = other;
            }
        }
        return shorter;
    }

    /** Owner: a flow came into a subtable. */
    void added(Subtable<A> subtable, long[] words) {
        if (filters.isActive() && filters.added(subtable, words)) {
            arrange();
        }
    }

    /** Owner: a flow left a subtable. */
    static void removed(Subtable<?> subtable) {
        SubtableFilter<?> filter = subtable.filter;
        if (filter != null) {
            filter.removed();
        }
    }

    /**
     * Puts those in front that were hit most: all where no filter is, else only the head's. So the work is linear in
     * the masks, and what differs by chance only is left alone.
     */
    private void rank() {
        Subtable<A>[] now = order;
        int places = filters.isActive() ? HEAD : now.length;
        for (int i = 0; i < places; i++) {
            int most = i;
            for (int j = i + 1; j < now.length; j++) {
                most = now[j].hits > now[most].hits ? j : most;
            }
            Subtable<A> before = now[i];
            if (now[most].hits > before.hits + before.hits / 8 + 8) {
                now[i] = now[most];
                now[most] = before;
            }
        }
        arrange();
        for (Subtable<A> subtable : now) {
            subtable.hits >>= 1;
        }
    }

    /** Says who is asked how. */
    private void arrange() {
        Subtable<A>[] now = order;
        if (!filters.isActive()) {
            System.arraycopy(now, 0, direct, 0, now.length);
            headCount = now.length;
            directCount = now.length;
            return;
        }
        int hits = 0;
        for (Subtable<A> subtable : now) {
            hits += subtable.hits;
        }
        filters.askAll();
        int count = 0;
        while (count < HEAD && now[count].hits > 0 && now[count].hits >= hits / HEAD_SHARE) {
            SubtableFilter<A> filter = now[count].filter;
            if (filter != null) {
                filter.exclude(now[count]);
            }
            direct[count] = now[count];
            count++;
        }
        headCount = count;
        for (int i = headCount; i < now.length; i++) {
            SubtableFilter<A> filter = now[i].filter;
            if (filter == null || !filter.isKnown(now[i])) {
                direct[count++] = now[i];
            }
        }
        directCount = count;
    }
}
