package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.encap.mtu.PathMtuError;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.conductor.bridge.Bridges;
import io.jvswitch.vswitchd.conductor.device.AttachException;
import io.jvswitch.vswitchd.conductor.device.DeviceCloser;
import io.jvswitch.vswitchd.conductor.device.DevicePlace;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.port.PortNumbers;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.port.PortShares;
import io.jvswitch.vswitchd.conductor.port.PortTally;
import io.jvswitch.vswitchd.conductor.underlay.LearntVteps;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.time.Moment;
import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that the switch is, as its conductor keeps it: the specification in force, and what runs for each of its
 * networks and ports. The conductor's thread only.
 */
public final class SwitchState {

    private static final Logger LOG = LoggerFactory.getLogger(SwitchState.class);
    private static final long FOLLOWING_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Workers workers;
    private final VtepTable vteps;
    private final Underlay underlay;
    private final LinkWatches links;
    private final SnapshotBuilder builder;
    private final Refusals refusals = new Refusals();
    private final Networks networks;
    private final Bridges bridges;
    private final DeviceCloser closer;
    private final Publisher publisher;
    private final Ports ports;
    private final PortTally tally;
    private final OverrunReader overruns;
    private final PortShares shares = new PortShares();
    private final LearntVteps learntVteps;
    private final Changes changes = new Changes();
    private SwitchSpec spec;
    private final Reconfiguration.InForce inForce = new Reconfiguration.InForce() {
        @Override
        public SwitchSpec get() {
            return spec;
        }

        @Override
        public void set(SwitchSpec next) {
            spec = next;
        }
    };
    private boolean addressesChanged;
    private long nextFollowingNs = Long.MIN_VALUE;

    /**
     * A switch without ports and networks.
     *
     * @param wakeup called, by another thread, when {@link #readNews} has something to read
     */
    public SwitchState(
            SwitchSpec spec, Workers workers, VtepTable vteps, Underlay underlay, LinkWatches links, Runnable wakeup) {
        this.spec = withoutMembers(spec);
        this.workers = workers;
        tally = new PortTally(workers);
        this.vteps = vteps;
        this.underlay = underlay;
        overruns = new OverrunReader(tally, underlay);
        this.links = links;
        networks = new Networks(underlay);
        builder = new SnapshotBuilder(vteps, underlay);
        PortNumbers numbers = new PortNumbers(this::restart);
        bridges = new Bridges(numbers, workers.count());
        PortSizes sizes = new PortSizes(networks.byName(), builder, bridges);
        publisher = new Publisher(networks, bridges, builder, sizes, workers);
        closer = new DeviceCloser(workers, wakeup);
        ports = new Ports(
                workers, tally, underlay, links, sizes, publisher, bridges, closer, this::placeChanged, numbers);
        learntVteps = new LearntVteps(
                vteps,
                underlay::pathMtuBytes,
                location -> networks.all().forEach(network -> network.fdb().removeLocation(location)));
        watchUnderlay();
    }

    private void watchUnderlay() {
        if (underlay.spec() != null) {
            links.watch(null);
        }
    }

    /**
     * What was learnt behind a port that has gone down or away is wrong from now on; and so is what was learnt
     * elsewhere of a guest whose port has come.
     */
    private void placeChanged(PortRuntime port) {
        publisher.changed(port);
        bridges.placeChanged(port);
        if (!port.isPlace()) {
            publisher.networksOf(port).forEach(network -> network.portLeft(port.number()));
        } else if (port.spec().mac() != null) {
            for (String name : port.spec().networks()) {
                NetworkRuntime network = networks.byName().get(name);
                if (network != null) {
                    network.stationCame(port.spec().mac().bits());
                }
            }
        }
    }

    private static SwitchSpec withoutMembers(SwitchSpec spec) {
        return spec.withPorts(Map.of()).withNetworks(Map.of()).withBridges(List.of());
    }

    public SwitchSpec spec() {
        return spec;
    }

    public Snapshot snapshot() {
        return publisher.snapshot();
    }

    /** The bridge of all networks, as the workers have it. */
    public NormalBridge bridge() {
        return publisher.bridge();
    }

    public Workers workers() {
        return workers;
    }

    public VtepTable vteps() {
        return vteps;
    }

    public Underlay underlay() {
        return underlay;
    }

    public Collection<NetworkRuntime> networks() {
        return networks.all();
    }

    public Bridges bridges() {
        return bridges;
    }

    public Collection<PortRuntime> ports() {
        return ports.all();
    }

    @Nullable
    public PortRuntime port(String name) {
        return ports.named(name);
    }

    @Nullable
    public PortRuntime port(int number) {
        return ports.numbered(number);
    }

    @Nullable
    public NetworkRuntime network(String name) {
        return networks.byName().get(name);
    }

    /** Ports of a network. */
    public List<PortRuntime> membersOf(NetworkRuntime network) {
        return ports.all().stream()
                .filter(port -> port.spec().networks().contains(network.spec().name()))
                .toList();
    }

