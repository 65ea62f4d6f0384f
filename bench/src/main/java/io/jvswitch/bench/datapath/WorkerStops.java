package io.jvswitch.bench.datapath;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.datapath.worker.Worker;
import io.jvswitch.datapath.worker.WorkerSettings;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * A worker whose every duty cycle is measured while it revalidates: a network of many ports, megaflows that the bridge
 * translator made, one in seven a flood to all ports, a new snapshot for every round that changes what a hundredth of
 * the flows do, and a burst of 64 frames in each cycle.
 *
 * <p>Two times are taken of each cycle. Wall time is what a frame waits. The thread's own CPU time leaves out what the
 * worker cannot help: that another process had its CPU, and the garbage collector's pauses.
 */
final class WorkerStops implements AutoCloseable {

    private static final int FIRST_TYPE = 0x9000;
    /** Destinations for each source beyond the ports: nobody is there, so that they are flooded. */
    private static final int NOWHERE = 44;

    private static final long LONGEST_NS = 10_000_000_000L;

    private final int portCount;
    private final int flows;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Worker worker;
    private final Fdb fdb = new Fdb(8_192);
    private final List<NetworkPort> ports = new ArrayList<>();
    private final List<NetworkPort> withoutLast;
    private final List<LoopPort> queues = new ArrayList<>();
    private final Network network;
    private final Histogram wall = new Histogram(LONGEST_NS, 3);
    private final Histogram own = new Histogram(LONGEST_NS, 3);
    private long version;

    /** Wires the ports and makes the flows. */
    WorkerStops(int portCount, int flows) {
        this.portCount = portCount;
        this.flows = flows;
        WorkerSettings settings = WorkerSettings.of(2_048, 2 * flows, LONGEST_NS * 1_000);
        worker = new Worker(0, settings, new ConductorInbox(64), System::nanoTime);
        List<Integer> numbers = new ArrayList<>();
        for (int port = 1; port <= portCount; port++) {
            numbers.add(port);
            ports.add(new NetworkPort(port, "tap" + port, 0, 1_500, true));
            fdb.learn(mac(port - 1), 0, port, 0);
            queues.add(new LoopPort(FrameBatch.BURST_FRAMES, null, 0, frame -> {}, frames(port - 1)));
            worker.proxy().addPort(port, queues.get(port - 1));
        }
        withoutLast = new ArrayList<>(ports);
        withoutLast.set(portCount - 1, new NetworkPort(portCount, "tap" + portCount, 0, 1_500, false));
        network = new Network(
                0,
                "blue",
                null,
                0,
                false,
                numbers,
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
                fdb,
                StationTable.of(),
                NetworkOptions.SERVED);
        publish();
        makeFlows();
    }

    private static long mac(int station) {
        return 0x0200_0000_0000L + station;
    }

    /** The first frames of all flows from a port, those to known stations first. */
    private byte[][] frames(int source) {
        byte[][] frames = new byte[flows / portCount + 1][];
        int stations = portCount + NOWHERE;
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frames.ethernet(MacAddress.toString(mac(source)), MacAddress.toString(mac(i % stations)))
                    .etherType(FIRST_TYPE + i / stations)
                    .payload(46)
                    .bytes();
        }
        return frames;
    }

    private void publish() {
        version++;
        worker.proxy()
                .publish(new NormalBridge(0, "bench", version % 2 == 0 ? withoutLast : ports, List.of(network))
                        .snapshot(version));
    }

    /** One frame of each flow; afterwards only the first port receives, and only for its first flows. */
    private void makeFlows() {
        for (LoopPort queue : queues) {
            queue.limit(flows / portCount + 1);
        }
        while (worker.doWork(System.nanoTime()) > 0 || worker.isBehind()) {
            Thread.onSpinWait();
        }
        if (worker.flows().size() < flows) {
            throw new IllegalStateException("the worker has " + worker.flows().size() + " flows, not " + flows);
        }
        queues.getFirst().repeat(FrameBatch.BURST_FRAMES);
    }

    /** Flows in its table. */
    int size() {
        return worker.flows().size();
    }

    /**
     * Runs cycles, with a burst of frames each, and measures them.
     *
     * @return rounds of revalidation completed
     */
    int run(long lengthNs) {
        wall.reset();
        own.reset();
        queues.getFirst().limit(Integer.MAX_VALUE);
        int rounds = 0;
        boolean begun = false;
        publish();
        long endNs = System.nanoTime() + lengthNs;
        long nowNs;
        do {
            boolean behind = worker.isBehind();
            if (begun && !behind) {
                publish();
                rounds++;
            }
            begun = behind; // a round begins with the slice after the snapshot
            long cpuNs = threads.getCurrentThreadCpuTime();
            nowNs = System.nanoTime();
            worker.doWork(nowNs);
            long tookNs = System.nanoTime() - nowNs;
            cpuNs = threads.getCurrentThreadCpuTime() - cpuNs;
            wall.recordValue(Math.clamp(tookNs, 1, LONGEST_NS));
            own.recordValue(Math.clamp(cpuNs, 1, LONGEST_NS));
        } while (nowNs < endNs);
        return rounds;
    }

    /** How long a worker without frames takes to revalidate all flows. */
    long idleRoundNs() {
        queues.getFirst().limit(0);
        while (worker.isBehind()) {
            worker.doWork(System.nanoTime());
        }
        publish();
        long beganNs = System.nanoTime();
        do {
            worker.doWork(System.nanoTime());
        } while (worker.isBehind() || System.nanoTime() - beganNs < 2_000_000);
        return System.nanoTime() - beganNs;
    }

    /** Every cycle's wall time in the last {@link #run}. */
    Histogram wall() {
        return wall;
    }

    /** Every cycle's CPU time in the last {@link #run}, with that of asking for it. */
    Histogram own() {
        return own;
    }

    @Override
    public void close() {
        worker.close();
    }
}
