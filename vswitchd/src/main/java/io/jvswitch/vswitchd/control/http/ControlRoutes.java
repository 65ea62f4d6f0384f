package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.api.TraceFrame;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.control.ChangeLog;
import io.jvswitch.vswitchd.control.ConfigRefusals;
import io.jvswitch.vswitchd.control.ConfigReload;
import io.jvswitch.vswitchd.metrics.MetricsText;
import io.jvswitch.vswitchd.text.SwitchText;
import io.jvswitch.vswitchd.text.TableText;
import io.jvswitch.vswitchd.view.ChangeView;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.HostView;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the control socket can be asked: the one list that requests are matched with and the reference is made of.
 */
final class ControlRoutes {

    private final SwitchControl control;
    private final Supplier<CompletableFuture<ChangeView>> reload;
    private final List<Route> routes = new ArrayList<>();

    ControlRoutes(SwitchControl control, Supplier<CompletableFuture<ChangeView>> reload) {
        this.control = control;
        this.reload = reload;
        reads();
        changes();
    }

    List<Route> all() {
        return routes;
    }

    private void reads() {
        one("/v1/show", "The whole switch.", request -> control.show(), SwitchText::show);
        list("/v1/ports", List.of(), "All ports.", request -> control.ports(), SwitchText::ports);
        one(
                "/v1/ports/{name}",
                "One port.",
                request -> control.ports()
                        .thenApply(ports -> ports.stream()
                                .filter(port -> port.name().equals(request.variable("name")))
                                .findFirst()
                                .orElseThrow(() -> SpecChanges.noPort(request.variable("name")))),
                SwitchText::port);
        list("/v1/networks", List.of(), "All networks.", request -> control.networks(), SwitchText::networks);
        one(
                "/v1/networks/{name}",
                "One network.",
                request -> control.networks()
                        .thenApply(networks -> networks.stream()
                                .filter(network -> network.name().equals(request.variable("name")))
                                .findFirst()
                                .orElseThrow(() -> SpecChanges.noNetwork(request.variable("name")))),
                SwitchText::network);
        list(
                "/v1/hosts",
                List.of("network"),
                "Hosts behind other VTEPs, of one network or all.",
                request -> ofNetwork(request, control.hosts(), HostView::network),
                TableText::hosts);
        list(
                "/v1/fdb",
                List.of("network"),
                "MAC tables, of one network or all.",
                request -> control.fdb(request.parameter("network")),
                TableText::fdb);
        routes.add(new Route(
                "GET",
                "/v1/flows",
                List.of("port"),
                "Megaflows, of frames from one port (`underlay`: from tunnels) or all. Sent as it is made: there "
                        + "may be a million.",
                request -> control.flows(request.parameter("port"))
                        .thenApply(flows -> request.text()
                                ? Reply.ok(
                                        Reply.TEXT,
                                        flows.stream().map(TableText::flow).iterator())
                                : Reply.ok(Reply.JSON, Json.array(flows)))));
        list(
                "/v1/arp",
                List.of("network"),
                "What ARP requests and neighbour solicitations are answered with.",
                request -> ofNetwork(request, control.neighbours(), NeighbourView::network),
                TableText::neighbours);
        list(
                "/v1/leases",
                List.of("network"),
                "DHCP leases.",
                request -> ofNetwork(request, control.leases(), LeaseView::network),
                TableText::leases);
        list(
                "/v1/drops",
                List.of("port", "all"),
                "Drop counters by port and reason, with meaning and remedy; zero ones only with `all=true`, which "
                        + "is some"
                        + " 15 kB a port (31 MB for 2,000): to watch many ports, leave it out, or read `/metrics`.",
                this::drops,
                TableText::drops);
        one("/v1/stats", "Counters of each queue and each worker.", request -> control.stats(), TableText::stats);
        routes.add(CaptureRoute.of(control));
        routes.add(new Route(
                "GET",
                "/metrics",
                List.of(),
                "Prometheus text format, version 0.0.4.",
                request -> control.show()
                        .thenCombine(control.stats(), MetricsText.Source::of)
                        .thenCombine(control.drops(null), MetricsText.Source::withDrops)
                        .thenApply(source -> Reply.of(
                                HttpResponseStatus.OK, MetricsText.CONTENT_TYPE, MetricsText.render(source)))));
    }

