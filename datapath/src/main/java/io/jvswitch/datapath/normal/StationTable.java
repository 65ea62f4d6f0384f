package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Locations;
import java.util.Arrays;
import java.util.Map;

/**
 * What is known of MAC addresses by configuration, each as one number: where they live ({@link Locations}: hosts, and
 * bound ports that carry frames), or their role ({@link StationRole#code}). 0 is what is not known.
 *
 * <p>Immutable, hence safe for any thread, and part of the snapshot. A change makes a new table that shares nearly all
 * of the old one: the addresses are spread over {@value #SHARDS} small open-addressing arrays, of which it copies one.
 * So a change of a network of 10,000 hosts costs what a change of a small one does.
 */
public final class StationTable {

    private static final int SHARDS = 256;
    /** Longs of one slot: the address, in use when {@link #USED} is set; its number. */
    private static final int SLOT = 2;

    private static final long USED = 1L << 63;
    private static final long[] EMPTY_SHARD = new long[SLOT];
    private static final StationTable EMPTY = new StationTable(emptyShards(), 0);

    private final long[][] shards;
    private final int size;

    private StationTable(long[][] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    private static long[][] emptyShards() {
        long[][] shards = new long[SHARDS][];
        Arrays.fill(shards, EMPTY_SHARD);
        return shards;
    }

    /** The table without entries. */
    public static StationTable of() {
        return EMPTY;
    }

    /** A table of the given entries. */
    public static StationTable of(Map<Long, Integer> entries) {
        StationTable table = EMPTY;
        for (Map.Entry<Long, Integer> entry : entries.entrySet()) {
            table = table.with(entry.getKey(), entry.getValue());
        }
        return table;
    }

    /** This table with one more entry, or with that address's entry replaced. */
    public StationTable with(long mac, int value) {
        int shard = shardOf(hash(mac));
        return withShard(shard, put(shards[shard].clone(), mac | USED, value));
    }

    /** This table without that address; this table itself when it has none such. */
    public StationTable without(long mac) {
        int shard = shardOf(hash(mac));
        long[] old = shards[shard];
        if (old[find(old, mac)] == 0) {
            return this;
        }
        long[] rest = EMPTY_SHARD;
        for (int slot = 0; slot < old.length; slot += SLOT) {
            if (old[slot] != 0 && old[slot] != (mac | USED)) {
                rest = put(rest, old[slot], (int) old[slot + 1]);
            }
        }
        return withShard(shard, rest);
    }

    private StationTable withShard(int index, long[] shard) {
        long[][] changed = shards.clone();
        changed[index] = shard;
        return new StationTable(changed, size - used(shards[index]) + used(shard));
    }

    /** What is known of an address, 0 for nothing. Does not allocate. */
    public int get(long mac) {
        long[] shard = shards[shardOf(hash(mac))];
        int slot = find(shard, mac);
        return shard[slot] == 0 ? 0 : (int) shard[slot + 1];
    }

    /** Entries in it. */
    public int size() {
        return size;
    }

    /** Whether nothing is known of anybody. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The address's slot, or the free one where it is not. */
    private static int find(long[] shard, long mac) {
        int slot = firstSlot(hash(mac), shard.length);
        while (shard[slot] != 0 && shard[slot] != (mac | USED)) {
            slot = nextSlot(slot, shard.length);
        }
        return slot;
    }

    /**
     * Puts into {@code shard}, which the caller may not use afterwards; returns it, or a larger one with the same
     * entries.
     */
    private static long[] put(long[] shard, long key, int value) {
        int slot = find(shard, key & ~USED);
        // One slot in three at least stays free: probing must end, and end soon.
        if (shard[slot] == 0 && (used(shard) + 1) * 3 > shard.length / SLOT * 2) {
            long[] larger = new long[shard.length * 2];
            for (int old = 0; old < shard.length; old += SLOT) {
                if (shard[old] != 0) {
                    larger = put(larger, shard[old], (int) shard[old + 1]);
                }
            }
            return put(larger, key, value);
        }
        shard[slot] = key;
        shard[slot + 1] = value;
        return shard;
    }

    private static int used(long[] shard) {
        int used = 0;
        for (int slot = 0; slot < shard.length; slot += SLOT) {
            used += shard[slot] == 0 ? 0 : 1;
        }
        return used;
    }

    private static int shardOf(long hash) {
        return (int) (hash >>> 56);
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
    private static long hash(long mac) {
        long z = (mac ^ mac >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
