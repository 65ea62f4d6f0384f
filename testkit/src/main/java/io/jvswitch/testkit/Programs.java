package io.jvswitch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs to their end. */
public final class Programs {
    /** A program that hangs is a failure; nothing that tests run to its end takes this long. */
    private static final int LIMIT_SECONDS = 120;

    private Programs() {}

    /**
     * How a program ended.
     *
     * @param status its exit status
     * @param output standard output and standard error, as they came
     */
    public record Outcome(int status, String output) {}

    /** Runs a program; another exit status than 0 is an {@link AssertionError} with the command and what it printed. */
    public static String run(String... command) {
        Outcome outcome = tryRun(command);
        if (outcome.status != 0) {
            throw new AssertionError(
                    String.join(" ", command) + ": exit status " + outcome.status + "\n" + outcome.output);
        }
        return outcome.output;
    }

    /** Runs a program whose failure is an answer. */
    public static Outcome tryRun(String... command) {
        Path output = null;
        try {
            output = Files.createTempFile("jvs-testkit-", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError(String.join(" ", command) + ": still running after " + LIMIT_SECONDS + " s\n"
                        + Files.readString(output, StandardCharsets.ISO_8859_1));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(String.join(" ", command) + ": interrupted", e);
        } finally {
            deleteQuietly(output);
        }
    }

    static void deleteQuietly(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // A leftover in the temporary directory harms no test.
            }
        }
    }
}
