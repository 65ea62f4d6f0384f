package io.jvswitch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * DPDK's hash table as a peer: runs {@code hash_perf_autotest} of {@code dpdk-test} (Debian: dpdk-dev) without huge
 * pages and devices, and reads its first table, "operations without data, without pre-computed hash values".
 *
 * <p>How many keys the table has is DPDK's choice. Of its key sizes 48 bytes are what our key of TCP over IPv4 has.
 */
final class DpdkHashPerf {

    static final String PROGRAM = "dpdk-test";
    static final String PACKAGE = "dpdk-dev";
    private static final int KEY_BYTES = 48;

    /** Cycles of the time-stamp counter for an operation. */
    record Cycles(double add, double lookup, double bulkLookup, double delete) {}

    private DpdkHashPerf() {}

    static boolean isInstalled() {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "/usr/bin" : path).split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, PROGRAM))) {
                return true;
            }
        }
        return false;
    }

    /** Runs it; null when it gave no figures within the limit. */
    static @Nullable Cycles run(long limitSeconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        PROGRAM, "--no-huge", "--no-shconf", "--no-telemetry", "--no-pci", "-l", "0", "-m", "1024"))
                .redirectErrorStream(true)
                .start();
        // It would go on for minutes with tables that nobody wants: it is ended when the wanted line is read, or at the
        // limit.
        AtomicBoolean ended = new AtomicBoolean();
        Thread limit = Thread.ofVirtual().start(() -> endAfter(process, limitSeconds, ended));
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            in.write("hash_perf_autotest\nquit\n");
            in.flush();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Cycles cycles = parse(line);
                if (cycles != null) {
                    return cycles;
                }
            }
            return null;
        } catch (IOException e) {
            // Ended at the limit: a process that is killed takes its output away from under the reader.
            if (!ended.get()) {
                throw e;
            }
            return null;
        } finally {
            limit.interrupt();
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private static void endAfter(Process process, long limitSeconds, AtomicBoolean ended) {
        try {
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                ended.set(true);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // The reader has what it wanted, and ends the process itself.
            Thread.currentThread().interrupt();
        }
    }

    /** The figures of a line of the table, or null when it is not the line of our key size. */
    static @Nullable Cycles parse(String line) {
        Matcher matcher = Pattern.compile("^\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s*$")
                .matcher(line);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) != KEY_BYTES) {
            return null;
        }
        return new Cycles(
                Double.parseDouble(matcher.group(2)),
                Double.parseDouble(matcher.group(3)),
                Double.parseDouble(matcher.group(4)),
                Double.parseDouble(matcher.group(5)));
    }

    /**
     * The time-stamp counter's cycles in a nanosecond: on x86 the kernel says "bogomips", which are twice its
     * megahertz.
     *
     * @return NaN where the kernel does not say
     */
    static double cyclesPerNs() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpuinfo)) {
            for (String line : Files.readAllLines(cpuinfo)) {
                if (line.startsWith("bogomips")) {
                    return Double.parseDouble(
                                    line.substring(line.indexOf(':') + 1).strip())
                            / 2000;
                }
            }
        }
        return Double.NaN;
    }
}
