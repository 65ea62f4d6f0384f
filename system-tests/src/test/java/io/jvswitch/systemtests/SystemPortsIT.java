package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Existing devices as ports: containers on veths, which come and go as their owners like. */
final class SystemPortsIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvs");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest left = Guest.create("left", "eth0");
    private final Guest right = Guest.create("right", "eth0");
    private final Guest far = Guest.in(vtep.netns(), "vx42");

    @BeforeEach
    void layOut() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.20/24");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.2]
                    subnets:
                      - cidr: 10.0.0.0/24
                        dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199}
                ports:
                  veth-left: {kind: system, network: blue}
                  veth-right: {kind: system, network: blue}
                """);
    }

    @AfterEach
    void clearAway() {
        left.close();
        right.close();
        hypervisor.close();
        vtep.close();
    }

    private void plug(String device, Guest guest, String address) {
        guest.silence();
        hypervisor.netns().connect(device, guest.netns(), "eth0");
        guest.bringUp(address);
        guest.setMtu(1450);
    }

    private void awaitWaiting(String port, String why) {
        Await.until(
                "port " + port + " to wait",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/ports").toPrettyString() + hypervisor.log(),
                () -> hypervisor.port(port).path("waits_for").asString("").contains(why));
    }

    @Test
    void containersTalkThroughTheSwitchAndThroughVxlan() {
        plug("veth-left", left, "10.0.0.11/24");
        plug("veth-right", right, "10.0.0.12/24");
        hypervisor.start();
        hypervisor.awaitUp("veth-left");
        hypervisor.awaitUp("veth-right");
        left.awaitPing("10.0.0.12");
        left.awaitPing("10.0.0.20");
        left.exchangeTcp(right, "10.0.0.12", 32);
        right.exchangeTcp(left, "10.0.0.11", 32);
        left.exchangeTcp(far, "10.0.0.20", 16);
        far.exchangeTcp(right, "10.0.0.12", 16);
        assertEquals(0, hypervisor.drops("offload-invalid"));
        assertEquals(1500, hypervisor.port("veth-left").path("mtu_bytes").asInt(), "the device's own");
        // The switch goes, the devices stay as they were.
        hypervisor.stop();
        String after = hypervisor.netns().run("ip", "-d", "link", "show", "veth-left");
        assertTrue(after.contains("promiscuity 0") && after.contains(",UP"), after);
    }

    @Test
    void aDeviceIsPickedUpWhenItAppearsGoesAndComesBack() {
        hypervisor.start();
        awaitWaiting("veth-left", "there is no such device");
        String shown = hypervisor.command("show").output();
        assertTrue(shown.contains("veth-left (1): system, waiting (device veth-left: "), shown);
        plug("veth-left", left, "10.0.0.11/24");
        plug("veth-right", right, "10.0.0.12/24");
        hypervisor.awaitUp("veth-left");
        hypervisor.awaitUp("veth-right");
        left.awaitPing("10.0.0.12");
        for (int round = 0; round < 3; round++) {
            hypervisor.netns().run("ip", "link", "delete", "veth-left");
            awaitWaiting("veth-left", "there is no such device");
            plug("veth-left", left, "10.0.0.11/24");
            hypervisor.awaitUp("veth-left");
            left.awaitPing("10.0.0.12");
            left.ping("10.0.0.20");
        }
        // Deleted and made again before anybody could look.
        hypervisor
                .netns()
                .run(
                        "sh",
                        "-c",
                        "ip link delete veth-left && ip link add veth-left type veth peer name eth0 netns "
                                + left.netns().name() + " && ip link set veth-left up");
        left.bringUp("10.0.0.11/24");
        left.awaitPing("10.0.0.12");
    }

    @Test
    void carrierIsFollowed() {
        plug("veth-left", left, "10.0.0.11/24");
        plug("veth-right", right, "10.0.0.12/24");
        hypervisor.start();
        left.awaitPing("10.0.0.12");
        String mac = left.netns().run("cat", "/sys/class/net/eth0/address").strip();
        assertTrue(hypervisor.get("/v1/fdb").toString().contains(mac));
        left.netns().run("ip", "link", "set", "eth0", "down");
        hypervisor.awaitState("veth-left", "down");
        assertFalse(hypervisor.get("/v1/fdb").toString().contains(mac), "forgotten at once");
        // The guest has moved, silently; who knows its address finds it.
        vtep.netns().run("ip", "link", "set", "vx42", "address", mac);
        vtep.netns().run("ip", "address", "add", "10.0.0.11/24", "dev", "vx42");
        right.netns().run("ip", "neighbour", "replace", "10.0.0.11", "lladdr", mac, "dev", "eth0", "nud", "permanent");
        right.ping("10.0.0.11");
        assertEquals(0, hypervisor.drops("port-down"));
        vtep.netns().run("ip", "address", "delete", "10.0.0.11/24", "dev", "vx42");
        vtep.netns().run("ip", "link", "set", "vx42", "address", LinuxVtep.mac(42));
        awaitWaiting("veth-left", "device veth-left has no carrier");
        left.bringUp();
        hypervisor.awaitUp("veth-left");
        hypervisor.netns().run("ip", "link", "set", "veth-left", "down");
        awaitWaiting("veth-left", "device veth-left is down; set it up with 'ip link set veth-left up'");
        hypervisor.netns().run("ip", "link", "set", "veth-left", "up", "mtu", "1400");
        hypervisor.awaitUp("veth-left");
        Await.until(
                "the device's MTU to be shown",
                Hypervisor.LIMIT,
                () -> hypervisor.port("veth-left").path("mtu_bytes").asInt() == 1400);
        left.awaitPing("10.0.0.12");
    }

    @Test
    void aDeviceInAnotherNamespace() {
        hypervisor.start();
        Netns container = left.netns();
        hypervisor.netns().connect("veth-x", container, "eth7");
        Programs.Outcome added = hypervisor.command("port", "add", "eth7", "--kind", "system", "--network", "blue");
        assertEquals(0, added.status(), added.output());
        assertTrue(added.output().contains("it waits: device eth7"), added.output());
        assertTrue(
                added.output().contains("namespace " + container.name() + " has a device of that name"),
                added.output());
        assertEquals(0, hypervisor.command("port", "remove", "eth7").status());
        added = hypervisor.command(
                "port",
                "add",
                "web",
                "--kind",
                "system",
                "--network",
                "blue",
                "--netns",
                container.name(),
                "--device",
                "eth7");
        assertEquals(0, added.status(), added.output());
        hypervisor.awaitUp("web");
        Guest behind = Guest.in(hypervisor.netns(), "veth-x");
        behind.bringUp("10.0.0.33/24");
        behind.awaitPing("10.0.0.20");
        container.run("ip", "link", "delete", "eth7");
        awaitWaiting("web", "there is no such device");
        hypervisor.netns().connect("veth-x", container, "eth7");
        hypervisor.awaitUp("web");
        behind.bringUp("10.0.0.33/24");
        behind.awaitPing("10.0.0.20");
    }

    @Test
    void whatCannotBeAttachedIsRefusedByName() {
        plug("veth-left", left, "10.0.0.11/24");
        hypervisor.start();
        hypervisor.awaitUp("veth-left");
        refused("u0", "device u0: has the underlay's address");
        refused("lo", "device lo", "Ethernet");
        hypervisor.netns().run("ip", "link", "add", "br9", "type", "bridge");
        hypervisor.netns().run("ip", "link", "add", "slave", "type", "veth", "peer", "name", "other");
        hypervisor.netns().run("ip", "link", "set", "slave", "master", "br9", "up");
        refused("slave", "device slave", "ip link set slave nomaster");
        Programs.Outcome twice = hypervisor.command(
                "port", "add", "again", "--kind", "system", "--network", "blue", "--device", "veth-left");
        assertNotEquals(0, twice.status());
        assertTrue(
                twice.output().contains("expected a device of its own: port veth-left has this one"), twice.output());
        twice = hypervisor.command(
                "port",
                "add",
                "again",
                "--kind",
                "system",
                "--network",
                "blue",
                "--device",
                "veth-left",
                "--netns",
                hypervisor.netns().name());
        assertNotEquals(0, twice.status());
        assertTrue(twice.output().contains("it is a port of a jvswitch already"), twice.output());
        assertTrue(hypervisor.port("veth-left").path("state").asString().equals("up"));
    }

    private void refused(String device, String... words) {
        Programs.Outcome outcome = hypervisor.command("port", "add", device, "--kind", "system", "--network", "blue");
        assertEquals(1, outcome.status(), outcome.output());
        for (String word : words) {
            assertTrue(outcome.output().contains(word), outcome.output());
        }
        for (tools.jackson.databind.JsonNode port : hypervisor.get("/v1/ports")) {
            assertNotEquals(device, port.path("name").asString());
        }
    }
}
