package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A host: a network namespace, a directory, and in them a jvswitch daemon, which is a process of its own, started as
 * {@code ./jvswitch run} starts it. The test writes the configuration from {@code underlay:} on.
 */
final class Hypervisor implements AutoCloseable {
    /** Bounds a failing run; a machine under load needs a few seconds. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = new JsonMapper();
    private static final String MAIN = "io.jvswitch.vswitchd.Main";

    private final String name;
    private final Netns netns;
    private final Path directory;
    private @Nullable Process daemon;

    private Hypervisor(String name, Netns netns, Path directory) {
        this.name = name;
        this.netns = netns;
        this.directory = directory;
    }

    /** Makes a host whose daemon does not run yet. */
    static Hypervisor create(String name) {
        Peers.requireRoot();
        Peers.require("curl");
        try {
            return new Hypervisor(name, Netns.create(name), Files.createTempDirectory("jvs-" + name + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Netns netns() {
        return netns;
    }

    /** Configuration, log, control socket and state of the daemon. */
    Path directory() {
        return directory;
    }

    Path configuration() {
        return directory.resolve("jvswitch.yaml");
    }

    Path socket() {
        return directory.resolve("control.sock");
    }

    Path stateDirectory() {
        return directory.resolve("state");
    }

    /** Cables this host to another namespace: {@code u0} on both ends, with an address each. */
    void connect(Netns other, String address, String otherAddress) {
        netns.connect("u0", other, "u0");
        addAddress(netns, address);
        addAddress(other, otherAddress);
    }

    /** Gives {@code u0} an address, where the cable is the test's own. */
    void addAddress(String address) {
        addAddress(netns, address);
    }

    private static void addAddress(Netns at, String address) {
        if (address.contains(":")) {
            at.run("ip", "address", "add", address, "dev", "u0", "nodad");
        } else {
            at.run("ip", "address", "add", address, "dev", "u0");
        }
    }

    /** Writes the configuration; the section {@code switch} is added. */
    void configure(String sections) {
        configure("", sections);
    }

    /** Writes the configuration with further keys of the section {@code switch}. */
    void configure(String switchKeys, String sections) {
        String head = """
                switch:
                  name: %s
                  control-socket: %s
                  state-dir: %s
                """.formatted(name, socket(), stateDirectory());
        try {
            Files.writeString(configuration(), head + switchKeys.indent(2) + sections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the daemon and waits until it answers on its control socket. */
    void start() {
        start(List.of());
    }

    /** Starts the daemon behind words that run it, such as {@code sh -c '… exec "$@"' sh}. */
    void start(List<String> before) {
        List<String> command = new ArrayList<>(before);
        command.addAll(jvm(
                List.of("-XX:+UseG1GC", "-Xms32m", "-Xmx512m"),
                List.of("run", "--config", configuration().toString())));
        launch(command);
        Await.until(name + " to answer", LIMIT, this::log, () -> {
            if (!isAlive()) {
                throw new AssertionError(name + " ended with status " + daemon().exitValue() + "\n" + log());
            }
            return Files.exists(socket()) && query("/v1/show").status() == 0;
        });
    }

    private void launch(List<String> command) {
        try {
            daemon = new ProcessBuilder(netns.inside(command.toArray(String[]::new)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Command line of a JVM that runs jvswitch with the class path under test. */
    static List<String> jvm(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        return command;
    }

    Process daemon() {
        if (daemon == null) {
            throw new IllegalStateException("the daemon of " + name + " was not started");
        }
        return daemon;
    }

    boolean isAlive() {
        return daemon != null && daemon.isAlive();
    }

    /** Sends a signal by its name. */
    void signal(String signal) {
        Programs.run("kill", "-" + signal, Long.toString(daemon().pid()));
    }

    /** Sends SIGTERM and waits for the end. */
    int stop() {
        daemon().destroy();
        return awaitEnd();
    }

    /** As {@link #kill}, without waiting until the kernel has cleaned up after it. */
    void killAndGoOn() {
        daemon().destroyForcibly();
    }

    /** Ends it as a crash or the kernel's out-of-memory killer would. */
    void kill() {
        daemon().destroyForcibly();
        awaitEnd();
    }

    int awaitEnd() {
        Await.until("the daemon of " + name + " to end", LIMIT, this::log, () -> !isAlive());
        return daemon().exitValue();
    }

    private Path logFile() {
        return directory.resolve("daemon.log");
    }

    /** What the daemon has printed, over all its starts. */
    String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the log says {@code text}, after the first {@code from} characters. */
    void awaitLog(String text, int from) {
        Await.until(
                "the log of " + name + " to say '" + text + "'",
                LIMIT,
                this::log,
                () -> log().indexOf(text, from) >= 0);
    }

    private Programs.Outcome query(String path) {
        return Programs.tryRun(
                "curl",
                "-sS",
                "--fail-with-body",
                "--max-time",
                "20",
                "--unix-socket",
                socket().toString(),
                "http://jvswitch" + path);
    }

    /** What the control socket answers, such as {@code /v1/ports}. */
    JsonNode get(String path) {
        Programs.Outcome answer = query(path);
        if (answer.status() != 0) {
            throw new AssertionError("GET " + path + ": " + answer.output() + "\n" + log());
        }
        return JSON.readTree(answer.output());
    }

    /** A command to the daemon, as typed: {@code jvswitch --socket PATH WORDS}. */
    Programs.Outcome command(String... words) {
        List<String> arguments = new ArrayList<>(List.of("--socket", socket().toString()));
        arguments.addAll(List.of(words));
        return Programs.tryRun(jvm(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments)
                .toArray(String[]::new));
    }

    /** Frames dropped for a reason, whatever the port. */
    long drops(String reason) {
        long frames = 0;
        for (JsonNode drop : get("/v1/drops")) {
            if (drop.path("reason").asString().equals(reason)) {
                frames += drop.path("frames").asLong();
            }
        }
        return frames;
    }

    /** A port as the daemon shows it. */
    JsonNode port(String port) {
        for (JsonNode view : get("/v1/ports")) {
            if (view.path("name").asString().equals(port)) {
                return view;
            }
        }
        throw new AssertionError("no port " + port + " in " + get("/v1/ports"));
    }

    /** Waits until a port carries frames. */
    void awaitUp(String port) {
        awaitState(port, "up");
    }

    void awaitState(String port, String state) {
        Await.until(
                "port " + port + " of " + name + " to be " + state,
                LIMIT,
                () -> get("/v1/ports") + "\n" + log(),
                () -> port(port).path("state").asString().equals(state));
    }

    /** A network as the daemon shows it. */
    JsonNode network(String network) {
        for (JsonNode view : get("/v1/networks")) {
            if (view.path("name").asString().equals(network)) {
                return view;
            }
        }
        throw new AssertionError("no network " + network + " in " + get("/v1/networks"));
    }

    @Override
    public void close() {
        if (daemon != null) {
            daemon.destroy();
            try {
                if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
                    daemon.destroyForcibly().waitFor();
                }
            } catch (InterruptedException _) {
                daemon.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
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
