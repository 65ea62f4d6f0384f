package io.jvswitch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;

/** The machine that figures are taken on: a figure without it says nothing. */
public final class Machine {
    private Machine() {}

    /** Date, kernel, processors and JVM, in one line. */
    public static String line() throws IOException {
        return String.format(
                "%s, %s %s, %d x %s, %s %s",
                LocalDate.now(ZoneId.systemDefault()),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"));
    }

    private static String processor() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpuinfo)) {
            for (String line : Files.readAllLines(cpuinfo)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch", "unknown processor");
    }
}
