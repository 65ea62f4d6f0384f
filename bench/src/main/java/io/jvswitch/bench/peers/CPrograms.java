package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The load generator and the pump, compiled for the machine they run on: a floor that was compiled for any machine
 * would be higher than it need be.
 *
 * @param load {@code load.c}
 * @param pump {@code pump.c} with its two halves
 */
record CPrograms(Path load, Path pump) {
    private static final List<String> SOURCES = List.of(
            "netns.h", "window.h", "histogram.h", "inet.h", "pump.h", "load.c", "pump.c", "segment.c", "coalesce.c");

    /** Compiles both into the lab's directory. */
    static CPrograms build(Lab lab) {
        for (String source : SOURCES) {
            try (InputStream in = CPrograms.class.getResourceAsStream(source)) {
                if (in == null) {
                    throw new IllegalStateException(source + " is not beside " + CPrograms.class.getName());
                }
                Files.copy(in, lab.directory().resolve(source));
            } catch (IOException e) {
                throw new StepFailedException("cannot write " + source + " into " + lab.directory(), e);
            }
        }
        return new CPrograms(compile(lab, "load", "load.c"), compile(lab, "pump", "pump.c", "segment.c", "coalesce.c"));
    }

    private static Path compile(Lab lab, String name, String... sources) {
        Path program = lab.directory().resolve(name);
        List<String> command = new ArrayList<>(List.of(
                System.getenv().getOrDefault("CC", "gcc"),
                "-std=gnu11",
                "-O3",
                "-march=native",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-pthread",
                "-o",
                program.toString()));
        for (String source : sources) {
            command.add(lab.directory().resolve(source).toString());
        }
        lab.run(command);
        return program;
    }
}