    private void changes() {
        change(
                "POST",
                "/v1/ports",
                "Attaches a port; the body has its keys and `name`.",
                request -> parsed("port", request, ConfigReader::readPort).thenCompose(control::addPort));
        change(
                "DELETE",
                "/v1/ports/{name}",
                "Detaches a port.",
                request -> control.removePort(request.variable("name")));
        change(
                "POST",
                "/v1/networks",
                "Adds a network; the body has its keys and `name`.",
                request -> parsed("network", request, ConfigReader::readNetwork).thenCompose(control::addNetwork));
        change(
                "DELETE",
                "/v1/networks/{name}",
                "Removes a network without ports.",
                request -> control.removeNetwork(request.variable("name")));
        change(
                "POST",
                "/v1/networks/{name}/remotes",
                "Adds a VTEP to a network's flood list; the body has `ip`.",
                request -> parsed("remote", request, ConfigReader::readRemote)
                        .thenCompose(remote -> control.addRemote(request.variable("name"), remote)));
        change(
                "DELETE",
                "/v1/networks/{name}/remotes/{ip}",
                "Takes a VTEP from a network's flood list.",
                request -> control.removeRemote(request.variable("name"), ip(request.variable("ip"))));
        change(
                "POST",
                "/v1/hosts",
                "Adds or changes a host; the body has its keys and `network`.",
                request -> parsed("host", request, ConfigReader::readHost)
                        .thenCompose(host -> control.addHost(host.network(), host.host())));
        change("DELETE", "/v1/hosts/{network}/{mac}", "Removes a host.", request -> {
            return control.removeHost(request.variable("network"), mac(request.variable("mac")));
        });
        routes.add(new Route(
                "POST",
                "/v1/reload",
                List.of(),
                "Reads the configuration file again, as SIGHUP does: all or nothing. What was changed by requests "
                        + "and is not in the file is"
                        + " undone.",
                request -> reload.get().thenApply(change -> reply(request, change)))); // which logs for itself
        change("POST", "/v1/stop", "Stops the daemon.", request -> control.stop());
        routes.add(new Route(
                "POST",
                "/v1/trace",
                List.of(),
                "Says what would happen to a frame. The body has `port` (or `underlay`) and `frame`: hexadecimal "
                        + "digits from the Ethernet header on, or a "
                        + "description as of `jvswitch trace`.",
                this::trace));
    }

    private CompletableFuture<List<DropView>> drops(Route.Request request) {
        String port = request.parameter("port");
        String every = request.parameter("all");
        if (every != null && !every.equals("true") && !every.equals("false")) {
            throw invalid("request", every, "expected true or false as all");
        }
        if (!"true".equals(every)) {
            return control.drops(port)
                    .thenApply(drops ->
                            drops.stream().filter(drop -> drop.frames() > 0).toList());
        }
        return control.drops(port).thenCombine(control.ports(), (drops, ports) -> {
            List<DropView> all = new ArrayList<>();
            Stream<String> names = port != null
                    ? Stream.of(port)
                    : Stream.concat(ports.stream().map(view -> view.name()), Stream.of("underlay"));
            names.forEach(name -> {
                for (DropReason reason : DropReason.values()) {
                    long frames = drops.stream()
                            .filter(drop ->
                                    drop.port().equals(name) && drop.reason().equals(reason.label()))
                            .mapToLong(DropView::frames)
                            .sum();
                    all.add(DropView.of(name, reason, frames));
                }
            });
            return all;
        });
    }

    private CompletableFuture<Reply> trace(Route.Request request) {
        TraceRequest wanted;
        try {
            wanted = Json.read(request.body(), TraceRequest.class);
        } catch (IllegalArgumentException e) {
            throw invalid("request", null, "not JSON: " + e.getMessage());
        }
        String port = wanted.port();
        String frame = wanted.frame();
        if (port == null || frame == null) {
            throw invalid("request", null, "expected port and frame");
        }
        return TraceFrame.input(control, port, frame)
                .thenCompose(control::trace)
                .thenApply(trace -> request.text()
                        ? Reply.of(HttpResponseStatus.OK, Reply.TEXT, TableText.trace(trace))
                        : Reply.of(HttpResponseStatus.OK, Reply.JSON, Json.write(trace) + "\n"));
    }

