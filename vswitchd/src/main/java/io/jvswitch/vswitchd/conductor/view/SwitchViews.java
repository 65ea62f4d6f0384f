package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.plan.IpRange;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.HostView;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.UnderlayView;
import io.jvswitch.vswitchd.view.VtepView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the switch says about itself, read from its state and the workers' counters. The conductor's thread. */
public final class SwitchViews {

    /** The name by which the tunnels' pseudo port goes. */
    static final String UNDERLAY = "underlay";

    private final SwitchState state;
    private final String version;
    private final String reactor;
    private final long startedNs;
    private final PortDescriptions descriptions = new PortDescriptions();

    public SwitchViews(SwitchState state, String version, String reactor, long startedNs) {
        this.state = state;
        this.version = version;
        this.reactor = reactor;
        this.startedNs = startedNs;
    }

    /** The state of everything. What follows from ports' specifications is found out once, as this is asked often. */
    public SwitchView show(long nowNs) {
        long flows = state.workers().all().stream()
                .mapToLong(worker -> worker.flows().size())
                .sum();
        return new SwitchView(
                state.spec().name(),
                version,
                ProcessHandle.current().pid(),
                TimeUnit.NANOSECONDS.toSeconds(nowNs - startedNs),
                state.workers().count(),
                reactor,
                flows,
                underlay(),
                networks(),
                state.bridges().views(),
                ports(),
                vteps(),
                state.vteps().learntTraffic());
    }

    public List<PortView> ports() {
        return state.ports().stream().map(this::port).toList();
    }

    PortView port(PortRuntime port) {
        PortSpec spec = port.spec();
        PortDescription description = descriptions.of(port.number(), spec);
        return new PortView(
                spec.name(),
                port.number(),
                description.kind(),
                description.network(),
                description.vlans(),
                description.trunks(),
                spec.device(),
                port.state(),
                port.waitsFor(),
                spec.mac(),
                spec.ips(),
                description.maySend(),
                description.stormControl(),
                port.queues(),
                port.deviceMtuBytes(),
                spec.netns(),
                port.offloads(),
                port.warning(),
                state.tally().traffic(port.number()));
    }

    private static @Nullable Boolean routes(StationRole role) {
        return switch (role.kind()) {
            case UNKNOWN -> null;
            case HOST -> Boolean.FALSE;
            case ROUTER -> Boolean.TRUE;
        };
    }

    private @Nullable UnderlayView underlay() {
        UnderlaySpec spec = state.underlay().spec();
        return spec == null
                ? null
                : new UnderlayView(
                        spec.localIp(),
                        state.underlay().device(),
                        state.underlay().state(),
                        state.underlay().waitsFor(),
                        state.underlay().mtuBytes(),
                        spec.udpPort(),
                        spec.sockets(),
                        state.underlay().offloads(),
                        state.tally().traffic(Locations.UNDERLAY));
    }

    public List<NetworkView> networks() {
        Map<String, List<PortRuntime>> members = state.members();
        return state.networks().stream()
                .map(network ->
                        network(network, members.getOrDefault(network.spec().name(), List.of())))
                .toList();
    }

    private NetworkView network(NetworkRuntime network, List<PortRuntime> members) {
        NetworkSpec spec = network.spec();
        return new NetworkView(
                spec.name(),
                spec.tunnel().label(),
                spec.hasVni() ? spec.vni() : null,
                state.mtuBytes(network),
                state.tunnelMtuBytes(network),
                spec.tos().dscpText(),
                spec.tos().inheritsEcn() ? "normal" : "compatibility",
                spec.learning(),
                spec.allowUnknownVteps(),
                spec.arpResponder(),
                spec.remotes().stream()
                        .filter(remote -> !state.underlay().isLocal(remote))
                        .toList(),
                spec.subnets().stream().map(subnet -> subnet(network, subnet)).toList(),
                members.stream().map(port -> port.spec().name()).toList(),
                spec.hosts().size(),
                FdbViews.count(network),
                network.fdb().capacity(),
                network.fdb().moves(),
                network.fdb().evictions(),
                network.dhcp().activeLeases());
    }

    private static NetworkView.SubnetView subnet(NetworkRuntime network, SubnetSpec subnet) {
        List<IpRange> pools = subnet.dhcp() == null ? List.of() : subnet.dhcp().pools();
        long size = pools.stream()
                .mapToLong(pool -> pool.last().lo() - pool.first().lo() + 1)
                .sum();
        return new NetworkView.SubnetView(
                subnet.cidr().toString(),
                subnet.gateway(),
                subnet.dhcp() == null ? null : subnet.dhcp().server(),
                pools.stream().map(IpRange::toString).toList(),
                size,
                size - network.dhcp().usedOf(subnet));
    }

