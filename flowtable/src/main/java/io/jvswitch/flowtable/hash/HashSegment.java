package io.jvswitch.flowtable.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Thirty-two buckets of eight places: what a {@link HashDirectory} is made of. Its first segment has four buckets until
 * they are full, since many a mask has only a few flows.
 *
 * <p>An element has two buckets, both told by its hash, and lies in the one that was emptier when it came. It never
 * moves. A bucket's eight tags (a bit that says "taken" and seven bits of the hash) are one {@code long}, compared all
 * at once:
 *
 * <pre>
 *   tags[b]  | 1 tttttttt |  ...  | 0 0000000 | 1 ttttttt |     one byte a place
 *   slots    | element    |  ...  | null      | element   |     8 references from 8 b on
 *
 *   hash     31                16  14      10  9        5 4        0
 *           |  directory ...     | |   tag ...  | bucket 2 | bucket 1 |
 * </pre>
 *
 * <p>One writer. Readers, which may be on any thread, see an element from the moment its tag is stored (release) until
 * the tag is cleared; they compare the element itself, so a place that was given to another element in between is no
 * harm.
 */
public final class HashSegment<E extends Hashed> {

    static final int BUCKETS = 32;
    /** Of the first segment of a directory, which may never have more than a few elements. */
    static final int FIRST_BUCKETS = 4;

    static final int WAYS = 8;
    static final int SLOTS = BUCKETS * WAYS;

    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final VarHandle TAGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle REFS = MethodHandles.arrayElementVarHandle(Hashed[].class);
    private static final Hashed[] NONE = {};

    /** How many leading bits of the hash all elements here have in common. */
    final int depth;

    private final long[] tags;
    private final @Nullable Hashed[] slots;
    private int size;

    /** Elements that found both buckets full at the greatest depth: copied on every change, normally empty. */
    private volatile Hashed[] overflow = NONE;

    HashSegment(int depth) {
        this(depth, BUCKETS);
    }

    /** A segment of {@value #FIRST_BUCKETS} or {@value #BUCKETS} buckets. */
    HashSegment(int depth, int buckets) {
        this.depth = depth;
        tags = new long[buckets];
        slots = new Hashed[buckets * WAYS];
    }

    /** Whether it has fewer buckets than it could have. */
    boolean isSmall() {
        return tags.length < BUCKETS;
    }

    int size() {
        return size;
    }

    /** Of {@value #BUCKETS}; a small segment has only the low bits' buckets. */
    public static int firstBucket(int hash) {
        return hash & BUCKETS - 1;
    }

    public static int secondBucket(int hash) {
        return hash >>> 5 & BUCKETS - 1;
    }

    private static long tag(int hash) {
        return 0x80 | hash >>> 10 & 0x7f;
    }

    /** Reads the tags of the hash's buckets ahead of {@link #candidates}; for the caller to use in some way. */
    public int touch(int hash) {
        long[] own = tags;
        return (int) (own[hash & own.length - 1] ^ own[hash >>> 5 & own.length - 1]);
    }

    /** Writer: false when no element of this hash is here, by the tags of both buckets at once. */
    public boolean mayHave(int hash) {
        long pattern = tag(hash) * LOW_BITS;
        long[] own = tags;
        long first = own[hash & own.length - 1] ^ pattern;
        long second = own[hash >>> 5 & own.length - 1] ^ pattern;
        long fits = first - LOW_BITS & ~first | second - LOW_BITS & ~second;
        return (fits & HIGH_BITS) != 0 || overflow.length != 0;
    }

    /**
     * A bit for each place of the bucket whose tag fits the hash, to be given to {@link #element}; may have one too
     * many.
     */
    public long candidates(int bucket, int hash) {
        long difference = (long) TAGS.getAcquire(tags, bucket & tags.length - 1) ^ tag(hash) * LOW_BITS;
        return difference - LOW_BITS & ~difference & HIGH_BITS;
    }

    /** The element at the lowest candidate, or null when it has just left. */
    @SuppressWarnings("unchecked")
    @Nullable
    public E element(int bucket, long candidates) {
        int way = Long.numberOfTrailingZeros(candidates) >>> 3;
        return (E) (Hashed) REFS.getAcquire(slots, bucket * WAYS + way & slots.length - 1);
    }

