package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.hash.Roster;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowLayout;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker's megaflows: an exact-match cache over a classifier by tuple space search.
 *
 * <p>The owner (one thread) looks up, inserts, removes, ages and revalidates. {@link #find}, {@link #forEach}, {@link
 * #size} and the counters may be called from any thread at any time; they are wait-free and never hold up the owner.
 *
 * <p><b>Guarantee to other threads:</b> {@link #find} is linearizable with the owner's changes, where an insertion into
 * a full table counts as two, the eviction and the insertion, and as long as no frame has flows of two masks; of a
 * frame that has, which is lawful as long as both say the same, a reader may miss both when one leaves while the other
 * comes. {@link #forEach} visits what is there throughout exactly once. What was removed stays readable for whoever
 * still holds it: memory is the garbage collector's, and nothing of a flow or of the index is written for another
 * purpose. The package's Javadoc tells why that suffices.
 *
 * <p><b>Bounds:</b> {@link #capacity} flows of at most 256 bytes each for TCP over IPv4, all in, with two places of the
 * cache for each; {@value MaskIndex#MAX_MASKS} masks of at most some 2 KB each; 2 MB of filters. A full table evicts.
 *
 * <p>No look-up allocates. An insertion allocates the flow and, now and then, a segment of the hash directory. Nothing
 * here ever touches the whole table at once.
 *
 * @param <A> what the flows do; opaque here
 */
public final class FlowTable<A> {

    /** How many flows an eviction looks at to find the one that is needed least. */
    private static final int EVICTION_SAMPLES = 16;
    /** Of flows that came once this many are enough to choose from. */
    private static final int CAME_ONCE_SAMPLES = 3;

    /** Seats that ageing and revalidation visit between two looks at the clock, when nothing is to be done there. */
    private static final int SEATS_PER_CLOCK_READ = 16;
    /** Places of the cache that ageing clears at least. */
    private static final int MIN_SWEEP = 64;

    private static final VarHandle CACHE_HITS;
    private static final VarHandle MEGAFLOW_HITS;
    private static final VarHandle MISSES;
    private static final VarHandle EVICTIONS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CACHE_HITS = lookup.findVarHandle(FlowTable.class, "cacheHits", long.class);
            MEGAFLOW_HITS = lookup.findVarHandle(FlowTable.class, "megaflowHits", long.class);
            MISSES = lookup.findVarHandle(FlowTable.class, "misses", long.class);
            EVICTIONS = lookup.findVarHandle(FlowTable.class, "evictions", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Roster<Flow<A>> roster;
    private final FlowCache<A> cache;
    private final SubtableRanking<A> ranking;
    private final Consumer<Flow<A>> visitor;
    private final MaskIndex<A> masks;
    private final FlowMask scratchMask = new FlowMask();
    private final FlowKey scratchKey = new FlowKey();

    private final FlowBurst burst = new FlowBurst();
    private final FlowKey[] single = new FlowKey[1];
    private final @Nullable Flow<A>[] singleFound = newFlows(1);

    private long cacheHits;
    private long megaflowHits;
    private long misses;
    private long evictions;
    private int expiryAt;
    private long random = 0x9e37_79b9_7f4a_7c15L;
    private long revalidationVersion;
    private int revalidationAt;
    private int revalidationLeft;

    /**
     * An empty table.
     *
     * @param maxMegaflows flows that it holds at most; when full, each new one takes the place of an old one
     * @param cacheEntries places of the exact-match cache, rounded up to a power of two; 0 for none
     * @throws IllegalArgumentException when {@code maxMegaflows} is below 1 or {@code cacheEntries} is negative
     */
    public FlowTable(int maxMegaflows, int cacheEntries) {
        this(maxMegaflows, cacheEntries, flow -> {});
    }

    /**
     * An empty table whose owner looks after its flows.
     *
     * @param visitor called by the owner's thread for each flow that {@link #expire} passes, and a last time before a
     *     flow goes or gets other actions by {@link #insert}: to settle what it has counted
     */
    public FlowTable(int maxMegaflows, int cacheEntries, Consumer<Flow<A>> visitor) {
        this.visitor = visitor;
        if (maxMegaflows < 1 || maxMegaflows > 1 << 24) {
            throw new IllegalArgumentException("maxMegaflows is " + maxMegaflows + ": must be 1 to " + (1 << 24));
        }
        if (cacheEntries < 0 || cacheEntries > 1 << 24) {
            throw new IllegalArgumentException("cacheEntries is " + cacheEntries + ": must be 0 to " + (1 << 24));
        }
        roster = new Roster<>(maxMegaflows);
        cache = new FlowCache<>(cacheEntries);
        ranking = new SubtableRanking<>(roster);
        masks = new MaskIndex<>(ranking, cache);
    }

    /** Owner: the megaflow of a frame, or null. */
    public @Nullable Flow<A> lookup(FlowKey key) {
        single[0] = key;
        lookup(single, 1, singleFound);
        Flow<A> flow = singleFound[0];
        singleFound[0] = null;
        return flow;
    }

    /**
     * Owner: the megaflows of a burst, each step for all frames before the next one for any, so that their memory
     * accesses overlap: all hashes, all sets of the cache, all flows, all comparisons; what the cache did not know then
     * goes through the subtables in the same way.
     *
     * @param keys the burst's keys
     * @param count how many of them
     * @param into receives for each key its flow or null
     */
    public void lookup(FlowKey[] keys, int count, @Nullable Flow<A>[] into) {
        for (int from = 0; from < count; from += FlowBurst.FRAMES) {
            int end = Math.min(count, from + FlowBurst.FRAMES);
            int missing = cache.isEnabled() ? lookupCache(keys, from, end, into) : burst.all(from, end);
            if (missing > 0) {
                lookupSubtables(keys, missing, into);
            }
        }
    }

    /** Leaves in {@link #burst} which frames are still missing, and returns how many. */
    private int lookupCache(FlowKey[] keys, int from, int end, @Nullable Flow<A>[] into) {
        int[] hashes = burst.hashes;
        int[] places = burst.places;
        int[] missing = burst.missing;
        int touched = 0;
        for (int i = from; i < end; i++) {
            int hash = cache.hash(keys[i].words);
            hashes[i - from] = hash;
            touched ^= cache.touch(hash);
        }
        for (int i = from; i < end; i++) {
            int place = cache.place(hashes[i - from]);
            places[i - from] = place;
            if (place >= 0) {
                Flow<A> flow = cache.at(place);
                if (flow != null) {
                    touched ^= flow.touch();
                }
            }
        }
        burst.touched = touched;
        int left = 0;
        for (int i = from; i < end; i++) {
            long[] words = keys[i].words;
            int place = places[i - from];
            Flow<A> flow = place < 0 ? null : cache.at(place);
            if (flow != null && (flow.seat < 0 || !flow.matches(words))) {
                // The rare case: the place is stale, or two keys of the set have one tag.
                flow = cache.find(words, hashes[i - from]);
            }
            if (flow == null) {
                burst.cacheHashes[left] = hashes[i - from];
                missing[left++] = i;
            } else {
                into[i] = flow;
            }
        }
        CACHE_HITS.setOpaque(this, cacheHits + (end - from - left));
        return left;
    }

    private void lookupSubtables(FlowKey[] keys, int count, @Nullable Flow<A>[] into) {
        int[] missing = burst.missing;
        System.arraycopy(missing, 0, burst.pending, 0, count);
        int left = ranking.lookup(keys, burst, count, into);
        for (int i = 0; i < left; i++) {
            into[burst.pending[i]] = null;
        }
        MISSES.setOpaque(this, misses + left);
        MEGAFLOW_HITS.setOpaque(this, megaflowHits + (count - left));
        if (cache.isEnabled()) {
            for (int i = 0; i < count; i++) {
                Flow<A> flow = into[missing[i]];
                if (flow != null) {
                    cache.offer(burst.cacheHashes[i], flow);
                }
            }
        }
    }

    /** Any thread: the megaflow of a frame, or null; counts nothing and leaves the cache alone. */
    public @Nullable Flow<A> find(FlowKey key) {
        return ranking.find(key.words);
    }

    /**
     * Owner: adds a megaflow, or renews the one that has the same mask and masked key.
     *
     * <p>When the table is full, another flow goes first: of some that are drawn by lot, the one that was not used for
     * longest; flows that were not used again since the burst that they were made for go before all others.
     *
     * <p>Beyond {@value MaskIndex#MAX_MASKS} masks the flow looks at more than was asked, and so stands for fewer
     * frames.
     *
     * @param key a frame's key; only what the mask looks at is kept
     * @param mask what the translation looked at; copied
     * @param actions what it decided
     * @param version the snapshot version that it is true for
     * @param nowNs the time, also for the {@link Flow#count} of the frames in hand
     * @throws IllegalArgumentException when the mask looks at a field that only translations know
     *     ({@link FlowField.Region#PIPELINE})
     */
    public Flow<A> insert(FlowKey key, FlowMask mask, A actions, long version, long nowNs) {
        if ((mask.present & FlowLayout.PIPELINE_WORDS) != 0) {
            throw new IllegalArgumentException("a megaflow cannot look at " + pipelineField(mask)
                    + ": frames do not bring it, only translations know it. Mask: " + mask);
        }
        scratchMask.copyFrom(mask);
        PackedMask.leaveOutImplied(key, scratchMask);
        Subtable<A> subtable = masks.find(key, scratchMask);
        if (subtable != null) {
            Flow<A> existing = subtable.find(key.words, subtable.mask.hash(key.words));
            if (existing != null) {
                visitor.accept(existing);
                existing.renew(actions, version);
                return existing;
            }
        }
        if (roster.isFull()) {
            evict();
            subtable = masks.find(key, scratchMask);
        }
        if (subtable == null) {
            subtable = masks.add(scratchMask, lookups());
        }
        PackedMask packed = subtable.mask;
        Flow<A> flow = new Flow<>(key, packed, packed.hash(key.words), actions, version, nowNs);
        roster.add(flow);
        subtable.flows.add(flow);
        ranking.added(subtable, key.words);
        return flow;
    }

    private static String pipelineField(FlowMask mask) {
        FlowField field = mask.first(FlowField.Region.PIPELINE);
        return field == null ? "a field of translations" : field.label();
    }

    private long lookups() {
        return cacheHits + megaflowHits + misses;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic array creation
    private static <A> @Nullable Flow<A>[] newFlows(int length) {
        return (Flow<A>[]) new Flow[length];
    }

    /** Owner: takes a flow out; false when it is not in the table (any more). */
    public boolean remove(Flow<A> flow) {
        if (!roster.remove(flow)) {
            return false;
        }
        visitor.accept(flow);
        Subtable<A> subtable = Subtable.of(flow);
        subtable.flows.remove(flow);
        SubtableRanking.removed(subtable);
        if (subtable.flows.size() == 0) {
            masks.remove(subtable);
        }
        return true;
    }

    private void evict() {
        Flow<A> victim = null;
        int cameOnce = 0;
        for (int i = 0; i < EVICTION_SAMPLES && cameOnce < CAME_ONCE_SAMPLES; i++) {
            Flow<A> flow = roster.get(randomSeat());
            if (flow != null) {
                cameOnce += flow.cameOnce() ? 1 : 0;
                victim = victim == null || isNeededLess(flow, victim) ? flow : victim;
            }
        }
        if (victim != null) {
            remove(victim);
            EVICTIONS.setOpaque(this, evictions + 1);
        }
    }

    private static boolean isNeededLess(Flow<?> a, Flow<?> b) {
        return a.cameOnce() == b.cameOnce() ? a.lastUsedNs() - b.lastUsedNs() < 0 : a.cameOnce();
    }

    private int randomSeat() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 32) * roster.used() >>> 32);
    }

    /**
     * Owner: removes flows that were not used for {@code idleNs}, among the next {@code budget} seats in turn.
     *
     * @return flows removed
     */
    public int expire(long nowNs, long idleNs, int budget) {
        int before = roster.size();
        expire(nowNs, idleNs, budget, FlowTable::standingClock, Long.MAX_VALUE);
        return before - roster.size();
    }

    /**
     * Owner: as {@link #expire(long, long, int)}, and stops when the clock has reached {@code deadlineNs}, after some
     * seats at least.
     *
     * @return seats visited
     */
    public int expire(long nowNs, long idleNs, int budget, LongSupplier clock, long deadlineNs) {
        cache.sweep(Math.max(budget, MIN_SWEEP));
        int seats = Math.min(budget, roster.used());
        int visited = 0;
        while (visited < seats) {
            visited++;
            if (++expiryAt >= roster.used()) {
                expiryAt = 0;
                masks.narrowUnion(lookups());
            }
            Flow<A> flow = roster.get(expiryAt);
            if (flow != null) {
                visitor.accept(flow);
            }
            boolean removed = flow != null && nowNs - flow.lastUsedNs() >= idleNs && remove(flow);
            // asking the time costs as much as some seats
            if ((removed || visited % SEATS_PER_CLOCK_READ == 0) && clock.getAsLong() - deadlineNs >= 0) {
                break;
            }
        }
        return visited;
    }

    /** For slices that are bounded by their number only. */
    private static long standingClock() {
        return 0;
    }

    /**
     * Owner: judges flows of another version than {@code version} again, among the next {@code budget} seats in turn; a
     * version not seen before starts a new round.
     *
     * @return seats visited; 0 when the round is over, and every flow is of this version
     */
    public int revalidate(long version, int budget, Revalidator<A> revalidator) {
        return revalidate(version, budget, FlowTable::standingClock, Long.MAX_VALUE, revalidator);
    }

    /**
     * Owner: as {@link #revalidate(long, int, Revalidator)}, and stops when the clock has reached {@code deadlineNs},
     * after one flow at least.
     */
    public int revalidate(long version, int budget, LongSupplier clock, long deadlineNs, Revalidator<A> revalidator) {
        if (version != revalidationVersion) {
            revalidationVersion = version;
            revalidationLeft = roster.used();
        }
        int visited = 0;
        while (visited < budget && revalidationLeft > 0) {
            visited++;
            revalidationLeft--;
            revalidationAt = revalidationAt + 1 < roster.used() ? revalidationAt + 1 : 0;
            Flow<A> flow = roster.get(revalidationAt);
            boolean judged = false;
            if (flow != null && flow.version() != version) {
                judge(flow, version, revalidator);
                judged = true;
            }
            if ((judged || visited % SEATS_PER_CLOCK_READ == 0) && clock.getAsLong() - deadlineNs >= 0) {
                break;
            }
        }
        return visited;
    }

    private void judge(Flow<A> flow, long version, Revalidator<A> revalidator) {
        flow.copyKeyTo(scratchKey);
        switch (revalidator.revalidate(flow, scratchKey)) {
            case KEEP -> flow.renewVersion(version);
            case RENEW -> {}
            case REMOVE -> remove(flow);
        }
    }

    /**
     * Any thread: visits the flows, each that is there throughout exactly once; of those that come or go meanwhile,
     * some.
     *
     * @param visitor may keep the flow
     */
    public void forEach(Consumer<? super Flow<A>> visitor) {
        roster.forEach(visitor);
    }

    /** Flows in the table. */
    public int size() {
        return roster.size();
    }

    /**
     * Owner: seats that a round of {@link #expire} or {@link #revalidate} visits: the most flows that there were at a
     * time.
     */
    public int seats() {
        return roster.used();
    }

    /** Flows that the table holds at most. */
    public int capacity() {
        return roster.capacity();
    }

    /** Look-ups answered by the exact-match cache. */
    public long cacheHits() {
        return (long) CACHE_HITS.getOpaque(this);
    }

    /** Look-ups answered by the classifier. */
    public long megaflowHits() {
        return (long) MEGAFLOW_HITS.getOpaque(this);
    }

    /** Look-ups that found nothing. */
    public long misses() {
        return (long) MISSES.getOpaque(this);
    }

    /** Flows that had to go because the table was full. */
    public long evictions() {
        return (long) EVICTIONS.getOpaque(this);
    }

    /** Different masks among the flows. */
    public int masks() {
        return ranking.size();
    }
}
