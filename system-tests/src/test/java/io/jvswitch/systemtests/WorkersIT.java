package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.RunningProgram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Two workers a host and TAPs with as many queues: flows spread over the workers, and each flow stays in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkersIT {
    private static final int WORKERS = 2;
    private static final int STREAMS = 6;
    private static final int MEGABYTES = 4;

    private final TwoHosts hosts = TwoHosts.create("mq");

    @BeforeAll
    void layOut() {
        hosts.left().connect(hosts.right().netns(), Underlay.IPV4.leftPrefix(), Underlay.IPV4.rightPrefix());
        hosts.start(Underlay.IPV4, WORKERS);
        for (String tunnel : List.of("vxlan", "gre")) {
            hosts.leftGuest(tunnel).awaitPing(hosts.right4());
            hosts.leftGuest(tunnel).awaitPing(hosts.right6());
        }
    }

    @AfterAll
    void clearAway() {
        hosts.close();
    }

    /** Frames that a worker took from its queue of a port. */
    private static long received(Hypervisor host, String port, int worker) {
        for (JsonNode queue : host.get("/v1/stats").path("queues")) {
            if (queue.path("port").asString().equals(port)
                    && queue.path("worker").asInt() == worker) {
                return queue.path("traffic").path("rx_frames").asLong();
            }
        }
        return 0;
    }

    /** All workers to have taken more from a port than before. */
    private void awaitAllBusy(Hypervisor host, String port, Runnable traffic) {
        long[] before = new long[WORKERS];
        for (int worker = 0; worker < WORKERS; worker++) {
            before[worker] = received(host, port, worker);
        }
        Await.until(
                "every worker to take frames from " + port,
                Hypervisor.LIMIT,
                () -> host.get("/v1/stats").toPrettyString(),
                () -> {
                    traffic.run();
                    for (int worker = 0; worker < WORKERS; worker++) {
                        if (received(host, port, worker) - before[worker] < 100) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private void datagrams(String tunnel) {
        Guest from = hosts.leftGuest(tunnel);
        Guest to = hosts.rightGuest(tunnel);
        new Datagrams(16, 150, 1, 700, false).send(from, to, hosts.right4());
        new Datagrams(16, 20, 16, 700, false).send(from, to, hosts.right6());
    }

    @Test
    void datagramsThroughVxlanStayInOrderOnAllWorkers() {
        awaitAllBusy(hosts.left(), "tap-vxlan", () -> datagrams("vxlan"));
        awaitAllBusy(hosts.right(), "underlay", () -> datagrams("vxlan"));
    }

    /** The kernel gives every raw socket every packet, hence one worker alone receives; all send. */
    @Test
    void datagramsThroughGreStayInOrderAndOneWorkerReceives() {
        long first = received(hosts.right(), "underlay", 0);
        long other = received(hosts.right(), "underlay", 1);
        awaitAllBusy(hosts.left(), "tap-gre", () -> datagrams("gre"));
        first = received(hosts.right(), "underlay", 0) - first;
        other = received(hosts.right(), "underlay", 1) - other;
        // VXLAN's receiver is on the same port: its guests may have solicited routers meanwhile.
        assertTrue(first > 7_000 && other < 50, first + " and " + other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "gre"})
    void streamsSideBySide(String tunnel) {
        String script = Scripts.file("talk.py").toString();
        Guest from = hosts.leftGuest(tunnel);
        Guest to = hosts.rightGuest(tunnel);
        List<RunningProgram> servers = new ArrayList<>();
        List<RunningProgram> callers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String address = i % 2 == 0 ? hosts.right4() : hosts.right6();
            servers.add(to.netns().start("python3", "-u", script, "serve", address));
        }
        for (int i = 0; i < STREAMS; i++) {
            RunningProgram server = servers.get(i);
            server.awaitOutput("listening ", Hypervisor.LIMIT);
            String port = server.output().replace("listening ", "").strip();
            String address = i % 2 == 0 ? hosts.right4() : hosts.right6();
            callers.add(from.netns().start("python3", "-u", script, "call", address, port, "" + MEGABYTES));
        }
        for (int i = 0; i < STREAMS; i++) {
            RunningProgram caller = callers.get(i);
            int status = caller.awaitEnd(Hypervisor.LIMIT);
            assertEquals("same both ways", caller.output().strip(), () -> "stream with status " + status);
            servers.get(i).awaitEnd(Hypervisor.LIMIT);
        }
        callers.forEach(RunningProgram::close);
        servers.forEach(RunningProgram::close);
        for (Hypervisor host : hosts.both()) {
            assertEquals(0, host.drops("offload-invalid"));
            assertEquals(0, host.drops("segmentation-failed"));
        }
    }
}
