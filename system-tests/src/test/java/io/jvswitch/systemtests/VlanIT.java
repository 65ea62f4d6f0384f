package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Networks on the VLANs of a cable, with Open vSwitch's access ports at its other end as the judge; and the host's own
 * port.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VlanIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvl");
    private final Netns far = Netns.create("farl");
    private final Netns elsewhere = Netns.create("moved");
    private final OpenVswitch ovs = OpenVswitch.start(far);
    private final Guest blueVm = Guest.create("bluel", "tap-blue");
    private final Guest redVm = Guest.create("redl", "tap-red");

    private Guest bluePeer = Guest.in(far, "blue");
    private Guest redPeer = Guest.in(far, "red");

    @BeforeAll
    void layOut() {
        Peers.require("ethtool", "ping", "python3", "tcpdump");
        bluePeer.silence();
        hypervisor.netns().connect("phy", far, "phy");
        // This Open vSwitch takes checksums that a veth leaves to a NIC for wrong.
        hypervisor.netns().run("ethtool", "-K", "phy", "tx", "off");
        far.run("ethtool", "-K", "phy", "tx", "off");
        ovs.addIntegrationBridge();
        ovs.addDevice("phy");
        bluePeer = ovs.addGuest("blue", 10, 1500, "10.10.0.12/24");
        redPeer = ovs.addGuest("red", 20, 1500, "10.20.0.12/24");
        hypervisor.configure("""
                networks:
                  blue:
                    tunnel: none
                    subnets:
                      - cidr: 10.10.0.0/24
                        dhcp: {server: 10.10.0.2, pool: 10.10.0.100-10.10.0.199}
                  red: {tunnel: none}
                ports:
                  phy: {kind: system, vlans: {10: blue, 20: red}}
                  tap-blue: {kind: tap, network: blue, netns: %s}
                  tap-red: {kind: tap, network: red, trunks: none, netns: %s}
                  host0: {kind: internal, network: blue}
                """.formatted(blueVm.netns().name(), redVm.netns().name()));
        hypervisor.start();
        blueVm.bringUp("10.10.0.11/24");
        redVm.bringUp("10.20.0.11/24");
        hypervisor.awaitUp("phy");
    }

    @AfterAll
    void clearAway() {
        ovs.close();
        far.close();
        blueVm.close();
        redVm.close();
        hypervisor.close();
        elsewhere.close();
    }

    @Test
    void eachNetworkIsItsVlan() {
        try (Capture capture = Capture.start(hypervisor.netns(), "phy", "vlan")) {
            blueVm.awaitPing("10.10.0.12");
            redVm.awaitPing("10.20.0.12");
            blueVm.ping("10.10.0.12");
            redPeer.ping("10.20.0.11");
            blueVm.exchangeTcp(bluePeer, "10.10.0.12", 4);
            redPeer.exchangeTcp(redVm, "10.20.0.11", 4);
            Await.until(
                    "frames of both VLANs",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.decode("").contains("vlan 10, p 0, ethertype IPv4")
                            && capture.decode("").contains("vlan 20, p 0, ethertype IPv4"));
        }
        String shown = hypervisor.command("show").output();
        assertTrue(
                shown.contains("phy (1): system, up, vlan 10, ") && shown.contains("phy (1): system, up, vlan 20, "),
                shown);
        String flows = hypervisor.command("flows").output();
        assertTrue(flows.contains("push_vlan:0x8100,set_field:4106->vlan_vid,output:1"), flows);
        assertTrue(flows.contains("actions=pop_vlan,output:2"), flows);
    }

    @Test
    void whatThePortDoesNotCarryIsDropped() {
        blueVm.awaitPing("10.10.0.12");
        long before = hypervisor.drops("vlan-not-carried");
        String payload = "88b5" + "a5".repeat(46);
        Guest cable = Guest.in(far, "phy");
        cable.sendFrames("ffffffffffff" + "020000000097" + "8100001e" + payload);
        cable.sendFrames("ffffffffffff" + "020000000097" + payload);
        redVm.sendFrames("ffffffffffff" + "020000000098" + "81000005" + payload);
        // At least: Open vSwitch's own bridge may have something to say on the cable, without a tag.
        Await.until(
                "three drops",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> hypervisor.drops("vlan-not-carried") >= before + 3);
        String drops = hypervisor.command("drops", "--port", "tap-red").output();
        assertTrue(drops.contains("tap-red  1  vlan-not-carried"), drops);
    }

    @Test
    void dhcpAnswersWithTheTagOfTheCable() {
        Peers.require("udhcpc");
        try (Capture capture = Capture.start(far, "phy", "vlan 10 and udp port 68")) {
            Programs.Outcome lease =
                    far.tryRun("udhcpc", "-i", "blue", "-n", "-q", "-f", "-t", "20", "-T", "1", "-s", "/bin/true");
            assertTrue(lease.output().contains("obtained"), lease.output() + hypervisor.log());
            assertTrue(capture.decode("").contains("vlan 10"), () -> capture.decode(""));
        }
    }

    /** The host's own address on a network, in whatever namespace somebody moves it to. */
    @Test
    void anInternalPortWorksWhereverItIsMoved() {
        Guest host = Guest.in(hypervisor.netns(), "host0");
        host.bringUp("10.10.0.50/24");
        host.awaitPing("10.10.0.12");
        host.ping("10.10.0.11");
        hypervisor.netns().run("ip", "link", "set", "host0", "netns", elsewhere.name());
        Guest moved = Guest.in(elsewhere, "host0");
        moved.bringUp("10.10.0.50/24");
        moved.awaitPing("10.10.0.12");
        moved.ping("10.10.0.11");
        assertEquals("up", hypervisor.port("host0").path("state").asString());
        elsewhere.run("ip", "link", "set", "host0", "netns", hypervisor.netns().name());
        host.bringUp("10.10.0.50/24");
        host.awaitPing("10.10.0.12");
    }
}
