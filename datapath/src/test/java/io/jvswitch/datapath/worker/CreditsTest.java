package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.RuleBridge;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.RuleVersions;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What rules count, over two workers whose flow tables are far too small, while rules come and go: nothing is counted
 * twice, and nothing is lost.
 */
final class CreditsTest {

    private static final int WORKERS = 2;
    private static final int PORTS = 12;
    private static final int STATIONS = 200;
    private static final int ROUNDS = 300;
    private static final long IDLE_NS = 4_000_000_000L;

    private final RandomGenerator random = Seed.random(CreditsTest.class);
    private final RuleVersions versions = new RuleVersions();
    private final RuleBridge bridge = new RuleBridge(0, 2, WORKERS, versions);
    private final List<Worker> workers = new ArrayList<>();
    private final List<MemoryQueue> inputs = new ArrayList<>();
    private final List<MemoryQueue> outputs = new ArrayList<>();
    /** Every rule of table 0 that there ever was. */
    private final List<RuleBridge.Entry> entries = new ArrayList<>();

    private final Map<Integer, RuleBridge.Entry> current = new HashMap<>();
    private long nowNs = 1_000_000_000;
    private long frames;
    private long bytes;

    @Test
    void addsUpExactly() {
        List<Port> ports = new ArrayList<>();
        for (int port = 1; port <= PORTS; port++) {
            ports.add(new Port.Device(port, "p" + port, 0, 1_500, true));
        }
        entries.add(bridge.add(0, 0, step -> bridge.resubmit(step, 1)));
        RuleBridge.Entry flood = bridge.add(1, 0, CreditsTest::flood);
        bridge.publish();
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = new Worker(
                    i, new WorkerSettings(512, FramePool.JUMBO_BUFFER_BYTES, 16, 16, IDLE_NS), new ConductorInbox(16));
            workers.add(worker);
            for (int port = 1; port <= PORTS; port++) {
                MemoryQueue queue = new MemoryQueue();
                (port == 1 ? inputs : outputs).add(queue);
                worker.proxy().addPort(port, queue);
            }
            worker.proxy().publish(new Snapshot(1, ports, List.of(bridge), versions));
        }
        for (int round = 0; round < ROUNDS; round++) {
            change();
            offer();
            cycle(1 + random.nextInt(3));
            nowNs += random.nextInt(20) == 0 ? 2_000_000_000L : random.nextInt(2_000_000);
        }
        for (int i = 0; i < 20; i++) {
            nowNs += 1_000_000_000;
            cycle(200);
        }
        workers.forEach(worker -> assertEquals(0, worker.flows().size(), "all have aged"));
        assertTrue(workers.stream().anyMatch(worker -> worker.flows().evictions() > 0));
        assertEquals(frames, sum(Credit::frames));
        assertEquals(bytes, sum(Credit::bytes));
        assertEquals(0, bridge.misses(0).frames());
        long sent = 0;
        for (Worker worker : workers) {
            for (int port = 1; port <= PORTS; port++) {
                PortCounters counters = worker.counters().get(port);
                sent += counters == null ? 0 : counters.get(PortCounters.Kind.TX_FRAMES);
            }
        }
        assertTrue(sent > 0 && flood.credit().frames() > 0);
        workers.forEach(Worker::close);
    }

    private long sum(ToLongFunction<Credit> figure) {
        return entries.stream().map(RuleBridge.Entry::credit).mapToLong(figure).sum();
    }

    private static void flood(Translation step) {
        for (int port = 2; port <= PORTS; port++) {
            step.output(port);
        }
    }

    /** A rule for one station comes, goes, or becomes another. */
    private void change() {
        if (random.nextInt(4) != 0) {
            return;
        }
        int station = random.nextInt(STATIONS / 4);
        if (current.containsKey(station) && random.nextBoolean()) {
            current.remove(station);
            bridge.remove(0, 5, FlowField.ETH_SRC, mac(station));
        } else {
            int to = 2 + random.nextInt(PORTS - 1);
            Consumer<Translation> action =
                    random.nextInt(3) == 0 ? step -> bridge.resubmit(step, 1) : step -> step.output(to);
            RuleBridge.Entry entry = bridge.add(0, 5, action, FlowField.ETH_SRC, mac(station));
            current.put(station, entry);
            entries.add(entry);
        }
        bridge.publish();
        bridge.table(0).purge(adopted(), 100);
    }

    private long adopted() {
        return workers.stream()
                .mapToLong(worker -> worker.proxy().adoptedRulesAcquire())
                .min()
                .orElseThrow();
    }

    private static long mac(int station) {
        return 0x0200_0000_0000L | station;
    }

    private void offer() {
        for (MemoryQueue input : inputs) {
            for (int i = random.nextInt(40); i > 0; i--) {
                int station = random.nextInt(3) == 0 ? random.nextInt(STATIONS) : random.nextInt(4);
                String source = String.format("02:00:00:00:00:%02x", station);
                byte[] frame = Frames.arpRequest(source, "10.0.0.1", "10.0.0.2").bytes();
                frames++;
                bytes += frame.length;
                input.offer(frame);
            }
        }
    }

    private void cycle(int times) {
        for (int i = 0; i < times; i++) {
            nowNs += 1_000_000;
            for (Worker worker : workers) {
                worker.doWork(nowNs);
            }
        }
        outputs.forEach(MemoryQueue::drain);
    }
}
