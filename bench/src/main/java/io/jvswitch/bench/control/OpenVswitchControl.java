package io.jvswitch.bench.control;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Stock Open vSwitch with its userspace datapath, as far as the like can be asked of it: ports in one transaction,
 * one at a time, and a
 * start with all of them. Database, daemon and sockets are the lab's.
 */
final class OpenVswitchControl {
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final int LIMIT_SECONDS = 180;
    private static final int CHANGES = 10;

    private final Lab lab;
    private final PrintStream out;
    private final String netns;
    private final Path directory;

    OpenVswitchControl(Lab lab, PrintStream out) {
        this.lab = lab;
        this.out = out;
        netns = lab.netns("ovs");
        directory = lab.directory().resolve("ovs");
    }

    void run() {
        out.println("Open vSwitch "
                + lab.run("ovs-vsctl", "--version").lines().findFirst().orElse(""));
        lab.addNamespace("ovs");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StepFailedException("no directory for Open vSwitch: " + e.getMessage(), e);
        }
        lab.run("ovsdb-tool", "create", database(), SCHEMA.toString());
        daemon("ovsdb-server", database(), "--remote=punix:" + socket());
        await(() -> Files.exists(socket()));
        vsctl(List.of("--no-wait", "init"));
        Lab.Started daemon = start();
        vsctl(List.of("add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=netdev"));
        transaction(0, 300);
        transaction(300, 850);
        transaction(850, 2_000);
        each("port add", i -> add("new" + i));
        each("port remove", i -> List.of("del-port", "br-int", "new" + i));
        print("stop", timed(() -> stop(daemon)));
        print("start with 2,000 ports", timed(this::start));
        List<String> removed = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            removed.addAll(List.of("--", "del-port", "br-int", "p" + i));
        }
        print("1,000 ports removed in one transaction", timed(() -> vsctl(removed)));
        out.println();
    }

    private interface Change {
        List<String> words(int number);
    }

    private void each(String what, Change change) {
        List<Long> tookNs = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            List<String> words = change.words(i);
            tookNs.add(timed(() -> vsctl(words)));
        }
        out.printf(Locale.ROOT, "  %-46s %s%n", what, Times.of(tookNs));
    }

    private static long timed(Runnable action) {
        long beganNs = System.nanoTime();
        action.run();
        return System.nanoTime() - beganNs;
    }

    private void print(String what, long tookNs) {
        out.printf(Locale.ROOT, "  %-46s %s%n", what, Times.ms(tookNs));
    }

    private static List<String> add(String port) {
        return List.of("add-port", "br-int", port, "--", "set", "interface", port, "type=internal");
    }

    private void transaction(int from, int to) {
        List<String> words = new ArrayList<>();
        for (int i = from; i < to; i++) {
            words.add("--");
            words.addAll(add("p" + i));
        }
        print(
                String.format(Locale.ROOT, "%,d internal ports added to %,d in one transaction", to - from, from),
                timed(() -> vsctl(words)));
    }

    private Lab.Started start() {
        Lab.Started daemon = daemon("ovs-vswitchd", "unix:" + socket());
        // It answers when the daemon has become what the database says.
        vsctl(List.of("--", "set", "Open_vSwitch", ".", "external_ids:started=" + System.nanoTime()));
        return daemon;
    }

    private static void stop(Lab.Started daemon) {
        daemon.process().destroy();
        try {
            if (!daemon.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new StepFailedException("ovs-vswitchd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            SwitchUnderTest.sleep(2);
        }
    }

    private Lab.Started daemon(String program, String... words) {
        List<String> command = new ArrayList<>(List.of("env", "OVS_RUNDIR=" + directory, program));
        command.addAll(List.of(words));
        command.add("--unixctl=" + directory.resolve(program + ".ctl"));
        command.add("-vconsole:warn");
        return lab.start(Lab.inside(netns, command), directory.resolve(program + ".log"));
    }

    private void vsctl(List<String> words) {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + socket()));
        command.addAll(words);
        lab.start(command, null).awaitEnd(LIMIT_SECONDS);
    }

    private String database() {
        return directory.resolve("conf.db").toString();
    }

    private Path socket() {
        return directory.resolve("db.sock");
    }
}
