package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Dependency;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.MacAddress;
import org.agrona.collections.Hashing;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;

/**
 * Addresses that have lately been announced by a gratuitous ARP at a port that is no bond's. The announcement is
 * flooded, may come back by another member of a bond, and must not move the address there: for five seconds gratuitous
 * ARPs at a bond are not learnt from, as in Open vSwitch.
 *
 * <p>One writer, the conductor, calls {@link #lock} and {@link #expire}; any thread asks. Bounded: beyond
 * {@value #MAX_ADDRESSES} addresses at a time no more are locked.
 */
public final class ArpLocks implements Dependency {

    /** How long an address is locked. */
    public static final long LOCK_NS = 5_000_000_000L;

    public static final int MAX_ADDRESSES = 4_096;

    private static final long NO_TIME = Long.MIN_VALUE;

    private final Long2LongHashMap untilNs = new Long2LongHashMap(NO_TIME);
    private volatile State state = new State(new LongHashSet(), 0);

    /**
     * What readers see.
     *
     * @param locked never changed once it is here
     * @param version rises with every state
     */
    private record State(LongHashSet locked, long version) {}

    /** Nothing is locked. */
    public ArpLocks() {}

    private static long key(long mac, int vlan) {
        return (long) vlan << 48 | mac & MacAddress.BROADCAST;
    }

    /** Writer: an address was announced. */
    public void lock(long mac, int vlan, long nowNs) {
        long key = key(mac, vlan);
        boolean isNew = untilNs.get(key) == NO_TIME;
        if (isNew && untilNs.size() == MAX_ADDRESSES) {
            return;
        }
        untilNs.put(key, nowNs + LOCK_NS);
        if (isNew) {
            publish();
        }
    }

    /** Writer: lets go what has been locked long enough. */
    public void expire(long nowNs) {
        int before = untilNs.size();
        untilNs.values().removeIf(until -> nowNs - until >= 0);
        if (untilNs.size() != before) {
            publish();
        }
    }

    private void publish() {
        LongHashSet now = new LongHashSet(2 * untilNs.size() + 8, Hashing.DEFAULT_LOAD_FACTOR, false);
        now.addAll(untilNs.keySet());
        state = new State(now, state.version + 1);
    }

    /** Any thread: whether an address is locked. */
    public boolean isLocked(long mac, int vlan) {
        return state.locked.contains(key(mac, vlan));
    }

    @Override
    public long version(FlowKey key) {
        return state.version;
    }
}
