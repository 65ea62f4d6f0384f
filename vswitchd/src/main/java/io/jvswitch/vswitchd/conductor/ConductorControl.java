package io.jvswitch.vswitchd.conductor;

import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.api.TraceInput;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.conductor.view.FdbViews;
import io.jvswitch.vswitchd.conductor.view.FlowViews;
import io.jvswitch.vswitchd.conductor.view.SwitchViews;
import io.jvswitch.vswitchd.conductor.view.TraceViews;
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
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The control socket's way to the conductor: every call is carried out on the conductor's thread, in order. */
final class ConductorControl implements SwitchControl {

    private final Conductor conductor;
    private final SwitchState state;
    private final SwitchViews views;
    private final Captures captures;
    private final Runnable stop;

    ConductorControl(Conductor conductor, SwitchState state, SwitchViews views, Captures captures, Runnable stop) {
        this.conductor = conductor;
        this.state = state;
        this.views = views;
        this.captures = captures;
        this.stop = stop;
    }

    @Override
    public CompletableFuture<SwitchView> show() {
        return conductor.call(now -> {
            state.settleDhcp(now);
            return views.show(now.ns());
        });
    }

    @Override
    public CompletableFuture<List<PortView>> ports() {
        return conductor.call(_ -> views.ports());
    }

    @Override
    public CompletableFuture<List<NetworkView>> networks() {
        return conductor.call(now -> {
            state.settleDhcp(now);
            return views.networks();
        });
    }

    @Override
    public CompletableFuture<List<HostView>> hosts() {
        return conductor.call(_ -> views.hosts());
    }

    @Override
    public CompletableFuture<List<FdbView>> fdb(@Nullable String network) {
        return conductor.call(now -> {
            List<NetworkRuntime> which =
                    network == null ? List.copyOf(state.networks()) : List.of(networkNamed(network));
            List<FdbView> all = new ArrayList<>();
            which.forEach(one -> all.addAll(FdbViews.of(state, one, now.ns())));
            return all;
        });
    }

    @Override
    public CompletableFuture<List<FlowView>> flows(@Nullable String port) {
        return conductor.call(now -> FlowViews.of(state, views.portNumbers(), knownPort(port), now.ns()));
    }

    @Override
    public CompletableFuture<List<NeighbourView>> neighbours() {
        return conductor.call(_ -> views.neighbours());
    }

    @Override
    public CompletableFuture<List<LeaseView>> leases() {
        return conductor.call(now -> {
            state.settleDhcp(now);
            return state.networks().stream()
                    .flatMap(network -> network.dhcp().leases(now.epochMs()).stream())
                    .toList();
        });
    }

    @Override
    public CompletableFuture<List<DropView>> drops(@Nullable String port) {
        return conductor.call(_ -> views.drops(knownPort(port)));
    }

    @Override
    public CompletableFuture<StatsView> stats() {
        return conductor.call(_ -> views.stats());
    }

    @Override
    public CompletableFuture<ChangeView> addPort(PortSpec port) {
        return conductor
                .call(_ -> state.freePlace(port))
                .thenCompose(SwitchState.Applied::done)
                .thenCompose(free -> conductor.begin(_ -> state.inTurn(_ -> {
                    SpecChanges.addPort(state.spec(), port);
                    String waitsFor = state.addPort(port);
                    String added = "port " + port.name() + " added to network " + String.join(", ", port.networks());
                    return new ChangeView(List.of(waitsFor == null ? added : added + "; it waits: " + waitsFor));
                })));
    }

    @Override
    public CompletableFuture<ChangeView> removePort(String port) {
        return become(spec -> SpecChanges.removePort(spec, port));
    }

    @Override
    public CompletableFuture<ChangeView> addNetwork(NetworkSpec network) {
        return become(spec -> SpecChanges.addNetwork(spec, network));
    }

    @Override
    public CompletableFuture<ChangeView> removeNetwork(String network) {
        return become(spec -> SpecChanges.removeNetwork(spec, network));
    }

    @Override
    public CompletableFuture<ChangeView> addRemote(String network, IpAddress remote) {
        return become(
                spec -> SpecChanges.addRemote(spec, network, remote),
                "remote " + remote + " added to network " + network);
    }

    @Override
    public CompletableFuture<ChangeView> removeRemote(String network, IpAddress remote) {
        return become(
                spec -> SpecChanges.removeRemote(spec, network, remote),
                "remote " + remote + " removed from network " + network);
    }

    @Override
    public CompletableFuture<ChangeView> addHost(String network, HostSpec host) {
        return become(
                spec -> SpecChanges.addHost(spec, network, host),
                "host " + host.mac() + " of network " + network + " is at " + host.vtep());
    }

    @Override
    public CompletableFuture<ChangeView> removeHost(String network, MacAddress mac) {
        return become(
                spec -> SpecChanges.removeHost(spec, network, mac), "host " + mac + " removed from network " + network);
    }

    @Override
    public CompletableFuture<ChangeView> reload(SwitchSpec spec) {
        return become(any -> spec);
    }

    /** Devices may come and go after the conductor has turned to somebody else; the answer waits for them. */
    private CompletableFuture<ChangeView> become(UnaryOperator<SwitchSpec> change) {
        return conductor
                .begin(_ -> state.become(change))
                .thenCompose(applied -> applied.done().thenApply(done -> new ChangeView(applied.lines())));
    }

    private CompletableFuture<ChangeView> become(UnaryOperator<SwitchSpec> change, String line) {
        return become(change).thenApply(changed -> new ChangeView(List.of(line)));
    }

    @Override
    public CompletableFuture<TraceView> trace(TraceInput frame) {
        return conductor.call(_ -> TraceViews.of(state, frame));
    }

    @Override
    public CompletableFuture<CaptureSource> capture(CaptureRequest request) {
        return conductor.call(now -> captures.open(request, state.workers(), views.portNumbers(), now));
    }

    @Override
    public CompletableFuture<ChangeView> stop() {
        return conductor.call(_ -> {
            stop.run();
            return new ChangeView(List.of("switch " + state.spec().name() + " stops"));
        });
    }

    private NetworkRuntime networkNamed(String name) {
        NetworkRuntime network = state.network(name);
        if (network == null) {
            throw SpecChanges.noNetwork(name);
        }
        return network;
    }

    private @Nullable String knownPort(@Nullable String port) {
        if (port != null && !views.portNumbers().containsKey(port)) {
            throw SpecChanges.noPort(port);
        }
        return port;
    }
}
