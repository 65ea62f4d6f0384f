package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jvswitch capture} of a running switch, judged by tcpdump, which reads what it writes. */
final class CaptureIT {

    private static final Pattern SUMMARY = Pattern.compile("([0-9]+) frames captured, ([0-9]+) lost");

    private final Hypervisor hypervisor = Hypervisor.create("hvcap");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("vmcap", "tap1");
    private final Guest peer = Guest.in(vtep.netns(), "vx42");

    @BeforeEach
    void layOut() {
        Peers.require("tcpdump");
        Peers.require("python3");
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1500, "10.0.0.12/24", "fd00:10::12/64");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:21", ip: 10.0.0.11, mtu: 1500}
                """.formatted(vm.netns().name()));
        hypervisor.start();
        vm.silence();
        vm.bringUp("10.0.0.11/24");
        vm.setMtu(1500);
        vm.awaitPing("10.0.0.12");
    }

    @AfterEach
    void clearAway() {
        vm.close();
        hypervisor.close();
        vtep.close();
    }

    /** A capture that runs; what it writes goes to a file of the host's directory. */
    private RunningProgram capture(Path file, String... words) {
        List<String> arguments =
                new ArrayList<>(List.of("--socket", hypervisor.socket().toString(), "capture", "-w", file.toString()));
        arguments.addAll(List.of(words));
        RunningProgram running =
                RunningProgram.start(Hypervisor.jvm(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments)
                        .toArray(String[]::new));
        Await.until(
                "the capture to begin", Hypervisor.LIMIT, running::output, () -> Files.exists(file) && size(file) > 0);
        return running;
    }

    private Path file(String name) {
        return hypervisor.directory().resolve(name);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Ends it as Ctrl-C does; gives the frames captured and lost. */
    private long[] interrupt(RunningProgram capture) {
        Programs.run("kill", "-INT", Long.toString(capture.process().pid()));
        assertEquals(0, capture.awaitEnd(Hypervisor.LIMIT), () -> capture.output() + "\n" + hypervisor.log());
        Matcher summary = SUMMARY.matcher(capture.output());
        assertTrue(summary.find(), capture::output);
        return new long[] {Long.parseLong(summary.group(1)), Long.parseLong(summary.group(2))};
    }

    /** What tcpdump says. From standard input: some distributions confine it to a few directories. */
    private static String decoded(Path file) {
        return Programs.run("sh", "-c", "exec tcpdump -nev -r - <" + file);
    }

    private static String raw(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitSize(Path file, long bytes) {
        Await.until(file + " to have " + bytes + " bytes", Hypervisor.LIMIT, () -> size(file) >= bytes);
    }

    @Test
    void tcpdumpReadsWhatPasses() {
        Path both = file("both.pcapng");
        Path sent = file("sent.pcapng");
        Path underlay = file("underlay.pcapng");
        try (RunningProgram first = capture(both, "tap1", "--direction", "rx");
                RunningProgram second = capture(sent, "tap1", "--direction", "tx", "tcp");
                RunningProgram third = capture(underlay, "underlay", "icmp", "vni=42", "vtep=192.0.2.2")) {
            vm.netns().run("ip", "neighbour", "flush", "dev", vm.device());
            vm.ping("10.0.0.12");
            // a SYN from the peer, whose own MTU would allow more than the tunnel does
            peer.exchangeTcp(vm, "10.0.0.11", 1);
            interrupt(first);
            interrupt(second);
            assertTrue(interrupt(third)[0] >= 10, "five echoes and their answers");
        }
        String received = decoded(both);
        assertTrue(
                received.contains("Request who-has 10.0.0.12") && received.contains("10.0.0.11 > 10.0.0.12: ICMP echo"),
                received);
        String toGuest = decoded(sent);
        Matcher syn = Pattern.compile(
                        "10\\.0\\.0\\.12\\.[0-9]+ > 10\\.0\\.0\\.11\\.[0-9]+: Flags \\[S\\].*mss ([0-9]+)")
                .matcher(toGuest);
        assertTrue(syn.find(), toGuest);
        assertEquals(1450 - 40, Integer.parseInt(syn.group(1)), toGuest);
        assertFalse(toGuest.contains("ICMP"), toGuest);
        String inner = decoded(underlay);
        assertTrue(inner.contains("10.0.0.12 > 10.0.0.11: ICMP echo reply"), inner);
        assertTrue(raw(underlay).contains("vxlan vni 42 to 192.0.2.2")
                && raw(underlay).contains("vxlan vni 42 from 192.0.2.2"));
    }

    @Test
    void aDroppedFrameIsSeenWithItsReason() {
        Path drops = file("drops.pcapng");
        try (RunningProgram capture = capture(drops, "any", "--drops", "smac=02:00:00:00:00:99")) {
            vm.sendFrames("ffffffffffff" + "020000000099" + "0806" + "0001080006040001" + "020000000099" + "0a000063"
                    + "000000000000" + "0a00000c");
            Await.until("the dropped frame", Hypervisor.LIMIT, () -> raw(drops).contains("dropped: "));
            assertEquals(1, interrupt(capture)[0]);
        }
        assertTrue(decoded(drops).contains("Request who-has 10.0.0.12 tell 10.0.0.99"), () -> decoded(drops));
        assertTrue(raw(drops).contains("dropped: spoofed-mac. "));

        Programs.Outcome line = hypervisor.command("capture", "tap1", "--drops", "--seconds", "1");
        assertEquals(0, line.status(), line::output);
        assertTrue(line.output().endsWith("0 frames captured, 0 lost\n"), line::output);
    }

    @Test
    void aFileForTheOutputGoesStraightIntoTcpdump() {
        String socket = hypervisor.socket().toString();
        RunningProgram pings = vm.netns().start("ping", "-i", "0.1", "10.0.0.12");
        try {
            String seen = Programs.run(
                    "sh",
                    "-c",
                    "curl -sN --unix-socket " + socket
                            + " 'http://jvswitch/v1/capture?port=tap1&count=4&filter=icmp,dst=10.0.0.12' | tcpdump "
                            + "-nr -");
            assertEquals(
                    4, seen.lines().filter(line -> line.contains("ICMP echo")).count(), seen);
            Programs.Outcome lines = hypervisor.command("capture", "tap1", "--count", "2", "icmp", "dst=10.0.0.12");
            assertEquals(0, lines.status(), lines::output);
            assertTrue(lines.output().contains(" tap1 rx bytes=98 flow="), lines::output);
            assertTrue(lines.output().contains("2 frames captured, 0 lost"), lines::output);
        } finally {
            pings.close();
        }
    }

    @Test
    void aReaderThatStopsLosesFramesAndNobodyElseDoes() {
        Path slow = file("slow.pcapng");
        Path other = file("other.pcapng");
        try (RunningProgram stopped = capture(slow, "tap1");
                RunningProgram reading = capture(other, "tap1", "icmp")) {
            Programs.run("kill", "-STOP", Long.toString(stopped.process().pid()));
            peer.exchangeTcp(vm, "10.0.0.11", 40);
            vm.ping("10.0.0.12");
            awaitSize(other, 10 * 98);
            assertTrue(interrupt(reading)[0] >= 10);
            Programs.run("kill", "-CONT", Long.toString(stopped.process().pid()));
            long[] sums = interrupt(stopped);
            assertTrue(sums[0] > 0 && sums[1] > 0, stopped::output);
        }
        assertTrue(decoded(slow).contains("10.0.0.12."), "what was kept can be read");
    }

    @Test
    void captureEndsWithItsClientAndThereAreNoMoreThanFour() {
        List<RunningProgram> captures = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                captures.add(capture(file("c" + i), "tap1"));
            }
            Programs.Outcome fifth = hypervisor.command("capture", "tap1");
            assertEquals(1, fifth.status(), fifth::output);
            assertTrue(
                    fifth.output().contains("as many as a switch takes at once; end one of them first"), fifth::output);
            captures.getFirst().process().destroyForcibly();
            Await.until(
                    "the killed client's capture to end",
                    Hypervisor.LIMIT,
                    () -> hypervisor
                                    .command("capture", "tap1", "--seconds", "1")
                                    .status()
                            == 0);
            Programs.Outcome unknown = hypervisor.command("capture", "tap9");
            assertEquals(1, unknown.status(), unknown::output);
            Programs.Outcome nonsense = hypervisor.command("capture", "tap1", "dport=x");
            assertEquals(2, nonsense.status(), nonsense::output);
            // the others end with the switch, and know it
            assertEquals(0, hypervisor.stop());
            for (RunningProgram capture : captures.subList(1, 4)) {
                assertEquals(0, capture.awaitEnd(Hypervisor.LIMIT), () -> capture.output() + "\n" + hypervisor.log());
                assertTrue(SUMMARY.matcher(capture.output()).find(), capture::output);
            }
        } finally {
            captures.forEach(RunningProgram::close);
        }
    }
}
