package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What comes faster than the switch takes it is lost in the kernel, where no worker sees it: it is counted all the
 * same, as many as the kernel says. The daemon stands still meanwhile, so that the machine's speed does not matter.
 */
final class OverrunsIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvo");
    private final Netns far = Netns.create("faro");
    private final Guest vm = Guest.create("vmo", "tap1");
    private final Guest neighbour = Guest.create("nexto", "tap2");

    @BeforeEach
    void layOut() {
        Peers.require("nstat", "python3", "ping");
        hypervisor.connect(far, "192.0.2.1/24", "192.0.2.2/24");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                  green: {tunnel: gre, vni: 7, remotes: [192.0.2.2]}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                  tap2: {kind: tap, network: blue, netns: %s}
                """.formatted(vm.netns().name(), neighbour.netns().name()));
        hypervisor.start();
        bringUp();
        neighbour.bringUp("10.0.0.12/24");
        vm.awaitPing("10.0.0.12");
    }

    private void bringUp() {
        vm.bringUp("10.0.0.11/24");
        vm.netns().run("ip", "neighbour", "replace", "10.0.0.78", "lladdr", "02:00:00:00:00:78", "dev", "tap1");
    }

    @AfterEach
    void clearAway() {
        vm.close();
        neighbour.close();
        hypervisor.close();
        far.close();
    }

    private long overruns(String port) {
        return drops(port, "rx-overrun");
    }

    private long drops(String port, String reason) {
        return hypervisor
                .get("/v1/drops?port=" + port)
                .valueStream()
                .filter(drop -> drop.path("reason").asString().equals(reason))
                .mapToLong(drop -> drop.path("frames").asLong())
                .sum();
    }

    private void whileItStands(Runnable flood) {
        hypervisor.signal("STOP");
        try {
            flood.run();
        } finally {
            hypervisor.signal("CONT");
        }
    }

    private static void flood(Netns from, String socket, String to, int count) {
        from.run("python3", "-c", """
                import socket
                with socket.socket(socket.AF_INET, %s) as s:
                    for i in range(%d):
                        s.sendto(bytes(1000), %s)
                """.formatted(socket, count, to));
    }

    private void floodTap() {
        whileItStands(() -> flood(vm.netns(), "socket.SOCK_DGRAM", "('10.0.0.78', 9)", 3000));
    }

    private long tapDrops() {
        return Long.parseLong(vm.netns()
                .run("cat", "/sys/class/net/tap1/statistics/tx_dropped")
                .strip());
    }

    private void awaitOverruns(String port, long frames) {
        assertTrue(frames > 0, "the kernel dropped none");
        awaitDrops(port, "rx-overrun", frames);
    }

    private void awaitDrops(String port, String reason, long frames) {
        Await.until(
                frames + " frames of " + port + " to be counted as " + reason,
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> drops(port, reason) == frames);
    }

    private String nstat(String counter) {
        return hypervisor
                .netns()
                .run("nstat", "-a", "-s", "-z", counter)
                .replaceAll("(?s).*" + counter + "\\s+(\\d+).*", "$1");
    }

    /** Datagrams to VXLAN's port with a wrong checksum. */
    private void sendDamaged(int payloadBytes, int count) {
        far.run("python3", "-c", """
                import socket, struct
                with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as s:
                    for i in range(%2$d):
                        s.sendto(struct.pack('!HHHH', 40000, 4789, 8 + %1$d, 0xbad) + bytes(%1$d), ('192.0.2.1', 0))
                """.formatted(payloadBytes, count));
    }

    @Test
    void aGuestThatSendsFasterThanItIsServed() {
        floodTap();
        long first = tapDrops();
        awaitOverruns("tap1", first);
        assertTrue(hypervisor.port("tap1").path("traffic").path("drop_frames").asLong() >= first);
        assertTrue(hypervisor
                        .get("/v1/stats")
                        .path("queues")
                        .valueStream()
                        .filter(queue -> queue.path("port").asString().equals("tap1"))
                        .mapToLong(queue ->
                                queue.path("traffic").path("drop_frames").asLong())
                        .sum()
                >= first);
        vm.ping("10.0.0.12");

        // Another device of the same port begins at 0; the port's counter goes on.
        vm.netns().run("ip", "link", "delete", "tap1");
        Await.until("another tap1", Hypervisor.LIMIT, hypervisor::log, vm::hasDevice);
        hypervisor.awaitUp("tap1");
        bringUp();
        floodTap();
        awaitOverruns("tap1", first + tapDrops());
        assertTrue(overruns("tap2") == 0);
    }

    /**
     * Drops of the socket that receives, which a line of {@code /proc/net} tells of in its last column. One that only
     * sends gets a copy of all GRE, too, and has hardly any room.
     */
    private long socketDrops(String table, String port) {
        return Pattern.compile("^ *\\d+: [0-9A-F]+:" + port + " .* (\\d+)$", Pattern.MULTILINE)
                .matcher(hypervisor.netns().run("cat", "/proc/net/" + table).replaceAll(" +\n", "\n"))
                .results()
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .min()
                .orElseThrow();
    }

    @Test
    void anUnderlayThatIsFasterThanTheSwitch() {
        whileItStands(() -> flood(far, "socket.SOCK_DGRAM", "('192.0.2.1', 4789)", 20_000));
        long vxlan = socketDrops("udp", "12B5");
        awaitOverruns("underlay", vxlan);
        whileItStands(() -> flood(far, "socket.SOCK_RAW, socket.IPPROTO_GRE", "('192.0.2.1', 0)", 20_000));
        long gre = socketDrops("raw", "002F");
        assertTrue(gre > 0, "the kernel dropped no GRE");
        awaitOverruns("underlay", vxlan + gre);
        vm.ping("10.0.0.12");

        // What was damaged on its way is no overrun. Up to 76 bytes the kernel looks at once, beyond that when they are
        // received.
        sendDamaged(20, 10);
        sendDamaged(1000, 30);
        awaitDrops("underlay", "rx-damaged", 40);
        assertEquals(vxlan + gre, drops("underlay", "rx-overrun"));
        assertEquals(0, drops("underlay", "rx-lost"));
        assertEquals("40", nstat("UdpInCsumErrors"), "what the kernel says");

        // A socket that is closed takes its counter with it, but not what was counted.
        whileItStands(() -> flood(far, "socket.SOCK_DGRAM", "('192.0.2.1', 4789)", 20_000));
        long more = socketDrops("udp", "12B5");
        hypervisor.command("network", "remove", "green");
        awaitOverruns("underlay", more - 30 + gre);
        assertEquals(40, drops("underlay", "rx-damaged"));
    }
}
