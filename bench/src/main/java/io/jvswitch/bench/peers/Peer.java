package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A switch to be measured, at its site. For one thread. */
abstract sealed class Peer permits JvswitchPeer, OpenVswitchPeer, BridgePeer, PumpPeer {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int STOP_SECONDS = 10;

    private final PeerKind kind;
    private final Lab lab;
    private final Site site;
    private final List<Lab.Started> daemons = new ArrayList<>();

    Peer(PeerKind kind, Lab lab, Layout layout) {
        this.kind = kind;
        this.lab = lab;
        site = new Site(lab, kind.label(), layout);
    }

    final PeerKind kind() {
        return kind;
    }

    final Lab lab() {
        return lab;
    }

    final Site site() {
        return site;
    }

    final Layout layout() {
        return site.layout();
    }

    /** Makes the site and writes configuration; nothing runs afterwards. */
    abstract void prepare();

    /** Starts the switch and returns once the guests' devices are there. */
    abstract void start();

    /** Ends the switch, so that it can be started again. */
    void stop() {
        daemons.forEach(daemon -> daemon.process().destroy());
        for (Lab.Started daemon : daemons) {
            try {
                if (!daemon.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    daemon.process().destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailedException("interrupted", e);
            }
        }
        daemons.clear();
    }

    /** The switch's processes; none for one that is in the kernel. */
    final List<Long> pids() {
        return daemons.stream().map(daemon -> daemon.process().pid()).toList();
    }

    /** What its daemons tell about themselves; null where they do not. */
    @Nullable
    DaemonReading reading() {
        return null;
    }

    /** Starts a process of the switch at a host. */
    final void launch(String netns, List<String> command, String log) {
        Path file = lab.directory().resolve(kind.label() + "-" + log + ".log");
        daemons.add(lab.start(Lab.inside(netns, command), file));
    }

    /** Waits for a device that a daemon makes. */
    final void awaitDevice(String netns, String device) {
        await(device + " in " + netns, () -> lab.succeeds("ip", "-n", netns, "link", "show", "dev", device));
    }

    /** Waits for what a daemon brings about; its end is a failure. */
    final void await(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            for (Lab.Started daemon : daemons) {
                if (!daemon.process().isAlive()) {
                    throw new StepFailedException(kind.label() + " ended with status "
                            + daemon.process().exitValue() + "; it said: "
                            + daemon.output().strip());
                }
            }
            if (System.nanoTime() - startNs > LIMIT_NS) {
                throw new StepFailedException(kind.label() + ": waited 60 s for " + what);
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailedException("interrupted", e);
            }
        }
    }
}
