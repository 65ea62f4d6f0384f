package io.jvswitch.vswitchd.api;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.view.ChangeView;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.FdbView;
import io.jvswitch.vswitchd.view.FlowView;
import io.jvswitch.vswitchd.view.HostView;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.vswitchd.view.MaySendView;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.vswitchd.view.UnderlayView;
import io.jvswitch.vswitchd.view.VtepView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A switch without a data path: what was configured is real and changes, what would be counted is made up. It answers
 * on a thread of its own, as the conductor does.
 */
public final class FakeSwitch implements SwitchControl, AutoCloseable {
    private static final TrafficView TRAFFIC =
            new TrafficView(1_234, 567_890, 4_321, 98_765_432, 3, 12, 4, 1, 30, 2, 5, 90, 800, 6);

    private final ExecutorService conductor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fake-conductor").factory());
    private final Runnable onStop;
    private SwitchSpec spec;
    private int flows = 2;
    private List<CapturedFrame> toCapture = List.of();
    private volatile @Nullable FakeCapture capture;
    private volatile @Nullable CaptureRequest captureRequest;

    public FakeSwitch(SwitchSpec spec, Runnable onStop) {
        this.spec = spec;
        this.onStop = onStop;
    }

    public FakeSwitch(SwitchSpec spec) {
        this(spec, () -> {});
    }

    /** How many megaflows it pretends to have. */
    public void setFlows(int count) {
        flows = count;
    }

    /** What every capture sees. */
    public void setCaptured(List<CapturedFrame> frames) {
        toCapture = frames;
    }

    /** The last capture that was begun. */
    public @Nullable FakeCapture lastCapture() {
        return capture;
    }

    /** What it was asked for. */
    public @Nullable CaptureRequest lastCaptureRequest() {
        return captureRequest;
    }

    @Override
    public CompletableFuture<CaptureSource> capture(CaptureRequest request) {
        return answer(() -> {
            if (!List.of("any", "underlay").contains(request.port())
                    && !spec.ports().containsKey(request.port())) {
                throw SpecChanges.noPort(request.port());
            }
            FakeCapture begun = new FakeCapture(1);
            begun.offer(toCapture);
            captureRequest = request;
            capture = begun;
            return begun;
        });
    }

    @Override
    public void close() {
        conductor.shutdownNow();
    }

    private <T> CompletableFuture<T> answer(Supplier<T> answer) {
        return CompletableFuture.supplyAsync(answer, conductor);
    }

    private CompletableFuture<ChangeView> change(String line, UnaryOperator<SwitchSpec> change) {
        return answer(() -> {
            spec = change.apply(spec);
            return new ChangeView(List.of(line));
        });
    }

    @Override
    public CompletableFuture<SwitchView> show() {
        return answer(() -> new SwitchView(
                spec.name(),
                "1.2.3",
                4711,
                7_384,
                spec.workers(),
                "epoll",
                flows,
                spec.underlay() == null
                        ? null
                        : new UnderlayView(
                                spec.underlay().localIp(),
                                "eth0",
                                PortState.UP,
                                null,
                                1500,
                                spec.underlay().udpPort(),
                                spec.underlay().sockets(),
                                List.of("udp-gso", "udp-gro"),
                                TrafficView.of(10, 1_500, 20, 3_000, 0)),
                networkViews(),
                List.of(),
                portViews(),
                List.of(
                        new VtepView(
                                IpAddress.parse("192.0.2.2"),
                                "remote",
                                List.of("blue"),
                                1500,
                                1500,
                                new TunnelTrafficView(11, 1_600, 22, 3_200)),
                        new VtepView(
                                IpAddress.parse("192.0.2.9"),
                                VtepView.LEARNED,
                                List.of("green"),
                                1500,
                                1500,
                                new TunnelTrafficView(3, 300, 4, 400))),
                new TunnelTrafficView(5, 500, 6, 600)));
    }

