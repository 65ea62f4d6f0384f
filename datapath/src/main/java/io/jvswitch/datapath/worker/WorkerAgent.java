package io.jvswitch.datapath.worker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/**
 * A worker on a thread of its own, as Agrona's runner drives it: {@link #doWork} while there is work, and as its idle
 * strategy first a short time of polling, then a wait in the reactor, so that a quiet switch costs nothing.
 */
public final class WorkerAgent implements Agent, IdleStrategy {

    /** Between busy cycles, other descriptors are asked for at least so often. */
    private static final long POLL_PERIOD_NS = TimeUnit.MICROSECONDS.toNanos(20);
    /** The longest wait: idle flows are aged at least so often. */
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The clock of workers that run in real time. */
    static final LongSupplier CLOCK = System::nanoTime;

    private final Worker worker;
    private final NettyReactor reactor;
    private final long spinNs;
    private final CycleTimes times;
    private long cycleBeganNs = System.nanoTime();
    private long lastBusyNs;
    private long lastPollNs;

    /**
     * @param spinNs how long it polls for more after the last work before it blocks
     */
    public WorkerAgent(Worker worker, NettyReactor reactor, long spinNs) {
        this.worker = worker;
        this.reactor = reactor;
        this.spinNs = spinNs;
        this.times = worker.times();
    }

    @Override
    public void onStart() {
        reactor.own();
        worker.own();
    }

    @Override
    public int doWork() {
        cycleBeganNs = System.nanoTime();
        boolean done = false;
        try {
            int work = worker.doWork(cycleBeganNs);
            done = true;
            return work;
        } finally {
            if (!done) {
                reactor.poll(); // the runner does not idle after an error, and other queues may be ready
            }
        }
    }

    @Override
    public String roleName() {
        return "worker-" + worker.number();
    }

    @Override
    public void idle(int workCount) {
        long nowNs = System.nanoTime();
        if (workCount > 0) {
            lastBusyNs = nowNs;
            times.busy(nowNs - cycleBeganNs);
            if (!worker.hasReadyPort() || nowNs - lastPollNs > POLL_PERIOD_NS) {
                lastPollNs = nowNs;
                reactor.poll();
            }
            return;
        }
        if (worker.isBehind()) {
            times.busy(nowNs - cycleBeganNs);
            reactor.poll();
            return;
        }
        if (nowNs - lastBusyNs < spinNs) {
            Thread.onSpinWait();
            reactor.poll();
        } else {
            reactor.await(MAX_WAIT_NS);
        }
        times.idle(System.nanoTime() - cycleBeganNs);
    }

    @Override
    public void idle() {
        idle(0);
    }

    @Override
    public void reset() {
        // the runner calls it before its first cycle only; nothing is kept between runs
    }

    @Override
    public void onClose() {
        worker.finish();
        reactor.close();
        worker.close();
    }
}
