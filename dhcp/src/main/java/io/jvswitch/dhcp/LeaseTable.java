package io.jvswitch.dhcp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All leases of a network, by address, by client, by deadline and by port.
 *
 * <p>Bounded: an address has at most one lease, and only addresses of a pool keep theirs after it ends, so there are
 * never more than addresses in pools and reservations. A client has one lease at most. Single-threaded, owned by the
 * conductor; once the maps have grown, nothing is allocated.
 */
final class LeaseTable {

    /** The lease file's times are rounded up to the second. */
    private static final long ROUNDED_MS = 1_000;

    private final Int2ObjectHashMap<Lease> byAddress = new Int2ObjectHashMap<>();
    /** By the hash of the identity; leases of one hash are chained, and compared in full. */
    private final Long2ObjectHashMap<Lease> byIdentity = new Long2ObjectHashMap<>();
    /** Guests choose their identity: because they cannot predict the hash, they cannot make a long chain. */
    private final long hashSeed = new SplittableRandom().nextLong();

    private final DeadlineHeap deadlines = new DeadlineHeap();
    private final Int2ObjectHashMap<PortAccount> accounts = new Int2ObjectHashMap<>();
    private int bound;
    /** Upper bound on the leases whose port has not been seen yet. */
    private int leasesWithoutPort;
    /** Ports seen while there were such leases. */
    private final IntHashSet portsSeen = new IntHashSet();

    /** The lease of an address, in any state, or null. */
    @Nullable
    Lease get(int address) {
        return byAddress.get(address);
    }

    /** The lease of a client, or null. */
    @Nullable
    Lease find(byte[] identity, int identityBytes, boolean withMac, long mac, boolean relayed) {
        Lease lease = byIdentity.get(hash(identity, identityBytes, withMac, mac));
        while (lease != null
                && !(lease.relayed == relayed
                        && lease.hasIdentity(identity, identityBytes)
                        && lease.identityWithMac == withMac
                        && (!withMac || lease.mac == mac))) {
            lease = lease.nextOfHash;
        }
        return lease;
    }

    /** Adds a lease for an address that has none, expired and without a client. */
    Lease add(int address, @Nullable AddressPool pool) {
        Lease lease = new Lease(address);
        lease.pool = pool;
        byAddress.put(address, lease);
        if (pool != null) {
            pool.take(address);
            pool.freed().add(lease);
        }
        return lease;
    }

    /** Forgets a lease. */
    void remove(Lease lease) {
        leave(lease);
        unlink(lease);
        byAddress.remove(lease.address);
        if (lease.pool != null) {
            lease.pool.giveBack(lease.address);
        }
    }

    /** Assigns a lease to a client, which must have no other. */
    void assign(Lease lease, byte[] identity, int identityBytes, boolean withMac, long mac, boolean relayed) {
        if (lease.mac == mac
                && lease.relayed == relayed
                && lease.identityWithMac == withMac
                && lease.identity.length > 0
                && lease.hasIdentity(identity, identityBytes)) {
            return;
        }
        unlink(lease);
        lease.setIdentity(identity, identityBytes);
        lease.identityWithMac = withMac;
        lease.mac = mac;
        lease.relayed = relayed;
        lease.identityHash = hash(identity, identityBytes, withMac, mac);
        lease.nextOfHash = byIdentity.get(lease.identityHash);
        byIdentity.put(lease.identityHash, lease);
    }

    /** Changes a lease's state, its end, and the port that it is accounted to. */
    void change(Lease lease, LeaseState state, long untilEpochMs, int port) {
        leave(lease);
        lease.state = state;
        lease.released = false;
        setUntil(lease, untilEpochMs);
        lease.port = port;
        if (state == LeaseState.BOUND) {
            bound++;
            lease.everBound = true;
        } else if (state == LeaseState.DECLINED) {
            unlink(lease);
        }
        if (state.isActive()) {
            deadlines.put(lease);
        } else if (lease.pool != null) {
            lease.pool.freed().add(lease);
        }
        if (isAccounted(lease)) {
            PortAccount account = accountOf(port);
            account.active++;
            if (state == LeaseState.OFFERED) {
                account.offers.add(lease);
            }
        }
    }

    /** Renews a lease: state and port stay, the end moves. */
    void extend(Lease lease, long untilEpochMs) {
        setUntil(lease, untilEpochMs);
        deadlines.put(lease);
    }

    private static void setUntil(Lease lease, long untilEpochMs) {
        lease.untilEpochMs = untilEpochMs;
        lease.lengthMs = 0;
        lease.asRead = false;
    }

    /** Sets how long a lease's present state was meant to last when it began. */
    void setLength(Lease lease, long lengthMs) {
        lease.lengthMs = lengthMs;
    }

    /**
     * Marks a lease that was just read from the lease file: its end is as an earlier daemon wrote it, but no further
     * away than the lease's length. If it was, the clock was set back meanwhile.
     */
    void markAsRead(Lease lease, long lengthMs, long nowEpochMs) {
        lease.lengthMs = lengthMs;
        boolean sound = lengthMs == 0
                || lease.untilEpochMs == Lease.NEVER
                || lease.untilEpochMs - nowEpochMs <= lengthMs + ROUNDED_MS;
        if (lease.state.isActive() && !sound) {
            extend(lease, nowEpochMs + lengthMs);
            lease.lengthMs = lengthMs;
        } else {
            lease.asRead = true;
        }
    }

