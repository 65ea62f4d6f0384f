package io.jvswitch.bench;

import java.nio.file.Path;

/**
 * Where benchmarks leave their files: below the clone that {@code ./jvswitch} runs from, or below the current
 * directory.
 */
public final class ResultsDirectory {
    private ResultsDirectory() {}

    /** The directory, which may not exist yet. */
    public static Path path() {
        String launcher = System.getProperty("jvswitch.launcher");
        Path home = launcher == null
                ? Path.of("")
                : Path.of(launcher).toAbsolutePath().getParent();
        return (home == null ? Path.of("") : home).resolve("target", "bench");
    }
}
