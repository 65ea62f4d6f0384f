package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bridges that the stock {@code ovs-vsctl} makes, with jvswitch as the daemon of the stock {@code ovsdb-server}; Open
 * vSwitch's own daemon judges by the same database.
 */
final class OvsBridgesIT {
    private final DropIn host = DropIn.create("ovs");
    private final Guest left = host.plug("left", "10.0.0.11/24");
    private final Guest right = host.plug("right", "10.0.0.12/24");

    @BeforeEach
    void layOut() {
        Peers.require("ping", "python3", "tcpdump");
        host.start();
        host.vsctl("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev");
    }

    @AfterEach
    void clearAway() {
        left.close();
        right.close();
        host.close();
    }

    private void addBoth() {
        host.vsctl("add-port", "br0", "left");
        host.vsctl("add-port", "br0", "right", "--", "set", "Interface", "right", "ofport_request=7");
    }

    private static boolean reaches(Guest from, String address) {
        return from.tryPing("-c", "1", "-W", "1", address).status() == 0;
    }

    /** The third word of {@code lo UNKNOWN 00:00:… <…>}. */
    private static String mac(Guest guest) {
        return List.of(guest.netns()
                        .run("ip", "-br", "link", "show", guest.device())
                        .split(" +", -1))
                .get(2);
    }

    private boolean hasDevice(String device) {
        return host.netns().tryRun("ip", "link", "show", device).status() == 0;
    }

    /** Nothing is waited for: what ovs-vsctl has returned from is in force. */
    @Test
    void guestsAndTheHostTalk() {
        addBoth();
        left.ping("10.0.0.12");
        assertEquals("1", host.of("left", "ofport"));
        assertEquals("7", host.of("right", "ofport"));
        assertEquals("65534", host.of("br0", "ofport"));
        assertEquals("up", host.of("left", "link_state"));
        assertEquals("1500", host.of("left", "mtu"));
        assertEquals("down", host.of("br0", "admin_state"));
        assertEquals(host.vsctl("get", "open", ".", "next_cfg"), host.vsctl("get", "open", ".", "cur_cfg"));
        assertTrue(hasDevice("ovs-netdev"));
        host.netns().run("ip", "address", "add", "10.0.0.1/24", "dev", "br0");
        host.netns().run("ip", "link", "set", "br0", "up");
        right.ping("10.0.0.1");
        Await.until(
                "the database to say that br0 is up",
                Hypervisor.LIMIT,
                host::log,
                () -> host.of("br0", "admin_state").equals("up"));
        left.exchangeTcp(right, "10.0.0.12", 8);
        Await.until(
                "the database to say what crossed",
                Hypervisor.LIMIT,
                host::log,
                () -> host.of("left", "statistics:rx_packets").matches("[1-9].*"));
        left.netns().run("ip", "link", "set", "eth0", "down");
        Await.until(
                "the database to say that the cable has no other end",
                Hypervisor.LIMIT,
                host::log,
                () -> host.of("left", "link_state").equals("down"));
        assertEquals("1", host.of("left", "link_resets"));
    }

    @Test
    void tagsPartGuests() {
        addBoth();
        left.ping("10.0.0.12");
        host.vsctl("set", "port", "left", "tag=10");
        assertFalse(reaches(left, "10.0.0.12"), "an access port and a trunk");
        host.vsctl("set", "port", "right", "tag=10");
        left.ping("10.0.0.12");
        host.vsctl("set", "port", "right", "tag=20");
        assertFalse(reaches(left, "10.0.0.12"), "two VLANs");
        host.vsctl("set", "port", "right", "tag=10", "vlan_mode=native-untagged", "trunks=30");
        left.ping("10.0.0.12");
        host.vsctl("clear", "port", "right", "tag", "--", "set", "port", "right", "vlan_mode=trunk", "trunks=10");
        try (Capture capture = Capture.start(right.netns(), "eth0", "vlan 10")) {
            assertFalse(reaches(left, "10.0.0.12"), "with a tag that the guest does not know");
            Await.until(
                    "the request with its tag",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.decode("").contains("vlan 10, p 0, ethertype ARP")
                            || capture.decode("").contains("vlan 10, p 0, ethertype IPv4"));
        }
    }

