package io.jvswitch.ovsdb.testing;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stock ovsdb-server with a database of Open vSwitch's schema, in a directory of its own. */
public final class StockServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");

    private final Path directory;
    private final List<String> options = new ArrayList<>();
    private @Nullable RunningProgram program;

    /** A new database; the server is not started. */
    public StockServer(Path directory) {
        Peers.require("ovsdb-server", "ovsdb-tool", "ovsdb-client", "ovs-vsctl", "ovs-appctl");
        this.directory = directory;
        Programs.run("ovsdb-tool", "create", database(), SCHEMA.toString());
    }

    /** A new database of a cluster of one; the server is not started. */
    public static StockServer cluster(Path directory) {
        StockServer server = new StockServer(directory);
        try {
            Files.delete(Path.of(server.database()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.run(
                "ovsdb-tool",
                "create-cluster",
                server.database(),
                SCHEMA.toString(),
                "unix:" + directory.resolve("raft.sock"));
        return server;
    }

    private String database() {
        return directory.resolve("conf.db").toString();
    }

    /** More for its command line, from the next start on. */
    public StockServer with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Starts it and waits until it answers. */
    public StockServer start() {
        List<String> command = new ArrayList<>(List.of(
                "ovsdb-server",
                "--no-chdir",
                "--unixctl=" + control(),
                "--remote=punix:" + socket(),
                "-vconsole:off",
                "-vfile:dbg",
                "--log-file=" + directory.resolve("server.log")));
        command.addAll(options);
        command.add(database());
        program = RunningProgram.start(command.toArray(String[]::new));
        RunningProgram started = program;
        Await.until("ovsdb-server to answer", LIMIT, started::output, () -> {
            if (!started.process().isAlive()) {
                throw new AssertionError("ovsdb-server ended: " + started.output());
            }
            return Programs.tryRun("ovsdb-client", "--timeout=5", "list-dbs", remote())
                    .output()
                    .contains("Open_vSwitch");
        });
        return this;
    }

    /** Its socket. */
    public Path socket() {
        return directory.resolve("db.sock");
    }

    /** Its control socket. */
    public Path control() {
        return directory.resolve("server.ctl");
    }

    /** As stock tools name it. */
    public String remote() {
        return "unix:" + socket();
    }

    /** Runs {@code ovs-vsctl --no-wait}. */
    public String vsctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--timeout=60", "--no-wait", "--db=" + remote()));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new));
    }

    /** Runs {@code ovsdb-client} on it. */
    public String client(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("ovsdb-client", "--timeout=60", command, remote()));
        line.addAll(List.of(arguments));
        return Programs.run(line.toArray(String[]::new));
    }

    /** Has it do something by {@code ovs-appctl}. */
    public String appctl(String... arguments) {
        List<String> line = new ArrayList<>(
                List.of("ovs-appctl", "-T", "60", "-t", control().toString()));
        line.addAll(List.of(arguments));
        return Programs.run(line.toArray(String[]::new));
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(directory.resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process; the database stays. */
    public void stop() {
        if (program != null) {
            program.close();
            program = null;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
