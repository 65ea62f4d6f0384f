package io.jvswitch.arp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.Arrays;
import java.util.Map;

/**
 * Which MAC address holds which IP address in one network: what the ARP and neighbour-discovery responders answer from.
 *
 * <p>Both address families share one table; an IPv4 address is kept in its IPv4-mapped form, as {@link IpAddress} has
 * it. An entry says whether it is a router's, as far as that is known: neighbour advertisements must tell.
 *
 * <p>Immutable, hence safe for any thread without synchronisation, and part of the snapshot that the translator reads.
 * A change makes a new table that shares nearly all of the old one: the addresses are spread over {@value #SHARDS}
 * small open-addressing arrays, and {@link #with} copies only the one that it touches. With 10,000 entries that is some
 * 2 KB a change, and a look-up reads two or three cache lines. Nothing is evicted: the size is the configuration's.
 */
public final class NeighbourTable {

    /** {@link #macOf}: no entry for that address. */
    public static final long UNKNOWN = -1;

    private static final int SHARDS = 256;
    /** Longs of one slot: high half, low half, MAC with flags; a slot is free when the last is {@link #FREE}. */
    private static final int SLOT = 3;

    private static final long FREE = 0;
    /** Set in every slot in use, so that the all-zeros MAC is not taken for a free slot. */
    private static final long USED = 1L << 62;

    private static final long ROUTER = 1L << 48;
    private static final long HOST = 1L << 49;
    private static final long MAC_BITS = 0xffff_ffff_ffffL;

    /** Shared by all: its one slot stays free, as a shard of one slot grows before it takes an entry. */
    private static final long[] EMPTY_SHARD = new long[SLOT];

    private static final NeighbourTable EMPTY = new NeighbourTable(emptyShards(), 0);

    private final long[][] shards;
    private final int size;

