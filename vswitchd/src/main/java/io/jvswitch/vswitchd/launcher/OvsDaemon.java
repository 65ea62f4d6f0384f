package io.jvswitch.vswitchd.launcher;

import io.jvswitch.ovsdb.stream.Dialer;
import io.jvswitch.ovsdb.stream.StreamLoop;
import io.jvswitch.ovsdb.stream.TlsClient;
import io.jvswitch.ovsdb.unixctl.Commands;
import io.jvswitch.ovsdb.unixctl.UnixctlServer;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.cli.Signals;
import io.jvswitch.vswitchd.config.ovsdb.DatabaseSwitch;
import io.jvswitch.vswitchd.control.http.ControlServer;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.TuningSpec;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.view.ChangeView;
import io.jvswitch.vswitchd.vlog.Vlog;
import io.jvswitch.vswitchd.vlog.VlogCommands;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The daemon in place of Open vSwitch's: a database says what the switch is, ovs-appctl asks. */
final class OvsDaemon {

    private static final String VERSION = "ovs-vswitchd (Open vSwitch) 3.1.0";

    /** Those that end Open vSwitch's daemons, by their numbers on Linux: signal(7). */
    private static final Map<String, Integer> ENDING = Map.of("HUP", 1, "INT", 2, "ALRM", 14, "TERM", 15);

    private OvsDaemon() {}

    /**
     * Runs until it is told to end. Devices of bridges stay, as Open vSwitch's do.
     *
     * @param vlog what {@code vlog/set} changes
     * @param ready told when the switch is for the first time what the database says, and the database knows
     * @return the number of the signal that ended it, 0 when a command did
     * @throws IllegalArgumentException when it cannot run: what is in the way, and what to do
     */
    static int run(OvsDaemonOptions options, Vlog vlog, Runnable ready) throws InterruptedException {
        Ending ending = new Ending();
        ENDING.forEach((name, number) -> Signals.on(name, () -> ending.byNow(number)));
        SwitchSpec spec = new SwitchSpec(
                "ovs-vswitchd",
                1,
                options.runDirectory().resolve("jvswitch.sock"),
                options.runDirectory(),
                TuningSpec.DEFAULT,
                null,
                Map.of(),
                Map.of());
        TlsClient tls = options.tls() == null ? null : new TlsClient(options.tls());
        try (ControlServer control = ControlServer.open(spec.controlSocket());
                StreamLoop loop = new StreamLoop("ovs-streams")) {
            Daemon daemon = installed().start(spec, options.runDirectory());
            control.serve(daemon.control(), OvsDaemon::refuseReload);
            ending.of(daemon);
            try {
                serve(options, vlog, ready, daemon, loop, new Dialer(loop, tls));
            } catch (IOException e) {
                daemon.stop();
                daemon.awaitStop();
                throw new IllegalArgumentException("socket " + options.unixctl() + ": " + e.getMessage(), e);
            }
            return ending.signal;
        } catch (ControlRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static CompletableFuture<ChangeView> refuseReload() {
        return CompletableFuture.failedFuture(new ControlRefusedException(
                ControlRefusedException.Kind.CONFLICT,
                "switch",
                null,
                "has no configuration file: it is what the database says",
                "change it by ovs-vsctl"));
    }

    private static Daemon.Factory installed() {
        return Daemon.Factory.installed()
                .orElseThrow(() -> new IllegalArgumentException(Daemon.Factory.NONE_INSTALLED));
    }

    private static void serve(
            OvsDaemonOptions options, Vlog vlog, Runnable ready, Daemon daemon, StreamLoop loop, Dialer dialer)
            throws IOException, InterruptedException {
        Commands commands = new Commands(VERSION);
        VlogCommands.register(vlog, commands);
        // The socket first: it answers also while there is no database.
        try (UnixctlServer _ = UnixctlServer.open(
                        options.unixctl(),
                        loop,
                        commands,
                        () -> DaemonClock.SYSTEM.now().ns());
                DatabaseSwitch kept =
                        DatabaseSwitch.start(options.database(), dialer, daemon.bridges(), DaemonClock.SYSTEM, ready)) {
            commands.register("exit", "[--cleanup]", 0, 1, OvsDaemon::aside, (words, reply) -> {
                if (words.equals(List.of("--cleanup"))) {
                    kept.end();
                    daemon.bridges().become(List.of()).join();
                }
                reply.done("");
                daemon.stop();
            });
            daemon.awaitStop();
        }
    }

    /** What waits for other threads must not hold up the one that answers. */
    private static void aside(Runnable work) {
        new Thread(work, "exit").start();
    }

    /** A signal may come before there is a switch to stop. */
    private static final class Ending {
        private @Nullable Daemon daemon;
        private volatile int signal;

        synchronized void byNow(int number) {
            signal = number;
            if (daemon != null) {
                daemon.stop();
            }
        }

        synchronized void of(Daemon started) {
            daemon = started;
            if (signal != 0) {
                started.stop();
            }
        }
    }
}
