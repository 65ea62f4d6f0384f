package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subtables by their masks, {@value #MAX_MASKS} at most, and what all masks together look at.
 *
 * <p>Every mask costs memory, and a frame that no flow wants the more the more there are; and whoever sends frames
 * chooses, within what the translation looks at, which masks there are. So beyond the limit a flow gets a mask that is
 * there and looks at more, of several the one that looks at the least, or the mask that looks at everything. That is
 * always lawful: looking at more bits, the flow stands for fewer frames, and for none that the mask that was wanted
 * would not have stood for.
 *
 * <p>The owner's alone.
 */
final class MaskIndex<A> {

    static final int MAX_MASKS = 512;
    /**
     * The mask that looks at everything has two forms, with and without what IPv4 {@linkplain
     * PackedMask#leaveOutImplied implies}.
     */
    private static final int EXACT_MASKS = 2;

    /**
     * How many look-ups for each taken place of the cache lie between two narrowings of the union, each of which
     * empties the cache.
     */
    private static final int LOOKUPS_PER_PLACE = 64;

    private static final FlowMask EVERYTHING = everything();

    private final SubtableRanking<A> ranking;
    private final FlowCache<A> cache;
    private final Map<FlowMask, Subtable<A>> byMask = new HashMap<>();
    private @Nullable Subtable<A> last;
    private final FlowMask union = new FlowMask();
    private final FlowMask scratch = new FlowMask();
    private boolean unionTooWide;
    private long unionChangedAt;

    MaskIndex(SubtableRanking<A> ranking, FlowCache<A> cache) {
        this.ranking = ranking;
        this.cache = cache;
    }

    private static FlowMask everything() {
        FlowMask mask = new FlowMask();
        for (FlowField field : FlowField.values()) {
            if (field.region() == FlowField.Region.FRAME) {
                mask.exact(field);
            }
        }
        return mask;
    }

    /**
     * The subtable for a flow, or null when there is none yet.
     *
     * @param mask what the flow has to look at; at the limit this method widens it when no mask that is there covers it
     */
    @Nullable
    Subtable<A> find(FlowKey key, FlowMask mask) {
        Subtable<A> subtable = of(mask);
        if (subtable != null || byMask.size() < MAX_MASKS - EXACT_MASKS) {
            return subtable;
        }
        for (Subtable<A> other : ranking.all()) {
            if (other.mask.covers(mask) && (subtable == null || other.mask.bitCount() < subtable.mask.bitCount())) {
                subtable = other;
            }
        }
        if (subtable == null) {
            mask.copyFrom(EVERYTHING);
            PackedMask.leaveOutImplied(key, mask);
            subtable = of(mask);
        }
        return subtable;
    }

    /** New flows come in rows of the same mask, so the last one is asked first. */
    private @Nullable Subtable<A> of(FlowMask mask) {
        Subtable<A> subtable = last;
        if (subtable == null || !subtable.mask.isOf(mask)) {
            subtable = byMask.get(mask);
            last = subtable;
        }
        return subtable;
    }

    /**
     * Makes the subtable that {@link #find} did not find.
     *
     * @param lookups the table's look-ups up to now
     */
    Subtable<A> add(FlowMask mask, long lookups) {
        FlowMask own = new FlowMask().copyFrom(mask);
        Subtable<A> subtable = new Subtable<>(PackedMask.of(own));
        byMask.put(own, subtable);
        ranking.add(subtable);
        if (!union.covers(own)) {
            union.or(own);
            cache.setUnion(union);
            unionChangedAt = lookups;
        }
        return subtable;
    }

    /** Lets a subtable without flows go. */
    void remove(Subtable<A> subtable) {
        ranking.remove(subtable);
        byMask.remove(subtable.mask.toMask());
        last = null;
        unionTooWide = true;
    }

    /**
     * Forgets what no mask looks at any more. Not at once: a mask that comes and goes would empty the cache each time;
     * so only when the cache, since the last change, has been of use for much longer than it takes to fill.
     *
     * @param lookups the table's look-ups up to now
     */
    void narrowUnion(long lookups) {
        if (!unionTooWide || lookups - unionChangedAt < (long) LOOKUPS_PER_PLACE * cache.taken()) {
            return;
        }
        unionTooWide = false;
        unionChangedAt = lookups;
        scratch.clear();
        for (Subtable<A> subtable : ranking.all()) {
            subtable.mask.addTo(scratch);
        }
        if (!scratch.equals(union)) {
            union.copyFrom(scratch);
            cache.setUnion(union);
        }
    }
}