    private record TraceRequest(
            @Nullable String port, @Nullable String frame) {}

    private <T> void one(
            String path, String doc, Function<Route.Request, CompletableFuture<T>> ask, Function<T, String> text) {
        routes.add(new Route(
                "GET",
                path,
                List.of(),
                doc,
                request -> ask.apply(request)
                        .thenApply(view -> request.text()
                                ? Reply.of(HttpResponseStatus.OK, Reply.TEXT, text.apply(view))
                                : Reply.of(HttpResponseStatus.OK, Reply.JSON, Json.write(view) + "\n"))));
    }

    private <T> void list(
            String path,
            List<String> query,
            String doc,
            Function<Route.Request, CompletableFuture<List<T>>> ask,
            Function<List<T>, String> text) {
        routes.add(new Route(
                "GET",
                path,
                query,
                doc,
                request -> ask.apply(request)
                        .thenApply(views -> request.text()
                                ? Reply.of(HttpResponseStatus.OK, Reply.TEXT, text.apply(views))
                                : Reply.ok(Reply.JSON, Json.array(views)))));
    }

    private void change(
            String method, String path, String doc, Function<Route.Request, CompletableFuture<ChangeView>> tell) {
        routes.add(new Route(
                method,
                path,
                List.of(),
                doc,
                request -> told(tell, request)
                        .whenComplete((change, failure) ->
                                ChangeLog.tell("control socket", method + " " + path, change, failure))
                        .thenApply(change -> reply(request, change))));
    }

    private static CompletableFuture<ChangeView> told(
            Function<Route.Request, CompletableFuture<ChangeView>> tell, Route.Request request) {
        try {
            return tell.apply(request);
        } catch (ControlRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Reply reply(Route.Request request, ChangeView change) {
        return request.text()
                ? Reply.of(HttpResponseStatus.OK, Reply.TEXT, TableText.changes(change))
                : Reply.of(HttpResponseStatus.OK, Reply.JSON, Json.write(change) + "\n");
    }

    /** Those of the network that the request names, or all. */
    private <T> CompletableFuture<List<T>> ofNetwork(
            Route.Request request, CompletableFuture<List<T>> all, Function<T, String> network) {
        String wanted = request.parameter("network");
        if (wanted == null) {
            return all;
        }
        return all.thenCombine(control.networks(), (views, networks) -> {
            if (networks.stream().noneMatch(known -> known.name().equals(wanted))) {
                throw SpecChanges.noNetwork(wanted);
            }
            return views.stream()
                    .filter(view -> network.apply(view).equals(wanted))
                    .toList();
        });
    }

    /** The words of a body that say what it is about. */
    private record Named(@Nullable Object name, @Nullable Object mac) {}

    /** What a request with errors is about, as far as it says so. */
    private static String object(String kind, String body) {
        try {
            Named named = Json.read(body, Named.class);
            Object name = named.name() == null ? named.mac() : named.name();
            return name == null ? kind : kind + " " + name;
        } catch (IllegalArgumentException e) {
            return "request";
        }
    }

    private interface Parsing<T> {
        T parse(String body) throws ConfigException;
    }

    /** Reads a body beside the server's thread, which others wait for. */
    private static <T> CompletableFuture<T> parsed(String kind, Route.Request request, Parsing<T> parsing) {
        String body = request.body();
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return parsing.parse(body);
                    } catch (ConfigException e) {
                        throw ConfigRefusals.ofRequest(object(kind, body), e);
                    }
                },
                ConfigReload.READERS);
    }

    private static MacAddress mac(String text) {
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("request", text, "expected a MAC address like 02:00:00:00:00:01");
        }
    }

    private static IpAddress ip(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("request", text, "expected an IP address");
        }
    }

    private static ControlRefusedException invalid(String object, @Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, object, value, what, "correct the request");
    }
}
