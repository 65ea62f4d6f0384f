package io.jvswitch.vswitchd.text;

import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.RatesView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.vswitchd.view.UnderlayView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What changed between two moments, as rates. */
public final class RateText {

    private static final int BITS_PER_BYTE = 8;

    private RateText() {}

    /**
     * What was seen at a moment.
     *
     * @param atNs when
     * @param show the switch
     * @param stats its workers
     */
    public record Moment(long atNs, SwitchView show, StatsView stats) {}

    /** The live screen: ports and workers. */
    public static String top(Moment before, Moment now) {
        double seconds = Math.max(now.atNs - before.atNs, 1) / 1e9;
        SwitchView show = now.show;
        StringBuilder text = new StringBuilder();
        text.append("switch ").append(show.name()).append(": up ").append(Units.time(show.uptimeSeconds()));
        text.append(", ").append(Units.plural(show.flows(), "flow")).append("\n\n");
        Map<String, TrafficView> earlier = new HashMap<>();
        before.show.ports().forEach(port -> earlier.put(port.name(), port.traffic()));
        UnderlayView underlayBefore = before.show.underlay();
        Table ports = new Table("PORT", "NETWORK", "STATE", ">RX PPS", ">RX", ">TX PPS", ">TX", ">DROPS/S", ">DROPPED");
        for (PortView port : show.ports()) {
            rates(
                    ports,
                    port.name(),
                    SwitchText.networks(port),
                    port.state().label(),
                    earlier.getOrDefault(port.name(), TrafficView.NONE),
                    port.traffic(),
                    seconds);
        }
        UnderlayView underlay = show.underlay();
        if (underlay != null) {
            TrafficView was = underlayBefore == null ? TrafficView.NONE : underlayBefore.traffic();
            rates(ports, "underlay", "", underlay.state().label(), was, underlay.traffic(), seconds);
        }
        return text.append(ports)
                .append('\n')
                .append(workers(before.stats, now.stats, seconds))
                .toString();
    }

    /** The same for a program. */
    public static RatesView topRates(Moment before, Moment now) {
        double seconds = Math.max(now.atNs - before.atNs, 1) / 1e9;
        Map<String, TrafficView> earlier = new HashMap<>();
        before.show.ports().forEach(port -> earlier.put(port.name(), port.traffic()));
        List<RatesView.PortRates> ports = new ArrayList<>();
        for (PortView port : now.show.ports()) {
            TrafficView was = earlier.getOrDefault(port.name(), TrafficView.NONE);
            ports.add(portRates(port.name(), port.state(), was, port.traffic(), seconds));
        }
        UnderlayView underlay = now.show.underlay();
        if (underlay != null) {
            UnderlayView underlayBefore = before.show.underlay();
            TrafficView was = underlayBefore == null ? TrafficView.NONE : underlayBefore.traffic();
            ports.add(portRates("underlay", underlay.state(), was, underlay.traffic(), seconds));
        }
        Map<Integer, StatsView.WorkerView> workersBefore = new HashMap<>();
        before.stats.workers().forEach(worker -> workersBefore.put(worker.worker(), worker));
        List<RatesView.WorkerRates> workers = new ArrayList<>();
        for (StatsView.WorkerView worker : now.stats.workers()) {
            workers.add(workerRates(workersBefore.getOrDefault(worker.worker(), worker), worker, seconds));
        }
        return new RatesView(now.show.name(), rounded(seconds), now.show.flows(), ports, workers);
    }

    private static RatesView.PortRates portRates(
            String name, PortState state, TrafficView was, TrafficView now, double seconds) {
        return new RatesView.PortRates(
                name,
                state,
                rounded(since(now.rxFrames(), was.rxFrames()) / seconds),
                rounded(since(now.rxBytes(), was.rxBytes()) * BITS_PER_BYTE / seconds),
                rounded(since(now.txFrames(), was.txFrames()) / seconds),
                rounded(since(now.txBytes(), was.txBytes()) * BITS_PER_BYTE / seconds),
                rounded(since(now.dropFrames(), was.dropFrames()) / seconds),
                now.dropFrames());
    }

