package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.ConductorEvent;
import io.jvswitch.datapath.Locations;
import io.jvswitch.datapath.Snapshot;
import io.jvswitch.datapath.Worker;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.vswitchd.config.PortSpec;
import io.jvswitch.vswitchd.config.PortVlanSpec;
import io.jvswitch.vswitchd.config.SwitchSpec;
import io.jvswitch.vswitchd.control.ControlRefusedException;
import io.jvswitch.vswitchd.control.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.control.SpecChanges;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that the switch is, as its conductor keeps it: the specification in force, and what runs for each of its
 * networks and ports. The conductor's thread only.
 */
final class SwitchState {

    private static final Logger LOG = LoggerFactory.getLogger(SwitchState.class);

    private final List<Worker> workers;
    private final VtepTable vteps;
    private final Underlay underlay;
    private final LinkWatches links;
    private final SnapshotBuilder builder;
    private final Refusals refusals = new Refusals();
    private final Networks networks = new Networks();
    private final Map<String, PortRuntime> ports = new LinkedHashMap<>();
    private final PortNumbers portNumbers = new PortNumbers(this::restart);
    private final PortTally tally;
    private final OverrunReader overruns;
    private final MacAgeing ageing;
    private final PortShares shares = new PortShares();
    private final LearntVteps learntVteps;
    private final PortSizes sizes;
    private SwitchSpec spec;
    private Snapshot snapshot = Snapshot.empty();
    private boolean changed = true;
    private boolean addressesChanged;

    SwitchState(SwitchSpec spec, List<Worker> workers, VtepTable vteps, Underlay underlay, LinkWatches links) {
        this.spec = withoutMembers(spec);
        this.workers = List.copyOf(workers);
        tally = new PortTally(this.workers);
        this.vteps = vteps;
        this.underlay = underlay;
        overruns = new OverrunReader(tally, underlay);
        this.links = links;
        builder = new SnapshotBuilder(vteps, underlay);
        ageing = new MacAgeing(this.workers);
        learntVteps = new LearntVteps(
                vteps,
                underlay::pathMtuBytes,
                location -> networks.all().forEach(network -> network.fdb().removeLocation(location)));
        watchUnderlay();
        sizes = new PortSizes(networks.byName(), builder);
    }

    private void watchUnderlay() {
        if (underlay.spec() != null) {
            links.watch(null);
        }
    }

    /** The workers know the ports before their first frame comes in. */
    private void attach(List<PortRuntime> unattached) {
        changed = true;
        publishIfChanged();
        unattached.forEach(this::tryAttach);
        changed = true;
        publishIfChanged();
    }

    private void tryAttach(PortRuntime port) {
        watchFor(port);
        port.tryAttach(sizes.mtuBytes(port.spec()), underlay.device());
        changed |= port.state() != PortState.WAITING;
    }

    private PortRuntime runtime(PortSpec port) {
        return new PortRuntime(portNumbers.take(port.name()), port, workers, tally, this::placeChanged);
    }

    /**
     * What was learnt behind a port that has gone down or away is wrong from now on; and so is what was learnt elsewhere of a guest whose
     * port has come.
     */
    private void placeChanged(PortRuntime port) {
        changed = true;
        for (NetworkRuntime network : networks.all()) {
            if (!port.isPlace()) {
                network.portLeft(port.number());
            } else if (port.spec().mac() != null
                    && port.spec().networks().contains(network.spec().name())) {
                network.stationCame(port.spec().mac().bits());
            }
        }
    }

    /** Before the device is looked for: one that appears in between is not missed. */
    private void watchFor(PortRuntime port) {
        if (port.isSystem()) {
            links.watch(port.spec().netns());
        }
    }

    private static SwitchSpec withoutMembers(SwitchSpec spec) {
        return spec.withPorts(Map.of()).withNetworks(Map.of());
    }

