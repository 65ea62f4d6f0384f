package io.jvswitch.vswitchd.cli;

import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.stream.Dialer;
import io.jvswitch.ovsdb.stream.StreamLoop;
import io.jvswitch.ovsdb.unixctl.Commands;
import io.jvswitch.ovsdb.unixctl.UnixctlServer;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.config.ovsdb.DatabaseSwitch;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.TuningSpec;
import io.jvswitch.vswitchd.time.DaemonClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ovs-vswitchd}: the daemon in place of Open vSwitch's, in the foreground. */
@Command(
        name = "ovs-vswitchd",
        description = {
            "Run the switch in the foreground, in place of Open vSwitch's daemon: an ovsdb-server says what it shall "
                    + "be, and ovs-vsctl configures it.",
            "SIGTERM and SIGINT stop it; devices of bridges stay, as Open vSwitch's do."
        })
final class OvsVswitchdCommand implements Callable<Integer> {

    private static final String VERSION = "ovs-vswitchd (Open vSwitch) 3.1.0";
    private static final String DEFAULT_RUN_DIRECTORY = "/var/run/openvswitch";

    private final Supplier<Daemon.Factory> factory;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DATABASE",
            description = "Where the database is: unix:FILE, tcp:HOST:PORT. Default: unix:$OVS_RUNDIR/db.sock.")
    private @Nullable String database;

    @Option(
            names = "--unixctl",
            paramLabel = "SOCKET",
            description = "Socket for ovs-appctl. Default: $OVS_RUNDIR/ovs-vswitchd.PID.ctl.")
    private @Nullable Path unixctl;

    OvsVswitchdCommand(Supplier<Daemon.Factory> factory) {
        this.factory = factory;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path run = Path.of(System.getenv().getOrDefault("OVS_RUNDIR", DEFAULT_RUN_DIRECTORY));
        ConnectionMethod server;
        try {
            server = ConnectionMethod.parse(database == null ? "unix:" + run.resolve("db.sock") : database, run);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ofUsage(String.valueOf(e.getMessage()));
        }
        DaemonSignals signals = DaemonSignals.take();
        Path socket = unixctl != null
                ? run.resolve(unixctl)
                : run.resolve("ovs-vswitchd." + ProcessHandle.current().pid() + ".ctl");
        SwitchSpec spec = new SwitchSpec(
                "ovs-vswitchd", 1, run.resolve("jvswitch.sock"), run, TuningSpec.DEFAULT, null, Map.of(), Map.of());
        try (StreamLoop loop = new StreamLoop("ovs-streams")) {
            Daemon daemon = factory.get().start(spec, run);
            Commands commands = new Commands(VERSION);
            signals.serve(spec.name(), daemon::stop, () -> {});
            try (DatabaseSwitch kept =
                    DatabaseSwitch.start(server, new Dialer(loop, null), daemon.bridges(), DaemonClock.SYSTEM)) {
                commands.register("exit", "[--cleanup]", 0, 1, OvsVswitchdCommand::aside, (words, reply) -> {
                    if (words.equals(List.of("--cleanup"))) {
                        kept.end();
                        daemon.bridges().become(List.of()).join();
                    }
                    reply.done("");
                    daemon.stop();
                });
                try (UnixctlServer _ = UnixctlServer.open(
                        socket, loop, commands, () -> DaemonClock.SYSTEM.now().ns())) {
                    daemon.awaitStop();
                }
            } catch (IOException e) {
                daemon.stop();
                daemon.awaitStop();
                throw new CommandFailure("socket " + socket + ": " + e.getMessage());
            }
            return Console.DONE;
        } catch (ControlRefusedException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** What waits for other threads must not hold up the one that answers. */
    private static void aside(Runnable work) {
        new Thread(work, "exit").start();
    }
}
