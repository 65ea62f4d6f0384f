package io.jvswitch.wire;

import java.util.Arrays;

/**
 * What is known about addresses: a hash table from addresses of at most 128 bits, in two halves, to numbers other than
 * 0.
 *
 * <p>Immutable, hence safe for any thread without synchronisation. A change makes a new table that shares nearly all of
 * the old one: the addresses are spread over {@value #SHARDS} small open-addressing arrays, and {@link #with} copies
 * only the one that it touches. With 10,000 entries that is some 3 KB a change, and a look-up reads two or three cache
 * lines. Nothing is evicted: the size is the configuration's.
 */
public final class AddressTable {

    /** {@link #get}: no entry for that address. */
    public static final long ABSENT = 0;

    private static final int SHARDS = 256;
    private static final int SHARD_SHIFT = Long.SIZE - 8;

    /** Longs of one slot; it is free when its value is {@link #ABSENT}. */
    private static final int SLOT = 3;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int VALUE = 2;

    /** Shared by all: its one slot stays free, as a shard of one slot grows before it takes an entry. */
    private static final long[] EMPTY_SHARD = new long[SLOT];

    private static final AddressTable EMPTY = new AddressTable(emptyShards(), 0);

    private final long[][] shards;
    private final int size;

    private AddressTable(long[][] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    private static long[][] emptyShards() {
        long[][] shards = new long[SHARDS][];
        Arrays.fill(shards, EMPTY_SHARD);
        return shards;
    }

    /** The table without entries. */
    public static AddressTable of() {
        return EMPTY;
    }

    /** Collects many entries at once. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This table with one more entry, or with that address's entry replaced.
     *
     * @throws IllegalArgumentException when the value is {@link #ABSENT}
     */
    public AddressTable with(long hi, long lo, long value) {
        int shard = shardOf(hash(hi, lo));
        return withShard(shard, put(shards[shard].clone(), hi, lo, requirePresent(value)));
    }

    /** This table without that address; this table itself when it has none such. */
    public AddressTable without(long hi, long lo) {
        long hash = hash(hi, lo);
        int shard = shardOf(hash);
        long[] old = shards[shard];
        int gone = find(old, hash, hi, lo);
        if (old[gone + VALUE] == ABSENT) {
            return this;
        }
        long[] rest = EMPTY_SHARD;
        for (int slot = 0; slot < old.length; slot += SLOT) {
            if (slot != gone && old[slot + VALUE] != ABSENT) {
                rest = put(rest, old[slot + HIGH], old[slot + LOW], old[slot + VALUE]);
            }
        }
        return withShard(shard, rest);
    }

    private AddressTable withShard(int index, long[] shard) {
        long[][] changed = shards.clone();
        changed[index] = shard;
        return new AddressTable(changed, size - used(shards[index]) + used(shard));
    }

    /** An address's number, or {@link #ABSENT}. Does not allocate. */
    public long get(long hi, long lo) {
        long hash = hash(hi, lo);
        long[] shard = shards[shardOf(hash)];
        return shard[find(shard, hash, hi, lo) + VALUE];
    }

    /** Entries in it. */
    public int size() {
        return size;
    }

    /** Calls {@code consumer} once for each entry, in no particular order. */
    public void forEach(EntryConsumer consumer) {
        for (long[] shard : shards) {
            for (int slot = 0; slot < shard.length; slot += SLOT) {
                if (shard[slot + VALUE] != ABSENT) {
                    consumer.accept(shard[slot + HIGH], shard[slot + LOW], shard[slot + VALUE]);
                }
            }
        }
    }

    /** The address's slot, or the free one where it would be. */
    private static int find(long[] shard, long hash, long hi, long lo) {
        int slot = firstSlot(hash, shard.length);
        while (shard[slot + VALUE] != ABSENT && (shard[slot + LOW] != lo || shard[slot + HIGH] != hi)) {
            slot = nextSlot(slot, shard.length);
        }
        return slot;
    }

    /**
     * Puts into {@code shard}, which the caller may not use afterwards; returns it, or a larger one with the same
     * entries.
     */
    private static long[] put(long[] shard, long hi, long lo, long value) {
        int slot = find(shard, hash(hi, lo), hi, lo);
        // At least one slot in three stays free: probing must end, and end soon.
        if (shard[slot + VALUE] == ABSENT && (used(shard) + 1) * 3 > shard.length / SLOT * 2) {
            long[] larger = new long[shard.length * 2];
            for (int old = 0; old < shard.length; old += SLOT) {
                if (shard[old + VALUE] != ABSENT) {
                    larger = put(larger, shard[old + HIGH], shard[old + LOW], shard[old + VALUE]);
                }
            }
            return put(larger, hi, lo, value);
        }
        shard[slot + HIGH] = hi;
        shard[slot + LOW] = lo;
        shard[slot + VALUE] = value;
        return shard;
    }

    private static int used(long[] shard) {
        int used = 0;
        for (int slot = 0; slot < shard.length; slot += SLOT) {
            used += shard[slot + VALUE] == ABSENT ? 0 : 1;
        }
        return used;
    }

    private static long requirePresent(long value) {
        if (value == ABSENT) {
            throw new IllegalArgumentException("an entry's value must not be " + ABSENT);
        }
        return value;
    }

    private static int shardOf(long hash) {
        return (int) (hash >>> SHARD_SHIFT);
    }

    private static int firstSlot(long hash, int length) {
        // the shard's slots are a power of two
        return (int) (hash & (length / SLOT - 1)) * SLOT;
    }

    private static int nextSlot(int slot, int length) {
        int next = slot + SLOT;
        return next == length ? 0 : next;
    }

    /** Spreads every bit of the address over the whole word (Steele, Lea and Flood's finaliser for SplitMix64). */
    private static long hash(long hi, long lo) {
        long z = lo + hi * 0x9e37_79b9_7f4a_7c15L;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    /** Takes the entries of a table one by one. */
    @FunctionalInterface
    public interface EntryConsumer {
        /**
         * One entry.
         *
         * @param hi high half of the address
         * @param lo low half of the address
         * @param value what is known of it
         */
        void accept(long hi, long lo, long value);
    }

    /**
     * Builds a table of many entries without copying once per entry. Single-threaded; of two entries for one address
     * the later stays.
     */
    public static final class Builder {
        private final long[][] shards = emptyShards();

        private Builder() {}

        /**
         * Adds an entry.
         *
         * @throws IllegalArgumentException when the value is {@link #ABSENT}
         */
        public Builder put(long hi, long lo, long value) {
            int shard = shardOf(hash(hi, lo));
            shards[shard] = AddressTable.put(shards[shard], hi, lo, requirePresent(value));
            return this;
        }

        /** The table; the builder can go on and build another. */
        public AddressTable build() {
            long[][] copy = new long[SHARDS][];
            int size = 0;
            for (int i = 0; i < SHARDS; i++) {
                copy[i] = shards[i].length == SLOT ? EMPTY_SHARD : shards[i].clone();
                size += used(copy[i]);
            }
            return new AddressTable(copy, size);
        }
    }
}