    /** Ports of every network, by its name. */
    public Map<String, List<PortRuntime>> members() {
        Map<String, List<PortRuntime>> members = new HashMap<>();
        for (PortRuntime port : ports.all()) {
            for (String network : port.spec().networks()) {
                members.computeIfAbsent(network, any -> new ArrayList<>()).add(port);
            }
        }
        return members;
    }

    /** The ports, and removed ones whose counters can still be read, by name. */
    public Map<String, Integer> portNumbers() {
        return ports.numbers();
    }

    public PortTally tally() {
        return tally;
    }

    private void restart(int number) {
        tally.restart(number);
        shares.forget(number);
        networks.all().forEach(network -> network.dhcp().forgetPort(number));
    }

    public int mtuBytes(NetworkRuntime network) {
        return builder.mtuBytes(network);
    }

    public int tunnelMtuBytes(NetworkRuntime network) {
        return builder.tunnelMtuBytes(network);
    }

    // ---- change ----

    /**
     * What a change did.
     *
     * @param lines one for each network or port
     * @param done complete when devices that went are closed, and the kernel was asked for those that came
     */
    public record Applied(List<String> lines, CompletableFuture<Void> done) {}

    /**
     * Becomes what a change makes of what the switch is, when every change before it has been made. Networks and ports
     * that did not change are not touched; what cannot be attached now waits.
     *
     * @return fails with {@link ControlRefusedException} for a change that makes no sense or needs a restart; nothing
     *     was changed then
     */
    public CompletableFuture<Applied> become(UnaryOperator<SwitchSpec> change) {
        Reconfiguration next = new Reconfiguration(
                new Reconfiguration.Parts(networks, ports, bridges, publisher, underlay), inForce, change);
        changes.add(next);
        return next.result();
    }

    /** Does something in one go when every change before it has been made. */
    public <T> CompletableFuture<T> inTurn(Function<Moment, T> body) {
        return changes.inTurn(body);
    }

    /**
     * Makes the changes that wait, until a time.
     *
     * @return whether there is more to do
     */
    public boolean changeSome(DaemonClock clock, long deadlineNs) {
        return changes.makeSome(clock, deadlineNs);
    }

    /** Changes nothing, and is done when a port's device could be made: one that was there before has been closed. */
    public Applied freePlace(PortSpec port) {
        return new Applied(List.of(), closer.whenFree(new DevicePlace(port.netns(), port.deviceName())));
    }

    /**
     * Attaches one port at once. What is wrong is told instead of waited for, except that somebody else's device may be
     * made later.
     *
     * @return what it waits for, null when it carries frames
     */
    @Nullable
    public String addPort(PortSpec port) {
        ports.requireRoomFor(ports.all().size() + 1);
        PortRuntime added = ports.add(port);
        publisher.publish(); // the workers know it before its first frame comes in
        try {
            ports.attach(added);
        } catch (AttachException e) {
            if (!e.isMissing()) {
                var _ = ports.remove(added);
                ports.release(port.name());
                throw new ControlRefusedException(
                        Kind.CONFLICT, "port " + port.name(), null, e.object() + ": " + e.what(), e.remedy());
            }
        }
        Map<String, PortSpec> all = new LinkedHashMap<>(spec.ports());
        all.put(port.name(), port);
        spec = spec.withPorts(all);
        publisher.publish();
        return added.waitsFor();
    }

    /** As {@link Ports#attachSome}. */
    public boolean attachSome(DaemonClock clock, long deadlineNs) {
        return ports.attachSome(clock, deadlineNs);
    }

    // ---- events ----

    public void handle(ConductorEvent event, Moment now) {
        switch (event) {
            case ConductorEvent.FromTranslation told -> heard(told.news(), told.nowNs(), now);
            case ConductorEvent.DhcpRequest request -> answerDhcp(request, now);
            case ConductorEvent.PacketIn _ -> {} // there is no controller to take it
            case ConductorEvent.PortGone gone -> ports.toldGone(gone.port());
            case ConductorEvent.TransmitRefused refused ->
                refusals.log(ports.nameOf(refused.port()), refused, now.ns());
            case ConductorEvent.PathTooBig tooBig -> {
                if (underlay.refreshPathMtu(tooBig.remote())) {
                    publisher.pathsChanged();
                }
            }
        }
    }

    private void heard(News news, long toldNs, Moment now) {
        switch (news) {
            case NormalNews.Learn learn -> learn(learn, toldNs);
            case NormalNews.Role role -> learn(role);
            case NormalNews.Announcement announced -> announced.locks().lock(announced.mac(), announced.vlan(), toldNs);
            case NormalNews.NewVtep vtep -> {
                var _ = learntVteps.heard(vtep.address(), now.ns());
            }
            default -> throw new IllegalStateException("news of a kind that nobody told of: " + news);
        }
    }

    /** Not where the location has left the network while the event waited. */
    private void learn(NormalNews.Learn learn, long toldNs) {
        if (bridges.learn(learn, toldNs)) {
            return;
        }
        NetworkRuntime network = networks.numbered(learn.network());
        int location = learn.location();
        boolean current = !Locations.isTunnel(location) || vteps.isCurrent(location, toldNs);
        if (current && network != null && network.fdb() == learn.fdb() && network.mayLearn(learn.mac(), location)) {
            network.fdb().learn(learn.mac(), learn.vlan(), location, toldNs);
        }
    }

