package io.jvswitch.systemtests;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A tcpdump that writes what passes a device to a file, and decodes it when asked. */
final class Capture implements AutoCloseable {
    private final RunningProgram tcpdump;
    private final Path file;

    private Capture(RunningProgram tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /** Captures from when this returns on; {@code filter} is a pcap filter, or empty. */
    static Capture start(Netns netns, String device, String filter) {
        Peers.require("tcpdump");
        try {
            Path file = Files.createTempFile("jvs-capture-", ".pcap");
            // --immediate-mode: no packet waits in the ring for others; -U: nor in the file's buffer. A slot of that
            // ring holds a packet as long as -s says, so that by default it would have room for eight.
            List<String> command = new ArrayList<>(List.of(
                    "tcpdump",
                    "-i",
                    device,
                    "-nn",
                    "-U",
                    "--immediate-mode",
                    "-s",
                    "2048",
                    "-B",
                    "16384",
                    "-Z",
                    "root",
                    "-w",
                    file.toString()));
            if (!filter.isEmpty()) {
                command.add(filter);
            }
            RunningProgram tcpdump = netns.start(command.toArray(String[]::new));
            tcpdump.awaitOutput("listening on", Hypervisor.LIMIT);
            return new Capture(tcpdump, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What has been captured so far and passes {@code filter}, decoded, one packet a line (a tunnel's inner packet on a
     * second).
     */
    String decode(String filter) {
        List<String> command = new ArrayList<>(List.of("tcpdump", "-nn", "-e", "-v", "-r", file.toString()));
        if (!filter.isEmpty()) {
            command.add(filter);
        }
        Programs.Outcome outcome = Programs.tryRun(command.toArray(String[]::new));
        // A packet that is being written at this moment is cut short: tcpdump then says so and has decoded the others.
        return outcome.output();
    }

    /** Packets captured so far that pass {@code filter}. */
    long count(String filter) {
        List<String> command = new ArrayList<>(List.of("tcpdump", "-nn", "-t", "-q", "-r", file.toString()));
        command.add(filter);
        return Programs.tryRun(command.toArray(String[]::new))
                .output()
                .lines()
                .filter(line -> line.startsWith("IP") || line.startsWith("ARP"))
                .count();
    }

    @Override
    public void close() {
        tcpdump.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
