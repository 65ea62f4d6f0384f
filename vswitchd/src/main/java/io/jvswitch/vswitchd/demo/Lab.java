package io.jvswitch.vswitchd.demo;

import io.jvswitch.dhcp.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The furniture of one run of the demo or of a system benchmark: network namespaces, processes and a directory, each
 * with a name that no other run has. {@link #close} removes all of it; so does the end of the JVM, however the user
 * brought it about (Ctrl-C, SIGTERM, a closed terminal).
 *
 * <p>For one thread, beside which the JVM's shutdown may close it: what creates something holds the lock and looks
 * whether the lab is still open, so that nothing is made behind the back of the removal.
 */
public final class Lab implements AutoCloseable {
    /** What runs to its end here takes well under a second; a machine under load gets this. */
    private static final int LIMIT_SECONDS = 30;

    private static final int STOP_SECONDS = 5;

    private final String prefix;
    private final Path directory;
    private final List<String> namespaces = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final Thread closeAtExit = new Thread(this::close, "lab-cleanup");
    private boolean closed;
    private boolean keepsDirectory;
    private Runnable closedAtExit = () -> {};

    /**
     * An empty lab. What runs of the same purpose left that were killed is removed first.
     *
     * @param purpose a word of a few letters, part of every name
     */
    public Lab(String purpose) {
        long pid = ProcessHandle.current().pid();
        prefix = Leftovers.namespacePrefix(purpose, pid);
        Leftovers.sweep(purpose);
        try {
            directory = Files.createTempDirectory(Leftovers.directoryPrefix(purpose, pid));
        } catch (IOException e) {
            throw new StepFailedException("no directory for configuration and logs: " + FileFailure.text(e), e);
        }
        Runtime.getRuntime().addShutdownHook(closeAtExit);
    }

    /** Configuration files, logs and sockets of this run. */
    public Path directory() {
        return directory;
    }

    /** Name of a namespace as {@code ip netns} knows it. */
    public String netns(String role) {
        return prefix + role;
    }

    /**
     * Whether what just failed did so because the JVM is ending: Ctrl-C reaches the programs of the lab as well, and
     * they may be gone before this JVM's own shutdown has begun.
     */
    public boolean isClosedSoon() {
        for (int i = 0; i < 10; i++) {
            synchronized (this) {
                if (closed) {
                    return true;
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return false;
    }

    /** Leaves the directory (logs) behind when the lab is closed, for good. */
    public synchronized void keepDirectory() {
        keepsDirectory = true;
        if (!closed) {
            write(Leftovers.KEPT, "");
        }
    }

    /** Whether a daemon has been started, so that its log says something. */
    public boolean hasLogs() {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
            return logs.iterator().hasNext();
        } catch (IOException _) {
            return false;
        }
    }

    /** Called when the end of the JVM, and not {@link #close}, has removed everything. */
    public synchronized void whenClosedAtExit(Runnable listener) {
        closedAtExit = listener;
    }

    /** Makes a namespace, without IPv6: its solicitations and reports would blur the figures. */
    public void addNamespace(String role) {
        String name = netns(role);
        synchronized (this) {
            requireOpen();
            namespaces.add(name);
            run("ip", "netns", "add", name);
        }
        run("ip", "-n", name, "link", "set", "lo", "up");
        run("ip", "netns", "exec", name, "sh", "-c", """
                for family in all default; do
                    file=/proc/sys/net/ipv6/conf/$family/disable_ipv6
                    if [ -e $file ]; then echo 1 >$file; fi
                done""");
    }

    /** Writes a file of this run. */
    public Path write(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new StepFailedException("cannot write " + directory.resolve(name) + ": " + FileFailure.text(e), e);
        }
    }

    /** Runs a program to its end and gives what it printed. */
    public String run(String... command) {
        return run(List.of(command));
    }

    /** Runs a program to its end and gives what it printed; another exit status than 0 fails the step. */
    public String run(List<String> command) {
        Started program = start(command, null);
        return program.awaitEnd(LIMIT_SECONDS);
    }

    /** Runs a program to its end and says whether it ended with status 0. */
    public boolean succeeds(String... command) {
        Started program = start(List.of(command), null);
        try {
            return program.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
                    && program.process().exitValue() == 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * The command line that runs {@code command} in a namespace; {@code ip} replaces itself by it, so the process is
     * the same.
     */
    public static List<String> inside(String netns, List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", netns));
        line.addAll(command);
        return line;
    }

    /**
     * Starts a program.
     *
     * @param log where its output goes; null for a file of its own
     */
    public synchronized Started start(List<String> command, @Nullable Path log) {
        requireOpen();
        try {
            Path output = log != null ? log : Files.createTempFile(directory, "out-", ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            processes.add(process);
            return new Started(command, process, output);
        } catch (IOException e) {
            throw new StepFailedException(
                    "cannot start '" + String.join(" ", command) + "': " + FileFailure.text(e), e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StepFailedException("interrupted");
        }
    }

    /**
     * A program that was started.
     *
     * @param command its command line
     * @param process it
     * @param log where its output goes
     */
    public record Started(List<String> command, Process process, Path log) {

        /** Keeps a copy of the command line. */
        public Started {
            command = List.copyOf(command);
        }

        /** What it has printed so far. */
        public String output() {
            try {
                return Files.readString(log, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The {@code key=value} lines that it has printed so far. */
        public Map<String, String> values() {
            Map<String, String> values = new LinkedHashMap<>();
            for (String line : output().split("\n", -1)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            return values;
        }

        /** Waits for its end and gives what it printed; another exit status than 0 fails the step. */
        public String awaitEnd(int limitSeconds) {
            String line = String.join(" ", command);
            try {
                if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new StepFailedException(
                            "'" + line + "' had not ended after " + limitSeconds + " s; it said: " + output().strip());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailedException("interrupted", e);
            }
            if (process.exitValue() != 0) {
                throw new StepFailedException(
                        "'" + line + "' ended with status " + process.exitValue() + "; it said: " + output().strip());
            }
            return output();
        }
    }

    /** Ends every process, deletes the namespaces with their devices, and the directory unless it is to be kept. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Daemons end by SIGTERM, so that the demo shows (and the log says) a clean stop; what hangs is killed.
        processes.forEach(Process::destroy);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Process process : processes) {
            awaitOrKill(process, deadlineNs);
        }
        for (String name : namespaces) {
            runQuietly("ip", "netns", "del", name);
        }
        if (!keepsDirectory) {
            Leftovers.delete(directory);
        }
        if (Thread.currentThread() == closeAtExit) {
            closedAtExit.run();
        } else {
            try {
                Runtime.getRuntime().removeShutdownHook(closeAtExit);
            } catch (IllegalStateException _) {
                // The JVM is ending: the hook finds the lab closed.
            }
        }
    }

    private static void awaitOrKill(Process process, long deadlineNs) {
        try {
            if (!process.waitFor(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** A namespace that was never made is no reason to leave the others behind. */
    static void runQuietly(String... command) {
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException _) {
            // The same program has run before; without it there is nothing left to try.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
