package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The program {@code ovs-vswitchd} as a daemon: what Open vSwitch's scripts and its suite rely on, with the stock
 * {@code ovs-appctl} as the judge of pidfile and socket. Texts and statuses are Open vSwitch 3.1's.
 */
final class LauncherIT {

    /** The option list of Open vSwitch's suite. */
    private static final String[] AS_THE_SUITE = {
        "--disable-system",
        "--detach",
        "--no-chdir",
        "--pidfile",
        "--log-file",
        "-vvconn",
        "-vofproto_dpif",
        "-vunixctl"
    };

    private final DropIn host = DropIn.create("launch");
    private final Path pidfile = host.file("ovs-vswitchd.pid");

    @AfterEach
    void clearAway() throws IOException {
        if (Files.exists(pidfile)) {
            Programs.tryRun("kill", "-KILL", pid());
        }
        host.close();
    }

    private String pid() throws IOException {
        return Files.readString(pidfile).strip();
    }

    private Programs.Outcome appctl(String... words) {
        String[] command = new String[words.length + 3];
        command[0] = "env";
        command[1] = "OVS_RUNDIR=" + pidfile.getParent();
        command[2] = "ovs-appctl";
        System.arraycopy(words, 0, command, 3, words.length);
        return Programs.tryRun(command);
    }

    private static void awaitEnd(String pid) {
        Await.until(
                "process " + pid + " to end",
                Hypervisor.LIMIT,
                () -> ProcessHandle.of(Long.parseLong(pid))
                        .map(process -> !process.isAlive())
                        .orElse(true));
    }

    private static void assertOutcome(int status, String output, Programs.Outcome outcome) {
        assertEquals(output, outcome.output());
        assertEquals(status, outcome.status());
    }

    @Test
    void detachesWhenAllIsConfigured() throws IOException {
        host.vsctl("--no-wait", "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev");
        assertOutcome(0, "", host.launch(AS_THE_SUITE));
        assertEquals("65534", host.of("br0", "ofport"), "written before it returned");
        String pid = pid();
        assertEquals("ovs-vswitchd\n", Files.readString(Path.of("/proc", pid, "comm")));
        assertOutcome(0, "ovs-vswitchd (Open vSwitch) 3.1.0\n", appctl("version"));
        assertTrue(Files.isSymbolicLink(Path.of("/proc", pid, "fd", "2")));
        assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(Path.of("/proc", pid, "fd", "2")));
        assertOutcome(
                1,
                "ovs-vswitchd: " + pidfile + ": already running as pid " + pid + ", aborting\n",
                host.launch("--detach", "--pidfile"));
        List<String> log = Files.readAllLines(host.file("ovs-vswitchd.log"));
        for (String line : log) {
            assertTrue(line.matches("[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z\\|[0-9]{5}\\|[a-z_]+\\|(INFO|DBG)\\|.*"), line);
        }
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(host.file("ovs-vswitchd.log"))));
        assertOutcome(0, "", appctl("exit", "--cleanup"));
        awaitEnd(pid);
        assertFalse(Files.exists(pidfile), "the pidfile");
        assertFalse(Files.exists(host.file("ovs-vswitchd." + pid + ".ctl")), "the socket");
    }

    @Test
    void aSignalEndsItAsASignal() throws Exception {
        host.start();
        host.vsctl("add-br", "br0");
        long pid = Long.parseLong(Programs.run("pgrep", "-f", "unixctl=" + host.file("vswitchd.ctl"))
                .lines()
                .findFirst()
                .orElseThrow());
        Programs.run("kill", "-TERM", Long.toString(pid));
        // env(1) made room for it: it is the child of whoever started it
        assertEquals(128 + 15, host.awaitEnd());
        assertFalse(Files.exists(host.file("vswitchd.ctl")));
    }

    @Test
    void changesTheLogWhileItRuns() throws IOException {
        assertOutcome(0, "", host.launch(AS_THE_SUITE));
        Path log = host.file("ovs-vswitchd.log");
        Path old = host.file("ovs-vswitchd.log.1");
        Files.move(log, old);
        assertOutcome(0, "", appctl("vlog/reopen"));
        Await.until("the log's new file", Hypervisor.LIMIT, () -> Files.exists(log));
        assertOutcome(0, "", appctl("vlog/set", "unixctl:file:off"));
        assertTrue(appctl("vlog/list").output().contains("unixctl            DBG        DBG        OFF\n"));
        Programs.Outcome refused = appctl("vlog/set", "nope");
        assertEquals(2, refused.status());
        assertTrue(
                refused.output().startsWith("no destination, level, or module \"nope\"\novs-appctl: "),
                refused::output);
        assertFalse(Files.readString(log).contains("nope"), "it is off");
    }

    @Test
    void isStartedAgainWhenItCrashes() throws IOException {
        assertOutcome(0, "", host.launch("--monitor", "--detach", "--no-chdir", "--pidfile", "--log-file"));
        String first = pid();
        String monitor = Long.toString(ProcessHandle.of(Long.parseLong(first))
                .flatMap(ProcessHandle::parent)
                .orElseThrow()
                .pid());
        String title = Files.readString(Path.of("/proc", monitor, "cmdline"));
        assertTrue(title.startsWith("ovs-vswitchd: monitoring pid " + first + " (healthy)"), title);
        Programs.run("kill", "-KILL", first); // no crash: it is what an operator does
        awaitEnd(monitor);
        assertOutcome(0, "", host.launch("--monitor", "--detach", "--no-chdir", "--pidfile", "--log-file"));
        String second = pid();
        Programs.run("kill", "-ABRT", second);
        Await.until("another daemon", Hypervisor.LIMIT, () -> {
            try {
                return Files.exists(pidfile)
                        && !pid().equals(second)
                        && appctl("version").status() == 0;
            } catch (IOException _) {
                return false;
            }
        });
        assertNotEquals(second, pid());
        assertOutcome(0, "", appctl("exit"));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        Peers.require("ovs-appctl");
        assertOutcome(
                1,
                "ovs-vswitchd: at most one non-option argument accepted; use --help for usage\n",
                host.launch("a", "b"));
        assertOutcome(
                1,
                "ovs-vswitchd: processing \"nope\": no destination, level, or module \"nope\"\n",
                host.launch("--detach", "-vnope"));
        assertOutcome(
                1,
                "ovs-vswitchd: /nonexistent/x.tmp: create failed (No such file or directory)\n",
                host.launch("--detach", "--pidfile=/nonexistent/x"));
        assertOutcome(0, "ovs-vswitchd (Open vSwitch) 3.1.0\n", host.launch("--version"));
        assertEquals(1, host.launch("--nope").status());
        assertFalse(Files.exists(pidfile));
    }
}
