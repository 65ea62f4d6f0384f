package io.jvswitch.vswitchd.text;

import io.jvswitch.vswitchd.view.ChangeView;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.FdbView;
import io.jvswitch.vswitchd.view.FlowView;
import io.jvswitch.vswitchd.view.HostView;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.vswitchd.view.TrafficView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The switch's tables. */
public final class TableText {

    private TableText() {}

    /** Hosts behind other VTEPs. */
    public static String hosts(List<HostView> hosts) {
        Table table = new Table("NETWORK", "MAC", "VTEP", "ROUTER", "IP");
        for (HostView host : hosts) {
            table.row(host.network(), host.mac(), host.vtep(), yesOrNo(host.router()), SwitchText.join(host.ips()));
        }
        return table.toString();
    }

    /** MAC tables. */
    public static String fdb(List<FdbView> entries) {
        Table table = new Table("NETWORK", "MAC", "WHERE", "SOURCE", ">AGE");
        for (FdbView entry : entries) {
            Long age = entry.ageSeconds();
            table.row(
                    entry.network(),
                    entry.mac(),
                    entry.port() != null ? entry.port() : entry.vtep() != null ? "vtep " + entry.vtep() : "switch",
                    entry.source(),
                    age == null ? "" : Units.time(age));
        }
        return table.toString();
    }

    /** One megaflow in one line: a dump may have hundreds of thousands, so nothing is aligned. */
    public static String flow(FlowView flow) {
        return "worker=" + flow.worker() + " in=" + flow.port()
                + (flow.network() == null ? "" : " network=" + flow.network())
                + " frames=" + flow.frames() + " bytes=" + flow.bytes() + " idle="
                + String.format(Locale.ROOT, "%.1fs", flow.idleMs() / 1000.0) + " match=" + flow.match() + " actions="
                + flow.actions() + "\n";
    }

    private static String yesOrNo(@Nullable Boolean value) {
        return value == null ? "" : value ? "yes" : "no";
    }

    /** What the responder answers. */
    public static String neighbours(List<NeighbourView> neighbours) {
        Table table = new Table("NETWORK", "IP", "MAC", "ROUTER", "WHERE", "SOURCE");
        for (NeighbourView neighbour : neighbours) {
            table.row(
                    neighbour.network(),
                    neighbour.ip(),
                    neighbour.mac(),
                    yesOrNo(neighbour.router()),
                    neighbour.where(),
                    neighbour.source());
        }
        return table.toString();
    }

    /** DHCP leases. */
    public static String leases(List<LeaseView> leases) {
        Table table = new Table("NETWORK", "IP", "MAC", "PORT", "HOSTNAME", "SOURCE", "STATE", ">REMAINING");
        for (LeaseView lease : leases) {
            table.row(
                    lease.network(),
                    lease.ip(),
                    lease.mac(),
                    SwitchText.orEmpty(lease.port()),
                    SwitchText.orEmpty(lease.hostname()),
                    lease.source(),
                    lease.state(),
                    lease.remainingSeconds() == 0 ? "" : Units.time(lease.remainingSeconds()));
        }
        return table.toString();
    }

    /** Drop counters, each with what it means and what to do. */
    public static String drops(List<DropView> drops) {
        if (drops.isEmpty()) {
            return "nothing was dropped\n";
        }
        int portWidth = 0;
        int framesWidth = 0;
        for (DropView drop : drops) {
            portWidth = Math.max(portWidth, drop.port().length());
            framesWidth = Math.max(framesWidth, Long.toString(drop.frames()).length());
        }
        String format = "%-" + portWidth + "s  %" + framesWidth + "s  %s%n";
        StringBuilder text = new StringBuilder();
        for (DropView drop : drops) {
            text.append(String.format(
                    Locale.ROOT, format, drop.port(), drop.frames(), drop.reason() + ": " + drop.meaning()));
            text.append(String.format(Locale.ROOT, format, "", "", drop.remedy()));
        }
        return text.toString();
    }

