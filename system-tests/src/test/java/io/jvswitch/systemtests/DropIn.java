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

    /** Starts jvswitch's daemon in the foreground; it need not be ready yet. */
    void start() {
        daemon = netns.start(
                launcher("unix:" + socket(), "--unixctl=" + unixctl()).toArray(String[]::new));
    }

    /** Starts it by a command line of its own, to its end or until it has detached. */
    Programs.Outcome launch(String... words) {
        List<String> command = launcher(words);
        return netns.tryRun(command.toArray(String[]::new));
    }

    /** The command line of the native program, which makes its JVM of the class path under test. */
    List<String> launcher(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "OVS_RUNDIR=" + directory,
                "OVS_LOGDIR=" + directory,
                "OVS_SYSLOG_METHOD=null",
                "JVSWITCH_JDK=" + System.getProperty("java.home"),
                "JVSWITCH_CLASS_PATH=" + System.getProperty("java.class.path"),
                "JVSWITCH_JVM_OPTIONS=--enable-native-access=ALL-UNNAMED"
                        + " --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"
                        + " --sun-misc-unsafe-memory-access=allow -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m",
                program().toString()));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** As the build left it; one architecture is there. */
    private static Path program() {
        Path built = Path.of(System.getProperty("jvswitch.home"), "vswitchd", "target", "launcher");
        try (Stream<Path> files = Files.walk(built)) {
            return files.filter(file -> file.endsWith("ovs-vswitchd"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no ovs-vswitchd under " + built + ": build vswitchd first"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the run directory, which is the log's as well. */
    Path file(String name) {
        return directory.resolve(name);
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

    /** Waits for the daemon to end; its exit status, 128 and a signal's number when one ended it. */
    int awaitEnd() {
        if (daemon == null) {
            throw new IllegalStateException("the daemon was not started");
        }
        return daemon.awaitEnd(Hypervisor.LIMIT);
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

    /** Asks by jvswitch's own commands. */
    Programs.Outcome jvswitch(String... words) {
        List<String> arguments =
                new ArrayList<>(List.of("--socket", file("jvswitch.sock").toString()));
        arguments.addAll(Arrays.asList(words));
        return Programs.tryRun(Hypervisor.jvm(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments)
                .toArray(String[]::new));
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
