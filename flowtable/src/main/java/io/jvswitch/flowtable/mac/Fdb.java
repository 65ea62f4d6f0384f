package io.jvswitch.flowtable.mac;

import io.jvswitch.flowtable.hash.HashDirectory;
import io.jvswitch.flowtable.hash.HashSegment;
import io.jvswitch.flowtable.hash.Hashed;
import io.jvswitch.flowtable.hash.Roster;
import io.jvswitch.flowtable.key.FlowHash;
import io.jvswitch.wire.MacAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The MAC table ("forwarding database") of one bridge: which address in which VLAN is behind which location.
 *
 * <p>What a location is, the caller knows (a port, a remote VTEP); here it is a number. Bounded: when the table is
 * full, a new address takes the place of the oldest one of the location that has most, so that no port can push out
 * what others have. Static entries are bound by configuration: they are not aged, moved or evicted.
 *
 * <p>One writer, which calls {@link #learn} and everything else that changes the table. {@link #lookup}, {@link
 * #touch}, {@link #forEach}, {@link #version}, {@link #size} and the counters may be called by any thread and are
 * wait-free, but for {@link #touch}, which is lock-free: it tries again when another thread has touched the same
 * address in between. The table is a {@link HashDirectory} of small objects (some 90 bytes an entry all in); it grows a
 * segment at a time.
 *
 * <p>Whoever keeps what follows from a look-up (a megaflow) reads {@link #version(long, int)} of that address
 * <i>before</i> it looks up: once that is another, the answer may be another. Addresses share these versions by hash,
 * so that one more address, or ten thousand made-up ones, put few other answers in doubt.
 */
public final class Fdb {

    /** {@link #lookup}: the address is not in the table. */
    public static final int UNKNOWN = Integer.MIN_VALUE;

    /** How many entries an eviction passes over because they were touched since they were queued. */
    private static final int SECOND_CHANCES = 8;

    /** Stripes of a table at first, and at most; there are four times as many as addresses in between. */
    private static final int FIRST_STRIPES = 64;

    private static final int MAX_STRIPES = 1 << 14;
    private static final int STRIPES_AN_ADDRESS = 4;

    private static final VarHandle STRIPES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle VERSION;
    private static final VarHandle MOVES;
    private static final VarHandle EVICTIONS;
    private static final VarHandle SEEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VERSION = lookup.findVarHandle(Fdb.class, "version", long.class);
            MOVES = lookup.findVarHandle(Fdb.class, "moves", long.class);
            EVICTIONS = lookup.findVarHandle(Fdb.class, "evictions", long.class);
            SEEN = lookup.findVarHandle(FdbEntry.class, "seenNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Sees one entry of the table. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One entry, as it is at this moment.
         *
         * @param mac in the low 48 bits
         * @param vlan 0 to 4095
         * @param location as given to {@link Fdb#learn}
         * @param lastSeenNs when it was learnt, refreshed or touched last
         * @param isStatic whether it is bound by configuration
         */
        void visit(long mac, int vlan, int location, long lastSeenNs, boolean isStatic);
    }

    private final HashDirectory<FdbEntry> entries = new HashDirectory<>();
    private final Roster<FdbEntry> roster;
    private final Map<Integer, FdbLocation> locations = new HashMap<>();
    private final FdbLocationHeap fullest = new FdbLocationHeap();
    /** Versions by an address's hash; a power of two of them. Each only ever rises, also when their number doubles. */
    private volatile long[] stripes = new long[FIRST_STRIPES];

    private long version;
    private long moves;
    private long evictions;
    private int expiryAt;

    /**
     * An empty table.
     *
     * @param capacity entries that it holds at most
     * @throws IllegalArgumentException when it is below 1 or above 2^24
     */
    public Fdb(int capacity) {
        if (capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException(
                    "capacity of the MAC table is " + capacity + ": must be 1 to " + (1 << 24));
        }
        roster = new Roster<>(capacity);
    }

    private static long key(long mac, int vlan) {
        return (long) (vlan & 0xfff) << 48 | mac & MacAddress.BROADCAST;
    }

    private @Nullable FdbEntry find(long key) {
        int hash = FlowHash.of(key);
        HashSegment<FdbEntry> segment = entries.segment(hash);
        FdbEntry entry = findIn(segment, HashSegment.firstBucket(hash), key, hash);
        if (entry == null) {
            entry = findIn(segment, HashSegment.secondBucket(hash), key, hash);
        }
        if (entry == null) {
            for (Hashed other : segment.overflow()) {
                if (((FdbEntry) other).key == key) {
                    return (FdbEntry) other;
                }
            }
        }
        return entry;
    }

    private static @Nullable FdbEntry findIn(HashSegment<FdbEntry> segment, int bucket, long key, int hash) {
        for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
            FdbEntry entry = segment.element(bucket, map);
            if (entry != null && entry.key == key) {
                return entry;
            }
        }
        return null;
    }

    /** Any thread: the location of an address, or {@link #UNKNOWN}. */
    public int lookup(long mac, int vlan) {
        FdbEntry entry = find(key(mac, vlan));
        return entry == null ? UNKNOWN : entry.location;
    }

    /**
     * Any thread: the address was seen at that time, which starts its age again unless it has been seen later; false
     * when it is not in the table.
     */
    public boolean touch(long mac, int vlan, long nowNs) {
        FdbEntry entry = find(key(mac, vlan));
        if (entry == null) {
            return false;
        }
        seen(entry, nowNs);
        return true;
    }

    /** Notes a time that may be older than what another thread, or a frame that overtook this one's news, has noted. */
    private static void seen(FdbEntry entry, long nowNs) {
        long before = (long) SEEN.getOpaque(entry);
        while (nowNs - before > 0 && !SEEN.weakCompareAndSetPlain(entry, before, nowNs)) {
            before = (long) SEEN.getOpaque(entry);
        }
    }

    /** Writer: notes that a frame from this address came from this location. */
    public LearnOutcome learn(long mac, int vlan, int location, long nowNs) {
        if (MacAddress.isMulticast(mac) || mac == 0 || location == UNKNOWN) {
            return LearnOutcome.REFUSED;
        }
        return learn(key(mac, vlan), location, nowNs, false);
    }

    /** Writer: binds an address to a location until it is removed; what was learnt about it is replaced. */
    public LearnOutcome bind(long mac, int vlan, int location, long nowNs) {
        if (location == UNKNOWN) {
            return LearnOutcome.REFUSED;
        }
        return learn(key(mac, vlan), location, nowNs, true);
    }

    private LearnOutcome learn(long key, int location, long nowNs, boolean isStatic) {
        FdbEntry entry = find(key);
        if (entry == null) {
            return add(key, location, nowNs, isStatic);
        }
        boolean moved = entry.owner.location != location;
        if (entry.isStatic && !isStatic) {
            if (moved) {
                return LearnOutcome.REFUSED;
            }
            seen(entry, nowNs);
            return LearnOutcome.REFRESHED;
        }
        seen(entry, nowNs);
        unlink(entry);
        entry.isStatic = isStatic;
        if (moved) {
            entry.owner = locations.computeIfAbsent(location, FdbLocation::new);
            entry.location = location;
        }
        link(entry);
        if (!moved) {
            return LearnOutcome.REFRESHED;
        }
        MOVES.setOpaque(this, moves + 1);
        changed(entry);
        return LearnOutcome.MOVED;
    }

    private LearnOutcome add(long key, int location, long nowNs, boolean isStatic) {
        boolean full = roster.isFull();
        if (full && !evict()) {
            return LearnOutcome.REFUSED;
        }
        FdbLocation owner = locations.computeIfAbsent(location, FdbLocation::new);
        FdbEntry entry = new FdbEntry(key, FlowHash.of(key), owner, nowNs, isStatic);
        roster.add(entry);
        entries.add(entry);
        link(entry);
        if (roster.size() > stripes.length / STRIPES_AN_ADDRESS && stripes.length < MAX_STRIPES) {
            doubleStripes();
        }
        changed(entry);
        return full ? LearnOutcome.EVICTED : LearnOutcome.NEW;
    }

    private boolean evict() {
        FdbLocation location = fullest.top();
        if (location == null) {
            return false;
        }
        FdbEntry victim = location.oldest;
        for (int i = 0; i < SECOND_CHANCES && victim != null && victim.seenNs != victim.queuedNs; i++) {
            location.unlink(victim);
            location.append(victim);
            victim = location.oldest;
        }
        if (victim == null) {
            return false;
        }
        remove(victim);
        EVICTIONS.setOpaque(this, evictions + 1);
        return true;
    }

    private void link(FdbEntry entry) {
        FdbLocation owner = entry.owner;
        if (entry.isStatic) {
            owner.bound++;
        } else {
            owner.append(entry);
            fullest.update(owner);
        }
    }

    private void unlink(FdbEntry entry) {
        FdbLocation owner = entry.owner;
        if (entry.isStatic) {
            owner.bound--;
        } else {
            owner.unlink(entry);
            fullest.update(owner);
        }
    }

    private void remove(FdbEntry entry) {
        entries.remove(entry);
        roster.remove(entry);
        unlink(entry);
        if (entry.owner.isEmpty()) {
            locations.remove(entry.owner.location);
        }
        changed(entry);
    }

    private void changed(FdbEntry entry) {
        long[] versions = stripes;
        int stripe = stripe(entry.key, versions.length);
        STRIPES.setRelease(versions, stripe, versions[stripe] + 1);
        VERSION.setRelease(this, version + 1);
    }

    /** Every version rises by it: whoever kept a sum of two that are no longer the same stripes sees another one. */
    private void doubleStripes() {
        long[] before = stripes;
        long[] after = new long[2 * before.length];
        for (int i = 0; i < after.length; i++) {
            after[i] = before[i % before.length] + 1;
        }
        stripes = after;
    }

    /** The multiplier is drawn when the process starts: nobody outside can choose addresses that share a stripe. */
    private static int stripe(long key, int count) {
        return (int) (key * FlowHash.SALT_1 >>> 40) & count - 1;
    }

    /** Writer: forgets an address, static or not; false when it is not in the table. */
    public boolean remove(long mac, int vlan) {
        FdbEntry entry = find(key(mac, vlan));
        if (entry == null) {
            return false;
        }
        remove(entry);
        return true;
    }

    /**
     * Writer: forgets an address in every VLAN, static or not. Looks at the whole table: for what is rare.
     *
     * @return entries forgotten
     */
    public int removeAddress(long mac) {
        int removed = 0;
        for (int seat = 0; seat < roster.used(); seat++) {
            FdbEntry entry = roster.get(seat);
            if (entry != null && (entry.key & MacAddress.BROADCAST) == mac) {
                remove(entry);
                removed++;
            }
        }
        return removed;
    }

    /**
     * Writer: forgets every address of a location, static or not.
     *
     * @return addresses forgotten
     */
    public int removeLocation(int location) {
        FdbLocation owner = locations.get(location);
        if (owner == null) {
            return 0;
        }
        int removed = 0;
        for (FdbEntry entry = owner.oldest; entry != null; entry = owner.oldest) {
            remove(entry);
            removed++;
        }
        for (int seat = 0; owner.bound > 0 && seat < roster.used(); seat++) {
            FdbEntry entry = roster.get(seat);
            if (entry != null && entry.owner == owner) {
                remove(entry);
                removed++;
            }
        }
        return removed;
    }

    /**
     * Writer: forgets learnt addresses that were not seen for {@code maxAgeNs}, among the next {@code budget} seats in
     * turn.
     *
     * @return addresses forgotten
     */
    public int expire(long nowNs, long maxAgeNs, int budget) {
        int removed = 0;
        for (int i = Math.min(budget, roster.used()); i > 0; i--) {
            expiryAt = expiryAt + 1 < roster.used() ? expiryAt + 1 : 0;
            FdbEntry entry = roster.get(expiryAt);
            if (entry != null && !entry.isStatic && nowNs - (long) SEEN.getOpaque(entry) >= maxAgeNs) {
                remove(entry);
                removed++;
            }
        }
        return removed;
    }

    /** Any thread: visits the entries, each that is there throughout exactly once. */
    public void forEach(Visitor visitor) {
        roster.forEach(entry -> visitor.visit(
                entry.key & MacAddress.BROADCAST,
                (int) (entry.key >>> 48),
                entry.location,
                (long) SEEN.getOpaque(entry),
                entry.isStatic));
    }

    /**
     * Any thread: a number that has risen (release) whenever some look-up's answer has changed: an address came, moved,
     * or went.
     */
    public long version() {
        return (long) VERSION.getAcquire(this);
    }

    /**
     * Any thread: a number that has risen (release) whenever the answer for this address has changed, and now and then
     * when it has not. It never falls, so that the sum of two addresses' versions tells whether either has risen.
     */
    public long version(long mac, int vlan) {
        long[] versions = stripes;
        return (long) STRIPES.getAcquire(versions, stripe(key(mac, vlan), versions.length));
    }

    /** Any thread: entries in the table. */
    public int size() {
        return roster.size();
    }

    /** Any thread: entries that the table holds at most. */
    public int capacity() {
        return roster.capacity();
    }

    /** Any thread: addresses that were seen at another location than before. */
    public long moves() {
        return (long) MOVES.getOpaque(this);
    }

    /** Any thread: addresses that had to go because the table was full. */
    public long evictions() {
        return (long) EVICTIONS.getOpaque(this);
    }
}
