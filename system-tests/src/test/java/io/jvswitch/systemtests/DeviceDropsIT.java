package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the kernel refuses to take is counted with its reason. What a device delivers wrongly is provoked in tap-jni's
 * tests.
 */
final class DeviceDropsIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvt");
    private final Netns far = Netns.create("far");
    private final Guest vm = Guest.create("vmt", "tap1");
    private final Guest neighbour = Guest.create("next", "tap2");

    @BeforeEach
    void cable() {
        Peers.require("tc", "python3", "ping");
        hypervisor.connect(far, "192.0.2.1/24", "192.0.2.2/24");
    }

    @AfterEach
    void clearAway() {
        vm.close();
        neighbour.close();
        hypervisor.close();
        far.close();
    }

    private void start(String underlay, String remote) {
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                %snetworks:
                  blue: {tunnel: vxlan, vni: 42, remotes: [%s]}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                  tap2: {kind: tap, network: blue, netns: %s}
                """.formatted(
                underlay.indent(2), remote, vm.netns().name(), neighbour.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24");
        neighbour.bringUp("10.0.0.12/24");
        vm.awaitPing("10.0.0.12");
    }

    private void awaitDrop(String reason, Runnable provoke) {
        long before = hypervisor.drops(reason);
        Await.until(
                reason + " to be counted",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> {
                    provoke.run();
                    return hypervisor.drops(reason) > before;
                });
        // The neighbour on this host is reached as before.
        vm.ping("10.0.0.12");
    }

    @Test
    void aVtepWithoutARoute() {
        start("", "198.51.100.1");
        awaitDrop("tx-unreachable", () -> vm.askForNobody("10.0.0.77"));
        hypervisor.netns().run("ip", "route", "add", "198.51.100.1", "via", "192.0.2.2");
        try (Capture capture = Capture.start(far, "u0", "udp dst port 4789 and dst host 198.51.100.1")) {
            Await.until(
                    "frames once there is a route",
                    Hypervisor.LIMIT,
                    () -> hypervisor.get("/v1/show").toPrettyString(),
                    () -> {
                        vm.askForNobody("10.0.0.77");
                        return capture.count("udp") > 0;
                    });
        }
    }

    @Test
    void aVtepThatTheHostProhibits() {
        hypervisor.netns().run("ip", "route", "add", "prohibit", "198.51.100.2");
        start("", "198.51.100.2");
        awaitDrop("tx-refused", () -> vm.askForNobody("10.0.0.77"));
        hypervisor.awaitLog(
                "port underlay: the kernel refuses frames for 198.51.100.2 (drop reason tx-refused): sendmmsg: EACCES",
                0);
    }

    /**
     * What waits in front of the device fills the socket's buffer. What the device's own queue throws away the kernel
     * does not tell.
     */
    @Test
    void anUnderlayThatIsSlowerThanItsSenders() {
        start("", "192.0.2.2");
        hypervisor
                .netns()
                .run(
                        "tc", "qdisc", "add", "dev", "u0", "root", "tbf", "rate", "8kbit", "burst", "2kb", "limit",
                        "64mb");
        vm.netns().run("ip", "neighbour", "replace", "10.0.0.78", "lladdr", "02:00:00:00:00:78", "dev", "tap1");
        awaitDrop("tx-queue-full", () -> vm.netns().run("python3", "-c", """
                import socket
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                    for i in range(5000):
                        s.sendto(bytes(1000), ('10.0.0.78', 9))
                """));
    }

    /** The configuration promises more than the device carries: nobody loses packets by believing it. */
    @Test
    void anUnderlayMtuThatIsNotTrue() {
        hypervisor.netns().run("ip", "link", "set", "u0", "mtu", "1400");
        start("mtu: 1500\n", "192.0.2.2");
        vm.setMtu(1450);
        vm.netns().run("ip", "neighbour", "replace", "10.0.0.78", "lladdr", "02:00:00:00:00:78", "dev", "tap1");
        String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", "1400", "10.0.0.78")
                .output();
        assertTrue(refused.contains("(mtu = 1350)"), refused);
    }

    @Test
    void aGuestWhoseDeviceIsDown() {
        start("", "192.0.2.2");
        vm.netns()
                .run(
                        "ip",
                        "neighbour",
                        "replace",
                        "10.0.0.12",
                        "lladdr",
                        mac(neighbour),
                        "dev",
                        "tap1",
                        "nud",
                        "permanent");
        neighbour.netns().run("ip", "link", "set", "tap2", "down");
        Await.until(
                "frames to a device that is down to be counted",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> {
                    vm.tryPing("-c", "1", "-W", "0.2", "10.0.0.12");
                    return hypervisor.drops("port-down") + hypervisor.drops("tx-device-down") > 0;
                });
        neighbour.bringUp();
        vm.awaitPing("10.0.0.12");
        assertTrue(hypervisor.isAlive());
    }

    private static String mac(Guest guest) {
        return guest.netns()
                .run("cat", "/sys/class/net/" + guest.device() + "/address")
                .strip();
    }
}
