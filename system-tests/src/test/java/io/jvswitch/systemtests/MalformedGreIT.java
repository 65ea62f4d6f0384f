package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A VTEP sends GRE as no peer would; each packet is counted by its reason and the guests notice nothing. */
final class MalformedGreIT {
    private static final String FRAME = "ffffffffffff" + "020000000099" + "88b5" + "00".repeat(46);

    private final Hypervisor hypervisor = Hypervisor.create("hvg");
    private final Netns far = Netns.create("farg");
    private final Guest vm = Guest.create("vmg", "tap1");
    private final Guest neighbour = Guest.create("nextg", "tap2");

    @BeforeEach
    void layOut() {
        Peers.require("python3", "ping", "tcpdump");
        hypervisor.connect(far, "192.0.2.1/24", "192.0.2.2/24");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue: {tunnel: gre, vni: 7, remotes: [192.0.2.2]}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                  tap2: {kind: tap, network: blue, netns: %s}
                """.formatted(vm.netns().name(), neighbour.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24");
        neighbour.bringUp("10.0.0.12/24");
        vm.awaitPing("10.0.0.12");
    }

    @AfterEach
    void clearAway() {
        vm.close();
        neighbour.close();
        hypervisor.close();
        far.close();
    }

    private static Map<String, List<String>> packets() {
        Map<String, List<String>> packets = new LinkedHashMap<>();
        packets.put("gre-truncated", List.of("200065", "20006558" + "0000", "a0006558" + "ffff"));
        packets.put("gre-bad-version", List.of("20016558" + "00000007" + FRAME));
        packets.put("gre-bad-flags", List.of("60006558" + "00000007" + FRAME)); // routing present, RFC 1701
        packets.put("gre-bad-protocol", List.of("20000800" + "00000007" + FRAME));
        packets.put("gre-bad-checksum", List.of("a0006558" + "ffff0000" + "00000007" + FRAME));
        packets.put("tunnel-unknown-key", List.of("20006558" + "00000063" + FRAME, "00006558" + FRAME));
        packets.put(
                "ethernet-truncated",
                List.of("20006558" + "00000007", "20006558" + "00000007" + FRAME.substring(0, 26)));
        return packets;
    }

    private void send(List<String> packets) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", """
                import socket, sys
                with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE) as s:
                    for packet in sys.argv[1:]:
                        s.sendto(bytes.fromhex(packet), ('192.0.2.1', 0))
                """));
        command.addAll(packets);
        far.run(command.toArray(String[]::new));
    }

    @Test
    void eachIsCountedAndTrafficGoesOn() {
        try (Pings pings = Pings.start(vm.netns(), "10.0.0.12")) {
            Map<String, Long> before = new LinkedHashMap<>();
            packets().keySet().forEach(reason -> before.put(reason, hypervisor.drops(reason)));
            packets().values().forEach(this::send);
            packets()
                    .forEach((reason, packets) -> Await.until(
                            packets.size() + " times " + reason + " after " + before.get(reason),
                            Hypervisor.LIMIT,
                            () -> hypervisor.get("/v1/drops?port=underlay").toPrettyString(),
                            () -> hypervisor.drops(reason) == before.getOrDefault(reason, 0L) + packets.size()));
            pings.assertNoneLost();
        }
        try (Capture capture = Capture.start(vm.netns(), "tap1", "ether proto 0x88b5")) {
            Await.until("a frame of the tunnel", Hypervisor.LIMIT, () -> {
                send(List.of("20006558" + "00000007" + FRAME));
                return capture.decode("").contains("02:00:00:00:00:99");
            });
        }
    }
}
