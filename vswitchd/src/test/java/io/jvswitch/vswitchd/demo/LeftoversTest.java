package io.jvswitch.vswitchd.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftoversTest {
    private static final Pattern DEMO = Pattern.compile("jvsdemo(\\d+)-.*");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void onlyWhatADeadRunLeftIsFound() throws IOException {
        for (String name : List.of(
                "jvsdemo100-hv1", "jvsdemo200-hv1", "jvsbench100-hv1", "jvsdemo-hv1", "jvsdemo12345678901-x", "blue")) {
            Files.createFile(directory.resolve(name));
        }
        assertEquals(List.of(directory.resolve("jvsdemo100-hv1")), Leftovers.of(directory, DEMO, pid -> pid == 200));
        assertTrue(Leftovers.of(directory.resolve("none"), DEMO, pid -> false).isEmpty());
    }

    @Test
    void namesOfARunAreFoundByItsProcess() throws IOException {
        Files.createFile(directory.resolve(Leftovers.namespacePrefix("demo", 7) + "vm1"));
        assertEquals(1, Leftovers.of(directory, DEMO, pid -> pid != 7).size());
        assertEquals(0, Leftovers.of(directory, DEMO, pid -> pid == 7).size());
    }
}
