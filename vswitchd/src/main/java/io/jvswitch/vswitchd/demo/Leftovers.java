package io.jvswitch.vswitchd.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What runs of a {@link Lab} left behind that ended by {@code kill -9}, which nothing can clean up after: namespaces,
 * the processes in them, directories. Their names have the process id of their run; those whose process is there no
 * more are nobody's.
 */
final class Leftovers {
    /** In a directory that was left on purpose, for somebody to read. */
    static final String KEPT = "kept";

    private static final Path NAMESPACES = Path.of("/run/netns");

    private Leftovers() {}

    /** What names of this run begin with, in {@code ip netns}. */
    static String namespacePrefix(String purpose, long pid) {
        return "jvs" + purpose + pid + "-";
    }

    /** What this run's directory begins with. */
    static String directoryPrefix(String purpose, long pid) {
        return "jvswitch-" + purpose + "-" + pid + "-";
    }

    /** Removes what dead runs of that purpose left. */
    static void sweep(String purpose) {
        LongPredicate alive =
                pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        for (Path namespace : of(NAMESPACES, Pattern.compile("jvs" + purpose + "(\\d+)-.*"), alive)) {
            removeNamespace(namespace.getFileName().toString());
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        for (Path directory : of(temporary, Pattern.compile("jvswitch-" + purpose + "-(\\d+)-\\d+"), alive)) {
            if (Files.notExists(directory.resolve(KEPT))) {
                delete(directory);
            }
        }
    }

    /** Entries of a directory that are named as {@code named} says, after a process that is not alive. */
    static List<Path> of(Path directory, Pattern named, LongPredicate alive) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Matcher name = named.matcher(entry.getFileName().toString());
                // The longest process id that Linux gives has seven digits.
                if (name.matches() && name.group(1).length() < 10 && !alive.test(Long.parseLong(name.group(1)))) {
                    found.add(entry);
                }
            }
        } catch (IOException _) {
            // No such directory: nothing was left in it.
        }
        return found;
    }

    /** With the daemons and guests of that run, which outlive it. */
    private static void removeNamespace(String name) {
        try {
            Process pids = new ProcessBuilder("ip", "netns", "pids", name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(pids.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            pids.waitFor();
            for (String pid : text.strip().split("\\s+", -1)) {
                if (!pid.isEmpty()) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
            Lab.runQuietly("ip", "netns", "del", name);
        } catch (IOException _) {
            // Without the program the lab cannot be laid out either, and says so.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException _) {
            // Files in the temporary directory: the system's own cleaning gets them.
        }
    }
}
