package io.jvswitch.vswitchd.conductor.port;

import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.wire.DropReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of each port's frames: the workers' counters since the port has its number, what the conductor dropped,
 * and what the kernel dropped before a worker could. The conductor's.
 */
public final class PortTally {

    private final Workers workers;
    private final Map<Integer, Lost> lost = new HashMap<>();
    /** What each worker's counters said when the number became another port's. */
    private final Map<Integer, List<Zero>> zeros = new HashMap<>();

    /** What no worker counts. */
    private static final class Lost {
        final Map<DropReason, Long> frames = new EnumMap<>(DropReason.class);

        long sum;
        /** Those of them that no worker ever saw. */
        long unseen;

        void add(DropReason reason, long count) {
            frames.merge(reason, count, Long::sum);
            sum += count;
        }
    }

    private record Zero(TrafficView traffic, Map<DropReason, Long> drops) {}

    public PortTally(Workers workers) {
        this.workers = workers;
    }

    /** The conductor drops a frame that a worker handed over to it. */
    public void dropped(int port, DropReason reason) {
        lost.computeIfAbsent(port, any -> new Lost()).add(reason, 1);
    }

    /**
     * The kernel dropped that many frames of the port before a worker saw them: they count as received, and dropped.
     */
    public void lostInKernel(int port, DropReason reason, long frames) {
        if (frames > 0) {
            Lost ofPort = lost.computeIfAbsent(port, any -> new Lost());
            ofPort.add(reason, frames);
            ofPort.unseen += frames;
        }
    }

    /** The number is another port's from now on: what was counted so far is not its. */
    public void restart(int port) {
        lost.remove(port);
        zeros.put(port, workers.all().stream().map(worker -> zero(worker, port)).toList());
    }

    private static Zero zero(WorkerProxy worker, int port) {
        PortCounters counters = worker.counters().get(port);
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        if (counters != null) {
            for (DropReason reason : DropReason.values()) {
                if (counters.dropped(reason) > 0) {
                    drops.put(reason, counters.dropped(reason));
                }
            }
        }
        return new Zero(read(counters), drops);
    }

    private static TrafficView read(@Nullable PortCounters counters) {
        return counters == null
                ? TrafficView.NONE
                : new TrafficView(
                        counters.get(PortCounters.Kind.RX_FRAMES),
                        counters.get(PortCounters.Kind.RX_BYTES),
                        counters.get(PortCounters.Kind.TX_FRAMES),
                        counters.get(PortCounters.Kind.TX_BYTES),
                        counters.dropped(),
                        counters.get(PortCounters.Kind.ARP_REPLIES),
                        counters.get(PortCounters.Kind.ND_REPLIES),
                        counters.get(PortCounters.Kind.TOO_BIG_ANSWERED),
                        counters.get(PortCounters.Kind.MSS_CLAMPED),
                        counters.get(PortCounters.Kind.FRAGMENTED),
                        counters.get(PortCounters.Kind.OUTER_FRAGMENTED),
                        counters.get(PortCounters.Kind.CREATED),
                        counters.get(PortCounters.Kind.MERGED),
                        counters.get(PortCounters.Kind.HANDED_OVER));
    }

    /** What crossed the port, over all workers. */
    public TrafficView traffic(int port) {
        TrafficView sum = TrafficView.NONE;
        for (WorkerProxy worker : workers.all()) {
            sum = sum.plus(traffic(worker, port));
        }
        return sum;
    }

    /**
     * What crossed a worker's queue of the port. What no worker counts stands with the first one's, so that the rows
     * add up.
     */
    public TrafficView traffic(WorkerProxy worker, int port) {
        TrafficView now = read(worker.counters().get(port));
        List<Zero> ofPort = zeros.get(port);
        TrafficView counted =
                ofPort == null ? now : now.minus(ofPort.get(worker.number()).traffic());
        Lost uncounted = worker.number() == 0 ? lost.get(port) : null;
        return uncounted == null ? counted : counted.plus(TrafficView.of(uncounted.unseen, 0, 0, 0, uncounted.sum));
    }

    /** Frames of the port that were dropped for a reason. */
    public long drops(int port, DropReason reason) {
        long frames = 0;
        for (WorkerProxy worker : workers.all()) {
            PortCounters counters = worker.counters().get(port);
            frames += counters == null ? 0 : counters.dropped(reason);
        }
        for (Zero zero : zeros.getOrDefault(port, List.of())) {
            frames -= zero.drops().getOrDefault(reason, 0L);
        }
        Lost ofPort = lost.get(port);
        return ofPort == null ? frames : frames + ofPort.frames.getOrDefault(reason, 0L);
    }
}
