package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The benchmark on real devices, as short as it goes: that it measures and leaves nothing behind, not what it measures.
 */
class PeersIT {

    @Test
    void whatADaemonTellsOfItselfIsMeasured(@TempDir Path out) throws IOException {
        Peers.requireRoot();
        Peers.require("ip", "ethtool", "gcc");
        int status = new CommandLine(new PeersCommand())
                .execute(
                        "--quick",
                        "--only",
                        "vxlan",
                        "--peers",
                        "jvswitch",
                        "--measure",
                        "latency-loaded,allocation-udp,allocation-tcp",
                        "--out",
                        out.toString());
        String json = Files.readString(out.resolve("peers.json"));
        assertEquals(0, status, json);
        JsonNode root = new JsonMapper().readTree(json);
        assertEquals(
                Measure.LATENCY_LOADED.figures().size() + 4,
                root.path("figures").size(),
                json);
        assertEquals(3, root.path("targets").size(), json);
    }

    @Test
    void jvswitchAndThePumpAreMeasured(@TempDir Path out) throws IOException {
        Peers.requireRoot();
        Peers.require("ip", "ethtool", "gcc");
        int status = new CommandLine(new PeersCommand())
                .execute("--quick", "--only", "tap", "--peers", "jvswitch,pump", "--out", out.toString());
        String json = Files.readString(out.resolve("peers.json"));
        assertEquals(0, status, json);

        JsonNode figures = new JsonMapper().readTree(json).path("figures");
        assertEquals(10, figures.size(), json);
        for (JsonNode figure : figures) {
            for (String peer : new String[] {"jvswitch", "pump"}) {
                assertTrue(figure.path("peers").path(peer).path("median").asDouble() > 0, figure.toString());
            }
        }
        assertTrue(Files.readString(out.resolve("peers-tcp.svg")).contains("tap, tcp-4"));
        assertTrue(Files.exists(out.resolve("record.md")));
        String namespaces = Programs.run("ip", "netns", "list");
        assertFalse(namespaces.contains("jvspeers" + ProcessHandle.current().pid()), namespaces);
    }
}