    private List<NetworkView> networkViews() {
        return spec.networks().values().stream()
                .map(network -> new NetworkView(
                        network.name(),
                        network.tunnel().label(),
                        network.hasVni() ? network.vni() : null,
                        1450,
                        1450,
                        network.tos().dscpText(),
                        network.tos().inheritsEcn() ? "normal" : "compatibility",
                        network.learning(),
                        network.allowUnknownVteps(),
                        network.arpResponder(),
                        network.remotes(),
                        network.subnets().stream()
                                .map(subnet -> new NetworkView.SubnetView(
                                        subnet.cidr().toString(),
                                        subnet.gateway(),
                                        subnet.dhcp() == null
                                                ? null
                                                : subnet.dhcp().server(),
                                        subnet.dhcp() == null
                                                ? List.of()
                                                : subnet.dhcp().pools().stream()
                                                        .map(Object::toString)
                                                        .toList(),
                                        100,
                                        97))
                                .toList(),
                        spec.ports().values().stream()
                                .filter(port -> port.network().equals(network.name()))
                                .map(PortSpec::name)
                                .toList(),
                        network.hosts().size(),
                        3,
                        8192,
                        1,
                        0,
                        2))
                .toList();
    }

    private List<PortView> portViews() {
        List<PortSpec> ports = List.copyOf(spec.ports().values());
        return IntStream.range(0, ports.size())
                .mapToObj(i -> {
                    PortSpec port = ports.get(i);
                    boolean waits = port.netns() != null;
                    return new PortView(
                            port.name(),
                            i + 1,
                            port.kind().label(),
                            port.network(),
                            port.taggedNetworks(),
                            List.of(),
                            port.device(),
                            waits ? PortState.WAITING : PortState.UP,
                            waits
                                    ? "namespace " + port.netns() + " does not exist: create it with 'ip netns add'"
                                    : null,
                            port.mac(),
                            port.ips(),
                            port.mac() == null
                                    ? null
                                    : new MaySendView(List.of("10.0.0.11"), List.of("10.0.0.11"), false, false, false),
                            port.stormControl() == 0 ? null : port.stormControl(),
                            port.queues(),
                            waits ? 0 : 1450,
                            port.netns(),
                            waits ? List.of() : List.of("csum", "tso4", "tso6"),
                            null,
                            waits ? TrafficView.NONE : TRAFFIC);
                })
                .toList();
    }

    @Override
    public CompletableFuture<List<PortView>> ports() {
        return answer(this::portViews);
    }

    @Override
    public CompletableFuture<List<NetworkView>> networks() {
        return answer(this::networkViews);
    }

    @Override
    public CompletableFuture<List<HostView>> hosts() {
        return answer(() -> spec.networks().values().stream()
                .flatMap(network -> network.hosts().stream()
                        .map(host -> new HostView(network.name(), host.mac(), host.ips(), host.vtep(), host.router())))
                .toList());
    }

    @Override
    public CompletableFuture<List<FdbView>> fdb(@Nullable String network) {
        return answer(() -> {
            if (network != null && !spec.networks().containsKey(network)) {
                throw SpecChanges.noNetwork(network);
            }
            return List.of(
                    new FdbView("blue", MacAddress.parse("02:00:00:00:00:01"), "tap-vm1", null, "port", null),
                    new FdbView(
                            "blue",
                            MacAddress.parse("02:00:00:00:00:02"),
                            null,
                            IpAddress.parse("192.0.2.2"),
                            "host",
                            null),
                    new FdbView("blue", MacAddress.parse("02:00:00:00:00:99"), "tap-vm1", null, "learned", 75L));
        });
    }

    @Override
    public CompletableFuture<List<FlowView>> flows(@Nullable String port) {
        return answer(() -> {
            SpecChanges.requirePort(spec, port);
            return IntStream.range(0, flows)
                    .mapToObj(i -> new FlowView(
                            0,
                            "tap-vm1",
                            "blue",
                            "eth_dst=02:00:00:00:00:02,tp_src=" + i,
                            "vxlan(vni=42,remote=192.0.2.2)",
                            i + 1L,
                            100L * i,
                            1_250))
                    .toList();
        });
    }

    @Override
    public CompletableFuture<List<NeighbourView>> neighbours() {
        return answer(() -> List.of(new NeighbourView(
                "blue",
                IpAddress.parse("10.0.0.12"),
                MacAddress.parse("02:00:00:00:00:02"),
                true,
                "host",
                "192.0.2.2")));
    }

    @Override
    public CompletableFuture<List<LeaseView>> leases() {
        return answer(() -> List.of(
                new LeaseView(
                        "blue",
                        IpAddress.parse("10.0.0.11"),
                        MacAddress.parse("02:00:00:00:00:01"),
                        "tap-vm1",
                        "vm1",
                        "reservation",
                        "bound",
                        86_000),
                new LeaseView(
                        "blue",
                        IpAddress.parse("10.0.0.100"),
                        MacAddress.parse("02:00:00:00:00:77"),
                        null,
                        null,
                        "pool",
                        "expired",
                        0)));
    }

