package io.jvswitch.bench.control;

import io.jvswitch.bench.peers.ProcFile;
import io.jvswitch.vswitchd.cli.DaemonViews;
import io.jvswitch.vswitchd.demo.Jvm;
import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A daemon of this build in a namespace of its own. For one thread, but {@link #ask}. */
final class SwitchUnderTest {
    private static final long LIMIT_SECONDS = 180;

    private final Lab lab;
    private final String role;
    private final String netns;
    private final Path socket;
    private final Path configuration;
    private Lab.@Nullable Started daemon;
    private int starts;

    SwitchUnderTest(Lab lab, String role) {
        this.lab = lab;
        this.role = role;
        netns = lab.netns(role);
        socket = lab.directory().resolve(role + ".sock");
        configuration = lab.directory().resolve(role + ".yaml");
        lab.addNamespace(role);
        // Nobody is at the cable's other end: what the control plane asks of an underlay is its address and its routes.
        lab.addNamespace(role + "-cable");
        String end = lab.netns(role + "-cable");
        lab.run("ip", "link", "add", "underlay0", "netns", netns, "type", "veth", "peer", "name", "end0", "netns", end);
        lab.run("ip", "-n", end, "link", "set", "end0", "up");
        lab.run("ip", "-n", netns, "address", "add", Layout.LOCAL_IP + "/16", "dev", "underlay0");
        lab.run("ip", "-n", netns, "link", "set", "underlay0", "up");
    }

    String netns() {
        return netns;
    }

    void configure(Layout layout, int ports) {
        String head = "switch:\n  name: bench\n  control-socket: " + socket + "\n  state-dir: "
                + lab.directory().resolve("state") + "\n";
        lab.write(configuration.getFileName().toString(), layout.yaml(head, ports));
    }

    /** Starts it, and returns how long it took until it says that it is ready. */
    long start() {
        starts++;
        long beganNs = System.nanoTime();
        daemon = lab.start(
                Lab.inside(netns, Jvm.daemon(configuration)), lab.directory().resolve(role + starts + ".log"));
        while (!daemon.output().contains(": ready")) {
            if (!daemon.process().isAlive()) {
                throw new StepFailedException("the daemon ended; it said: " + daemon.output());
            }
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                throw new StepFailedException("the daemon is not ready after " + LIMIT_SECONDS + " s");
            }
            sleep(5);
        }
        return System.nanoTime() - beganNs;
    }

    private Lab.Started running() {
        Lab.Started started = daemon;
        if (started == null) {
            throw new IllegalStateException("no daemon was started");
        }
        return started;
    }

    /** Ends it by SIGTERM, and returns how long that took. */
    long stop() {
        return end(true);
    }

    /** Ends it by SIGKILL, and returns how long the kernel took to clean up after it. */
    long kill() {
        return end(false);
    }

    private long end(boolean orderly) {
        Process process = running().process();
        long beganNs = System.nanoTime();
        if (orderly) {
            process.destroy();
        } else {
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new StepFailedException("the daemon has not ended after " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
        return System.nanoTime() - beganNs;
    }

    /** Sends a request; any thread. */
    void ask(String method, String path, @Nullable String body) {
        try {
            DaemonViews.ask(socket, method, path, body);
        } catch (UncheckedIOException e) {
            throw new StepFailedException(method + " " + path + ": " + e.getMessage(), e);
        }
    }

    /** Processor time that it has used. */
    double cpuSeconds() {
        return ProcFile.processSeconds(read("stat"));
    }

    long residentBytes() {
        return ProcFile.residentBytes(read("status"));
    }

    private String read(String file) {
        Path path = Path.of("/proc", Long.toString(running().process().pid()), file);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new StepFailedException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
    }
}