    /** Elements beyond the buckets; each has to be compared. */
    public Hashed[] overflow() {
        return overflow;
    }

    /** Writer: adds an element; false when both of its buckets are full. */
    boolean add(E element) {
        int first = firstBucket(element.hash) & tags.length - 1;
        int second = secondBucket(element.hash) & tags.length - 1;
        int bucket = free(second) > free(first) ? second : first;
        long empty = ~tags[bucket] & HIGH_BITS;
        if (empty == 0) {
            return false;
        }
        place(bucket, Long.numberOfTrailingZeros(empty) >>> 3, element);
        return true;
    }

    private int free(int bucket) {
        return Long.bitCount(~tags[bucket] & HIGH_BITS);
    }

    private void place(int bucket, int way, Hashed element) {
        REFS.setRelease(slots, bucket * WAYS + way, element);
        TAGS.setRelease(tags, bucket, tags[bucket] | tag(element.hash) << 8 * way);
        size++;
    }

    /** Writer: adds an element beyond the buckets. */
    void addOverflow(E element) {
        Hashed[] longer = Arrays.copyOf(overflow, overflow.length + 1);
        longer[longer.length - 1] = element;
        overflow = longer;
        size++;
    }

    /** Writer: takes an element out; false when it is not here. */
    @SuppressWarnings("ReferenceEquality") // elements are themselves, not their values
    boolean remove(E element) {
        int own = tags.length - 1;
        if (removeFrom(firstBucket(element.hash) & own, element)
                || removeFrom(secondBucket(element.hash) & own, element)) {
            size--;
            return true;
        }
        Hashed[] before = overflow;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == element) {
                Hashed[] shorter = Arrays.copyOf(before, before.length - 1);
                if (i < shorter.length) {
                    shorter[i] = before[shorter.length];
                }
                overflow = shorter;
                size--;
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean removeFrom(int bucket, E element) {
        for (long map = candidates(bucket, element.hash); map != 0; map &= map - 1) {
            int way = Long.numberOfTrailingZeros(map) >>> 3;
            if (slots[bucket * WAYS + way] == element) {
                TAGS.setRelease(tags, bucket, tags[bucket] & ~(0xffL << 8 * way));
                REFS.setRelease(slots, bucket * WAYS + way, (Hashed) null);
                return true;
            }
        }
        return false;
    }

    /** Writer: the elements of a small segment in one of {@value #BUCKETS} buckets. */
    @SuppressWarnings("unchecked")
    HashSegment<E> grown() {
        HashSegment<E> whole = new HashSegment<>(depth);
        for (Hashed element : slots) {
            if (element != null && !whole.add((E) element)) {
                whole.addOverflow((E) element);
            }
        }
        return whole;
    }

    /**
     * Writer: the half of this segment whose next hash bit is {@code bit}, as a segment of its own. Every element keeps
     * its place, which is free because only elements that were here come.
     */
    @SuppressWarnings("unchecked")
    HashSegment<E> half(int bit) {
        HashSegment<E> half = new HashSegment<>(depth + 1);
        for (int bucket = 0; bucket < tags.length; bucket++) {
            for (long map = tags[bucket] & HIGH_BITS; map != 0; map &= map - 1) {
                int way = Long.numberOfTrailingZeros(map) >>> 3;
                Hashed element = slots[bucket * WAYS + way];
                if (element != null && (element.hash >>> 31 - depth & 1) == bit) {
                    half.place(bucket, way, element);
                }
            }
        }
        for (Hashed element : overflow) {
            if ((element.hash >>> 31 - depth & 1) == bit && !half.add((E) element)) {
                half.addOverflow((E) element);
            }
        }
        return half;
    }

    /** Writer: this segment and its sibling in one, or null when an element finds no place. */
    @Nullable
    HashSegment<E> joined(HashSegment<E> sibling) {
        HashSegment<E> whole = new HashSegment<>(depth - 1);
        return whole.addAll(this) && whole.addAll(sibling) ? whole : null;
    }

    @SuppressWarnings("unchecked")
    private boolean addAll(HashSegment<E> other) {
        for (Hashed element : other.slots) {
            if (element != null && !add((E) element)) {
                return false;
            }
        }
        return other.overflow.length == 0;
    }
}
