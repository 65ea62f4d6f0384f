package io.jvswitch.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Why a plan cannot be carried out on this machine, each with the remedy. */
final class Obstacles {
    private static final List<PeerKind.Program> EVERYBODY = List.of(
            new PeerKind.Program("ip", "iproute2"),
            new PeerKind.Program("ethtool", "ethtool"),
            new PeerKind.Program("gcc", "gcc"));

    private final Predicate<String> isInstalled;

    Obstacles() {
        this(Obstacles::isOnPath);
    }

    /**
     * For tests.
     *
     * @param isInstalled whether a program can be called by this name
     */
    Obstacles(Predicate<String> isInstalled) {
        this.isInstalled = isInstalled;
    }

    List<String> of(PeersRun.Plan plan) {
        List<String> obstacles = new ArrayList<>();
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                obstacles.add("it makes network namespaces and devices: run it as root");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            obstacles.add("no /dev/net/tun: load the kernel module tun, or pass the device into the container");
        }
        obstacles.addAll(missingPrograms(plan));
        return obstacles;
    }

    /** What is not installed, with its Debian package, and whom to leave out instead. */
    List<String> missingPrograms(PeersRun.Plan plan) {
        List<String> missing = new ArrayList<>();
        for (PeerKind.Program program : EVERYBODY) {
            if (!isInstalled.test(program.name())) {
                missing.add(program.name() + " is missing (Debian: apt-get install " + program.debianPackage() + ")");
            }
        }
        for (PeerKind peer : plan.peers()) {
            for (PeerKind.Program program : peer.programs()) {
                if (!isInstalled.test(program.name())) {
                    missing.add(program.name() + " is missing (Debian: apt-get install " + program.debianPackage()
                            + "); or leave " + peer.label() + " out with --peers");
                }
            }
        }
        return missing;
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
