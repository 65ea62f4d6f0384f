package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.hash.HashDirectory;
import io.jvswitch.flowtable.hash.HashSegment;
import io.jvswitch.flowtable.hash.Hashed;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.PackedMask;
import org.jspecify.annotations.Nullable;

/** All megaflows of one mask, by the hash of their masked keys. */
public final class Subtable<A> {

    final PackedMask mask;
    final HashDirectory<Flow<A>> flows = new HashDirectory<>();
    /** Hits since the ranking was last looked at, halved each time; the writer's. */
    int hits;
    /** The filter that this is a member of, and where in it; the writer's. */
    @Nullable
    SubtableFilter<A> filter;

    int filterPlace;

    Subtable(PackedMask mask) {
        this.mask = mask;
        mask.setSubtable(this);
    }

    /** The subtable that a flow is, or was, in. */
    @SuppressWarnings("unchecked") // a flow's mask is of its own table's subtable
    static <A> Subtable<A> of(Flow<A> flow) {
        return (Subtable<A>) flow.packedMask().subtable();
    }

    /** Any thread: the flow that these key words belong to, given their hash under this mask. */
    @Nullable
    Flow<A> find(long[] words, int hash) {
        HashSegment<Flow<A>> segment = flows.segment(hash);
        Flow<A> flow = findIn(segment, HashSegment.firstBucket(hash), words, hash);
        if (flow != null) {
            return flow;
        }
        flow = findIn(segment, HashSegment.secondBucket(hash), words, hash);
        return flow != null || segment.overflow().length == 0 ? flow : findBeyond(segment, words, hash);
    }

    /** Owner: the flow that these key words belong to. */
    @Nullable
    Flow<A> ownFind(long[] words) {
        int hash = mask.hash(words);
        return HashDirectory.ownSegment(flows.ownSegments(), hash).mayHave(hash) ? find(words, hash) : null;
    }

    /**
     * Owner: looks up the frames that {@code burst.pending} names, first all hashes and tags, then all comparisons.
     *
     * @param count how many are pending
     * @return how many were not found, which are now the first of {@code burst.pending}
     */
    int lookup(FlowKey[] keys, FlowBurst burst, int count, @Nullable Flow<A>[] into) {
        int[] pending = burst.pending;
        int[] hashes = burst.hashes;
        PackedMask own = mask;
        HashSegment<Flow<A>>[] directory = flows.ownSegments();
        int touched = 0;
        for (int i = 0; i < count; i++) {
            int hash = own.hash(keys[pending[i]].words);
            hashes[i] = hash;
            touched ^= HashDirectory.ownSegment(directory, hash).touch(hash);
        }
        burst.touched = touched;
        int left = 0;
        for (int i = 0; i < count; i++) {
            int frame = pending[i];
            int hash = hashes[i];
            Flow<A> flow =
                    HashDirectory.ownSegment(directory, hash).mayHave(hash) ? find(keys[frame].words, hash) : null;
            if (flow == null) {
                pending[left++] = frame;
            } else {
                into[frame] = flow;
            }
        }
        return left;
    }

    private static <A> @Nullable Flow<A> findIn(HashSegment<Flow<A>> segment, int bucket, long[] words, int hash) {
        for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
            Flow<A> flow = segment.element(bucket, map);
            if (flow != null && flow.hash == hash && flow.matches(words)) {
                return flow;
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private static <A> @Nullable Flow<A> findBeyond(HashSegment<Flow<A>> segment, long[] words, int hash) {
        for (Hashed element : segment.overflow()) {
            Flow<A> flow = (Flow<A>) element;
            if (flow.hash == hash && flow.matches(words)) {
                return flow;
            }
        }
        return null;
    }
}