    private static RatesView.WorkerRates workerRates(
            StatsView.WorkerView was, StatsView.WorkerView now, double seconds) {
        double exact = since(now.exactHits(), was.exactHits());
        double mega = since(now.megaflowHits(), was.megaflowHits());
        double misses = since(now.misses(), was.misses());
        double looked = Math.max(exact + mega + misses, 1);
        return new RatesView.WorkerRates(
                now.worker(),
                rounded(Math.min(since(now.busyNs(), was.busyNs()) / (seconds * 1e9), 1)),
                rounded(since(now.frames(), was.frames()) / seconds),
                rounded(exact / looked),
                rounded(mega / looked),
                rounded(misses / seconds),
                now.flows());
    }

    /** To thousandths: more digits are noise. */
    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static void rates(
            Table table,
            String name,
            String network,
            String state,
            TrafficView before,
            TrafficView now,
            double seconds) {
        table.row(
                name,
                network,
                state,
                Units.count(since(now.rxFrames(), before.rxFrames()) / seconds),
                Units.bitRate(since(now.rxBytes(), before.rxBytes()) * BITS_PER_BYTE / seconds),
                Units.count(since(now.txFrames(), before.txFrames()) / seconds),
                Units.bitRate(since(now.txBytes(), before.txBytes()) * BITS_PER_BYTE / seconds),
                Units.count(since(now.dropFrames(), before.dropFrames()) / seconds),
                now.dropFrames());
    }

    /** A counter's growth; a port that was attached anew began again at zero. */
    private static double since(long now, long before) {
        return (double) (now >= before ? now - before : now);
    }

    private static String workers(StatsView before, StatsView now, double seconds) {
        Map<Integer, StatsView.WorkerView> earlier = new HashMap<>();
        before.workers().forEach(worker -> earlier.put(worker.worker(), worker));
        Table table = new Table(
                "WORKER", ">BUSY", ">FRAMES/S", ">CACHE HIT", ">FLOW HIT", ">MISSES/S", ">FLOWS", ">FREE FRAMES");
        for (StatsView.WorkerView worker : now.workers()) {
            StatsView.WorkerView was = earlier.getOrDefault(worker.worker(), worker);
            double frames = since(worker.frames(), was.frames());
            double exact = since(worker.exactHits(), was.exactHits());
            double mega = since(worker.megaflowHits(), was.megaflowHits());
            double misses = since(worker.misses(), was.misses());
            double looked = Math.max(exact + mega + misses, 1);
            table.row(
                    worker.worker(),
                    Units.percent(Math.min(since(worker.busyNs(), was.busyNs()) / (seconds * 1e9), 1)),
                    Units.count(frames / seconds),
                    Units.percent(exact / looked),
                    Units.percent(mega / looked),
                    Units.count(misses / seconds),
                    worker.flows(),
                    worker.poolFree() + "/" + worker.poolSize());
        }
        return table.toString();
    }

    /** Rates of queues and workers. */
    public static String stats(StatsView before, StatsView now, long elapsedNs) {
        double seconds = Math.max(elapsedNs, 1) / 1e9;
        Map<String, TrafficView> earlier = new HashMap<>();
        before.queues().forEach(queue -> earlier.put(id(queue), queue.traffic()));
        Table queues = new Table("PORT", "QUEUE", "WORKER", ">RX PPS", ">RX", ">TX PPS", ">TX", ">DROPS/S", ">DROPPED");
        for (StatsView.QueueView queue : now.queues()) {
            rates(
                    queues,
                    queue.port(),
                    Integer.toString(queue.queue()),
                    Integer.toString(queue.worker()),
                    earlier.getOrDefault(id(queue), TrafficView.NONE),
                    queue.traffic(),
                    seconds);
        }
        return queues + "\n" + workers(before, now, seconds);
    }

    private static String id(StatsView.QueueView queue) {
        return queue.port() + " " + queue.worker() + " " + queue.queue();
    }

    /** Rates of drops. */
    public static String drops(List<DropView> before, List<DropView> now, long elapsedNs) {
        double seconds = Math.max(elapsedNs, 1) / 1e9;
        Map<String, Long> earlier = new HashMap<>();
        before.forEach(drop -> earlier.put(drop.port() + " " + drop.reason(), drop.frames()));
        Table table = new Table("PORT", ">DROPS/S", ">DROPPED", "REASON");
        for (DropView drop : now) {
            long was = earlier.getOrDefault(drop.port() + " " + drop.reason(), 0L);
            table.row(
                    drop.port(),
                    Units.count(since(drop.frames(), was) / seconds),
                    drop.frames(),
                    drop.reason() + ": " + drop.meaning());
        }
        return table.toString();
    }
}