    @Test
    void patchPortsJoinBridges() {
        host.vsctl("add-port", "br0", "left");
        host.vsctl("add-br", "br1", "--", "add-port", "br1", "right");
        assertFalse(reaches(left, "10.0.0.12"), "two bridges");
        host.vsctl(
                "add-port",
                "br0",
                "to1",
                "--",
                "set",
                "interface",
                "to1",
                "type=patch",
                "options:peer=to0",
                "--",
                "add-port",
                "br1",
                "to0",
                "--",
                "set",
                "interface",
                "to0",
                "type=patch",
                "options:peer=to1");
        left.ping("10.0.0.12");
        assertEquals("2", host.of("to1", "ofport"));
        assertEquals("up", host.of("to1", "link_state"));
        assertEquals("0", host.of("to1", "ifindex"));
        host.vsctl("del-port", "to0");
        assertFalse(reaches(left, "10.0.0.12"), "a cable with one end");
        host.vsctl("del-br", "br1");
        assertFalse(hasDevice("br1"));
    }

    @Test
    void errorsAreOpenVswitchs() {
        String missing = host.vsctl("add-port", "br0", "nosuch0");
        assertTrue(
                missing.contains("ovs-vsctl: Error detected while setting up 'nosuch0': could not open network device"
                        + " nosuch0 (No such device)."),
                missing);
        assertEquals("-1", host.of("nosuch0", "ofport"));
        String unknown = host.vsctl("add-port", "br0", "bt", "--", "set", "interface", "bt", "type=bad");
        assertTrue(
                unknown.contains("could not open network device bt (Address family not supported by protocol)"),
                unknown);
        String patch = host.vsctl("add-port", "br0", "pa", "--", "set", "interface", "pa", "type=patch");
        assertTrue(patch.contains("pa: patch type requires valid 'peer' argument"), patch);
        host.netns().run("ip", "link", "add", "nosuch0", "type", "veth", "peer", "name", "other");
        Await.until(
                "the device to be a port",
                Hypervisor.LIMIT,
                host::log,
                () -> !host.of("nosuch0", "ofport").equals("-1"));
        assertEquals("[]", host.of("nosuch0", "error"));
    }

    @Test
    void aSecureBridgePassesNothing() {
        addBoth();
        left.ping("10.0.0.12");
        host.vsctl("set-fail-mode", "br0", "secure");
        assertFalse(reaches(left, "10.0.0.12"));
        host.vsctl("del-fail-mode", "br0");
        left.ping("10.0.0.12");
    }

    @Test
    void internalPortsHaveWhatIsAskedForThem() {
        host.vsctl(
                "add-port",
                "br0",
                "i1",
                "--",
                "set",
                "interface",
                "i1",
                "type=internal",
                "mtu_request=1400",
                "mac=\"02:00:00:00:01:01\"");
        assertEquals("1400", host.of("i1", "mtu"));
        assertEquals("02:00:00:00:01:01", host.of("i1", "mac_in_use"));
        host.vsctl("set", "bridge", "br0", "other_config:hwaddr=00:11:22:33:44:55");
        assertEquals("00:11:22:33:44:55", host.of("br0", "mac_in_use"));
        assertEquals(
                "0000001122334455",
                host.vsctl("get", "bridge", "br0", "datapath_id").replace("\"", ""));
        host.vsctl("set", "bridge", "br0", "other_config:datapath-id=abc");
        assertEquals(
                "0000000000000abc",
                host.vsctl("get", "bridge", "br0", "datapath_id").replace("\"", ""));
        host.vsctl("del-port", "i1");
        assertFalse(hasDevice("i1"));
    }

    @Test
    void devicesOutliveTheDaemonAndStockOpenVswitchGoesOn() {
        addBoth();
        host.netns().run("ip", "address", "add", "10.0.0.1/24", "dev", "br0");
        host.netns().run("ip", "link", "set", "br0", "up");
        right.ping("10.0.0.1");
        String mac = host.of("br0", "mac_in_use");
        String id = host.vsctl("get", "bridge", "br0", "datapath_id");
        host.exit();
        assertTrue(hasDevice("br0") && hasDevice("ovs-netdev"));
        host.start();
        Await.until("the next daemon to forward", Hypervisor.LIMIT, host::log, () -> reaches(right, "10.0.0.1"));
        host.vsctl("set", "bridge", "br0", "external_ids:x=y");
        assertEquals("1", host.of("left", "ofport"));
        assertEquals(mac, host.of("br0", "mac_in_use"));
        host.exit();
        try (RunningProgram _ = host.startStock()) {
            host.vsctl("set", "bridge", "br0", "external_ids:x=z");
            assertEquals("1", host.of("left", "ofport"));
            assertEquals("7", host.of("right", "ofport"));
            assertEquals(mac, host.of("br0", "mac_in_use"), "chosen as Open vSwitch chooses it");
            assertEquals(id, host.vsctl("get", "bridge", "br0", "datapath_id"));
            Await.until("stock to forward", Hypervisor.LIMIT, () -> reaches(right, "10.0.0.1"));
        }
    }