    /**
     * Moves every end of a state along with the time of day, which was set, so that the remaining times stay the same.
     * Ends that an earlier daemon wrote stay when the clock is set forward: it was slow when the machine started.
     */
    void shift(long stepMs) {
        for (Lease lease : byAddress.values()) {
            if (lease.untilEpochMs == Lease.NEVER || stepMs > 0 && lease.asRead) {
                continue;
            }
            boolean due = lease.state.isActive();
            if (due) {
                deadlines.remove(lease);
            }
            lease.untilEpochMs += stepMs;
            if (due) {
                deadlines.put(lease);
            }
        }
    }

    /** The next lease whose state is over by now, in order of the ends, or null. */
    @Nullable
    Lease due(long nowEpochMs) {
        Lease first = deadlines.first();
        return first != null && first.untilEpochMs <= nowEpochMs ? first : null;
    }

    /** What the clients on a port hold of the pools. */
    PortAccount accountOf(int port) {
        PortAccount account = accounts.get(port);
        if (account == null) {
            account = new PortAccount();
            accounts.put(port, account);
        }
        return account;
    }

    /** Notes that a lease that was read from the lease file belongs to a named port, whose number is not known yet. */
    void expectPort(Lease lease, @Nullable String portName) {
        lease.portName = portName;
        leasesWithoutPort += portName == null ? 0 : 1;
    }

    /** Called for each request: at a port's first one, what its clients held before a restart is accounted to it. */
    void portSeen(int port, String portName) {
        if (leasesWithoutPort == 0 || !portsSeen.add(port)) {
            return;
        }
        for (Lease lease : byAddress.values()) {
            if (lease.port == Lease.NO_PORT && portName.equals(lease.portName)) {
                lease.port = port;
                leasesWithoutPort--;
                if (isAccounted(lease)) {
                    accountOf(port).active++;
                }
            }
        }
    }

    /**
     * The number belongs to another port from now on: its clients keep what they hold, which is no longer accounted to
     * it.
     */
    void forgetPort(int port) {
        portsSeen.remove(port);
        for (Lease lease : byAddress.values()) {
            if (lease.port == port) {
                if (isAccounted(lease) && lease.state == LeaseState.OFFERED) {
                    accountOf(port).offers.remove(lease);
                }
                lease.port = Lease.NO_PORT;
                lease.portName = null;
            }
        }
        accounts.remove(port);
    }

    /** Leases that are bound. */
    int bound() {
        return bound;
    }

    /** Calls {@code consumer} for each lease; it may not change the table. */
    void forEach(Consumer<Lease> consumer) {
        byAddress.values().forEach(consumer);
    }

    /**
     * Gives every lease the pool that its address now belongs to. Leases that ended and belong to none are removed,
     * unless there are no subnets at all: then they are kept for the next configuration.
     */
    void repool(List<ServedSubnet> subnets) {
        List<Lease> all = new ArrayList<>(byAddress.values());
        all.sort(Comparator.comparingLong(lease -> lease.untilEpochMs));
        accounts.clear();
        for (Lease lease : all) {
            lease.previousInList = null;
            lease.nextInList = null;
            lease.pool = null;
            for (ServedSubnet subnet : subnets) {
                if (subnet.pool().contains(lease.address)) {
                    lease.pool = subnet.pool();
                }
            }
            if (lease.pool != null) {
                lease.pool.take(lease.address);
            }
            if (lease.state.isActive()) {
                if (isAccounted(lease)) {
                    accountOf(lease.port).active++;
                    if (lease.state == LeaseState.OFFERED) {
                        accountOf(lease.port).offers.add(lease);
                    }
                }
            } else if (lease.pool != null) {
                lease.pool.freed().add(lease);
            } else if (!subnets.isEmpty()) {
                unlink(lease);
                byAddress.remove(lease.address);
            }
        }
    }

    private static boolean isAccounted(Lease lease) {
        return lease.pool != null && lease.state.isActive() && lease.port != Lease.NO_PORT && !lease.relayed;
    }

    /** Removes a lease from the collections for its state. */
    private void leave(Lease lease) {
        if (isAccounted(lease)) {
            PortAccount account = accountOf(lease.port);
            account.active--;
            if (lease.state == LeaseState.OFFERED) {
                account.offers.remove(lease);
            }
            if (account.active == 0) {
                accounts.remove(lease.port);
            }
        }
        if (lease.state.isActive()) {
            deadlines.remove(lease);
        } else if (lease.pool != null) {
            lease.pool.freed().remove(lease);
        }
        if (lease.state == LeaseState.BOUND) {
            bound--;
        }
    }

    /** Detaches a lease from its client. */
    private void unlink(Lease lease) {
        if (lease.identity.length == 0) {
            return;
        }
        Lease head = byIdentity.get(lease.identityHash);
        if (head == lease) {
            if (lease.nextOfHash == null) {
                byIdentity.remove(lease.identityHash);
            } else {
                byIdentity.put(lease.identityHash, lease.nextOfHash);
            }
        } else {
            while (head != null && head.nextOfHash != lease) {
                head = head.nextOfHash;
            }
            if (head != null) {
                head.nextOfHash = lease.nextOfHash;
            }
        }
        lease.nextOfHash = null;
        lease.setIdentity(lease.identity, 0);
        lease.setHostname(lease.hostname, 0);
        lease.everBound = false;
    }

    private long hash(byte[] identity, int identityBytes, boolean withMac, long mac) {
        long hash = hashSeed ^ (withMac ? mac + 1 : 0);
        for (int i = 0; i < identityBytes; i++) {
            hash = mix(hash ^ identity[i]);
        }
        return mix(hash ^ identityBytes);
    }

    /** One round of the SplitMix64 finaliser (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"). */
    static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