    private List<VtepView> vteps() {
        Map<IpAddress, Set<String>> remoteOf = new LinkedHashMap<>();
        Map<IpAddress, Set<String>> hostOf = new LinkedHashMap<>();
        for (NetworkRuntime network : state.networks()) {
            String name = network.spec().name();
            network.spec().remotes().forEach(remote -> namesAt(remoteOf, remote).add(name));
            network.spec().hosts().forEach(host -> namesAt(hostOf, host.vtep()).add(name));
        }
        List<VtepView> views = new ArrayList<>();
        state.vteps().all().forEach(vtep -> {
            Set<String> names = new TreeSet<>(remoteOf.getOrDefault(vtep.address(), Set.of()));
            names.addAll(hostOf.getOrDefault(vtep.address(), Set.of()));
            String source = remoteOf.containsKey(vtep.address())
                    ? "remote"
                    : hostOf.containsKey(vtep.address()) ? "host" : VtepView.LEARNED;
            if (names.isEmpty()) {
                state.networks().stream()
                        .map(NetworkRuntime::spec)
                        .filter(NetworkSpec::allowUnknownVteps)
                        .forEach(spec -> names.add(spec.name()));
            }
            if (!names.isEmpty()) { // otherwise it is of a network that was removed
                views.add(new VtepView(
                        vtep.address(),
                        source,
                        List.copyOf(names),
                        vtep.pathMtuBytes(),
                        state.underlay().routeMtuBytes(vtep),
                        VtepTable.traffic(vtep)));
            }
        });
        return views;
    }

    private static Set<String> namesAt(Map<IpAddress, Set<String>> map, IpAddress address) {
        return map.computeIfAbsent(address, absent -> new TreeSet<>());
    }

    public List<HostView> hosts() {
        return state.networks().stream()
                .flatMap(network -> network.spec().hosts().stream()
                        .map(host -> new HostView(
                                network.spec().name(),
                                host.mac(),
                                host.ips(),
                                host.vtep(),
                                routes(network.tables().roleOf(host)))))
                .toList();
    }

    public List<NeighbourView> neighbours() {
        return state.networks().stream()
                .flatMap(network -> network.tables().allNeighbours().stream()
                        .map(neighbour -> new NeighbourView(
                                network.spec().name(),
                                neighbour.ip(),
                                neighbour.mac(),
                                routes(neighbour.role()),
                                neighbour.source(),
                                neighbour.where())))
                .toList();
    }

    /** Ports that are, and those that were and dropped frames, by name; the underlay last. */
    public Map<String, Integer> portNumbers() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        state.ports().forEach(port -> numbers.put(port.spec().name(), port.number()));
        state.portNumbers().forEach(numbers::putIfAbsent);
        numbers.put(UNDERLAY, Locations.UNDERLAY);
        return numbers;
    }

    public List<DropView> drops(@Nullable String port) {
        List<DropView> views = new ArrayList<>();
        portNumbers().forEach((name, number) -> {
            if (port != null && !port.equals(name)) {
                return;
            }
            for (DropReason reason : DropReason.values()) {
                long frames = state.tally().drops(number, reason);
                if (frames > 0) {
                    views.add(DropView.of(name, reason, frames));
                }
            }
        });
        return views;
    }

    private List<StatsView.DhcpView> dhcp() {
        List<StatsView.DhcpView> views = new ArrayList<>();
        for (NetworkRuntime network : state.networks()) {
            network.dhcp()
                    .counters((event, count) -> views.add(
                            new StatsView.DhcpView(network.spec().name(), event.label(), count, event.meaning())));
        }
        return views;
    }

    public StatsView stats() {
        List<StatsView.QueueView> queues = new ArrayList<>();
        List<StatsView.WorkerView> workers = new ArrayList<>();
        for (WorkerProxy worker : state.workers().all()) {
            for (PortRuntime port : state.ports()) {
                queues.add(new StatsView.QueueView(
                        port.spec().name(),
                        worker.number(),
                        worker.number(),
                        state.tally().traffic(worker, port.number())));
            }
            queues.add(new StatsView.QueueView(
                    UNDERLAY, worker.number(), worker.number(), state.tally().traffic(worker, Locations.UNDERLAY)));
            workers.add(WorkerViews.of(worker));
        }
        return new StatsView(queues, workers, dhcp(), WorkerViews.jvm());
    }
}