    /** Counters of queues, workers and DHCP servers. */
    public static String stats(StatsView stats) {
        Table queues = new Table(
                "PORT", ">QUEUE", ">WORKER", ">RX FRAMES", ">RX BYTES", ">TX FRAMES", ">TX BYTES", ">DROPPED");
        for (StatsView.QueueView queue : stats.queues()) {
            TrafficView traffic = queue.traffic();
            queues.row(
                    queue.port(),
                    queue.queue(),
                    queue.worker(),
                    traffic.rxFrames(),
                    traffic.rxBytes(),
                    traffic.txFrames(),
                    traffic.txBytes(),
                    traffic.dropFrames());
        }
        Table services = new Table(
                "PORT",
                ">QUEUE",
                ">WORKER",
                ">ARP REPLIES",
                ">ND REPLIES",
                ">TOO BIG",
                ">MSS CLAMPED",
                ">FRAGMENTED",
                ">OUTER FRAGMENTED",
                ">CREATED",
                ">MERGED",
                ">TO DHCP");
        for (StatsView.QueueView queue : stats.queues()) {
            TrafficView traffic = queue.traffic();
            services.row(
                    queue.port(),
                    queue.queue(),
                    queue.worker(),
                    traffic.arpReplies(),
                    traffic.ndReplies(),
                    traffic.tooBigAnswered(),
                    traffic.mssClamped(),
                    traffic.fragmented(),
                    traffic.outerFragmented(),
                    traffic.createdFrames(),
                    traffic.mergedFrames(),
                    traffic.handedOverFrames());
        }
        Table workers = new Table(
                "WORKER",
                ">BUSY",
                ">FRAMES",
                ">CACHE HITS",
                ">FLOW HITS",
                ">MISSES",
                ">FLOWS",
                ">EVICTED",
                ">FREE FRAMES",
                ">LOOP P50",
                ">P99",
                ">MAX");
        for (StatsView.WorkerView worker : stats.workers()) {
            double total = worker.busyNs() + (double) worker.idleNs();
            workers.row(
                    worker.worker(),
                    Units.percent(total == 0 ? 0 : worker.busyNs() / total),
                    worker.frames(),
                    worker.exactHits(),
                    worker.megaflowHits(),
                    worker.misses(),
                    worker.flows(),
                    worker.flowEvictions(),
                    worker.poolFree() + "/" + worker.poolSize(),
                    worker.loopP50Ns() == 0 ? "" : Units.nanos(worker.loopP50Ns()),
                    worker.loopP99Ns() == 0 ? "" : Units.nanos(worker.loopP99Ns()),
                    worker.loopMaxNs() == 0 ? "" : Units.nanos(worker.loopMaxNs()));
        }
        return queues + "\n" + services + "\n" + workers + dhcp(stats.dhcp());
    }

    /** What DHCP servers counted, without what never happened; nothing at all for a switch without any. */
    private static String dhcp(List<StatsView.DhcpView> events) {
        Table table = new Table("NETWORK", "DHCP EVENT", ">COUNT", "MEANING");
        for (StatsView.DhcpView event : events) {
            if (event.count() > 0) {
                table.row(event.network(), event.event(), event.count(), event.meaning());
            }
        }
        return events.isEmpty() ? "" : "\n" + table;
    }

    /** A trace: the steps, then the outcome. */
    public static String trace(TraceView trace) {
        StringBuilder text = new StringBuilder();
        text.append("frame     ")
                .append(trace.frame())
                .append(" from ")
                .append(trace.port())
                .append('\n');
        int number = 1;
        for (String step : trace.steps()) {
            text.append(String.format(Locale.ROOT, "%4d. %s%n", number, step));
            number++;
        }
        text.append("megaflow  ").append(trace.megaflow()).append('\n');
        text.append("actions   ").append(trace.actions()).append('\n');
        text.append("verdict   ").append(trace.verdict()).append('\n');
        return text.toString();
    }

    /** What a command changed, a line each. */
    public static String changes(ChangeView change) {
        return change.changes().isEmpty() ? "nothing to change\n" : String.join("\n", change.changes()) + "\n";
    }
}
