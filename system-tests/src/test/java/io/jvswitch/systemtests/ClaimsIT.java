package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the kernel would let two programs have without a word, and share out: several workers' UDP port, GRE,
 * multi-queue TAPs.
 */
final class ClaimsIT {
    private final Hypervisor hypervisor = Hypervisor.create("hcl");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("cvm", "tap1");

    private static final String SHARER = """
            import socket, sys, time
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            s.bind((sys.argv[1], 4789))
            print("bound", flush=True)
            time.sleep(3600)
            """;

    @AfterEach
    void clearAway() {
        vm.close();
        hypervisor.close();
        vtep.close();
    }

    private static String sections(String netns) {
        return """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                  green: {tunnel: gre, vni: 7, remotes: [192.0.2.2]}
                ports:
                  tap1: {kind: tap, network: blue%s, queues: 2}
                """.formatted(netns);
    }

    private String underlayWaitsFor() {
        return hypervisor.get("/v1/show").path("underlay").path("waits_for").asString("");
    }

    @Test
    void whatSeveralWorkersShareIsSharedWithNobodyElse() throws IOException {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.20/24");
        hypervisor.configure("workers: 2", sections(""));
        // Another program was first.
        RunningProgram sharer = hypervisor.netns().start("python3", "-u", "-c", SHARER, "192.0.2.1");
        sharer.awaitOutput("bound", Hypervisor.LIMIT);
        hypervisor.start();
        Await.until(
                "the underlay to wait",
                Hypervisor.LIMIT,
                hypervisor::log,
                () -> underlayWaitsFor().contains("another socket has UDP port 4789"));
        sharer.close();
        Await.until(
                "the underlay to be had",
                Hypervisor.LIMIT,
                hypervisor::log,
                () -> underlayWaitsFor().isEmpty());
        // And is last.
        for (String address : List.of("192.0.2.1", "0.0.0.0")) {
            RunningProgram late = hypervisor.netns().start("python3", "-u", "-c", SHARER, address);
            late.awaitOutput("Address already in use", Hypervisor.LIMIT);
            late.close();
        }
        // A second switch with the same configuration gets neither tunnel nor TAP.
        Path second = Files.createTempDirectory("jvs-second-");
        try {
            Path file = second.resolve("second.yaml");
            Files.writeString(file, """
                    switch: {name: second, workers: 2, control-socket: %s}
                    """.formatted(second.resolve("s")) + sections(""));
            RunningProgram daemon = hypervisor
                    .netns()
                    .start(Hypervisor.jvm(List.of("-Xmx512m"), List.of("run", "--config", file.toString()))
                            .toArray(String[]::new));
            for (String refusal : List.of(
                    "another socket has UDP port 4789",
                    "another jvswitch has GRE tunnels at that address",
                    "port tap1 waits: TAP tap1: TUNSETIFF failed with EBUSY")) {
                daemon.awaitOutput(refusal, Hypervisor.LIMIT);
            }
            assertEquals(
                    2,
                    hypervisor
                            .netns()
                            .run("ls", "/sys/class/net/tap1/queues")
                            .lines()
                            .filter(queue -> queue.startsWith("rx-"))
                            .count());
            daemon.close();
        } finally {
            try (java.util.stream.Stream<Path> left = Files.list(second)) {
                left.forEach(path -> assertTrue(path.toFile().delete()));
            }
            Files.delete(second);
        }
        Guest here = Guest.in(hypervisor.netns(), "tap1");
        here.bringUp("10.0.0.11/24");
        here.awaitPing("10.0.0.20");
    }
}
