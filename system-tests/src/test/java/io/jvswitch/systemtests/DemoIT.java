package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command that every newcomer types first. */
final class DemoIT {
    /** It is to end in well under a minute; a machine that builds something else meanwhile may take longer. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Pattern LEFT_BEHIND = Pattern.compile("are in (/\\S+)");

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    private static RunningProgram start(String... words) {
        List<String> arguments = new ArrayList<>(List.of("demo"));
        arguments.addAll(List.of(words));
        return RunningProgram.start(
                Hypervisor.jvm(List.of("-XX:TieredStopAtLevel=1"), arguments).toArray(String[]::new));
    }

    /** The demo has ended, and what it had started is gone with it. */
    private static void assertNothingLeft(RunningProgram demo, List<ProcessHandle> processes) {
        String prefix = "jvsdemo" + demo.process().pid() + "-";
        String namespaces = Programs.run("ip", "netns", "list");
        assertFalse(namespaces.contains(prefix), () -> namespaces + demo.output());
        assertTrue(processes.stream().noneMatch(ProcessHandle::isAlive), () -> processes + demo.output());
    }

    /** The whole of it; Java's own view ends after 4096 bytes, and the class path is long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException _) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "gre"})
    void everyStepWorksAndNothingIsLeft(String tunnel) {
        try (RunningProgram demo = start("--tunnel", tunnel)) {
            assertEquals(0, demo.awaitEnd(LIMIT), demo::output);
            String output = demo.output();
            assertTrue(output.contains("vm1 got 10.0.0.11/24 from 10.0.0.2"), output);
            assertTrue(output.contains("no ARP among them"), output);
            assertTrue(output.contains("Gbit/s"), output);
            assertTrue(output.contains(tunnel.equals("gre") ? "MTU 1458" : "MTU 1450"), output);
            assertNothingLeft(demo, List.of());
        }
    }

    @Test
    void ctrlCRemovesEverything() {
        try (RunningProgram demo = start()) {
            demo.awaitOutput("TCP from vm1 to vm2", LIMIT);
            List<ProcessHandle> processes = demo.process().descendants().toList();
            Programs.run("kill", "-INT", Long.toString(demo.process().pid()));
            assertFalse(demo.awaitEnd(LIMIT) == 0, demo::output);
            assertNothingLeft(demo, processes);
            assertTrue(demo.output().contains("interrupted; namespaces, devices, processes and files are removed"));
        }
    }

    @Test
    void whatAKilledRunLeftIsRemovedByTheNext() {
        try (RunningProgram killed = start()) {
            killed.awaitOutput("TCP from vm1 to vm2", LIMIT);
            List<ProcessHandle> processes = killed.process().descendants().toList();
            killed.process().destroyForcibly();
            killed.awaitEnd(LIMIT);
            try (RunningProgram next = start()) {
                assertEquals(0, next.awaitEnd(LIMIT), next::output);
            }
            assertNothingLeft(killed, processes);
            String left = "jvswitch-demo-" + killed.process().pid() + "-";
            assertFalse(Programs.run("ls", "/tmp").contains(left), killed::output);
        }
    }

    /** As in a container that was not given the rights. */
    @Test
    void withoutTheRightsItSaysSoAndLeavesNothing() {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"));
        command.addAll(Hypervisor.jvm(List.of("-XX:TieredStopAtLevel=1"), List.of("demo")));
        Programs.Outcome outcome = Programs.tryRun(command.toArray(String[]::new));
        assertEquals(1, outcome.status(), outcome::output);
        assertTrue(outcome.output().contains("needs root with all its rights"), outcome::output);
        assertTrue(outcome.output().contains("lacks CAP_SYS_ADMIN"), outcome::output);
    }

    @Test
    void aDaemonThatDiesFailsTheStepAndItsLogIsKept() throws IOException {
        try (RunningProgram demo = start()) {
            demo.awaitOutput("TCP from vm1 to vm2", LIMIT);
            List<ProcessHandle> processes = demo.process().descendants().toList();
            ProcessHandle daemon = processes.stream()
                    .filter(process -> commandLine(process).contains("hv2.yaml"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(demo.output()));
            daemon.destroyForcibly();
            assertEquals(1, demo.awaitEnd(LIMIT), demo::output);
            String output = demo.output();
            assertTrue(output.contains("of the demo failed: the jvswitch of hv2 ended with status 137"), output);
            assertNothingLeft(demo, processes);
            Matcher matcher = LEFT_BEHIND.matcher(output);
            assertTrue(matcher.find(), output);
            Path directory = Path.of(matcher.group(1));
            assertTrue(Files.exists(directory.resolve("hv2.log")), output);
            Programs.run("rm", "-r", directory.toString());
        }
    }

    @Test
    void twoAtOnceDoNotMeet() {
        try (RunningProgram one = start("--tunnel", "vxlan");
                RunningProgram two = start("--tunnel", "gre")) {
            assertEquals(0, one.awaitEnd(LIMIT), one::output);
            assertEquals(0, two.awaitEnd(LIMIT), two::output);
            assertNothingLeft(one, List.of());
            assertNothingLeft(two, List.of());
        }
    }

    @Test
    void anUnknownTunnelIsWrongUsage() {
        try (RunningProgram demo = start("--tunnel", "ipsec")) {
            assertEquals(2, demo.awaitEnd(LIMIT), demo::output);
            assertTrue(demo.output().contains("ipsec"), demo::output);
        }
    }
}