    private void learn(NormalNews.Role role) {
        NetworkRuntime network = networks.numbered(role.network());
        if (network != null) {
            network.learnRole(role.mac(), role.router());
        }
    }

    private void answerDhcp(ConductorEvent.DhcpRequest request, Moment now) {
        PortRuntime port = ports.numbered(request.port());
        NetworkRuntime network = networks.numbered(request.network());
        if (port == null
                || network == null
                || !port.spec().networks().contains(network.spec().name())) {
            tally.dropped(request.port(), DropReason.RESPONDER_SILENT); // removed while the request waited
            return;
        }
        if (!shares.takeDhcp(port.number(), now.ns())) {
            tally.dropped(port.number(), DropReason.CONDUCTOR_QUEUE_FULL);
            exceeded(port.number(), now);
            return;
        }
        byte[] reply = network.dhcp()
                .answer(
                        request.frame(),
                        port.number(),
                        port.spec(),
                        now,
                        reason -> tally.dropped(port.number(), reason));
        if (reply != null) {
            if (!workers.numbered(request.worker()).inject(request.port(), reply)) {
                tally.dropped(port.number(), DropReason.CONDUCTOR_QUEUE_FULL);
            }
        }
    }

    /** A {@linkplain ConductorEvent#sender() sender} of events wanted more than its share of the conductor. */
    public void exceeded(int sender, Moment now) {
        String name = sender < Locations.UNDERLAY
                ? "port " + ports.nameOf(sender)
                : sender == Locations.UNDERLAY ? "underlay, unknown VTEPs" : "underlay, known VTEPs";
        shares.exceeded(sender, name, now.ns());
    }

    /** Whether {@link #readNews} would find something; any thread. */
    public boolean hasNews() {
        return links.hasNews() || closer.hasNews() || underlay.hasNews();
    }

    /** Takes the kernel's news of devices in, the routers' of paths, and what has been closed. */
    public void readNews(Moment now) {
        bridges.setTime(now.ns());
        closer.collect();
        addressesChanged = false;
        links.poll(this::hear);
        // A thousand devices that come have a thousand addresses: what is not followed here is at the next tick.
        if (addressesChanged && (nextFollowingNs == Long.MIN_VALUE || now.ns() - nextFollowingNs > 0)) {
            nextFollowingNs = now.ns() + FOLLOWING_PAUSE_NS;
            followUnderlay();
        }
        boolean changed = underlay.askPaths();
        if (underlay.readPathMtus(this::isOfNetworks, now.ns()) || changed) {
            publisher.pathsChanged();
        }
    }

    /** Whether what an ICMP error quotes can be a packet of one of the networks, from one of its guests here. */
    private boolean isOfNetworks(PathMtuError error) {
        if (error.id() != PathMtuError.UNQUOTED) {
            boolean keyed = error.id() != PathMtuError.KEYLESS;
            Network published = publisher.bridge().networkOf(error.kind(), keyed, keyed ? error.id() : 0);
            NetworkRuntime network = published == null ? null : networks.numbered(published.id());
            return network != null && network.sends(error);
        }
        for (NetworkRuntime network : networks.all()) {
            if (network.sends(error)) {
                return true;
            }
        }
        return false;
    }

    private void followUnderlay() {
        if (underlay.followDevice()) {
            publisher.pathsChanged();
        }
        ports.giveReservedBack();
    }

    private void hear(@Nullable String netns, LinkEvent event) {
        if (LinkWatches.isDaemons(netns)) {
            addressesChanged |= event instanceof LinkEvent.AddressesChanged;
            underlay.hear(event);
        }
        ports.hear(netns, event);
    }

    /** Once a second: devices and underlay that waited, path MTUs, overruns, ageing, leases. */
    public void tick(Moment now) {
        if (underlay.tick(now.ns())) {
            publisher.pathsChanged();
        }
        ports.giveReservedBack();
        links.endOutdated();
        watchUnderlay();
        ports.tick();
        closer.tick();
        for (NetworkRuntime network : networks.all()) {
            if (network.takeRolesChanged()) {
                publisher.changed(network);
            }
        }
        overruns.tick(ports.all());
        long macAgeNs = spec.tuning().macAge().toNanos();
        bridges.tick();
        MacAgeing.tick(networks.all(), now.ns(), macAgeNs);
        var _ = learntVteps.tick(networks.all(), now.ns(), macAgeNs);
        networks.all().forEach(network -> network.dhcp().tick(now));
    }

    /** The DHCP servers become what the specification says. */
    public void settleDhcp(Moment now) {
        networks.all().forEach(network -> network.dhcp().settle(now));
    }

    /**
     * Builds and publishes a snapshot when something has changed since the last one, and lets what follows the MTU
     * follow.
     */
    public void publishIfChanged() {
        publisher.publish();
    }

    /** Detaches everything. */
    public void close() {
        links.close();
        ports.close();
        closer.finish();
        underlay.close();
        networks.all().forEach(network -> network.dhcp().close());
        LOG.info("switch {} stopped", spec.name());
    }
}
