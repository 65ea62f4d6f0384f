package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.datapath.worker.NettyReactor;
import io.jvswitch.datapath.worker.WorkerSettings;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.api.BridgeControl;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.conductor.view.SwitchViews;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.TuningSpec;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.vswitchd.text.Units;
import io.jvswitch.vswitchd.time.DaemonClock;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running switch: its workers, each on a thread of its own, and its conductor. */
public final class SwitchDaemon implements Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(SwitchDaemon.class);
    private static final int INBOX_EVENTS = 8_192;

    /** Found by {@link java.util.ServiceLoader}. */
    public static final class Factory implements Daemon.Factory {
        @Override
        public Daemon start(SwitchSpec spec, Path configFile) {
            return new SwitchDaemon(spec);
        }
    }

    private final Workers workers;
    private final Conductor conductor;
    private final Captures captures = new Captures();
    private final SwitchControl control;
    private final BridgeControl bridges;
    private final CountDownLatch stopRequested = new CountDownLatch(1);

    private SwitchDaemon(SwitchSpec spec) {
        DaemonClock clock = DaemonClock.SYSTEM;
        ConductorInbox inbox = new ConductorInbox(INBOX_EVENTS);
        NettyReactor.Kind kind = usable(spec.tuning().reactor());
        workers = Workers.of(
                spec.workers(),
                settings(spec.tuning()),
                inbox,
                kind,
                spec.tuning().spin().toNanos(),
                SwitchDaemon::defect);
        UnderlaySpec underlaySpec = spec.underlay();
        VtepTable vteps = new VtepTable(
                underlaySpec == null ? UnderlaySpec.VXLAN_UDP_PORT : underlaySpec.udpPort(), workers.count());
        Underlay underlay = new Underlay(underlaySpec, vteps, workers, inbox::wakeup);
        SwitchState state =
                new SwitchState(spec, workers, vteps, underlay, new LinkWatches(inbox::wakeup), inbox::wakeup);
        conductor = new Conductor(inbox, state, clock);
        SwitchViews views =
                new SwitchViews(state, Version.text(), word(kind), clock.now().ns());
        control = new ConductorControl(conductor, state, views, captures, this::stop);
        bridges = new ConductorBridges(conductor, state);
        workers.start();
        conductor.start();
        try {
            control.reload(spec).join();
        } catch (CompletionException e) {
            shutDown();
            throw e.getCause() instanceof ControlRefusedException refused ? refused : e;
        }
        LOG.info("switch {} runs: {} on {}", spec.name(), Units.plural(workers.count(), "worker"), word(kind));
    }

    private static String word(NettyReactor.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static NettyReactor.Kind usable(NettyReactor.Kind kind) {
        String because = kind.unavailableBecause();
        if (because != null) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.CONFLICT,
                    "switch.reactor",
                    word(kind),
                    "this host does not allow it: " + because,
                    "leave the key out, or allow it (sysctl kernel.io_uring_disabled, the container's seccomp "
                            + "profile)");
        }
        return kind;
    }

    private static WorkerSettings settings(TuningSpec tuning) {
        return WorkerSettings.of(
                tuning.poolFrames(), tuning.maxFlows(), tuning.flowIdle().toNanos());
    }

    private static void defect(Throwable error) {
        LOG.error("a defect in a worker; it goes on", error);
    }

    @Override
    public SwitchControl control() {
        return control;
    }

    @Override
    public BridgeControl bridges() {
        return bridges;
    }

    @Override
    public void stop() {
        stopRequested.countDown();
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopRequested.await();
        shutDown();
    }

    /** The conductor first: it takes every device back from workers that still run. */
    private void shutDown() {
        captures.end();
        conductor.stop();
        try {
            conductor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
    }
}