    @Override
    public CompletableFuture<List<DropView>> drops(@Nullable String port) {
        return answer(() -> {
            SpecChanges.requirePort(spec, port);
            return List.of(
                    DropView.of("tap-vm1", DropReason.NO_BUFFER, 12),
                    DropView.of("tap-vm1", DropReason.PORT_DOWN, 0),
                    DropView.of("underlay", DropReason.SPLIT_HORIZON, 3_456));
        });
    }

    @Override
    public CompletableFuture<StatsView> stats() {
        return answer(() -> new StatsView(
                List.of(
                        new StatsView.QueueView("tap-vm1", 0, 0, TRAFFIC),
                        new StatsView.QueueView("underlay", 0, 0, TrafficView.of(10, 1_500, 20, 3_000, 0))),
                List.of(new StatsView.WorkerView(
                        0,
                        1_000_000,
                        2_500_000_000L,
                        7_500_000_000L,
                        3_100,
                        21_000,
                        1_900_000,
                        5_555,
                        5_000,
                        500,
                        55,
                        flows,
                        200_000,
                        7,
                        1000,
                        1024,
                        4_096)),
                List.of(
                        new StatsView.DhcpView("blue", "rx-discover", 3, "DHCPDISCOVER received."),
                        new StatsView.DhcpView("blue", "tx-nak", 0, "DHCPNAK sent.")),
                new StatsView.JvmView(9_999_999, 12, 34_000_000)));
    }

    @Override
    public CompletableFuture<ChangeView> addPort(PortSpec port) {
        return change("port " + port.name() + " added to network " + port.network(), s -> SpecChanges.addPort(s, port));
    }

    @Override
    public CompletableFuture<ChangeView> removePort(String port) {
        return change("port " + port + " removed", s -> SpecChanges.removePort(s, port));
    }

    @Override
    public CompletableFuture<ChangeView> addNetwork(NetworkSpec network) {
        return change("network " + network.name() + " added", s -> SpecChanges.addNetwork(s, network));
    }

    @Override
    public CompletableFuture<ChangeView> removeNetwork(String network) {
        return change("network " + network + " removed", s -> SpecChanges.removeNetwork(s, network));
    }

    @Override
    public CompletableFuture<ChangeView> addRemote(String network, IpAddress remote) {
        return change(
                "remote " + remote + " added to network " + network, s -> SpecChanges.addRemote(s, network, remote));
    }

    @Override
    public CompletableFuture<ChangeView> removeRemote(String network, IpAddress remote) {
        return change(
                "remote " + remote + " removed from network " + network,
                s -> SpecChanges.removeRemote(s, network, remote));
    }

    @Override
    public CompletableFuture<ChangeView> addHost(String network, HostSpec host) {
        return change(
                "host " + host.mac() + " added to network " + network, s -> SpecChanges.addHost(s, network, host));
    }

    @Override
    public CompletableFuture<ChangeView> removeHost(String network, MacAddress mac) {
        return change("host " + mac + " removed from network " + network, s -> SpecChanges.removeHost(s, network, mac));
    }

    @Override
    public CompletableFuture<ChangeView> reload(SwitchSpec wanted) {
        return answer(() -> {
            SpecChanges.requireReloadable(spec, wanted);
            boolean same = spec.equals(wanted);
            spec = wanted;
            return new ChangeView(same ? List.of() : List.of("configuration reloaded"));
        });
    }

    @Override
    public CompletableFuture<TraceView> trace(TraceInput frame) {
        return answer(() -> new TraceView(
                frame.port(),
                HexFormat.of().formatHex(frame.bytes(), 0, 14) + ".. " + frame.bytes().length + " bytes",
                List.of("network blue", "eth_dst 02:00:00:00:00:02 is host, behind vtep 192.0.2.2"),
                "forwarded to vtep 192.0.2.2",
                "in_port=1,eth_dst=02:00:00:00:00:02",
                "vxlan(vni=42,remote=192.0.2.2)"));
    }

    @Override
    public CompletableFuture<ChangeView> stop() {
        return answer(() -> {
            onStop.run();
            return new ChangeView(List.of("stopping"));
        });
    }
}
