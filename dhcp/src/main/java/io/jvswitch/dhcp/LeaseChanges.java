package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a lease: it is offered, bound, given back, declined, or ends. Each change is made in the lease table,
 * written to the lease file and reported to the listener, so that the three agree.
 *
 * <p>Single-threaded, owned by the responder.
 */
final class LeaseChanges {

    /** How often the first quarantine of a port's own address is doubled; it then has its maximum. */
    private static final int MAX_DOUBLINGS = 10;

    private final LeaseTable table;
    private final LeaseStore store;
    private final DhcpEvents events;
    private final DhcpCounters counters;
    private final LogLimiter log = new LogLimiter();
    /** How many times in a row a port's client declined the port's own address, by address. */
    private final Int2IntHashMap ownDeclines = new Int2IntHashMap(0);

    private final LeaseClock clock = new LeaseClock();
    private boolean configured;
    private long nowMs;

    LeaseChanges(LeaseTable table, LeaseStore store, DhcpEvents events, DhcpCounters counters) {
        this.table = table;
        this.store = store;
        this.events = events;
        this.counters = counters;
    }

    /** Sets which pools there are from now on. */
    void repool(ServedSubnets subnets) {
        configured = !subnets.all().isEmpty();
        table.repool(subnets.all());
    }

    /** Ends the states that are over by now; to be called before each request, with both clocks. */
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

    /** The time of day of the last {@link #advance}. */
    long nowMs() {
        return nowMs;
    }

    /** Makes a lease of a record of the lease file. */
    void load(LeaseRecord found, long nowEpochMs) {
        Lease lease = table.add(found.ip(), null);
        if (found.kind() == LeaseRecord.Kind.DECLINED) {
            table.change(lease, LeaseState.DECLINED, found.untilEpochMs(), Lease.NO_PORT);
            table.expectPort(lease, found.port());
            table.markAsRead(lease, found.lengthMs(), nowEpochMs);
            return;
        }
        // A client has one lease: the file's later record counts.
        byte[] identity = found.identity();
        Lease earlier = table.find(identity, identity.length, found.identityWithMac(), found.mac(), found.relayed());
        if (earlier != null) {
            if (earlier.state == LeaseState.BOUND) {
                events.unbound(earlier.address, earlier.mac);
            }
            table.remove(earlier);
        }
        table.assign(lease, identity, identity.length, found.identityWithMac(), found.mac(), found.relayed());
        lease.setHostname(found.hostname(), found.hostname().length);
        // A free address is one whose lease has ended: the table keeps the order in which they are given away.
        table.change(lease, LeaseState.BOUND, found.untilEpochMs(), Lease.NO_PORT);
        if (found.kind() == LeaseRecord.Kind.FREE) {
            table.change(lease, LeaseState.EXPIRED, found.untilEpochMs(), Lease.NO_PORT);
        } else {
            events.bound(lease.address, lease.mac, Lease.NO_PORT);
        }
        table.expectPort(lease, found.port());
        table.markAsRead(lease, found.lengthMs(), nowEpochMs);
    }

    /**
     * Gives a lease to the client and ends the one that it had. The lease keeps its state if it was the client's
     * already.
     */
    Lease take(Lease lease, @Nullable Lease own, DhcpRequest request) {
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

    private void assign(Lease lease, DhcpRequest request) {
        table.assign(
                lease, request.identity, request.identityBytes, request.identityWithMac, request.mac, request.relayed);
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

    /** Reserves a lease for its client until it answers; one that is bound already stays bound. */
    void hold(Lease lease, DhcpRequest request, long untilEpochMs) {
        if (lease.state == LeaseState.OFFERED && lease.port == request.inPort) {
            table.extend(lease, untilEpochMs);
        } else if (lease.state != LeaseState.BOUND) {
            table.change(lease, LeaseState.OFFERED, untilEpochMs, request.inPort);
            lease.portName = request.portName;
        }
    }

    /** Binds the lease to its client, and records it. */
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

    /** Withdraws an offer: the client chose another server. */
    void withdraw(Lease lease) {
        if (lease.state == LeaseState.OFFERED) {
            end(lease);
        }
    }

    /** Ends a lease: its time is over, or the offer is withdrawn. */
    void end(Lease lease) {
        boolean wasBound = lease.state == LeaseState.BOUND;
        // Before the first subnet is configured it is not known yet which addresses will belong to a pool.
        if (lease.everBound && (lease.pool != null || !configured)) {
            table.change(lease, LeaseState.EXPIRED, lease.untilEpochMs, lease.port);
        } else {
            table.remove(lease);
        }
        if (wasBound) {
            events.unbound(lease.address, lease.mac);
        }
    }

    /** The client released it; it gets the same address again if it asks before somebody else needs it. */
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
     * The client found the address in use: nobody gets it for a while. A client whose port is bound to it can have no
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
        counters.increment(DhcpCounter.ADDRESS_DECLINED);
        record(LeaseRecord.Kind.DECLINED, lease);
        if (wasBound) {
            events.unbound(lease.address, mac);
        }
        if (log.allows(DhcpCounter.ADDRESS_DECLINED, nowMs)) {
            events.warn("DHCP client " + MacAddress.toString(mac) + " on " + events.portName(request.inPort)
                    + " found its address "
                    + IpAddress.ipv4ToString(lease.address) + " in use by somebody else and declined it; it is "
                    + (portsOwn
                            ? "offered it again in " + lengthMs / 1000 + " s, as its port may have no other. "
                            : "given to nobody for " + lengthMs / 1000 + " s. ")
                    + "Look for a guest with that address set by hand");
        }
    }

    private void record(LeaseRecord.Kind kind, Lease lease) {
        if (!store.append(kind, lease)) {
            counters.increment(DhcpCounter.STORE_FAILED);
        }
    }
}
