package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Existing devices under several workers, as trunks, with tunnels of the guests' own, and when somebody else wants
 * them, too.
 */
final class SharedDevicesIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvd");
    private final Guest left = Guest.create("leftd", "eth0");
    private final Guest right = Guest.create("rightd", "eth0");

    @BeforeEach
    void layOut() {
        Peers.require("ethtool", "ping", "python3");
        left.silence();
        right.silence();
        hypervisor.configure("workers: 2", """
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue: {tunnel: none}
                  red: {tunnel: none}
                ports:
                  va: {kind: system, network: blue}
                  vb: {kind: system, network: blue, vlans: {20: red}}
                """);
    }

    @AfterEach
    void clearAway() {
        left.close();
        right.close();
        hypervisor.close();
    }

    private void plug(String device, Guest guest, String address) {
        hypervisor.netns().connect(device, guest.netns(), "eth0");
        guest.bringUp(address);
    }

    private void plugBoth() {
        plug("va", left, "10.0.0.11/24");
        plug("vb", right, "10.0.0.12/24");
        hypervisor.start();
        hypervisor.awaitUp("va");
        hypervisor.awaitUp("vb");
    }

    private long traffic(String port, String counter) {
        return hypervisor.port(port).path("traffic").path(counter).asLong();
    }

    private void awaitReason(String port, String why) {
        Await.until(
                "port " + port + " to wait",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/ports").toPrettyString() + hypervisor.log(),
                () -> hypervisor.port(port).path("waits_for").asString("").contains(why));
    }

    /** What the kernel cuts on its way out must not come back in. */
    @Test
    void severalWorkersShareDevicesAndNothingLoopsBack() {
        plugBoth();
        hypervisor.netns().run("ethtool", "-K", "vb", "tso", "off", "gso", "off", "tx", "off");
        left.awaitPing("10.0.0.12");
        left.exchangeTcp(right, "10.0.0.12", 32);
        right.exchangeTcp(left, "10.0.0.11", 32);
        assertEquals(0, hypervisor.drops("same-port"));
        String hosts = "02:00:00:00:99:01";
        hypervisor.netns().run("ip", "link", "set", "va", "address", hosts);
        hypervisor.netns().run("ip", "address", "add", "10.0.9.1/24", "dev", "va");
        hypervisor.netns().run("ip", "neigh", "add", "10.0.9.2", "lladdr", "02:00:00:00:99:02", "dev", "va");
        hypervisor.netns().tryRun("ping", "-c", "5", "-i", "0.05", "-W", "0.2", "10.0.9.2");
        left.ping("10.0.0.12");
        String learnt = hypervisor.get("/v1/fdb").toString();
        assertTrue(learnt.contains("va") && !learnt.contains(hosts), learnt);
    }

    /** A container that runs a VXLAN device of its own, as Kubernetes' overlays do. */
    @Test
    void aTunnelOfTheGuestsOwnCarriesTcp() {
        plugBoth();
        left.awaitPing("10.0.0.12");
        vxlan(left, "10.0.0.11", "10.0.0.12", "10.7.0.1/24");
        vxlan(right, "10.0.0.12", "10.0.0.11", "10.7.0.2/24");
        left.awaitPing("10.7.0.2");
        left.exchangeTcp(right, "10.7.0.2", 16);
        assertEquals(0, hypervisor.drops("offload-invalid"));
    }

    private static void vxlan(Guest guest, String local, String remote, String address) {
        guest.netns()
                .run(
                        "ip", "link", "add", "vx7", "type", "vxlan", "id", "7", "local", local, "remote", remote,
                        "dstport", "4789", "dev", "eth0");
        guest.netns().run("ip", "address", "add", address, "dev", "vx7");
        guest.netns().run("ip", "link", "set", "vx7", "up");
    }

    /** A superframe with a tag crosses a trunk as one: a cable whose ends are ports of two networks. */
    @Test
    void superframesCrossATrunk() {
        hypervisor.configure("""
                networks:
                  red: {tunnel: none}
                  green: {tunnel: none}
                ports:
                  va: {kind: system, network: red}
                  t0: {kind: system, vlans: {20: red}}
                  t1: {kind: system, vlans: {20: green}}
                  vb: {kind: system, network: green}
                """);
        hypervisor.netns().run("ip", "link", "add", "t0", "up", "type", "veth", "peer", "name", "t1");
        hypervisor.netns().run("ip", "link", "set", "t1", "up");
        plugBoth();
        hypervisor.awaitUp("t0");
        hypervisor.awaitUp("t1");
        left.awaitPing("10.0.0.12");
        left.exchangeTcp(right, "10.0.0.12", 32);
        right.exchangeTcp(left, "10.0.0.11", 32);
        assertEquals(0, hypervisor.drops("offload-invalid"));
        for (String port : new String[] {"t0", "t1"}) {
            assertTrue(
                    traffic(port, "rx_bytes") > 3_000 * traffic(port, "rx_frames"),
                    () -> "superframes: " + hypervisor.port(port));
        }
    }

    /** Linux gives a tag of 802.1Q room beyond the MTU, and one of 802.1ad none. */
    @Test
    void aServiceTagNeedsALargerMtuAndShowSaysSo() {
        hypervisor.configure("""
                networks:
                  red: {tunnel: none}
                ports:
                  va: {kind: system, network: red}
                  vb: {kind: system, network: red, vlan: 20, vlan-protocol: 802.1ad}
                """);
        plugBoth();
        String shown = hypervisor.command("show").output();
        assertTrue(
                shown.contains("warning: device vb has MTU 1500") && shown.contains("ip link set vb mtu 1504"), shown);
        hypervisor.netns().run("ip", "link", "set", "vb", "mtu", "1504");
        Await.until(
                "no warning",
                Hypervisor.LIMIT,
                () -> hypervisor.port("vb").path("warning").asString("").isEmpty());
    }

    @Test
    void aDeviceThatABridgeTakesIsLetGoAndTakenAgain() {
        plugBoth();
        hypervisor.netns().run("ip", "link", "add", "br9", "type", "bridge");
        hypervisor.netns().run("ip", "link", "set", "va", "master", "br9");
        awaitReason("va", "it belongs to another bridge or bond");
        assertTrue(hypervisor.netns().run("ip", "-d", "link", "show", "vb").contains("promiscuity 1"));
        hypervisor.netns().run("ip", "link", "set", "va", "nomaster");
        hypervisor.awaitUp("va");
        left.awaitPing("10.0.0.12");
    }

    /** The address that the tunnels use comes to a device that is a port already, and leaves it again. */
    @Test
    void theTunnelsDeviceIsNoPortForLong() {
        plugBoth();
        hypervisor.netns().run("ip", "address", "add", "192.0.2.1/24", "dev", "va");
        awaitReason("va", "has the underlay's address");
        hypervisor.netns().run("ip", "address", "delete", "192.0.2.1/24", "dev", "va");
        hypervisor.awaitUp("va");
        hypervisor.netns().run("ip", "address", "add", "192.0.2.1/24", "dev", "va");
        awaitReason("va", "has the underlay's address");
        Programs.Outcome outcome = hypervisor.command(
                "port",
                "add",
                "again",
                "--kind",
                "system",
                "--network",
                "blue",
                "--device",
                "va",
                "--netns",
                hypervisor.netns().name());
        assertTrue(outcome.output().contains("has the underlay's address"), outcome.output());
    }

    @Test
    void whatIsNotReadyYetIsWaitedFor() {
        hypervisor.start();
        Netns host = hypervisor.netns();
        host.run("ip", "link", "add", "vc", "type", "veth", "peer", "name", "vd");
        Programs.Outcome added = hypervisor.command("port", "add", "vc", "--kind", "system", "--network", "blue");
        assertEquals(0, added.status(), added.output());
        assertTrue(added.output().contains("ip link set vc up"), added.output());
        host.run("ip", "link", "set", "vd", "up");
        host.run("ip", "link", "set", "vc", "up");
        hypervisor.awaitUp("vc");
        String later = host.name() + "-later";
        added = hypervisor.command(
                "port", "add", "web", "--kind", "system", "--network", "blue", "--device", "eth7", "--netns", later);
        assertEquals(0, added.status(), added.output());
        assertTrue(added.output().contains("there is no such namespace"), added.output());
        host.run("ip", "link", "property", "add", "dev", "vd", "altname", "other-end");
        added = hypervisor.command("port", "add", "other-end", "--kind", "system", "--network", "blue");
        assertEquals(1, added.status(), added.output());
        assertTrue(added.output().contains("is another name of vd; use that"), added.output());
    }
}