    private NeighbourTable(long[][] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    /** The table without entries. */
    public static NeighbourTable of() {
        return EMPTY;
    }

    /** A table of the given entries, each of a kind that is not known. */
    public static NeighbourTable of(Map<IpAddress, MacAddress> entries) {
        Builder builder = new Builder();
        entries.forEach((ip, mac) -> builder.add(ip, mac));
        return builder.build();
    }

    /** Collects many entries at once. */
    public static Builder builder() {
        return new Builder();
    }

    /** This table with one more entry, or with that address's entry replaced; of a kind that is not known. */
    public NeighbourTable with(IpAddress ip, MacAddress mac) {
        return with(ip, mac, NodeKind.UNKNOWN);
    }

    /** This table with one more entry, or with that address's entry replaced. */
    public NeighbourTable with(IpAddress ip, MacAddress mac, NodeKind kind) {
        return with(ip.hi(), ip.lo(), value(mac, kind));
    }

    private static long value(MacAddress mac, NodeKind kind) {
        return mac.bits()
                | USED
                | switch (kind) {
                    case UNKNOWN -> 0;
                    case HOST -> HOST;
                    case ROUTER -> ROUTER;
                };
    }

    private NeighbourTable with(long hi, long lo, long value) {
        int shard = shardOf(hash(hi, lo));
        long[][] changed = shards.clone();
        changed[shard] = put(shards[shard].clone(), hi, lo, value);
        return new NeighbourTable(changed, size - used(shards[shard]) + used(changed[shard]));
    }

    /** This table without that address; this table itself when it has none such. */
    public NeighbourTable without(IpAddress ip) {
        if (find(ip.hi(), ip.lo()) == FREE) {
            return this;
        }
        int shard = shardOf(hash(ip.hi(), ip.lo()));
        long[] old = shards[shard];
        long[] shrunk = EMPTY_SHARD;
        for (int slot = 0; slot < old.length; slot += SLOT) {
            boolean other = old[slot] != ip.hi() || old[slot + 1] != ip.lo();
            if (old[slot + 2] != FREE && other) {
                shrunk = put(shrunk, old[slot], old[slot + 1], old[slot + 2]);
            }
        }
        long[][] changed = shards.clone();
        changed[shard] = shrunk;
        return new NeighbourTable(changed, size - 1);
    }

    /**
     * The MAC address that holds an IP address, in the low 48 bits, or {@link #UNKNOWN}. Does not allocate.
     *
     * @param hi high half of the address; 0 for IPv4
     * @param lo low half of the address; {@link IpAddress#mappedLo} for IPv4
     */
    public long macOf(long hi, long lo) {
        long value = find(hi, lo);
        return value == FREE ? UNKNOWN : value & MAC_BITS;
    }

    /** {@link #macOf} of an IPv4 address, first octet highest. */
    public long macOfIpv4(int ipv4) {
        return macOf(0, IpAddress.mappedLo(ipv4));
    }

    /** Whether the address has an entry that is a router's. */
    public boolean isRouter(long hi, long lo) {
        return (find(hi, lo) & ROUTER) != 0;
    }

    /** What is known of the address's holder; unknown without an entry. */
    public NodeKind kindOf(long hi, long lo) {
        return kind(find(hi, lo));
    }

    private static NodeKind kind(long value) {
        if ((value & ROUTER) != 0) {
            return NodeKind.ROUTER;
        }
        return (value & HOST) != 0 ? NodeKind.HOST : NodeKind.UNKNOWN;
    }

    /** Entries in it. */
    public int size() {
        return size;
    }

    /** Calls {@code consumer} once for each entry, in no particular order. */
    public void forEach(EntryConsumer consumer) {
        for (long[] shard : shards) {
            for (int slot = 0; slot < shard.length; slot += SLOT) {
                long value = shard[slot + 2];
                if (value != FREE) {
                    consumer.accept(shard[slot], shard[slot + 1], value & MAC_BITS, kind(value));
                }
            }
        }
    }

    private long find(long hi, long lo) {
        long hash = hash(hi, lo);
        long[] shard = shards[shardOf(hash)];
        int slot = firstSlot(hash, shard.length);
        while (shard[slot + 2] != FREE) {
            if (shard[slot + 1] == lo && shard[slot] == hi) {
                return shard[slot + 2];
            }
            slot = nextSlot(slot, shard.length);
        }
        return FREE;
    }

    /**
     * Puts into {@code shard}, which the caller may not use afterwards; returns it, or a larger one with the same
     * entries.
     */
    private static long[] put(long[] shard, long hi, long lo, long value) {
        int slot = firstSlot(hash(hi, lo), shard.length);
        while (shard[slot + 2] != FREE) {
            if (shard[slot + 1] == lo && shard[slot] == hi) {
                shard[slot + 2] = value;
                return shard;
            }
            slot = nextSlot(slot, shard.length);
        }
        // One slot in three at least stays free: probing must end, and end soon.
        if ((used(shard) + 1) * 3 > shard.length / SLOT * 2) {
            long[] larger = new long[shard.length * 2];
            for (int old = 0; old < shard.length; old += SLOT) {
                if (shard[old + 2] != FREE) {
                    larger = put(larger, shard[old], shard[old + 1], shard[old + 2]);
                }
            }
            return put(larger, hi, lo, value);
        }
        shard[slot] = hi;
        shard[slot + 1] = lo;
        shard[slot + 2] = value;
        return shard;
    }

    private static int used(long[] shard) {
        int used = 0;
        for (int slot = 2; slot < shard.length; slot += SLOT) {
            used += shard[slot] == FREE ? 0 : 1;
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
    private static long hash(long hi, long lo) {
        long z = lo + hi * 0x9e37_79b9_7f4a_7c15L;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    private static long[][] emptyShards() {
        long[][] shards = new long[SHARDS][];
        Arrays.fill(shards, EMPTY_SHARD);
        return shards;
    }

    /** Takes the entries of a table one by one. */
    @FunctionalInterface
    public interface EntryConsumer {
        /**
         * One entry.
         *
         * @param hi high half of the IP address
         * @param lo low half of the IP address
         * @param mac the MAC address that holds it, low 48 bits
         * @param kind what is known of its role
         */
        void accept(long hi, long lo, long mac, NodeKind kind);
    }

    /**
     * Builds a table of many entries without copying once per entry. Single-threaded; of two entries for one address
     * the later stays.
     */
    public static final class Builder {
        private final long[][] shards = emptyShards();

        private Builder() {}

        /** Adds an entry of a kind that is not known. */
        public Builder add(IpAddress ip, MacAddress mac) {
            return add(ip, mac, NodeKind.UNKNOWN);
        }

        /** Adds an entry. */
        public Builder add(IpAddress ip, MacAddress mac, NodeKind kind) {
            return put(ip.hi(), ip.lo(), value(mac, kind));
        }

        private Builder put(long hi, long lo, long value) {
            int shard = shardOf(hash(hi, lo));
            shards[shard] = NeighbourTable.put(shards[shard], hi, lo, value);
            return this;
        }

        /** The table; the builder can go on and build another. */
        public NeighbourTable build() {
            long[][] copy = new long[SHARDS][];
            int size = 0;
            for (int i = 0; i < SHARDS; i++) {
                copy[i] = shards[i].length == SLOT ? EMPTY_SHARD : shards[i].clone();
                size += used(copy[i]);
            }
            return new NeighbourTable(copy, size);
        }
    }
}
