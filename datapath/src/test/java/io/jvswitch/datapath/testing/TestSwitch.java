package io.jvswitch.datapath.testing;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.arp.NodeKind;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.normal.PortBinding;
import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.datapath.worker.CounterTable;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.datapath.worker.Worker;
import io.jvswitch.datapath.worker.WorkerSettings;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.FrameBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker with in-memory ports in one network, without threads: the test is the conductor and owns the clock.
 *
 * <p>Local ports are numbered 1 to n. The network's tunnel leads to the remotes given; what it sends appears in
 * {@link #underlay()}.
 */
public final class TestSwitch implements AutoCloseable {

    private static final int NETWORK = 0;
    /** Fewer than a burst: a test can fill it. */
    private static final int INBOX_EVENTS = 32;

    private final ConductorInbox inbox = new ConductorInbox(INBOX_EVENTS);
    private final Worker worker;
    /** The test's own brain, null for NORMAL, beside which a table of rules is asked that says NORMAL. */
    private final @Nullable Translator translator;

    private final List<MemoryQueue> ports = new ArrayList<>();
    private final MemoryQueue underlay = new MemoryQueue();
    private final MemoryQueue fragmenting = new MemoryQueue();
    private final List<NetworkPort> localPorts = new ArrayList<>();
    /** By their tunnel ports' numbers. */
    private final Map<Integer, Vtep> vteps = new LinkedHashMap<>();

    private final TunnelTraffic unknownTraffic = TunnelTraffic.of(1);
    private final List<Integer> flood = new ArrayList<>();
    private final Set<Integer> left = new HashSet<>();
    private StationTable stations = StationTable.of();
    private final List<ConductorEvent> told = new ArrayList<>();
    private final Fdb fdb = new Fdb(64);
    private final List<String> otherNetworks = new ArrayList<>();
    private final List<Fdb> otherFdbs = new ArrayList<>();
    private NeighbourTable neighbours = NeighbourTable.of();
    private StationTable roles = StationTable.of();
    private Set<Long> serviceMacs = new HashSet<>();
    private @Nullable TunnelKind tunnel;
    private long tunnelId;
    private boolean keyed;
    private boolean allowUnknownVteps;
    private boolean learning = true;
    private OuterTos tos = OuterTos.DEFAULT;
    private int pathMtuBytes = 1_500;
    private int routeMtuBytes = 1_500;
    private long version;
    private long nowNs = 1_000_000_000;

    private record Vtep(IpAddress address, TunnelTraffic traffic) {}

    /** A switch with that many local ports, with 256 frames. */
    public TestSwitch(int portCount) {
        this(portCount, 256, 1_024);
    }

    /** A switch with that many local ports, frames and megaflows. */
    public TestSwitch(int portCount, int poolFrames, int maxFlows) {
        this(portCount, poolFrames, maxFlows, null);
    }

    /** A switch with that many local ports, frames and megaflows, and a brain of the test's own. */
    public TestSwitch(int portCount, int poolFrames, int maxFlows, @Nullable Translator translator) {
        this(portCount, poolFrames, maxFlows, translator, () -> 0);
    }

    /** As above, with the clock by which the worker bounds its housekeeping within a cycle. */
    public TestSwitch(
            int portCount, int poolFrames, int maxFlows, @Nullable Translator translator, LongSupplier clock) {
        this.translator = translator;
        WorkerSettings settings =
                new WorkerSettings(poolFrames, FramePool.SUPERFRAME_BUFFER_BYTES, maxFlows, 256, 10_000_000_000L);
        worker = new Worker(0, settings, inbox, clock);
        for (int number = 1; number <= portCount; number++) {
            MemoryQueue queue = new MemoryQueue();
            ports.add(queue);
            localPorts.add(new NetworkPort(number, "tap" + number, NETWORK, 1_500, true));
            worker.proxy().addPort(number, queue);
        }
        publish();
    }

    // ---- configuration: each takes effect with the next publish() ----

    /** Binds a port to a MAC and addresses, and lets the switch answer for them. */
    public TestSwitch bind(int port, String mac, String... ips) {
        return bind(port, false, false, mac, ips);
    }

    /**
     * As above, of a guest that routes, or that serves DHCP; an address may be a prefix, for which the switch does not
     * answer.
     */
    public TestSwitch bind(int port, boolean router, boolean dhcpServer, String mac, String... ips) {
        List<PortBinding.Prefix> addresses = new ArrayList<>();
        for (String ip : ips) {
            int slash = ip.indexOf('/');
            if (slash > 0) {
                addresses.add(new PortBinding.Prefix(
                        IpAddress.parse(ip.substring(0, slash)), Integer.parseInt(ip.substring(slash + 1))));
            } else {
                addresses.add(PortBinding.Prefix.of(IpAddress.parse(ip)));
                neighbours = neighbours.with(
                        IpAddress.parse(ip), MacAddress.parse(mac), router ? NodeKind.ROUTER : NodeKind.UNKNOWN);
            }
        }
        long bits = MacAddress.parse(mac).bits();
        NetworkPort old = localPorts.get(port - 1);
        PortBinding binding = new PortBinding(bits, addresses, router, dhcpServer);
        change(old, NETWORK, binding, old.attached(), old.vlans(), old.stormControl());
        stations = stations.with(bits, port);
        return this;
    }

    private void change(
            NetworkPort old, int network, PortBinding binding, boolean attached, PortVlans vlans, int stormControl) {
        localPorts.set(
                old.number() - 1,
                new NetworkPort(
                        old.number(), old.name(), network, binding, old.mtuBytes(), attached, vlans, stormControl));
    }

    /** Says whether a port's device is there. */
    public TestSwitch attached(int port, boolean attached) {
        NetworkPort old = localPorts.get(port - 1);
        change(old, old.network(), old.binding(), attached, old.vlans(), old.stormControl());
        return this;
    }

    /** Says how many frames a port may flood a second, 0 for any number. */
    public TestSwitch stormControl(int port, int framesPerSecond) {
        NetworkPort old = localPorts.get(port - 1);
        change(old, old.network(), old.binding(), old.attached(), old.vlans(), framesPerSecond);
        return this;
    }

    /** Takes a port out of the network. */
    public TestSwitch withoutNetwork(int port) {
        localPorts.set(port - 1, new NetworkPort(port, "tap" + port, -1, 1_500, true));
        return this;
    }

    /** Adds a network without a tunnel beside the switch's own, which has number 0. */
    public TestSwitch otherNetwork(int number, String name) {
        if (number != otherNetworks.size() + 1) {
            throw new IllegalArgumentException("networks are numbered 1, 2, ...");
        }
        otherNetworks.add(name);
        otherFdbs.add(new Fdb(64));
        return this;
    }

    /** Puts a port into a network. */
    public TestSwitch network(int port, int network) {
        return vlans(port, network, PortVlans.any());
    }

    /** Says what tags mean on a port, and which network its untagged frames are of (-1 for none). */
    public TestSwitch vlans(int port, int untagged, PortVlans vlans) {
        NetworkPort old = localPorts.get(port - 1);
        change(old, untagged, old.binding(), old.attached(), vlans, old.stormControl());
        return this;
    }

    private List<Integer> portsOf(int network) {
        return localPorts.stream()
                .filter(port -> port.network() == network || port.isTagged(network))
                .map(NetworkPort::number)
                .toList();
    }

    /** Every megaflow in a line. */
    public String flowsText() {
        StringBuilder text = new StringBuilder();
        worker.flows()
                .forEach(flow -> text.append(flow.match())
                        .append(" actions=")
                        .append(flow.actions())
                        .append('\n'));
        return text.toString();
    }

    /** Gives the network a tunnel to these VTEPs, all in the flood list. */
    public TestSwitch tunnel(TunnelKind kind, long id, boolean withKey, String... remotes) {
        tunnel = kind;
        tunnelId = id;
        keyed = withKey;
        for (String remote : remotes) {
            flood.add(vtep(remote));
        }
        worker.proxy().setTunnel(kind, underlay, List.of(underlay), fragmenting);
        return this;
    }

    /** Takes a VTEP out of the network; the MAC table keeps what was learnt from it. */
    public TestSwitch withoutRemote(String address) {
        int number = vtep(address);
        left.add(number);
        flood.remove(Integer.valueOf(number));
        return this;
    }

    /** Takes the network's tunnel away; the MAC table keeps what was learnt from it. */
    public TestSwitch withoutTunnel() {
        tunnel = null;
        return this;
    }

    /** The number of the VTEP's tunnel port, which is made when there is none. */
    private int vtep(String address) {
        IpAddress wanted = IpAddress.parse(address);
        for (Map.Entry<Integer, Vtep> known : vteps.entrySet()) {
            if (known.getValue().address().equals(wanted)) {
                return known.getKey();
            }
        }
        int number = Locations.ofTunnel(vteps.size());
        vteps.put(number, new Vtep(wanted, TunnelTraffic.of(1)));
        return number;
    }

    /** What the VTEP's tunnel port has counted. */
    public TunnelTraffic traffic(String vtep) {
        return Objects.requireNonNull(vteps.get(vtep(vtep))).traffic();
    }

    /** What came from the underlay and from no VTEP that was known then. */
    public TunnelTraffic unknownTraffic() {
        return unknownTraffic;
    }

    /** Tells of a host behind a VTEP that is not in the flood list. */
    public TestSwitch host(String mac, String ip, String vtep) {
        stations = stations.with(MacAddress.parse(mac).bits(), vtep(vtep));
        neighbours = neighbours.with(IpAddress.parse(ip), MacAddress.parse(mac));
        return this;
    }

    /** Says of a station whether it routes, as configuration or it itself would. */
    public TestSwitch role(String mac, StationRole role, String... ips) {
        roles = roles.with(MacAddress.parse(mac).bits(), role.code());
        for (String ip : ips) {
            neighbours = neighbours.with(IpAddress.parse(ip), MacAddress.parse(mac), role.kind());
        }
        return this;
    }

    /** Gives the network a DHCP server with that MAC, and an address. */
    public TestSwitch dhcp(String serverMac, String ip) {
        neighbours = neighbours.with(IpAddress.parse(ip), MacAddress.parse(serverMac), NodeKind.HOST);
        return dhcp(serverMac);
    }

    /** Gives the network a DHCP server with that MAC. */
    public TestSwitch dhcp(String serverMac) {
        serviceMacs = Set.of(MacAddress.parse(serverMac).bits());
        return this;
    }

    public TestSwitch allowUnknownVteps() {
        allowUnknownVteps = true;
        return this;
    }

    /** The traffic class of the tunnel's outer headers. */
    public TestSwitch tos(OuterTos outer) {
        tos = outer;
        return this;
    }

    public TestSwitch withoutLearning() {
        learning = false;
        return this;
    }

    /** The MTU of the path to every VTEP from now on, by its route. */
    public TestSwitch pathMtu(int bytes) {
        routeMtuBytes = bytes;
        return dip(bytes);
    }

    /** The MTU of the path to every VTEP from now on, as a router on the way says; the network's stays. */
    public TestSwitch dip(int bytes) {
        pathMtuBytes = bytes;
        return this;
    }

    /** Makes a snapshot of the configuration and gives it to the worker. */
    public TestSwitch publish() {
        worker.proxy().publish(snapshot());
        return this;
    }

    /** A snapshot of the configuration, with a version of its own. */
    public Snapshot snapshot() {
        NormalBridge bridge = bridge();
        List<Port.Tunnel> tunnels = new ArrayList<>(List.of(bridge.underlay(unknownTraffic)));
        vteps.forEach(
                (number, vtep) -> tunnels.add(bridge.vtep(number, vtep.address(), 4789, pathMtuBytes, vtep.traffic())));
        return bridge.snapshot(++version, tunnels).change().put(decided(bridge)).build(version);
    }

    /** The configuration as NORMAL sees it. */
    public NormalBridge bridge() {
        int mtu = tunnel == null ? 1_500 : EffectiveMtu.of(tunnel, keyed, false, routeMtuBytes);
        Network network = new Network(
                NETWORK,
                "blue",
                tunnel,
                tunnelId,
                keyed,
                portsOf(NETWORK),
                flood,
                Set.copyOf(vteps.keySet().stream()
                        .filter(number -> !left.contains(number))
                        .toList()),
                allowUnknownVteps,
                learning,
                stations,
                neighbours,
                serviceMacs,
                !serviceMacs.isEmpty(),
                tos,
                mtu,
                fdb,
                roles,
                NetworkOptions.SERVED);
        List<Network> networks = new ArrayList<>(List.of(network));
        for (int i = 0; i < otherNetworks.size(); i++) {
            networks.add(new Network(
                    i + 1,
                    otherNetworks.get(i),
                    null,
                    0,
                    false,
                    portsOf(i + 1),
                    List.of(),
                    Set.of(),
                    false,
                    true,
                    StationTable.of(),
                    NeighbourTable.of(),
                    Set.of(),
                    false,
                    OuterTos.DEFAULT,
                    1_500,
                    otherFdbs.get(i),
                    StationTable.of(),
                    NetworkOptions.SERVED));
        }
        return new NormalBridge(0, "test", localPorts, networks);
    }

    private Bridge decided(NormalBridge bridge) {
        return new DecidedBridge(bridge, translator == null ? new ComparedBrains(bridge) : translator);
    }

    // ---- running ----

    public Worker worker() {
        return worker;
    }

    public Fdb fdb() {
        return fdb;
    }

    public MemoryQueue port(int number) {
        return ports.get(number - 1);
    }

    public MemoryQueue underlay() {
        return underlay;
    }

    /** What leaves by the socket whose packets the kernel may cut into fragments. */
    public MemoryQueue fragmenting() {
        return fragmenting;
    }

    public long nowNs() {
        return nowNs;
    }

    /** Lets time pass. */
    public void advanceNs(long ns) {
        nowNs += ns;
    }

    /** Runs duty cycles until nothing is left to do, and learns what the worker tells. */
    public void run() {
        int work;
        do {
            nowNs += 1_000;
            work = worker.doWork(nowNs);
            for (ConductorEvent event = inbox.poll(); event != null; event = inbox.poll()) {
                told.add(event);
                if (event instanceof ConductorEvent.FromTranslation(NormalNews.NewVtep unknown, long _)
                        && vteps.values().stream()
                                .noneMatch(vtep -> vtep.address().equals(unknown.address()))) {
                    vtep(unknown.address().toString());
                    publish();
                }
                if (event instanceof ConductorEvent.FromTranslation(NormalNews.Learn learn, long learnNs)) {
                    learn.fdb().learn(learn.mac(), learn.vlan(), learn.location(), learnNs);
                }
            }
        } while (work > 0);
    }

    /** A frame comes in by a port, and everything that follows happens. */
    public void send(int port, byte[] frame) {
        port(port).offer(frame);
        run();
    }

    /** As {@link #send(int, byte[])}, with the offload fields that the builder gives the frame. */
    public void send(int port, FrameBuilder frame) {
        port(port).offer(frame);
        run();
    }

    /** A train of datagrams comes in from a VTEP, and everything that follows happens. */
    public void sendTrainFromTunnel(String vtep, byte[] datagrams, int sizeBytes) {
        underlay.offerTrain(datagrams, sizeBytes, vtep);
        run();
    }

    /** A datagram comes in from a VTEP, and everything that follows happens. */
    public void sendFromTunnel(String vtep, byte[] datagram) {
        underlay.offer(datagram, vtep);
        run();
    }

    /** What the worker told the conductor since the last call. */
    public List<ConductorEvent> told() {
        List<ConductorEvent> events = List.copyOf(told);
        told.clear();
        return events;
    }

    /** What translations told the conductor since the last call. */
    public List<News> news() {
        List<News> news = new ArrayList<>();
        for (ConductorEvent event : told()) {
            if (event instanceof ConductorEvent.FromTranslation(News told, long _)) {
                news.add(told);
            }
        }
        return news;
    }

    /** How often frames of a port were dropped for a reason. */
    public long dropped(int port, DropReason reason) {
        PortCounters counters = worker.counters().get(port);
        return counters == null ? 0 : counters.dropped(reason);
    }

    /** A counter of a port. */
    public long count(int port, PortCounters.Kind kind) {
        PortCounters counters = worker.counters().get(port);
        return counters == null ? 0 : counters.get(kind);
    }

    /**
     * What came in or was made, less what went out, was dropped or handed over, over all ports: 0 when the books
     * balance.
     */
    public long imbalance() {
        CounterTable table = worker.counters();
        long balance = 0;
        for (int port = 0; port <= Locations.UNDERLAY; port++) {
            PortCounters counters = table.get(port);
            if (counters != null) {
                balance += counters.get(PortCounters.Kind.RX_FRAMES)
                        + counters.get(PortCounters.Kind.CREATED)
                        - counters.get(PortCounters.Kind.TX_FRAMES)
                        - counters.get(PortCounters.Kind.HANDED_OVER)
                        - counters.get(PortCounters.Kind.MERGED)
                        - counters.dropped();
            }
        }
        return balance;
    }

    /** Frames that are neither free nor anywhere else: 0 when none leaked. */
    public int leakedFrames() {
        return worker.poolFrames() - worker.freeFrames();
    }

    @Override
    public void close() {
        worker.close();
    }
}
