package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code jvswitch}: what it starts the JVM with. In a clone of its own, and with a JVM that says what it was
 * given.
 */
final class LauncherTest {

    private static final Path HOME = Path.of(System.getProperty("jvswitch.home", ".."));
    /** SIGHUP's bit in {@code SigIgn} of {@code /proc/self/status} (proc(5)). */
    private static final int HANGUP_IGNORED = 1;
    /** SIGUSR1's. */
    private static final int USR1_IGNORED = 1 << 9;

    @TempDir
    private Path clone;

    @BeforeEach
    void copy() throws IOException {
        script("jvswitch", Files.readString(HOME.resolve("jvswitch")));
        Files.createDirectories(clone.resolve(".mvn"));
        Files.copy(HOME.resolve(".mvn/find-jdk.sh"), clone.resolve(".mvn/find-jdk.sh"));
        Files.createDirectories(clone.resolve("jdk/bin"));
        Files.writeString(clone.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        script("jdk/bin/javac", "#!/bin/sh\n");
        script("jdk/bin/java", """
                #!/bin/sh
                echo "LC_ALL=${LC_ALL:-}"
                sed -n 's/^SigIgn:[[:space:]]*/SigIgn=/p' /proc/self/status
                """);
        Path built = Files.createDirectories(clone.resolve("target/run"));
        Files.writeString(built.resolve("vswitchd.current"), clone.resolve("jvswitch") + "\n");
    }

    private void script(String name, String text) throws IOException {
        Path file = clone.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the JVM sees, by name. */
    private Map<String, String> start(Map<String, String> locale, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(locale);
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        Map<String, String> seen = new TreeMap<>();
        output.lines()
                .filter(line -> line.contains("="))
                .forEach(line -> seen.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return seen;
    }

    @Test
    void aLocaleWithoutCharactersIsReplaced() throws Exception {
        String jvswitch = clone.resolve("jvswitch").toString();
        for (Map<String, String> locale : List.of(
                Map.<String, String>of(),
                Map.of("LC_ALL", "C"),
                Map.of("LANG", "POSIX"),
                Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"))) {
            assertEquals("C.UTF-8", start(locale, jvswitch, "show").get("LC_ALL"), locale::toString);
        }
        assertEquals(
                "", start(Map.of("LANG", "de_DE.ISO-8859-1"), jvswitch, "show").get("LC_ALL"));
        assertEquals(
                "en_US.UTF-8",
                start(Map.of("LC_ALL", "en_US.UTF-8"), jvswitch, "show").get("LC_ALL"));
    }

    @Test
    void aHangUpReachesTheDaemonUnderNohup() throws Exception {
        String jvswitch = clone.resolve("jvswitch").toString();
        assertEquals(0, ignored(start(Map.of(), "nohup", jvswitch, "run", "--config", "x")) & HANGUP_IGNORED);
        assertEquals(HANGUP_IGNORED, ignored(start(Map.of(), "nohup", jvswitch, "show")) & HANGUP_IGNORED);
    }

    /** Until the JVM has started, which then takes over what is ignored, too. */
    @Test
    void aSignalWithoutMeaningDoesNotEndTheStart() throws Exception {
        String jvswitch = clone.resolve("jvswitch").toString();
        assertEquals(USR1_IGNORED, ignored(start(Map.of(), jvswitch, "run", "--config", "x")) & USR1_IGNORED);
        assertEquals(0, ignored(start(Map.of(), jvswitch, "show")) & USR1_IGNORED);
    }

    private static long ignored(Map<String, String> seen) {
        return Long.parseUnsignedLong(seen.getOrDefault("SigIgn", ""), 16);
    }
}
