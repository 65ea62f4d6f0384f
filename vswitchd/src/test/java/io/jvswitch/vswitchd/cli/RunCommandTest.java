package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.control.http.ControlServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code run}: its checks in this process, its life in one of its own. */
final class RunCommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    private Path config;
    private Path socket;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Path.of("/nonexistent"),
            null);

    @BeforeEach
    void write() throws IOException {
        config = dir.resolve("hv1.yaml");
        socket = dir.resolve("hv1.sock");
        Files.writeString(config, configuration("local"));
    }

    private String configuration(String network) {
        return "switch: {name: hv1, control-socket: " + socket + "}\nnetworks: {" + network + ": {tunnel: none}}\n";
    }

    private int run(Daemon.Factory factory, String... arguments) {
        return CommandTree.run(console, arguments, new RunCommand(console, () -> factory));
    }

    private static Daemon.Factory neverStarted() {
        return (spec, file) -> {
            throw new AssertionError("must not start");
        };
    }

    @Test
    void checkStartsNothing() throws IOException {
        assertEquals(0, run(neverStarted(), "run", "--config", config.toString(), "--check"));
        assertEquals(config + ": ok: switch hv1, 1 network, 0 ports\n", out.toString(StandardCharsets.UTF_8));

        Files.writeString(config, "switch: {name: hv1, workers: 0}\nports: {t: {kind: tap}}\n");
        assertEquals(2, run(neverStarted(), "run", "--config", config.toString(), "--check"));
        assertEquals(
                config + ":1:30: switch.workers: value '0': expected a number 1 to 64\n" + config
                        + ":2:9: ports.t.network: missing: expected the name of a network, or vlans\n",
                err.toString(StandardCharsets.UTF_8));
        assertFalse(Files.exists(socket));
    }

    @Test
    void aCheckCanBeReadByAProgram() throws IOException {
        assertEquals(0, run(neverStarted(), "run", "--config", config.toString(), "--check", "--json"));
        assertEquals(
                "{\"ok\":true,\"switch\":\"hv1\",\"networks\":1,\"ports\":0,\"errors\":[]}\n",
                out.toString(StandardCharsets.UTF_8));
        Files.writeString(config, "switch: {name: hv1, workers: 0}\n");
        assertEquals(2, run(neverStarted(), "run", "--config", config.toString(), "--check", "--json"));
        assertEquals(
                "{\"ok\":false,\"errors\":[{\"file\":\"" + config
                        + "\",\"line\":1,\"column\":30,\"key\":\"switch.workers\","
                        + "\"value\":\"0\",\"message\":\"expected a number 1 to 64\"}]}\n",
                err.toString(StandardCharsets.UTF_8));
        assertEquals(2, run(neverStarted(), "run", "--config", config.toString(), "--json"));
    }

    @Test
    void aWrongConfigurationCreatesNothing() {
        assertEquals(2, run(neverStarted(), "run", "--config", dir + "/none.yaml"));
        assertEquals(
                dir + "/none.yaml:1:1: does not exist: expected a configuration file\n",
                err.toString(StandardCharsets.UTF_8));
        assertEquals(2, run(neverStarted(), "run"));
        assertFalse(Files.exists(socket));
    }

    @Test
    void aSecondDaemonIsRefusedBeforeItCreatesAnything() {
        try (ControlServer first = ControlServer.open(socket)) {
            assertEquals(1, run(neverStarted(), "run", "--config", config.toString()));
            assertTrue(err.toString(StandardCharsets.UTF_8)
                    .startsWith("jvswitch: control socket " + first.path() + ": this process serves it already"));
        }
    }

    @Test
    void aSwitchThatCannotStartLeavesNoSocket() {
        Daemon.Factory factory = (spec, file) -> {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.CONFLICT, "underlay", "192.0.2.1", "no interface has it", "add it");
        };
        assertEquals(1, run(factory, "run", "--config", config.toString()));
        assertEquals(
                "jvswitch: underlay: value '192.0.2.1': no interface has it; add it\n",
                err.toString(StandardCharsets.UTF_8));
        assertFalse(Files.exists(socket));
    }

    @Test
    void livesUntilItIsTold() throws Exception {
        Process daemon = start();
        try {
            Files.writeString(config, configuration("renamed"));
            signal(daemon, "HUP");
            Await.until("the reload", LIMIT, this::log, () -> log().contains("configuration: configuration reloaded"));
            String[] addNetwork = {"--socket", socket.toString(), "network", "add", "red", "--tunnel", "none"};
            assertEquals(0, CommandTree.run(console, addNetwork, null), err::toString);
            assertTrue(log().contains("control socket: network red added"), this::log);
            assertEquals(1, CommandTree.run(console, addNetwork, null));
            assertTrue(
                    log().contains("control socket: POST /v1/networks refused: network red: exists already"),
                    this::log);
            Files.writeString(config, configuration("a b"));
            signal(daemon, "HUP");
            Await.until("the refusal", LIMIT, this::log, () -> log().contains("refused; the switch goes on as it was"));
            assertTrue(
                    log().lines()
                            .anyMatch(line ->
                                    line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  control "
                                            + "socket .*hv1.sock: ready")),
                    this::log);
            signal(daemon, "TERM");
            assertTrue(daemon.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, daemon.exitValue(), this::log);
            assertTrue(log().contains("switch hv1: SIGTERM, stopping"), this::log);
            assertFalse(Files.exists(socket));
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    @Test
    void afterAKillTheNextDaemonTakesTheSocketOver() throws Exception {
        Process killed = start();
        killed.destroyForcibly().waitFor();
        assertTrue(Files.exists(socket));
        Files.delete(dir.resolve("log"));
        Process next = start();
        try {
            assertEquals(1, run(neverStarted(), "run", "--config", config.toString()));
            assertEquals(
                    "jvswitch: control socket " + socket + ": another daemon serves it (pid " + next.pid()
                            + "); stop that one, or give this switch another name\n",
                    err.toString(StandardCharsets.UTF_8));
            assertEquals(
                    0,
                    CommandTree.run(console, new String[] {"--socket", socket.toString(), "stop"}, null),
                    err::toString);
            assertTrue(next.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, next.exitValue(), this::log);
        } finally {
            next.destroyForcibly().waitFor();
        }
    }

    /** As a service manager's "reload" right after "start" has it, and its "stop" when the start takes too long. */
    @Test
    void whatIsSignalledWhileItStartsIsDoneWhenItRuns() throws Exception {
        Path startWhen = dir.resolve("start");
        Process daemon = launch(List.of(), startWhen);
        try {
            awaitLogOrEnd(daemon, "the socket", () -> Files.exists(socket));
            signal(daemon, "USR1");
            signal(daemon, "HUP");
            Await.until(
                    "both to be seen",
                    LIMIT,
                    this::log,
                    () -> log().contains("reloading as soon as") && log().contains("SIGUSR1 means nothing"));
            Files.writeString(config, configuration("renamed"));
            Files.createFile(startWhen);
            Await.until("the reload", LIMIT, this::log, () -> log().contains("configuration: configuration reloaded"));
            signal(daemon, "USR1");
            signal(daemon, "TERM");
            assertTrue(daemon.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, daemon.exitValue(), this::log);
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    @Test
    void aStopWhileItStartsLeavesNothingBehind() throws Exception {
        Path startWhen = dir.resolve("start");
        Process daemon = launch(List.of(), startWhen);
        try {
            awaitLogOrEnd(daemon, "the socket", () -> Files.exists(socket));
            signal(daemon, "TERM");
            Await.until(
                    "the signal to be seen", LIMIT, this::log, () -> log().contains("SIGTERM: stopping as soon as"));
            Files.createFile(startWhen);
            assertTrue(daemon.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, daemon.exitValue(), this::log);
            try (Stream<Path> left = Files.list(dir)) {
                assertEquals(
                        List.of("hv1.yaml", "log", "start"),
                        left.map(file -> file.getFileName().toString()).sorted().toList());
            }
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    /** The JVM leaves a signal alone that was ignored when it started. */
    @Test
    void underNohupItSaysThatHangUpsAreIgnored() throws Exception {
        Process daemon = launch(List.of("nohup"), null);
        try {
            awaitLogOrEnd(daemon, "the daemon", () -> log().contains(": ready"));
            assertTrue(log().contains("SIGHUP is ignored"), this::log);
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    /** What callers send is quoted in the log, which is read in terminals. */
    @Test
    void controlCharactersDoNotReachTheLog() throws Exception {
        Process daemon = start();
        try {
            String[] trace = {"--socket", socket.toString(), "port", "remove", "a\0b\u001b[2Jc\nd"};
            assertEquals(1, CommandTree.run(console, trace, null));
            Await.until("the refusal", LIMIT, this::log, () -> log().contains("refused: port a"));
            assertTrue(log().contains("refused: port a?b?[2Jc"), this::log);
            assertTrue(log().chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)), this::log);
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        Process daemon = launch(List.of(), null);
        awaitLogOrEnd(daemon, "the daemon", () -> log().contains(": ready"));
        return daemon;
    }

    private Process launch(List<String> before, @Nullable Path startWhen) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // The log as in service: the tests' own configuration is quiet.
                "-Dlogback.configurationFile=logback.xml"));
        if (startWhen != null) {
            command.add("-Djvswitch.test.start-when=" + startWhen);
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FakeDaemon.class.getName(),
                "run",
                "--config",
                config.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
    }

    private void awaitLogOrEnd(Process daemon, String what, BooleanSupplier condition) {
        try {
            Await.until(what, LIMIT, this::log, () -> condition.getAsBoolean() || !daemon.isAlive());
        } catch (AssertionError e) {
            daemon.destroyForcibly();
            throw e;
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    private String log() {
        try {
            Path log = dir.resolve("log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