    SwitchSpec spec() {
        return spec;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    List<Worker> workers() {
        return workers;
    }

    VtepTable vteps() {
        return vteps;
    }

    Underlay underlay() {
        return underlay;
    }

    Collection<NetworkRuntime> networks() {
        return networks.all();
    }

    Collection<PortRuntime> ports() {
        return ports.values();
    }

    @Nullable
    PortRuntime port(String name) {
        return ports.get(name);
    }

    @Nullable
    NetworkRuntime network(String name) {
        return networks.byName().get(name);
    }

    /** Ports of a network. */
    List<PortRuntime> membersOf(NetworkRuntime network) {
        return ports.values().stream()
                .filter(port -> port.spec().networks().contains(network.spec().name()))
                .toList();
    }

    /** The ports, and removed ones whose counters can still be read, by name. */
    Map<String, Integer> portNumbers() {
        return portNumbers.all();
    }

    PortTally tally() {
        return tally;
    }

    private void restart(int number) {
        tally.restart(number);
        shares.forget(number);
        networks.all().forEach(network -> network.dhcp().forgetPort(number));
    }

    int mtuBytes(NetworkRuntime network) {
        return builder.mtuBytes(network);
    }

    // ---- change ----

    /**
     * Becomes what {@code next} says. Networks and ports that did not change are not touched; what cannot be attached now
     * waits.
     *
     * @return one line for each change
     * @throws ControlRefusedException for a change that needs a restart; nothing was changed then
     */
    List<String> apply(SwitchSpec next) {
        SpecChanges.requireReloadable(spec, next);
        portNumbers.requireRoomFor(next.ports().size());
        Map<String, NetworkRuntime> prepared = networks.prepare(next, this::portName);
        List<String> changes = new ArrayList<>();
        for (PortRuntime port : List.copyOf(ports.values())) {
            PortSpec wanted = next.ports().get(port.spec().name());
            PortVlanSpec vlansBefore = port.spec().vlans();
            if (wanted == null || !wanted.equals(port.spec()) && !port.adopt(wanted)) {
                port.detach();
                ports.remove(port.spec().name());
                if (wanted == null) {
                    portNumbers.release(port.spec().name());
                    changes.add("port " + port.spec().name() + " removed");
                }
            } else if (!wanted.vlans().equals(vlansBefore)) {
                // What it carried by another tag must not leave by the new one.
                networks.all().forEach(network -> network.fdb().removeLocation(port.number()));
            }
        }
        networks.become(next, prepared, changes);
        SwitchSpec old = spec;
        spec = next;
        underlay.open(networks.all());
        List<PortRuntime> unattached = new ArrayList<>();
        for (PortSpec port : next.ports().values()) {
            if (!ports.containsKey(port.name())) {
                PortRuntime added = runtime(port);
                ports.put(port.name(), added);
                unattached.add(added);
                boolean isNew = !old.ports().containsKey(port.name());
                changes.add("port " + port.name()
                        + (isNew ? " added to network " + String.join(", ", port.networks()) : " changed"));
            } else if (!port.equals(old.ports().get(port.name()))) {
                changes.add("port " + port.name() + " changed");
            }
        }
        inOrderOf(next);
        links.retain(netns -> netns == null && underlay.spec() != null
                || ports.values().stream()
                        .anyMatch(port -> port.isSystem()
                                && Objects.equals(netns, port.spec().netns())));
        attach(unattached);
        return changes;
    }

    private void inOrderOf(SwitchSpec order) {
        networks.inOrder(order.networks().keySet());
        Networks.reorder(ports, order.ports().keySet());
    }

    /**
     * Attaches one port at once. What is wrong is told instead of waited for, except that somebody else's device may be made later.
     *
     * @return what it waits for, null when it carries frames
     */
    @Nullable
    String addPort(PortSpec port) {
        portNumbers.requireRoomFor(ports.size() + 1);
        PortRuntime added = runtime(port);
        ports.put(port.name(), added);
        changed = true;
        publishIfChanged();
        watchFor(added);
        try {
            added.attach(sizes.mtuBytes(port), underlay.device());
        } catch (AttachException e) {
            if (!e.isMissing()) {
                ports.remove(port.name());
                portNumbers.release(port.name());
                changed = true;
                throw new ControlRefusedException(
                        Kind.CONFLICT, "port " + port.name(), null, e.object() + ": " + e.what(), e.remedy());
            }
        }
        Map<String, PortSpec> all = new LinkedHashMap<>(spec.ports());
        all.put(port.name(), port);
        spec = spec.withPorts(all);
        changed = true;
        return added.waitsFor();
    }

    // ---- events ----

    void handle(ConductorEvent event) {
        switch (event) {
            case ConductorEvent.Learn learn -> learn(learn);
            case ConductorEvent.Role role -> learn(role);
            case ConductorEvent.DhcpRequest request -> answerDhcp(request);
            case ConductorEvent.NewVtep vtep -> changed |= learntVteps.heard(vtep.address(), System.nanoTime());
            case ConductorEvent.PortGone gone -> portGone(gone.port());
            case ConductorEvent.TransmitRefused refused ->
                refusals.log(portName(refused.port()), refused, System.nanoTime());
            case ConductorEvent.PathTooBig tooBig -> changed |= underlay.refreshPathMtu(tooBig.remote());
        }
    }

    /** Not where the location has left the network while the event waited. */
    private void learn(ConductorEvent.Learn learn) {
        NetworkRuntime network = networks.numbered(learn.domain());
        int location = learn.location();
        boolean current = !Locations.isVtep(location) || vteps.isCurrent(Locations.vtepIndex(location), learn.nowNs());
        if (current && network != null && network.fdb() == learn.fdb() && network.mayLearn(learn.mac(), location)) {
            network.fdb().learn(learn.mac(), learn.vlan(), location, learn.nowNs());
        }
    }

    private void learn(ConductorEvent.Role role) {
        NetworkRuntime network = networks.numbered(role.domain());
        if (network != null) {
            network.learnRole(role.mac(), role.router());
        }
    }

    private void answerDhcp(ConductorEvent.DhcpRequest request) {
        PortRuntime port = portNumbered(request.port());
        NetworkRuntime network = networks.numbered(request.domain());
        if (port == null
                || network == null
                || !port.spec().networks().contains(network.spec().name())) {
            tally.dropped(request.port(), DropReason.RESPONDER_SILENT); // removed while the request waited
            return;
        }
        if (!shares.takeDhcp(port.number(), System.nanoTime())) {
            tally.dropped(port.number(), DropReason.CONDUCTOR_QUEUE_FULL);
            exceeded(port.number());
            return;
        }
        byte[] reply = network.dhcp()
                .answer(
                        request.frame(),
                        port.number(),
                        port.spec(),
                        System.currentTimeMillis(),
                        System.nanoTime(),
                        reason -> tally.dropped(port.number(), reason));
        if (reply != null) {
            request.worker().inject(request.port(), reply);
        }
    }

    /** A {@linkplain ConductorEvent#sender() sender} of events wanted more than its share of the conductor. */
    void exceeded(int sender) {
        String name = sender < Locations.UNDERLAY
                ? "port " + portName(sender)
                : sender == Locations.UNDERLAY ? "underlay, unknown VTEPs" : "underlay, known VTEPs";
        shares.exceeded(sender, name, System.nanoTime());
    }

    private void portGone(int number) {
        PortRuntime port = portNumbered(number);
        if (port != null) {
            port.toldGone();
            changed = true;
        }
    }

    /** Whether the kernel has news of devices; any thread. */
    boolean hasLinkNews() {
        return links.hasNews() || underlay.hasPathsToAsk();
    }

    /** Takes the kernel's news of devices in. */
    void readLinkNews() {
        addressesChanged = false;
        links.poll(this::hear);
        if (addressesChanged) {
            changed |= underlay.followDevice();
            giveReservedBack();
        }
        changed |= underlay.askPaths();
    }

    private void hear(@Nullable String netns, LinkEvent event) {
        if (LinkWatches.isDaemons(netns)) {
            addressesChanged |= event instanceof LinkEvent.AddressesChanged;
            underlay.hear(event);
        }
        for (PortRuntime port : List.copyOf(ports.values())) {
            if (port.isSystem() && Objects.equals(netns, port.spec().netns())) {
                PortState before = port.state();
                int mtuBefore = port.deviceMtuBytes();
                if (port.hear(event)) {
                    tryAttach(port);
                }
                changed |= port.state() != before || port.deviceMtuBytes() != mtuBefore;
            }
        }
    }

    /** The tunnels' device cannot be switched, too: a port that has it, as it was attached before, lets it go and says why. */
    private void giveReservedBack() {
        for (PortRuntime port : ports.values()) {
            if (port.hasReserved(underlay.device())) {
                port.detach();
                tryAttach(port);
                changed = true;
            }
        }
    }

    private String portName(int number) {
        PortRuntime port = portNumbered(number);
        return port == null ? "number " + number : port.spec().name();
    }

    private @Nullable PortRuntime portNumbered(int number) {
        for (PortRuntime port : ports.values()) {
            if (port.number() == number) {
                return port;
            }
        }
        return null;
    }

    /** Once a second: devices and underlay that waited, path MTUs, overruns, ageing, leases. */
    void tick(long nowNs) {
        changed |= underlay.tick();
        giveReservedBack();
        portNumbers.tick();
        links.endOutdated();
        watchUnderlay();
        for (PortRuntime port : ports.values()) {
            changed |= port.followNamespace();
            if (port.state() == PortState.WAITING) {
                tryAttach(port);
            }
        }
        for (NetworkRuntime network : networks.all()) {
            changed |= network.takeRolesChanged();
        }
        overruns.tick(ports.values());
        long macAgeNs = spec.tuning().macAge().toNanos();
        ageing.tick(networks.all(), nowNs, macAgeNs);
        changed |= learntVteps.tick(networks.all(), nowNs, macAgeNs);
        networks.all().forEach(network -> network.dhcp().tick(System.currentTimeMillis(), System.nanoTime()));
    }

    /** Builds and publishes a snapshot when something has changed since the last one, and lets what follows the MTU follow. */
    void publishIfChanged() {
        if (!changed) {
            return;
        }
        changed = false;
        for (NetworkRuntime network : networks.all()) {
            int mtu = builder.mtuBytes(network);
            List<PortSpec> members =
                    membersOf(network).stream().map(PortRuntime::spec).toList();
            network.dhcp().configure(network.spec(), mtu, members, System.currentTimeMillis(), System.nanoTime());
        }
        for (PortRuntime port : ports.values()) {
            port.setMtu(sizes.mtuBytes(port.spec()));
            port.limitSuperframes(sizes.superframeBytes(port.spec()));
            port.checkRoomForTag(sizes.taggedMtuBytes(port.spec()));
        }
        snapshot = builder.build(networks.all(), ports.values());
        networks.all().forEach(network -> network.follow(snapshot));
        workers.forEach(worker -> worker.publish(snapshot));
    }

    /** Detaches everything. */
    void close() {
        links.close();
        ports.values().forEach(PortRuntime::detach);
        underlay.close();
        networks.all().forEach(network -> network.dhcp().close());
        LOG.info("switch {} stopped", spec.name());
    }
}