    @Test
    void exitWithCleanupLeavesNoDevices() {
        addBoth();
        assertEquals("ovs-vswitchd (Open vSwitch) 3.1.0", host.appctl("version").strip());
        host.exit("--cleanup");
        assertFalse(hasDevice("br0") && !hasDevice("ovs-netdev"));
        assertTrue(hasDevice("left"));
    }

    @Test
    void mirrorsCopyAndTakeNothing() {
        addBoth();
        try (Guest watcher = host.plug("watcher", "10.0.0.13/24")) {
            host.vsctl("add-port", "br0", "watcher");
            right.ping("10.0.0.13");
            host.vsctl(
                    "--",
                    "--id=@m",
                    "create",
                    "mirror",
                    "name=m0",
                    "--",
                    "add",
                    "bridge",
                    "br0",
                    "mirrors",
                    "@m",
                    "--",
                    "--id=@p",
                    "get",
                    "port",
                    "left",
                    "--",
                    "set",
                    "mirror",
                    "m0",
                    "select_src_port=@p",
                    "select_dst_port=@p",
                    "--",
                    "--id=@o",
                    "get",
                    "port",
                    "watcher",
                    "--",
                    "set",
                    "mirror",
                    "m0",
                    "output_port=@o");
            try (Capture capture = Capture.start(watcher.netns(), "eth0", "icmp")) {
                left.ping("10.0.0.12");
                Await.until("copies of both directions", Hypervisor.LIMIT, () -> capture.decode(""), () -> {
                    String seen = capture.decode("");
                    return seen.contains("10.0.0.11 > 10.0.0.12: ICMP echo request")
                            && seen.contains("10.0.0.12 > 10.0.0.11: ICMP echo reply");
                });
            }
            assertFalse(reaches(right, "10.0.0.13"), "it is there for copies and nothing else");
            host.vsctl("clear", "bridge", "br0", "mirrors");
            right.ping("10.0.0.13");
        }
    }

    /** Two hosts with the same address stand for one that has the bond's other end. */
    @Test
    void aBondGoesOnByItsOtherMember() {
        try (Guest other = host.plug("other", "10.0.0.12/24")) {
            right.netns().run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07");
            other.netns().run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07");
            host.vsctl("add-port", "br0", "left", "--", "add-bond", "br0", "bond0", "right", "other");
            left.ping("10.0.0.12");
            host.netns().run("ip", "link", "set", "right", "down");
            Await.until(
                    "the other member to carry frames", Hypervisor.LIMIT, host::log, () -> reaches(left, "10.0.0.12"));
            host.netns().run("ip", "link", "set", "other", "down");
            Await.until("no member to carry frames", Hypervisor.LIMIT, host::log, () -> !reaches(left, "10.0.0.12"));
            host.netns().run("ip", "link", "set", "right", "up");
            Await.until(
                    "the first member to carry frames again",
                    Hypervisor.LIMIT,
                    host::log,
                    () -> reaches(left, "10.0.0.12"));
        }
    }

    /** What Open vSwitch lacks goes with its commands. */
    @Test
    void jvswitchCommandsWorkBesideThem() {
        addBoth();
        left.ping("10.0.0.12");
        Programs.Outcome shown = host.jvswitch("show");
        assertEquals(0, shown.status(), shown::output);
        assertTrue(shown.output().contains("    bridge br0: mac "), shown::output);
        assertTrue(shown.output().contains("        port left ("), shown::output);
        assertTrue(shown.output().contains("            openflow port 7\n"), shown::output);
        Programs.Outcome flows = host.jvswitch("flows", "--port", "left");
        assertTrue(flows.output().contains("in=left"), flows::output);
        assertEquals(0, host.jvswitch("drops").status());
        Programs.Outcome traced = host.jvswitch(
                "trace", "left", "icmp", "src=10.0.0.11", "dst=10.0.0.12", "smac=" + mac(left), "dmac=" + mac(right));
        assertEquals(0, traced.status(), traced::output);
        assertTrue(traced.output().contains("right"), traced::output);
        Programs.Outcome reload = host.jvswitch("reload");
        assertEquals(1, reload.status());
        assertTrue(reload.output().contains("change it by ovs-vsctl"), reload::output);
    }
}
