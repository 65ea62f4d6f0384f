package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which address a client gets, and keeps the lease table and the lease file in step with the decision.
 *
 * <p>A client's own address comes first: the port's, else the reservation's; then the one that it has or had; then the
 * one that it asks for; then one of the pool, untouched ones first, else the one that has been free the longest.
 *
 * <p>One port cannot take a whole pool, however many MAC addresses its guest makes up: it may hold {@link
 * AddressPool#perPort} addresses, and {@value #OFFERS_PER_PORT} of them unconfirmed, after which its own oldest offer
 * is withdrawn for the next.
 *
 * <p>Single-threaded, owned by the responder.
 */
final class Allocator {

    /** Clients of one port that can be between DISCOVER and REQUEST at once. */
    static final int OFFERS_PER_PORT = 8;

    /** Of the first quarantine of a port's own address; it is at its longest then. */
    private static final int MAX_DOUBLINGS = 10;

    private final LeaseTable table;
    private final LeaseStore store;
    private final DhcpEvents events;
    private final DhcpCounters counters;
    private final LogLimiter log = new LogLimiter();
    /** How often in a row a port's client declined the port's own address, by address. */
    private final Int2IntHashMap ownDeclines = new Int2IntHashMap(0);

    private final LeaseClock clock = new LeaseClock();
    private List<ServedSubnet> subnets = List.of();
    private long nowMs;

    Allocator(LeaseTable table, LeaseStore store, DhcpEvents events, DhcpCounters counters) {
        this.table = table;
        this.store = store;
        this.events = events;
        this.counters = counters;
    }

    void setSubnets(List<ServedSubnet> served) {
        subnets = served;
    }

    /** Ends what has ended by now; to be called before each request, with both clocks. */
    void advance(long nowEpochMs, long nowNs) {
        nowMs = nowEpochMs;
        long stepMs = clock.stepMs(nowEpochMs, nowNs);
        if (stepMs != 0) {
            table.shift(stepMs);
            store.rewriteSoon();
            if (table.bound() > 0) {
                events.info("the system's clock was set " + (stepMs < 0 ? "back" : "forward") + " by "
                        + Math.abs(stepMs) / 1000 + " s: DHCP leases keep the time that they had left");
            }
        }
        for (Lease lease = table.due(nowEpochMs); lease != null; lease = table.due(nowEpochMs)) {
            end(lease);
        }
    }

    private void end(Lease lease) {
        boolean wasBound = lease.state == LeaseState.BOUND;
        // Before the first subnet is configured nobody knows yet which addresses will be a pool's.
        if (lease.everBound && (lease.pool != null || subnets.isEmpty())) {
            table.change(lease, LeaseState.EXPIRED, lease.untilEpochMs, lease.port);
        } else {
            table.remove(lease);
        }
        if (wasBound) {
            events.unbound(lease.address, lease.mac);
        }
    }

    /** The time of day that {@link #advance} was told last. */
    long nowMs() {
        return nowMs;
    }

    /** The subnet of an address that a client of this request may have, or null. */
    @Nullable
    ServedSubnet subnetOf(int address, DhcpRequest request) {
        for (int i = 0; i < subnets.size(); i++) {
            ServedSubnet subnet = subnets.get(i);
            if (subnet.contains(address) && isOnLink(subnet, request)) {
                return subnet;
            }
        }
        return null;
    }

    /** Behind a relay only the relay's subnet is there; without one, all subnets of the network are. */
    private static boolean isOnLink(ServedSubnet subnet, DhcpRequest request) {
        return request.giaddr == 0 || subnet.contains(request.linkAddress);
    }

    /** The first subnet that the client may be in, or null. */
    @Nullable
    ServedSubnet firstSubnet(DhcpRequest request) {
        for (int i = 0; i < subnets.size(); i++) {
            if (isOnLink(subnets.get(i), request)) {
                return subnets.get(i);
            }
        }
        return null;
    }

    /**
     * The address that is the client's because its port is bound to it: of several, the first in a subnet that the
     * client may be in. 0 for a port that is bound to no IPv4 address, and for whom it relays for.
     */
    int bindingIp(DhcpPort port, DhcpRequest request) {
        if (request.relayed) {
            return 0;
        }
        int first = 0;
        for (int i = 0; i < port.ips().size(); i++) {
            IpAddress ip = port.ips().get(i);
            if (!ip.isIpv4()) {
                continue;
            }
            if (subnetOf(ip.ipv4(), request) != null) {
                return ip.ipv4();
            }
            first = first == 0 ? ip.ipv4() : first;
        }
        return first; // no subnet has it: the client gets nothing
    }

    /** What is configured for the client's MAC address in a subnet that it may be in, or null. */
    ServedSubnet.@Nullable Fixed fixed(DhcpRequest request) {
        for (int i = 0; i < subnets.size(); i++) {
            ServedSubnet.Fixed fixed = subnets.get(i).fixed(request.mac);
            if (fixed != null && isOnLink(subnets.get(i), request) && !(request.relayed && fixed.port() != null)) {
                return fixed;
            }
        }
        return null;
    }

    /**
     * Whether a MAC address is that of another port by configuration: its leases are not for whoever says to have it.
     */
    boolean isOtherPorts(long mac, DhcpPort port) {
        for (int i = 0; i < subnets.size(); i++) {
            ServedSubnet.Fixed fixed = subnets.get(i).fixed(mac);
            if (fixed != null && fixed.port() != null && !fixed.port().equals(port.name())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The client's lease, or null. Two machines with one client identifier (a cloned machine-id) would take turns in
     * losing their address: while one has a lease, another MAC address on another port is told apart by its MAC too.
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
            if (log.allows(DhcpCounter.CLIENT_ID_SHARED, nowMs)) {
                events.warn("DHCP client " + MacAddress.toString(request.mac) + " on " + portOf(request)
                        + " has the client identifier of " + MacAddress.toString(own.mac) + ", which holds "
                        + IpAddress.ipv4ToString(own.address)
                        + "; it gets an address of its own. Give cloned guests their own /etc/machine-id");
            }
            return null;
        }
        if (own != null && own.state.isActive() && own.mac != request.mac) {
            count(DhcpCounter.CLIENT_ID_SHARED);
            if (log.allows(DhcpCounter.CLIENT_ID_SHARED, nowMs)) {
                events.warn("DHCP client " + MacAddress.toString(request.mac) + " on " + portOf(request)
                        + " has the client identifier of " + MacAddress.toString(own.mac)
                        + " on the same port and gets its address " + IpAddress.ipv4ToString(own.address)
                        + ". If that is not one machine with a new network card, but guests inside the guest that were "
                        + "cloned, give each its own /etc/machine-id");
            }
        }
        return own;
    }

    /**
     * The lease for a DISCOVER, the client's from now on, or null when there is none to be had (counted and told).
     *
     * @param own what {@link #find} said
     * @param fixedIp the address that is the client's by configuration, or 0
     * @param byPort whether it is the port's own: no other will do
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
     * The lease for a REQUEST of a certain address, the client's from now on, or null when the client cannot have it.
     *
     * @param mayBeNew whether an address without a lease will do: the client uses it already, or was offered it
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
        return own.pool != null && subnetOf(own.address, request) != null;
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
        return free && subnetOf(fixedIp, request) != null;
    }

    /** An address that is the client's by configuration. The port's own is taken from whoever has it. */
    private @Nullable Lease claimFixed(DhcpRequest request, @Nullable Lease own, int fixedIp, boolean byPort) {
        if (subnetOf(fixedIp, request) == null) {
            count(DhcpCounter.NO_SUBNET);
            return null;
        }
        Lease holder = table.get(fixedIp);
        if (!byPort && !isClaimable(request, own, fixedIp)) {
            count(DhcpCounter.RESERVATION_IN_USE);
            if (holder != null && log.allows(DhcpCounter.RESERVATION_IN_USE, nowMs)) {
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
        return take(holder != null ? holder : table.add(fixedIp, poolOf(fixedIp)), own, request);
    }

    private @Nullable Lease claimRequested(DhcpRequest request, @Nullable Lease own, int address) {
        AddressPool pool = poolOf(address);
        Lease holder = table.get(address);
        if (pool == null
                || subnetOf(address, request) == null
                || holder != null && holder.state.isActive()
                || !portMayHaveAnother(request, pool)) {
            return null;
        }
        return take(holder != null ? holder : table.add(address, pool), own, request);
    }

    private @Nullable Lease claimAny(DhcpRequest request, @Nullable Lease own) {
        boolean refused = false;
        boolean some = false;
        for (int i = 0; i < subnets.size(); i++) {
            AddressPool pool = subnets.get(i).pool();
            if (!isOnLink(subnets.get(i), request) || pool.size() == 0) {
                continue;
            }
            some = true;
            if (!portMayHaveAnother(request, pool)) {
                refused = true;
                continue;
            }
            long untouched = pool.firstUntouched(LeaseTable.mix(request.mac));
            Lease free = untouched == AddressPool.NONE ? pool.freed().first() : table.add((int) untouched, pool);
            if (free != null) {
                return take(free, own, request);
            }
        }
        refuse(request, some, refused);
        return null;
    }

    private void refuse(DhcpRequest request, boolean some, boolean portLimit) {
        DhcpCounter why =
                !some ? DhcpCounter.NO_SUBNET : portLimit ? DhcpCounter.PORT_LIMIT : DhcpCounter.POOL_EXHAUSTED;
        count(why);
        if (!log.allows(why, nowMs)) {
            return;
        }
        String client = "DHCP client " + MacAddress.toString(request.mac) + " on " + portOf(request);
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
     * Whether the request's port may have one more address of a pool; withdraws the port's oldest offer when that makes
     * it so.
     */
    private boolean portMayHaveAnother(DhcpRequest request, AddressPool pool) {
        if (request.relayed) {
            return true; // many clients, which their relay is trusted to know
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
        end(oldest);
        return true;
    }

    private void assign(Lease lease, DhcpRequest request) {
        table.assign(
                lease, request.identity, request.identityBytes, request.identityWithMac, request.mac, request.relayed);
    }

    /**
     * Makes a lease the client's and ends the one that it had. The lease keeps its state when it was the client's
     * already.
     */
    private Lease take(Lease lease, @Nullable Lease own, DhcpRequest request) {
        if (own != null && own != lease) {
            forget(own);
        }
        if (own != lease) {
            boolean wasBound = lease.state == LeaseState.BOUND;
            if (lease.state.isActive()) {
                table.change(lease, LeaseState.EXPIRED, nowMs, Lease.NO_PORT);
            }
            if (wasBound) {
                events.unbound(lease.address, lease.mac);
            }
        }
        assign(lease, request);
        return lease;
    }

    private void forget(Lease own) {
        if (own.state == LeaseState.BOUND) {
            events.unbound(own.address, own.mac);
        }
        if (own.everBound) {
            record(LeaseRecord.Kind.GONE, own);
        }
        table.remove(own);
    }

    private @Nullable AddressPool poolOf(int address) {
        for (int i = 0; i < subnets.size(); i++) {
            if (subnets.get(i).pool().contains(address)) {
                return subnets.get(i).pool();
            }
        }
        return null;
    }

    /** Holds a lease for its client until it answers; one that is bound already stays so. */
    void hold(Lease lease, DhcpRequest request, long untilEpochMs) {
        if (lease.state == LeaseState.OFFERED && lease.port == request.inPort) {
            table.extend(lease, untilEpochMs);
        } else if (lease.state != LeaseState.BOUND) {
            table.change(lease, LeaseState.OFFERED, untilEpochMs, request.inPort);
            lease.portName = request.portName;
        }
    }

    /** Leases it, and writes that down. */
    void bind(Lease lease, DhcpRequest request, long untilEpochMs) {
        boolean news = lease.state != LeaseState.BOUND || lease.port != request.inPort || lease.mac != request.mac;
        long formerMac = lease.mac;
        boolean formerlyBound = lease.state == LeaseState.BOUND;
        assign(lease, request);
        lease.setHostname(request.hostname, request.hostnameBytes);
        if (news) {
            table.change(lease, LeaseState.BOUND, untilEpochMs, request.inPort);
            lease.portName = request.portName;
        } else {
            table.extend(lease, untilEpochMs);
            ownDeclines.remove(lease.address); // it is in use
        }
        table.setLength(lease, untilEpochMs == Lease.NEVER ? 0 : untilEpochMs - nowMs);
        record(LeaseRecord.Kind.BOUND, lease);
        if (news) {
            if (formerlyBound && formerMac != lease.mac) {
                events.unbound(lease.address, formerMac);
            }
            events.bound(lease.address, lease.mac, lease.port);
        }
    }

    /** Takes an offer back: the client chose another server. */
    void withdraw(Lease lease) {
        if (lease.state == LeaseState.OFFERED) {
            end(lease);
        }
    }

    /** The client gave it back; it gets the same again if it asks before somebody else needs it. */
    void release(Lease lease) {
        events.unbound(lease.address, lease.mac);
        if (lease.pool != null) {
            table.change(lease, LeaseState.EXPIRED, nowMs, lease.port);
            lease.released = true;
            record(LeaseRecord.Kind.FREE, lease);
        } else {
            record(LeaseRecord.Kind.GONE, lease);
            table.remove(lease);
        }
    }

    /**
     * The client found it in use: nobody gets it for a while. The client of a port that is bound to it can have no
     * other, and is offered it again sooner.
     */
    void quarantine(Lease lease, DhcpRequest request, long nowMs, boolean portsOwn) {
        boolean wasBound = lease.state == LeaseState.BOUND;
        long mac = lease.mac;
        long lengthMs = DhcpResponder.QUARANTINE_MS;
        if (portsOwn) {
            int doublings = Math.min(ownDeclines.get(lease.address), MAX_DOUBLINGS);
            ownDeclines.put(lease.address, doublings + 1);
            lengthMs = Math.min(lengthMs, DhcpResponder.FIRST_OWN_QUARANTINE_MS << doublings);
        }
        table.change(lease, LeaseState.DECLINED, nowMs + lengthMs, request.inPort);
        table.setLength(lease, lengthMs);
        lease.portName = request.portName;
        count(DhcpCounter.ADDRESS_DECLINED);
        record(LeaseRecord.Kind.DECLINED, lease);
        if (wasBound) {
            events.unbound(lease.address, mac);
        }
        if (log.allows(DhcpCounter.ADDRESS_DECLINED, nowMs)) {
            events.warn("DHCP client " + MacAddress.toString(mac) + " on " + portOf(request) + " found its address "
                    + IpAddress.ipv4ToString(lease.address) + " in use by somebody else and declined it; it is "
                    + (portsOwn
                            ? "offered it again in " + lengthMs / 1000 + " s, as its port may have no other. "
                            : "given to nobody for " + lengthMs / 1000 + " s. ")
                    + "Look for a guest with that address set by hand");
        }
    }

    private void record(LeaseRecord.Kind kind, Lease lease) {
        if (!store.append(kind, lease)) {
            count(DhcpCounter.STORE_FAILED);
        }
    }

    private void count(DhcpCounter counter) {
        counters.increment(counter);
    }

    private String portOf(DhcpRequest request) {
        return events.portName(request.inPort);
    }
}
