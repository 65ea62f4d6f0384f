package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.hash.Roster;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import org.jspecify.annotations.Nullable;

/**
 * The {@link SubtableFilter filters} of a table with many masks: which subtables go together, and the walk of all flows
 * that fills filters and makes worn ones anew, some seats at a time.
 *
 * <p>There are none until a table has more than {@value #START_ABOVE} masks, for few subtables are asked as quickly as
 * a filter; and none any more when it has {@value #END_AT}. The owner's alone.
 */
final class SubtableFilters<A> {

    /** Filters at most: each costs a frame one hash. */
    static final int FILTERS = 8;

    static final int START_ABOVE = 8;
    static final int END_AT = 4;
    /** Seats that an insertion visits while there is a walk. */
    private static final int SEATS_AN_INSERTION = 2;

    private final Roster<Flow<A>> roster;
    private final FlowKey scratchKey = new FlowKey();
    private final SubtableFilter<A>[] filters = filters();
    private int count;
    private boolean active;
    private boolean walking;
    private int walkAt;
    private int walkEnd;

    SubtableFilters(Roster<Flow<A>> roster) {
        this.roster = roster;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic array creation
    private static <A> SubtableFilter<A>[] filters() {
        return (SubtableFilter<A>[]) new SubtableFilter[FILTERS];
    }

    boolean isActive() {
        return active;
    }

    /** Whether a walk is under way. */
    boolean isWalking() {
        return walking;
    }

    /** A subtable came, the last of {@code all}; it has no flows yet. */
    void added(Subtable<A> subtable, Subtable<A>[] all) {
        if (active) {
            join(subtable);
        } else if (all.length > START_ABOVE) {
            active = true;
            for (Subtable<A> each : all) {
                join(each);
            }
            for (int i = 0; i < count; i++) {
                filters[i].beginFirst();
            }
            beginWalk();
        }
    }

    /** A subtable left; {@code all} are those that stay. */
    void removed(Subtable<A> subtable, Subtable<A>[] all) {
        SubtableFilter<A> filter = subtable.filter;
        if (filter != null) {
            filter.leave(subtable);
            if (filter.isEmpty()) {
                int at = 0;
                while (filters[at] != filter) {
                    at++;
                }
                filters[at] = filters[--count];
            }
        }
        if (active && all.length <= END_AT) {
            active = false;
            walking = false;
            count = 0;
            for (Subtable<A> each : all) {
                each.filter = null;
            }
        }
    }

    /**
     * Finds the filter whose core has the most bits of what the subtable looks at; when that is less than half of what
     * a filter of its own would have, it gets one, if there may be another.
     */
    private void join(Subtable<A> subtable) {
        FlowMask mask = subtable.mask.toMask();
        FlowMask core = SubtableFilter.core(mask);
        int bits = SubtableFilter.bits(core);
        SubtableFilter<A> best = null;
        for (int i = 0; i < count; i++) {
            SubtableFilter<A> filter = filters[i];
            if (!filter.isFull()
                    && (best == null || filter.coreBits() > best.coreBits())
                    && mask.covers(filter.core.toMask())) {
                best = filter;
            }
        }
        if ((best == null || 2 * best.coreBits() < bits) && bits > 0 && count < FILTERS) {
            best = new SubtableFilter<>(core);
            filters[count++] = best;
        }
        if (best != null) {
            best.join(subtable);
        }
    }

    /**
     * A flow came.
     *
     * @return whether a walk ended by it
     */
    boolean added(Subtable<A> subtable, long[] words) {
        SubtableFilter<A> filter = subtable.filter;
        if (filter != null) {
            filter.added(subtable, words);
            if (!walking && filter.isWorn()) {
                filter.beginNext();
                beginWalk();
            }
        }
        return walking && walk(SEATS_AN_INSERTION);
    }

    private void beginWalk() {
        walking = true;
        walkAt = 0;
        // Flows that come into seats beyond are noted as they come.
        walkEnd = roster.used();
    }

    /**
     * Goes on with the walk: each flow that was there when it began and still is gets visited once, in its seat.
     *
     * @return whether it ended
     */
    boolean walk(int seats) {
        int end = Math.min(walkEnd, walkAt + seats);
        for (; walkAt < end; walkAt++) {
            Flow<A> flow = roster.get(walkAt);
            if (flow != null) {
                Subtable<A> subtable = Subtable.of(flow);
                SubtableFilter<A> filter = subtable.filter;
                if (filter != null && filter.isWalking()) {
                    flow.copyKeyTo(scratchKey);
                    filter.walk(subtable, scratchKey.words);
                }
            }
        }
        if (walkAt < walkEnd) {
            return false;
        }
        walking = false;
        for (int i = 0; i < count; i++) {
            if (filters[i].isWalking()) {
                filters[i].end();
            }
        }
        return true;
    }

    /** Says that all known members are to be found through their filters, until they are excluded. */
    void askAll() {
        for (int i = 0; i < count; i++) {
            filters[i].askAll();
        }
    }

    /**
     * Looks up the frames that {@code burst.pending} names: first the maps of all, whose loads overlap, then for each
     * frame the few members that they name.
     *
     * @param pendingCount how many are pending
     * @return how many were not found, which are now the first of {@code burst.pending}
     */
    int lookup(FlowKey[] keys, FlowBurst burst, int pendingCount, @Nullable Flow<A>[] into) {
        int[] pending = burst.pending;
        long[] maps = burst.maps;
        int used = count;
        for (int f = 0; f < used; f++) {
            filters[f].maps(keys, pending, pendingCount, maps, f * FlowBurst.FRAMES);
        }
        int left = 0;
        for (int i = 0; i < pendingCount; i++) {
            int frame = pending[i];
            Flow<A> flow = null;
            for (int f = 0; f < used && flow == null; f++) {
                long map = maps[f * FlowBurst.FRAMES + i];
                if (map != 0) {
                    flow = filters[f].find(map, keys[frame].words);
                }
            }
            if (flow == null) {
                pending[left++] = frame;
            } else {
                into[frame] = flow;
            }
        }
        return left;
    }
}
