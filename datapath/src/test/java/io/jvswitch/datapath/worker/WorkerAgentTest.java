package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FramePool;
import io.netty.channel.epoll.Epoll;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.AgentRunner;
import org.junit.jupiter.api.Test;

/** A worker on its thread, without frames: it brings its flows up to date at once, and then costs nothing. */
final class WorkerAgentTest {

    private static final int FLOWS = 50_000;
    private static final long QUIET_MS = 2_000;

    @Test
    void anIdleWorkerCatchesUpAtOnceAndThenWaits() throws InterruptedException {
        Epoll.ensureAvailability();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        NettyReactor reactor = new NettyReactor(NettyReactor.Kind.EPOLL);
        WorkerSettings settings =
                new WorkerSettings(64, FramePool.JUMBO_BUFFER_BYTES, FLOWS, 1_024, TimeUnit.SECONDS.toNanos(60));
        Worker worker = new Worker(0, settings, new ConductorInbox(64), reactor);
        fill(worker);
        WorkerAgent agent = new WorkerAgent(worker, reactor, 50_000);
        AtomicReference<Throwable> defect = new AtomicReference<>();
        AgentRunner runner = new AgentRunner(agent, defect::set, null, agent);
        Thread thread = AgentRunner.startOnThread(runner);
        worker.proxy().publish(new Snapshot(7, List.of(), List.of()));
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (stale(worker) > 0 && System.nanoTime() < deadlineNs) {
            Thread.sleep(20);
        }
        assertEquals(0, stale(worker), "64 flows every 100 ms would take more than a minute");
        Thread.sleep(100);
        long beforeNs = threads.getThreadCpuTime(thread.threadId());
        Thread.sleep(QUIET_MS);
        double percent = (threads.getThreadCpuTime(thread.threadId()) - beforeNs) / (QUIET_MS * 1e4);
        assertTrue(percent < 1, "an idle worker took " + percent + " % of a CPU");
        assertEquals(FLOWS, worker.flows().size());
        runner.close();
        assertNull(defect.get());
    }

    private static void fill(Worker worker) {
        FlowKey key = new FlowKey();
        FlowMask mask = new FlowMask()
                .exact(FlowField.RECIRC_ID)
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_SRC);
        Verdict verdict = Verdict.of(new Action[0], DropReason.NO_NETWORK);
        for (int i = 0; i < FLOWS; i++) {
            key.set(FlowField.IN_PORT, 1);
            key.set(FlowField.ETH_SRC, i);
            worker.flows().insert(key, mask, verdict, Verdict.epoch(1, 0), System.nanoTime());
        }
    }

    private static int stale(Worker worker) {
        int[] stale = {0};
        worker.flows().forEach(flow -> stale[0] += flow.version() == Verdict.epoch(7, 0) ? 0 : 1);
        return stale[0];
    }
}
