package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host whose stock {@code ovsdb-server} and {@code ovs-vsctl} have jvswitch as their daemon, all in a namespace of
 * its own.
 */
final class DropIn implements AutoCloseable {
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");

    private final Netns netns;
    private final Path directory;
    private final RunningProgram server;
    private @Nullable RunningProgram daemon;

    private DropIn(Netns netns, Path directory) {
        this.netns = netns;
        this.directory = directory;
        String database = directory.resolve("conf.db").toString();
        Programs.run("ovsdb-tool", "create", database, SCHEMA.toString());
        server = netns.start(
                "ovsdb-server",
                database,
                "--remote=punix:" + socket(),
                "--unixctl=" + directory.resolve("ovsdb-server.ctl"),
                "-vconsole:warn");
        Await.until("ovsdb-server to listen", Hypervisor.LIMIT, server::output, () -> Files.exists(socket()));
        vsctl("--no-wait", "init");
    }

    /** Makes the host and its database; no daemon runs yet. */
    static DropIn create(String role) {
        Peers.requireRoot();
        Peers.require("ovsdb-server", "ovsdb-tool", "ovs-vsctl", "ovs-appctl");
        try {
            return new DropIn(Netns.create(role), Files.createTempDirectory("jvs-" + role + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path socket() {
        return directory.resolve("db.sock");
    }

    private Path unixctl() {
        return directory.resolve("vswitchd.ctl");
    }

    Netns netns() {
        return netns;
    }

    /** Starts jvswitch's daemon, which need not be ready yet. */
    void start() {
        List<String> words = Hypervisor.jvm(
                List.of("-XX:+UseSerialGC", "-Xmx256m"),
                List.of("ovs-vswitchd", "unix:" + socket(), "--unixctl=" + unixctl()));
        daemon = netns.start(words.toArray(String[]::new));
    }

    /** Starts Open vSwitch's own daemon on the same database. */
    RunningProgram startStock() {
        Peers.require("ovs-vswitchd");
        return netns.start(
                "env",
                "OVS_RUNDIR=" + directory,
                "ovs-vswitchd",
                "unix:" + socket(),
                "--unixctl=" + directory.resolve("stock.ctl"),
                "-vconsole:warn");
    }

    /** Ends it as Open vSwitch's scripts do. */
    void exit(String... words) {
        List<String> all = new ArrayList<>(List.of("exit"));
        all.addAll(List.of(words));
        appctl(all.toArray(String[]::new));
        Await.until(
                "the daemon to end",
                Hypervisor.LIMIT,
                this::log,
                () -> daemon == null || !daemon.process().isAlive());
    }

    String log() {
        return daemon == null ? "" : daemon.output();
    }

    /** Asks the daemon. */
    String appctl(String... words) {
        Await.until("the daemon's socket", Hypervisor.LIMIT, this::log, () -> Files.exists(unixctl()));
        List<String> command =
                new ArrayList<>(List.of("ovs-appctl", "-t", unixctl().toString()));
        command.addAll(List.of(words));
        return Programs.run(command.toArray(String[]::new));
    }

    /** Configures, and waits until the daemon has done it. */
    String vsctl(String... words) {
        List<String> command = new ArrayList<>(
                List.of("env", "OVS_LOGDIR=" + directory, "ovs-vsctl", "--db=unix:" + socket(), "--timeout=60"));
        command.addAll(Arrays.asList(words));
        Programs.Outcome outcome = Programs.tryRun(command.toArray(String[]::new));
        if (outcome.status() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + outcome.output() + "\n" + log());
        }
        return outcome.output().strip();
    }

    /** A column of an interface. */
    String of(String device, String column) {
        return vsctl("get", "interface", device, column).replace("\"", "");
    }

    /** A guest on a veth, whose end here has that name. */
    Guest plug(String device, String address) {
        Guest guest = Guest.create(device, "eth0");
        guest.silence();
        netns.connect(device, guest.netns(), "eth0");
        guest.bringUp(address);
        return guest;
    }

    @Override
    public void close() {
        if (daemon != null) {
            daemon.close();
        }
        server.close();
        netns.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
