package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The DHCP server of one network (RFC 2131, RFC 2132): answers each request in place, so that the frame can go straight
 * back out of the port that it arrived on.
 *
 * <p>It assumes that it is the network's only server: a client that asks for an address that it cannot have, or that is
 * unknown here, gets a NAK and starts over, whereas RFC 2131 (section 4.3.2) demands silence of one server among
 * others. A client that already uses an address of a pool that nobody else has may keep it.
 *
 * <p>Guests are not trusted. The client's hardware address must be the frame's source; the guest behind one port cannot
 * use up a pool or release what another port holds ({@link Allocator}).
 *
 * <p>Single-threaded, owned by the conductor; {@link #counters()} may be read by any thread. The steady state
 * (renewals, and offers to clients that have a lease) allocates nothing.
 */
public final class DhcpResponder implements AutoCloseable {

    /** How long an offered address is held for the client. */
    public static final long HOLD_MS = 60_000;
    /** How long a declined address is not given to anybody. */
    public static final long QUARANTINE_MS = 600_000;
    /**
     * How long a client that declined its port's own address gets none; this doubles each time, up to {@link
     * #QUARANTINE_MS}. It is as long as clients wait after a DECLINE (RFC 2131, section 3.1).
     */
    public static final long FIRST_OWN_QUARANTINE_MS = 10_000;

    /**
     * A client may ask for a shorter lease than the configured one, but not for one so short that it renews
     * continuously.
     */
    private static final long MIN_REQUESTED_SECONDS = 120;

    private static final byte[] NAK_MESSAGE =
            OptionEncoding.option(OptionCode.MESSAGE, "address not available".getBytes(StandardCharsets.US_ASCII));

    private final LeaseTable table = new LeaseTable();
    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpRequest request = new DhcpRequest();
    private final ReplyWriter reply = new ReplyWriter();
    private final LogLimiter omissions = new LogLimiter();
    private final LeaseStore store;
    private final DhcpEvents events;
    private final LeaseChanges changes;
    private final Allocator allocator;
    private final LogLimiter log = new LogLimiter();
    private ServedSubnets subnets = new ServedSubnets(List.of());

    /**
     * A responder with the leases from the store.
     *
     * @param served the network's subnets; addresses of different subnets do not overlap. May be empty at first: see
     *     {@link #reconfigure}
     * @param store where leases are kept; the responder closes it
     * @param events listener for what happens
     * @param nowEpochMs the time of day
     * @param nowNs the monotonic clock, read at the same time, which reveals when the time of day is set
     */
    public DhcpResponder(List<DhcpSubnet> served, LeaseStore store, DhcpEvents events, long nowEpochMs, long nowNs) {
        this.store = store;
        this.events = events;
        changes = new LeaseChanges(table, store, events, counters);
        allocator = new Allocator(table, changes, events, counters);
        for (LeaseRecord found : store.takeLoaded()) {
            changes.load(found, nowEpochMs);
        }
        store.attach(table::forEach);
        reconfigure(served, nowEpochMs, nowNs);
    }

    /**
     * Forgets which leases were taken by clients on a port, because its number goes to another port: they must not be
     * accounted to that one, nor may it be taken for their holder. They are then like leases read from the lease file.
     */
    public void forgetPort(int inPort) {
        table.forgetPort(inPort);
    }

    /**
     * Serves the given subnets from now on. Leases are kept; a client whose address no longer fits is told so when it
     * renews.
     *
     * @param served the network's subnets
     * @param nowEpochMs the time of day
     * @param nowNs the monotonic clock
     */
    public void reconfigure(List<DhcpSubnet> served, long nowEpochMs, long nowNs) {
        subnets = new ServedSubnets(served);
        allocator.setSubnets(subnets);
        changes.repool(subnets);
        changes.advance(nowEpochMs, nowNs);
    }

    /**
     * Answers a frame that was sent to UDP port 67, in place.
     *
     * <p>On {@link DhcpOutcome#REPLY} the frame, from {@link Frame#start()} on, is the reply with its checksums, tags
     * kept; layer offsets are set and offload fields cleared. Otherwise the frame is to be dropped. {@link
     * Frame#inPort()} says which port's request it is.
     *
     * @param frame the request; the caller keeps the frame. Its buffer needs room for 576 bytes, counted from the
     *     network header
     * @param port what is configured for the port
     * @param nowEpochMs the time of day
     * @param nowNs the monotonic clock
     */
    public DhcpOutcome answer(Frame frame, DhcpPort port, long nowEpochMs, long nowNs) {
        changes.advance(nowEpochMs, nowNs);
        if (!request.parse(frame)) {
            return invalid();
        }
        request.portName = port.name();
        table.portSeen(request.inPort, port.name());
        count(received(request.messageType));
        if (request.messageType == 0) {
            return DhcpOutcome.SILENT;
        }
        DhcpOutcome refused = refusal(port, nowEpochMs);
        if (refused != null) {
            return refused;
        }
        if (isOtherServers()) {
            count(DhcpCounter.OTHER_SERVER);
            return otherServerChosen();
        }
        int bindingIp = subnets.bindingIp(port, request);
        return switch (request.messageType) {
            case MessageType.DISCOVER -> discover(frame, bindingIp, nowEpochMs);
            case MessageType.REQUEST -> request(frame, bindingIp, nowEpochMs);
            case MessageType.DECLINE -> decline(bindingIp, nowEpochMs);
            case MessageType.RELEASE -> release();
            case MessageType.INFORM -> inform(frame);
            case MessageType.OFFER, MessageType.ACK, MessageType.NAK -> invalid();
            default -> DhcpOutcome.SILENT;
        };
    }

    /** What is wrong with the stated sender, or null. */
    private @Nullable DhcpOutcome refusal(DhcpPort port, long nowMs) {
        if (!request.acceptFrom(port)) {
            count(DhcpCounter.RELAY_REFUSED);
            if (log.allows(DhcpCounter.RELAY_REFUSED, nowMs)) {
                events.warn("DHCP message by " + events.portName(request.inPort)
                        + " refused: it is relayed, for the client " + MacAddress.toString(request.mac)
                        + ". Set dhcp-relay of the port if its guest is a relay agent");
            }
            return DhcpOutcome.RELAY_REFUSED;
        }
        if (request.relayed) {
            return null;
        }
        if (request.ethernetSource != request.mac) {
            count(DhcpCounter.CHADDR_MISMATCH);
            return DhcpOutcome.SILENT;
        }
        if (subnets.isOtherPorts(request.mac, port)) {
            count(DhcpCounter.MAC_OF_OTHER_PORT);
            return DhcpOutcome.SPOOFED;
        }
        return null;
    }

    private static DhcpCounter received(int messageType) {
        return switch (messageType) {
            case 0 -> DhcpCounter.RX_BOOTP;
            case MessageType.DISCOVER -> DhcpCounter.RX_DISCOVER;
            case MessageType.REQUEST -> DhcpCounter.RX_REQUEST;
            case MessageType.DECLINE -> DhcpCounter.RX_DECLINE;
            case MessageType.RELEASE -> DhcpCounter.RX_RELEASE;
            case MessageType.INFORM -> DhcpCounter.RX_INFORM;
            default -> DhcpCounter.RX_OTHER;
        };
    }

    private DhcpOutcome invalid() {
        count(DhcpCounter.RX_INVALID);
        return DhcpOutcome.INVALID;
    }

    /** Whether the message names, or was sent to, a server address that is not ours. */
    private boolean isOtherServers() {
        if (request.hasServerId && subnets.withServer(request.serverId) == null) {
            return true;
        }
        boolean broadcast = request.ipDestination == -1 || request.giaddr != 0;
        List<ServedSubnet> all = subnets.all();
        for (int i = 0; i < all.size() && !broadcast; i++) {
            DhcpSubnet config = all.get(i).config();
            broadcast = request.ipDestination != 0 && request.ipDestination == config.broadcastAddress();
        }
        return !broadcast && subnets.withServer(request.ipDestination) == null;
    }

    /** RFC 2131, section 4.3.2: a REQUEST that names another server declines our offer. */
    private DhcpOutcome otherServerChosen() {
        if (request.messageType == MessageType.REQUEST && request.hasServerId) {
            Lease own = allocator.find(request);
            if (own != null && isFromHolder(own)) {
                changes.withdraw(own);
            }
        }
        return DhcpOutcome.SILENT;
    }

    private DhcpOutcome discover(Frame frame, int bindingIp, long nowMs) {
        Lease own = allocator.find(request);
        ServedSubnet.Fixed fixed = subnets.fixed(request);
        Lease lease = allocator.choose(request, own, fixedIp(bindingIp, fixed), bindingIp != 0);
        ServedSubnet subnet = lease == null ? null : subnets.subnetOf(lease.address, request);
        if (lease == null || subnet == null) {
            return DhcpOutcome.SILENT;
        }
        changes.hold(lease, request, nowMs + HOLD_MS);
        if (!reply.begin(frame, request, subnet, MessageType.OFFER)) {
            return DhcpOutcome.NO_ROOM;
        }
        reply.addresses(0, lease.address);
        reply.leaseTimes(leaseSeconds(subnet));
        return finish(frame, subnet, fixed, DhcpCounter.TX_OFFER);
    }

    private static int fixedIp(int bindingIp, ServedSubnet.@Nullable Fixed fixed) {
        return bindingIp != 0 ? bindingIp : fixed == null ? 0 : fixed.ip();
    }

    /** The four kinds of REQUEST (RFC 2131, section 4.3.2 and table 4) differ in which field holds the address. */
    private DhcpOutcome request(Frame frame, int bindingIp, long nowMs) {
        boolean selecting = request.hasServerId;
        boolean initReboot = !selecting && request.hasRequestedIp && request.ciaddr == 0;
        int address = request.ciaddr != 0 ? request.ciaddr : request.requestedIp;
        if (address == 0) {
            return invalid();
        }
        Lease own = allocator.find(request);
        ServedSubnet.Fixed fixed = subnets.fixed(request);
        ServedSubnet subnet = subnets.subnetOf(address, request);
        Lease lease = subnet == null
                ? null
                : allocator.confirm(request, own, address, fixedIp(bindingIp, fixed), bindingIp != 0, !initReboot);
        if (lease == null || subnet == null) {
            return nak(frame);
        }
        if (!reply.begin(frame, request, subnet, MessageType.ACK)) {
            return DhcpOutcome.NO_ROOM;
        }
        long seconds = leaseSeconds(subnet);
        changes.bind(lease, request, seconds == DhcpSubnet.INFINITE_LEASE ? Lease.NEVER : nowMs + seconds * 1000);
        reply.addresses(request.ciaddr, lease.address);
        reply.leaseTimes(seconds);
        return finish(frame, subnet, fixed, DhcpCounter.TX_ACK);
    }

    private DhcpOutcome nak(Frame frame) {
        ServedSubnet subnet = request.hasServerId ? subnets.withServer(request.serverId) : subnets.firstSubnet(request);
        if (subnet == null) {
            count(DhcpCounter.NO_SUBNET);
            return DhcpOutcome.SILENT;
        }
        if (!reply.begin(frame, request, subnet, MessageType.NAK)) {
            return DhcpOutcome.NO_ROOM;
        }
        reply.message(NAK_MESSAGE);
        reply.echoClientId(request);
        reply.finish(frame, request, subnet);
        count(DhcpCounter.TX_NAK);
        return DhcpOutcome.REPLY;
    }

    private DhcpOutcome decline(int bindingIp, long nowMs) {
        if (!request.hasRequestedIp) {
            return invalid();
        }
        Lease own = heldHere(request.requestedIp);
        if (own == null) {
            count(DhcpCounter.NOT_HOLDER);
        } else {
            changes.quarantine(own, request, nowMs, own.address == bindingIp);
        }
        return DhcpOutcome.SILENT;
    }

    private DhcpOutcome release() {
        Lease own = heldHere(request.ciaddr);
        if (own == null || own.state != LeaseState.BOUND) {
            count(DhcpCounter.NOT_HOLDER);
        } else {
            changes.release(own);
        }
        return DhcpOutcome.SILENT;
    }

    /**
     * The client's lease if it is active, for that address, and was last seen on this port (MAC addresses can be
     * forged), or null.
     */
    private @Nullable Lease heldHere(int address) {
        Lease own = allocator.find(request);
        boolean held = own != null
                && own.address == address
                && own.state.isActive()
                && (isFromHolder(own) || own.port == Lease.NO_PORT);
        return held ? own : null;
    }

    /** Judged by the port on which the holder was last seen; any relay may speak for it. */
    private boolean isFromHolder(Lease own) {
        return own.port == request.inPort || request.relayed;
    }

    /**
     * RFC 2131, section 4.3.5: parameters for an address that the client has by other means; no lease, no {@code
     * yiaddr}.
     */
    private DhcpOutcome inform(Frame frame) {
        if (request.ciaddr == 0) {
            return invalid();
        }
        ServedSubnet subnet = subnets.subnetOf(request.ciaddr, request);
        if (subnet == null || !subnet.isClients(request.ciaddr)) {
            count(DhcpCounter.NO_SUBNET);
            return DhcpOutcome.SILENT;
        }
        if (!reply.begin(frame, request, subnet, MessageType.ACK)) {
            return DhcpOutcome.NO_ROOM;
        }
        reply.addresses(request.ciaddr, 0);
        return finish(frame, subnet, subnets.fixed(request), DhcpCounter.TX_ACK);
    }

    private DhcpOutcome finish(Frame frame, ServedSubnet subnet, ServedSubnet.@Nullable Fixed fixed, DhcpCounter sent) {
        reply.echoClientId(request);
        reply.parameters(request, subnet, fixed);
        if (reply.finish(frame, request, subnet) > 0) {
            tellOmitted(subnet);
        }
        count(sent);
        return DhcpOutcome.REPLY;
    }

    private void tellOmitted(ServedSubnet subnet) {
        count(DhcpCounter.OPTIONS_OMITTED);
        if (omissions.allows(DhcpCounter.OPTIONS_OMITTED, changes.nowMs())) {
            events.warn("DHCP client " + MacAddress.toString(request.mac) + " on " + events.portName(request.inPort)
                    + " takes replies of " + reply.maxBytes() + " bytes, which had no room for these options: "
                    + reply.omittedOptions() + ". Shorten what subnet " + subnet
                    + " tells its guests (routes, search, dns, dhcp.options)");
        }
    }

    private long leaseSeconds(ServedSubnet subnet) {
        long configured = subnet.config().leaseSeconds();
        long asked = request.requestedLeaseSeconds;
        return asked == DhcpRequest.NO_LEASE_TIME
                ? configured
                : Math.min(configured, Math.max(asked, MIN_REQUESTED_SECONDS));
    }

    private void count(DhcpCounter counter) {
        counters.increment(counter);
    }

    /**
     * Periodic work: expires leases; flushes or compacts the lease file, or retries writing it. To be called about once
     * a second.
     */
    public void doWork(long nowEpochMs, long nowNs) {
        changes.advance(nowEpochMs, nowNs);
        store.doWork(nowEpochMs);
    }

    /** The counters; any thread may read them. */
    public DhcpCounters counters() {
        return counters;
    }

    /** The subnets served. */
    public List<DhcpSubnet> subnets() {
        return subnets.all().stream().map(ServedSubnet::config).toList();
    }

    /** Leases that are bound now. */
    public int boundLeases() {
        return table.bound();
    }

    /** Why the lease file is not being written, or null when all is well. */
    public @Nullable String storeFailure() {
        return store.failure();
    }

    /** All leases, in any state, ordered by address. */
    public List<DhcpLease> leases() {
        List<DhcpLease> views = new ArrayList<>();
        table.forEach(lease -> {
            ServedSubnet.Fixed fixed = null;
            for (ServedSubnet subnet : subnets.all()) {
                if (subnet.contains(lease.address)) {
                    fixed = subnet.fixed(lease.mac);
                }
            }
            boolean reserved = fixed != null && fixed.ip() == lease.address;
            LeaseSource source =
                    lease.pool != null ? LeaseSource.POOL : reserved ? LeaseSource.RESERVATION : LeaseSource.NONE;
            views.add(lease.view(source, fixed == null ? null : fixed.hostname()));
        });
        views.sort(Comparator.comparing(DhcpLease::ip, IpAddress::compareTo));
        return views;
    }

    /** Flushes and closes the lease file. */
    @Override
    public void close() {
        store.close();
    }
}
