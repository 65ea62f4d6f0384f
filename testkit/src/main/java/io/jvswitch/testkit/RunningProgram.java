package io.jvswitch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program that runs while a test does, with its output (both streams) kept in a file. */
public final class RunningProgram implements AutoCloseable {
    private final String command;
    private final Process process;
    private final Path output;

    private RunningProgram(String command, Process process, Path output) {
        this.command = command;
        this.process = process;
        this.output = output;
    }

    /** Starts a program; the caller closes it. */
    public static RunningProgram start(String... command) {
        try {
            Path output = Files.createTempFile("jvs-testkit-", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            return new RunningProgram(String.join(" ", command), process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /** Its process, to signal it or to ask whether it lives. */
    public Process process() {
        return process;
    }

    /** What it has printed so far. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    /**
     * Waits until it has printed {@code text}; its end before that, or the limit, is an {@link AssertionError} with its
     * output.
     */
    public void awaitOutput(String text, Duration limit) {
        Await.until(command + " to print '" + text + "'", limit, this::output, () -> {
            if (output().contains(text)) {
                return true;
            }
            if (!process.isAlive() && !output().contains(text)) {
                throw new AssertionError(command + ": ended with status " + process.exitValue() + " without printing '"
                        + text + "'\n" + output());
            }
            return false;
        });
    }

    /** Waits for its end and gives the exit status. */
    public int awaitEnd(Duration limit) {
        Await.until(command + " to end", limit, this::output, () -> !process.isAlive());
        return process.exitValue();
    }

    /** Ends it with SIGTERM, and with SIGKILL when it has not ended 5 s later; its output is gone after this. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Programs.deleteQuietly(output);
    }
}
