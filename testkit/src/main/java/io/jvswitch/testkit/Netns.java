package io.jvswitch.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace that a test made, with everything that runs in it: a host of the test's own. Names carry the
 * process id and a count, so that two runs at once do not meet. {@link #close} kills what was started in it and deletes
 * it with its devices; a namespace still open when the JVM ends (Ctrl-C) is closed by a shutdown hook.
 *
 * <p>Needs root: call {@link Peers#requireRoot()} first. For one test thread.
 */
public final class Netns implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<Netns> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(OPEN).forEach(Netns::close), "testkit-netns-cleanup"));
    }

    private final String name;
    private final List<RunningProgram> programs = Collections.synchronizedList(new ArrayList<>());

    private Netns(String name) {
        this.name = name;
    }

    /**
     * Makes a namespace with its loopback up.
     *
     * @param role what it stands for in the test, such as {@code vtep}; part of the name
     */
    public static Netns create(String role) {
        Netns netns = new Netns("jvs-" + role + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        Programs.run("ip", "netns", "add", netns.name);
        OPEN.add(netns);
        netns.run("ip", "link", "set", "lo", "up");
        return netns;
    }

    /** The name as {@code ip netns} knows it. */
    public String name() {
        return name;
    }

    /**
     * Joins two namespaces by a veth pair and sets both ends up.
     *
     * @param device name of this namespace's end, at most 15 characters
     * @param peerDevice name of the other's end
     */
    public void connect(String device, Netns peer, String peerDevice) {
        run("ip", "link", "add", device, "type", "veth", "peer", "name", peerDevice, "netns", peer.name);
        run("ip", "link", "set", device, "up");
        peer.run("ip", "link", "set", peerDevice, "up");
    }

    /**
     * Runs a program in here and gives its standard output; another status than 0 is an {@link AssertionError} with
     * what it said.
     */
    public String run(String... command) {
        return Programs.run(inside(command));
    }

    /** Runs a program in here whose failure is an answer. */
    public Programs.Outcome tryRun(String... command) {
        return Programs.tryRun(inside(command));
    }

    /** Starts a program that stays; it is killed when the namespace is closed. */
    public RunningProgram start(String... command) {
        RunningProgram program = RunningProgram.start(inside(command));
        programs.add(program);
        return program;
    }

    /** A command line that runs {@code command} in here, for a caller that starts processes itself. */
    public String[] inside(String... command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(List.of(command));
        return line.toArray(String[]::new);
    }

    /** Kills what runs in here and deletes the namespace; a second call does nothing. */
    @Override
    public void close() {
        if (!OPEN.remove(this)) {
            return;
        }
        List.copyOf(programs).forEach(RunningProgram::close);
        for (String pid : Programs.tryRun("ip", "netns", "pids", name).output().split("\\s+", -1)) {
            if (!pid.isEmpty()) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        Programs.run("ip", "netns", "del", name);
    }
}
