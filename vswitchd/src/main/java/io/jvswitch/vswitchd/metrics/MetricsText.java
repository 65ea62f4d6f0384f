package io.jvswitch.vswitchd.metrics;

import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.vswitchd.view.UnderlayView;
import io.jvswitch.vswitchd.view.VtepView;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the metrics of a moment in Prometheus' text format. Nothing is kept between scrapes: the views hold the
 * counters.
 */
public final class MetricsText {

    /** Media type of the text. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final double NS_PER_S = 1e9;

    private final String switchName;
    private final Map<Metric, List<Point>> points = new EnumMap<>(Metric.class);

    private record Point(Labels labels, double value) {}

    /**
     * What is scraped.
     *
     * @param show the switch
     * @param stats its workers
     * @param drops its drop counters
     */
    public record Source(SwitchView show, StatsView stats, List<DropView> drops) {

        /** Without drop counters yet. */
        public static Source of(SwitchView show, StatsView stats) {
            return new Source(show, stats, List.of());
        }

        /** With drop counters. */
        public Source withDrops(List<DropView> newDrops) {
            return new Source(show, stats, newDrops);
        }
    }

    private MetricsText(String switchName) {
        this.switchName = switchName;
    }

    /** The text. */
    public static String render(Source source) {
        MetricsText text = new MetricsText(source.show().name());
        text.whole(source.show());
        source.show().ports().forEach(text::port);
        source.show().networks().forEach(text::network);
        source.stats().workers().forEach(text::worker);
        for (StatsView.DhcpView dhcp : source.stats().dhcp()) {
            text.add(Metric.DHCP_EVENTS, dhcp.count(), dhcp.network(), dhcp.event());
        }
        text.jvm(source.stats().jvm());
        for (DropView drop : source.drops()) {
            text.add(Metric.DROPS, drop.frames(), drop.port(), drop.reason(), drop.stage());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, text.snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void whole(SwitchView view) {
        add(Metric.INFO, 1, view.version());
        add(Metric.UPTIME, view.uptimeSeconds());
        UnderlayView underlay = view.underlay();
        if (underlay != null) {
            add(Metric.UNDERLAY_UP, underlay.state() == PortState.UP ? 1 : 0);
            add(Metric.UNDERLAY_MTU, underlay.mtuBytes());
            traffic(underlay.traffic(), "underlay", "");
        }
        for (VtepView vtep : view.vteps()) {
            add(Metric.VTEP_PATH_MTU, vtep.pathMtuBytes(), vtep.address().toString());
            if (!vtep.source().equals(VtepView.LEARNED)) {
                tunnel(vtep.traffic(), vtep.address().toString());
            }
        }
        if (underlay != null) {
            // anybody can make some up: no series for each
            tunnel(view.learnedTraffic(), VtepView.LEARNED);
        }
    }

    private void tunnel(TunnelTrafficView traffic, String vtep) {
        add(Metric.VTEP_RX_FRAMES, traffic.rxFrames(), vtep);
        add(Metric.VTEP_RX_BYTES, traffic.rxBytes(), vtep);
        add(Metric.VTEP_TX_FRAMES, traffic.txFrames(), vtep);
        add(Metric.VTEP_TX_BYTES, traffic.txBytes(), vtep);
    }

    private void port(PortView port) {
        add(Metric.PORT_UP, port.state() == PortState.UP ? 1 : 0, port.name(), network(port), port.kind());
        add(Metric.PORT_MTU, port.mtuBytes(), port.name(), network(port));
        traffic(port.traffic(), port.name(), network(port));
    }

    private void traffic(TrafficView traffic, String port, String network) {
        add(Metric.PORT_RX_FRAMES, traffic.rxFrames(), port, network);
        add(Metric.PORT_RX_BYTES, traffic.rxBytes(), port, network);
        add(Metric.PORT_TX_FRAMES, traffic.txFrames(), port, network);
        add(Metric.PORT_TX_BYTES, traffic.txBytes(), port, network);
        add(Metric.PORT_ARP_REPLIES, traffic.arpReplies(), port, network);
        add(Metric.PORT_ND_REPLIES, traffic.ndReplies(), port, network);
        add(Metric.PORT_TOO_BIG_ANSWERED, traffic.tooBigAnswered(), port, network);
        add(Metric.PORT_MSS_CLAMPED, traffic.mssClamped(), port, network);
        add(Metric.PORT_FRAGMENTED, traffic.fragmented(), port, network);
        add(Metric.PORT_OUTER_FRAGMENTED, traffic.outerFragmented(), port, network);
        add(Metric.PORT_CREATED_FRAMES, traffic.createdFrames(), port, network);
        add(Metric.PORT_MERGED_FRAMES, traffic.mergedFrames(), port, network);
        add(Metric.PORT_HANDED_OVER_FRAMES, traffic.handedOverFrames(), port, network);
    }

    private void network(NetworkView network) {
        String name = network.name();
        add(Metric.NETWORK_MTU, network.mtuBytes(), name);
        add(Metric.NETWORK_PORTS, network.ports().size(), name);
        add(Metric.NETWORK_HOSTS, network.hosts(), name);
        add(Metric.NETWORK_MACS, network.macs(), name);
        add(Metric.NETWORK_MAC_LIMIT, network.macLimit(), name);
        add(Metric.NETWORK_MAC_MOVES, network.macMoves(), name);
        add(Metric.NETWORK_MAC_EVICTIONS, network.macEvictions(), name);
        add(Metric.DHCP_LEASES, network.leases(), name);
        for (NetworkView.SubnetView subnet : network.subnets()) {
            if (!subnet.pools().isEmpty()) {
                add(Metric.DHCP_POOL_SIZE, subnet.poolSize(), name, subnet.cidr());
                add(Metric.DHCP_POOL_FREE, subnet.poolFree(), name, subnet.cidr());
            }
        }
    }

    private void worker(StatsView.WorkerView worker) {
        String number = Integer.toString(worker.worker());
        add(Metric.WORKER_LOOPS, worker.loops(), number);
        measure(Metric.WORKER_BUSY, worker.busyNs() / NS_PER_S, number);
        measure(Metric.WORKER_IDLE, worker.idleNs() / NS_PER_S, number);
        measure(Metric.WORKER_LOOP, worker.loopP50Ns() / NS_PER_S, number, "0.5");
        measure(Metric.WORKER_LOOP, worker.loopP99Ns() / NS_PER_S, number, "0.99");
        measure(Metric.WORKER_LOOP, worker.loopMaxNs() / NS_PER_S, number, "1");
        add(Metric.WORKER_FRAMES, worker.frames(), number);
        add(Metric.WORKER_EXACT_HITS, worker.exactHits(), number);
        add(Metric.WORKER_MEGAFLOW_HITS, worker.megaflowHits(), number);
        add(Metric.WORKER_MISSES, worker.misses(), number);
        add(Metric.WORKER_FLOWS, worker.flows(), number);
        add(Metric.WORKER_FLOW_LIMIT, worker.flowLimit(), number);
        add(Metric.WORKER_FLOW_EVICTIONS, worker.flowEvictions(), number);
        add(Metric.WORKER_POOL_FREE, worker.poolFree(), number);
        add(Metric.WORKER_POOL_SIZE, worker.poolSize(), number);
        add(Metric.WORKER_ALLOCATED, worker.allocatedBytes(), number);
    }

    private void jvm(StatsView.JvmView jvm) {
        add(Metric.JVM_ALLOCATED, jvm.allocatedBytes());
        add(Metric.JVM_COLLECTIONS, jvm.collections());
        measure(Metric.JVM_COLLECTION, jvm.collectionNs() / NS_PER_S);
    }

    private void add(Metric metric, long value, String... labelValues) {
        measure(metric, (double) value, labelValues);
    }

    private void measure(Metric metric, double value, String... labelValues) {
        String[] names = new String[labelValues.length + 1];
        String[] values = new String[labelValues.length + 1];
        names[0] = "switch";
        values[0] = switchName;
        for (int i = 0; i < labelValues.length; i++) {
            names[i + 1] = metric.labels().get(i);
            values[i + 1] = labelValues[i];
        }
        points.computeIfAbsent(metric, any -> new ArrayList<>()).add(new Point(Labels.of(names, values), value));
    }

    private MetricSnapshots snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        points.forEach((metric, values) -> snapshots.add(snapshot(metric, values)));
        return new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot snapshot(Metric metric, List<Point> points) {
        if (metric.type() == Metric.Type.COUNTER) {
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(metric.baseName()).help(metric.help());
            for (Point point : points) {
                counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(point.labels)
                        .value(point.value)
                        .build());
            }
            return counter.build();
        }
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.baseName()).help(metric.help());
        for (Point point : points) {
            gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(point.labels)
                    .value(point.value)
                    .build());
        }
        return gauge.build();
    }

    /** The label of a port that has tagged networks only is empty. */
    private static String network(PortView port) {
        return Objects.requireNonNullElse(port.network(), "");
    }
}
