package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which address a client gets.
 *
 * <p>A client's own address comes first: the port's, else the reservation's; then the one that it has or had; then the
 * one that it asks for; then one of the pool: an unused one, or else the one that has been free the longest.
 *
 * <p>One port cannot take a whole pool, however many MAC addresses its guest makes up: it may hold {@link
 * AddressPool#perPort} addresses, {@value #OFFERS_PER_PORT} of them unconfirmed; after that, its own oldest offer is
 * withdrawn for the next.
 *
 * <p>Single-threaded, owned by the responder.
 */
final class Allocator {

    /** How many clients on one port can be between DISCOVER and REQUEST at once. */
    static final int OFFERS_PER_PORT = 8;

    private final LeaseTable table;
    private final LeaseChanges changes;
    private final DhcpEvents events;
    private final DhcpCounters counters;
    private final LogLimiter log = new LogLimiter();
    private ServedSubnets subnets = new ServedSubnets(List.of());

    Allocator(LeaseTable table, LeaseChanges changes, DhcpEvents events, DhcpCounters counters) {
        this.table = table;
        this.changes = changes;
        this.events = events;
        this.counters = counters;
    }

    void setSubnets(ServedSubnets served) {
        subnets = served;
    }

    /**
     * The client's lease, or null. Two machines with one client identifier (a cloned machine-id) would keep taking the
     * address from each other: so while one has a lease, another MAC address on another port is a different client.
     */
    @Nullable
    Lease find(DhcpRequest request) {
        Lease own = table.find(request.identity, request.identityBytes, true, request.mac, request.relayed);
        request.identityWithMac = own != null;
        if (own != null) {
            return own;
        }
        own = table.find(request.identity, request.identityBytes, false, request.mac, request.relayed);
        if (own != null && own.state.isActive() && own.mac != request.mac && own.port != request.inPort) {
            request.identityWithMac = true;
            count(DhcpCounter.CLIENT_ID_SHARED);
            if (log.allows(DhcpCounter.CLIENT_ID_SHARED, changes.nowMs())) {
                events.warn("DHCP client " + MacAddress.toString(request.mac) + " on " + events.portName(request.inPort)
                        + " has the client identifier of " + MacAddress.toString(own.mac) + ", which holds "
                        + IpAddress.ipv4ToString(own.address)
                        + "; it gets an address of its own. Give cloned guests their own /etc/machine-id");
            }
            return null;
        }
        if (own != null && own.state.isActive() && own.mac != request.mac) {
            count(DhcpCounter.CLIENT_ID_SHARED);
            if (log.allows(DhcpCounter.CLIENT_ID_SHARED, changes.nowMs())) {
                events.warn("DHCP client " + MacAddress.toString(request.mac) + " on " + events.portName(request.inPort)
                        + " has the client identifier of " + MacAddress.toString(own.mac)
                        + " on the same port and gets its address " + IpAddress.ipv4ToString(own.address)
                        + ". If that is not one machine with a new network card, but guests inside the guest that were "
                        + "cloned, give each its own /etc/machine-id");
            }
        }
        return own;
    }

    /**
     * The lease for a DISCOVER, which is the client's from now on, or null when none is available (counted and logged).
     *
     * @param own what {@link #find} returned
     * @param fixedIp the address that is the client's by configuration, or 0
     * @param byPort whether it is the port's own, so that the client can have no other
     */
    @Nullable
    Lease choose(DhcpRequest request, @Nullable Lease own, int fixedIp, boolean byPort) {
        if (fixedIp != 0) {
            Lease lease = claimFixed(request, own, fixedIp, byPort);
            if (lease != null || byPort) {
                return lease;
            }
        }
        if (own != null && isUsable(own, request)) {
            return own.state.isActive() || portMayHaveAnother(request, pool(own)) ? own : null;
        }
        if (request.hasRequestedIp) {
            Lease lease = claimRequested(request, own, request.requestedIp);
            if (lease != null) {
                return lease;
            }
        }
        return claimAny(request, own);
    }

    /**
     * The lease for a REQUEST for a given address, which is the client's from now on, or null when the client cannot
     * have it.
     *
     * @param mayBeNew whether the address need not have a lease: the client uses it already, or was offered it
     */
    @Nullable
    Lease confirm(
            DhcpRequest request, @Nullable Lease own, int address, int fixedIp, boolean byPort, boolean mayBeNew) {
        if (fixedIp != 0) {
            if (address == fixedIp) {
                return claimFixed(request, own, fixedIp, byPort);
            }
            if (byPort || isClaimable(request, own, fixedIp)) {
                return null;
            }
        }
        if (own != null && own.address == address && isUsable(own, request)) {
            return own.state.isActive() || portMayHaveAnother(request, pool(own)) ? own : null;
        }
        if (!mayBeNew || own != null && own.state.isActive() && isUsable(own, request)) {
            return null;
        }
        return claimRequested(request, own, address);
    }

    private boolean isUsable(Lease own, DhcpRequest request) {
        return own.pool != null && subnets.subnetOf(own.address, request) != null;
    }

    private static AddressPool pool(Lease lease) {
        if (lease.pool == null) {
            throw new IllegalStateException(IpAddress.ipv4ToString(lease.address) + " is of no pool");
        }
        return lease.pool;
    }

    private boolean isClaimable(DhcpRequest request, @Nullable Lease own, int fixedIp) {
        Lease holder = table.get(fixedIp);
        boolean free = holder == null
                || holder == own
                || !holder.state.isActive()
                || holder.mac == request.mac
                        && holder.relayed == request.relayed
                        && holder.state != LeaseState.DECLINED;
        return free && subnets.subnetOf(fixedIp, request) != null;
    }

    /** Claims an address that is the client's by configuration. A port's own is taken from whoever has it. */
    private @Nullable Lease claimFixed(DhcpRequest request, @Nullable Lease own, int fixedIp, boolean byPort) {
        if (subnets.subnetOf(fixedIp, request) == null) {
            count(DhcpCounter.NO_SUBNET);
            return null;
        }
        Lease holder = table.get(fixedIp);
        if (!byPort && !isClaimable(request, own, fixedIp)) {
            count(DhcpCounter.RESERVATION_IN_USE);
            if (holder != null && log.allows(DhcpCounter.RESERVATION_IN_USE, changes.nowMs())) {
                events.warn("DHCP address " + IpAddress.ipv4ToString(fixedIp) + " is reserved for "
                        + MacAddress.toString(request.mac) + " but " + holder.state.label() + " by "
                        + MacAddress.toString(holder.mac) + "; it is given over when that ends. See 'leases'");
            }
            return null;
        }
        if (holder != null && holder.state == LeaseState.DECLINED && holder.port == request.inPort) {
            count(DhcpCounter.QUARANTINED);
            return null;
        }
        return changes.take(holder != null ? holder : table.add(fixedIp, subnets.poolOf(fixedIp)), own, request);
    }

    private @Nullable Lease claimRequested(DhcpRequest request, @Nullable Lease own, int address) {
        AddressPool pool = subnets.poolOf(address);
        Lease holder = table.get(address);
        if (pool == null
                || subnets.subnetOf(address, request) == null
                || holder != null && holder.state.isActive()
                || !portMayHaveAnother(request, pool)) {
            return null;
        }
        return changes.take(holder != null ? holder : table.add(address, pool), own, request);
    }

    private @Nullable Lease claimAny(DhcpRequest request, @Nullable Lease own) {
        boolean refused = false;
        boolean some = false;
        List<ServedSubnet> all = subnets.all();
        for (int i = 0; i < all.size(); i++) {
            AddressPool pool = all.get(i).pool();
            if (!ServedSubnets.isOnLink(all.get(i), request) || pool.size() == 0) {
                continue;
            }
            some = true;
            if (!portMayHaveAnother(request, pool)) {
                refused = true;
                continue;
            }
            long unused = pool.firstUnused(LeaseTable.mix(request.mac));
            Lease free = unused == AddressPool.NONE ? pool.freed().first() : table.add((int) unused, pool);
            if (free != null) {
                return changes.take(free, own, request);
            }
        }
        refuse(request, some, refused);
        return null;
    }

    private void refuse(DhcpRequest request, boolean some, boolean portLimit) {
        DhcpCounter why =
                !some ? DhcpCounter.NO_SUBNET : portLimit ? DhcpCounter.PORT_LIMIT : DhcpCounter.POOL_EXHAUSTED;
        count(why);
        if (!log.allows(why, changes.nowMs())) {
            return;
        }
        String client = "DHCP client " + MacAddress.toString(request.mac) + " on " + events.portName(request.inPort);
        if (!some) {
            events.info(client + " gets no address: it has no reservation, and no subnet that it can be in has a pool");
        } else if (portLimit) {
            events.warn(client + " gets no address: its port already has as many of the pool as one port may have. "
                    + "A guest that makes up MAC addresses does this; otherwise enlarge dhcp.pool");
        } else {
            events.warn(client + " gets no address: the pool of " + subnets
                    + " is exhausted. Enlarge dhcp.pool or shorten dhcp.lease; see who holds addresses with 'leases'");
        }
    }

    /**
     * Whether the request's port may have one more address of a pool; withdraws the port's oldest offer if that makes
     * room.
     */
    private boolean portMayHaveAnother(DhcpRequest request, AddressPool pool) {
        if (request.relayed) {
            return true; // a relay has many clients, and is trusted to know them
        }
        PortAccount account = table.accountOf(request.inPort);
        Lease oldest = account.offers.first();
        if (account.active < pool.perPort() && account.offers.size() < OFFERS_PER_PORT) {
            return true;
        }
        if (oldest == null) {
            return false;
        }
        count(DhcpCounter.HOLD_RECYCLED);
        changes.end(oldest);
        return true;
    }

    private void count(DhcpCounter counter) {
        counters.increment(counter);
    }
}
