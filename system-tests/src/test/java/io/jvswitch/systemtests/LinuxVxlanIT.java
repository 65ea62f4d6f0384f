package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * VXLAN with Linux's own VXLAN device at the far end. Network {@code blue} floods and learns; on {@code green} both
 * sides know who lives where.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LinuxVxlanIT {
    private static final Pattern OUTER_SOURCE_PORT =
            Pattern.compile("192\\.0\\.2\\.1\\.([0-9]+) > 192\\.0\\.2\\.2\\.4789");

    private final Hypervisor hypervisor = Hypervisor.create("hv");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest blueVm = Guest.create("blue", "tap-blue");
    private final Guest greenVm = Guest.create("green", "tap-green");
    private final Guest bluePeer = Guest.in(vtep.netns(), "vx42");
    private final Guest greenPeer = Guest.in(vtep.netns(), "vx43");

    @BeforeAll
    void layOut() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        // Addresses of VTEPs that the switch floods to (.3) or does not know (.9).
        vtep.netns().run("ip", "address", "add", "192.0.2.3/24", "dev", "u0");
        vtep.netns().run("ip", "address", "add", "192.0.2.9/24", "dev", "u0");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.12/24", "fd00:10::12/64");
        vtep.addVxlan(43, "192.0.2.2", "192.0.2.1", 1450, "10.0.1.12/24", "fd00:11::12/64");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.2, 192.0.2.3]
                  green:
                    tunnel: vxlan
                    vni: 43
                    hosts:
                      - {mac: "%s", ip: [10.0.1.12, "fd00:11::12"], vtep: 192.0.2.2}
                ports:
                  tap-blue: {kind: tap, network: blue, netns: %s}
                  tap-green:
                    kind: tap
                    network: green
                    netns: %s
                    mac: "02:00:00:00:00:11"
                    ip: [10.0.1.11, "fd00:11::11"]
                """.formatted(
                LinuxVtep.mac(43), blueVm.netns().name(), greenVm.netns().name()));
        hypervisor.start();
        blueVm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        blueVm.setMtu(1450);
        greenVm.silence();
        greenVm.awaitDevice();
        hypervisor.awaitUp("tap-blue");
    }

    @AfterAll
    void clearAway() {
        blueVm.close();
        greenVm.close();
        hypervisor.close();
        vtep.close();
    }

    @Test
    void guestsTalkBothWaysOverIpv4() {
        blueVm.awaitPing("10.0.0.12");
        blueVm.ping("10.0.0.12");
        bluePeer.ping("10.0.0.11");
        blueVm.exchangeTcp(bluePeer, "10.0.0.12", 16);
        bluePeer.exchangeTcp(blueVm, "10.0.0.11", 16);
    }

    @Test
    void guestsTalkBothWaysOverIpv6() {
        blueVm.awaitPing("fd00:10::12");
        blueVm.ping("fd00:10::12");
        bluePeer.ping("fd00:10::11");
        blueVm.exchangeTcp(bluePeer, "fd00:10::12", 16);
        bluePeer.exchangeTcp(blueVm, "fd00:10::11", 16);
    }

    private long count(String vtep, String counter) {
        for (JsonNode view : hypervisor.get("/v1/show").path("vteps")) {
            if (view.path("address").asString().equals(vtep)) {
                return view.path("traffic").path(counter).asLong();
            }
        }
        throw new AssertionError("no VTEP " + vtep + " in " + hypervisor.get("/v1/show"));
    }

    /** Frames as they are inside, with the VTEP that they come from or go to. */
    @Test
    void eachVtepHasCountersOfItsOwn() {
        String frame = "ffffffffffff" + "020000000095" + "88b5" + "a5".repeat(46);
        long rxFrames = count("192.0.2.2", "rx_frames");
        long rxBytes = count("192.0.2.2", "rx_bytes");
        long txFrames = count("192.0.2.3", "tx_frames");
        for (int i = 0; i < 5; i++) {
            bluePeer.sendFrames(frame);
            blueVm.sendFrames(frame);
        }
        Await.until(
                "five frames from 192.0.2.2, and five to 192.0.2.3",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show") + "\n" + hypervisor.log(),
                () -> count("192.0.2.2", "rx_frames") >= rxFrames + 5
                        && count("192.0.2.2", "rx_bytes") >= rxBytes + 5L * frame.length() / 2
                        && count("192.0.2.3", "tx_frames") >= txFrames + 5);
    }

    /** Whole conversations in tagged frames are held with Open vSwitch, which needs no VLAN devices of the kernel's. */
    @Test
    void aTaggedFrameKeepsItsTag() {
        // Priority 5, VLAN 7; EtherType 0x88b5 is IEEE's for experiments.
        String payload = "8100" + "a007" + "88b5" + "a5".repeat(46);
        try (Capture atPeer = Capture.start(vtep.netns(), "vx42", "ether src 02:00:00:00:00:97");
                Capture atVm = Capture.start(blueVm.netns(), "tap-blue", "ether src 02:00:00:00:00:96")) {
            blueVm.sendFrames("ffffffffffff" + "020000000097" + payload);
            bluePeer.sendFrames("ffffffffffff" + "020000000096" + payload);
            for (Capture capture : new Capture[] {atPeer, atVm}) {
                Await.until(
                        "the tagged frame",
                        Hypervisor.LIMIT,
                        () -> capture.decode(""),
                        () -> capture.decode("").contains("vlan 7, p 5, ethertype Unknown (0x88b5)"));
            }
        }
    }

    @Test
    void oneFlowHasOneSourcePortAndManyFlowsHaveSeveral() {
        Peers.require("ethtool");
        blueVm.awaitPing("10.0.0.12");
        try (Capture capture =
                Capture.start(vtep.netns(), "u0", "udp dst port 4789 and src host 192.0.2.1 and dst host 192.0.2.2")) {
            blueVm.ping("10.0.0.12");
            Await.until("five echoes", Hypervisor.LIMIT, () -> capture.decode(""), () -> echoRequests(capture) == 5);
            assertEquals(1, portsOf(capture, "echo request").size(), () -> capture.decode(""));
            assertFalse(capture.decode("").contains("vni 43"), () -> capture.decode(""));
            assertTrue(capture.decode("").contains("VXLAN, flags [I] (0x08), vni 42"), () -> capture.decode(""));
        }
        // a wire carries datagrams, a veth hands the trains on as they are
        hypervisor.netns().run("ethtool", "-K", "u0", "tx-udp-segmentation", "off");
        try (Capture capture = Capture.start(vtep.netns(), "u0", "udp dst port 4789 and src host 192.0.2.1")) {
            blueVm.netns().run("python3", "-c", """
                    import socket
                    for port in range(20000, 20064):
                        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                            s.sendto(b'one flow each', ('10.0.0.12', port))
                    """);
            Await.until(
                    "64 flows",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> linesWith(capture.decode(""), "UDP, length 13") == 64);
            Set<String> ports = portsOf(capture, "UDP, length 13");
            // 8 sockets and 64 flows: a hash that leaves seven of them empty is none.
            assertTrue(ports.size() >= 4, () -> "source ports " + ports);
        }
    }

    private static long echoRequests(Capture capture) {
        return capture.decode("")
                .lines()
                .filter(line -> line.contains("echo request"))
                .count();
    }

    /** Outer source ports of the packets whose inner line contains {@code inner}. */
    private static Set<String> portsOf(Capture capture, String inner) {
        Set<String> ports = new TreeSet<>();
        String port = "";
        for (String line : capture.decode("").split("\n", -1)) {
            Matcher outer = OUTER_SOURCE_PORT.matcher(line);
            if (outer.find()) {
                port = outer.group(1);
            }
            if (line.contains(inner)) {
                ports.add(port);
            }
        }
        return ports;
    }

    @Test
    void aLearnedAddressIsNoLongerFlooded() {
        blueVm.awaitPing("10.0.0.12");
        JsonNode learned = fdbEntry(LinuxVtep.mac(42));
        assertEquals("192.0.2.2", learned.path("vtep").asString());
        assertEquals("learned", learned.path("source").asString());
        try (Capture capture = Capture.start(vtep.netns(), "u0", "udp dst port 4789")) {
            blueVm.ping("10.0.0.12");
            // A broadcast goes to both remotes: a sentinel behind the echoes.
            blueVm.askForNobody("10.0.0.77");
            Await.until(
                    "the broadcast",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.decode("dst host 192.0.2.3").contains("ARP"));
            assertEquals(0, linesWith(capture.decode("dst host 192.0.2.3"), "ICMP echo"), () -> capture.decode(""));
            assertEquals(
                    5, linesWith(capture.decode("dst host 192.0.2.2"), "ICMP echo request"), () -> capture.decode(""));
        }
    }

    private static long linesWith(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    private JsonNode fdbEntry(String mac) {
        for (JsonNode entry : hypervisor.get("/v1/fdb")) {
            if (entry.path("mac").asString().equals(mac)) {
                return entry;
            }
        }
        throw new AssertionError("no " + mac + " in " + hypervisor.get("/v1/fdb"));
    }

    @Test
    void noArpForAKnownHostCrossesTheUnderlay() {
        // The far end's own requests would blur the picture: it is told where the guest is.
        for (String address : new String[] {"10.0.1.11", "fd00:11::11"}) {
            greenPeer
                    .netns()
                    .run(
                            "ip",
                            "neighbour",
                            "replace",
                            address,
                            "lladdr",
                            "02:00:00:00:00:11",
                            "dev",
                            "vx43",
                            "nud",
                            "permanent");
        }
        try (Capture capture = Capture.start(vtep.netns(), "u0", "udp port 4789")) {
            greenVm.netns().run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/tap-green/disable_ipv6");
            greenVm.bringUp("10.0.1.11/24", "fd00:11::11/64");
            hypervisor.awaitUp("tap-green");
            greenVm.ping("10.0.1.12");
            greenVm.ping("fd00:11::12");
            Await.until(
                    "the last echo",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> linesWith(capture.decode(""), "echo reply") >= 10);
            String seen = green(capture.decode(""));
            assertFalse(seen.contains("ARP"), seen);
            assertFalse(seen.contains("neighbor solicitation, length 32, who has fd00:11::12"), seen);
        }
        String neighbours = greenVm.netns().run("ip", "neighbour", "show");
        assertTrue(neighbours.contains("10.0.1.12 dev tap-green lladdr " + LinuxVtep.mac(43)), neighbours);
        assertTrue(neighbours.contains("fd00:11::12 dev tap-green lladdr " + LinuxVtep.mac(43)), neighbours);
    }

    /** The packets of network green only, outer and inner lines. */
    private static String green(String decoded) {
        StringBuilder green = new StringBuilder();
        boolean inside = false;
        for (String line : decoded.split("\n", -1)) {
            if (line.contains("VXLAN")) {
                inside = line.contains("vni 43");
            }
            if (inside) {
                green.append(line).append('\n');
            }
        }
        return green.toString();
    }

    @Test
    void framesFromUnknownVtepsAndOfUnknownNetworksAreRefusedAndCounted() {
        String frame = "ffffffffffff" + "020000000099" + "0806" + "0001080006040001" + "020000000099" + "0a000063"
                + "000000000000" + "0a00000b";
        long unknownVtep = hypervisor.drops("tunnel-unknown-vtep");
        long unknownKey = hypervisor.drops("tunnel-unknown-key");
        try (Capture capture = Capture.start(blueVm.netns(), "tap-blue", "arp host 10.0.0.99")) {
            send("192.0.2.9", "0800000000002a00" + frame);
            send("192.0.2.2", "0800000000006300" + frame);
            send("192.0.2.2", "0800000000002a00" + frame);
            awaitDrops("tunnel-unknown-vtep", unknownVtep + 1);
            awaitDrops("tunnel-unknown-key", unknownKey + 1);
            // The same frame from a known VTEP, in a known network, arrives.
            Await.until(
                    "the good one",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.count("arp[6:2] == 1") == 1);
        }
    }

    @Test
    void brokenVxlanHeadersAreCountedAndReservedBitsIgnored() {
        long truncated = hypervisor.drops("vxlan-truncated");
        long noVni = hypervisor.drops("vxlan-no-vni");
        String frame = "ffffffffffff" + "020000000098" + "0806" + "0001080006040001" + "020000000098" + "0a000062"
                + "000000000000" + "0a00000b";
        try (Capture capture = Capture.start(blueVm.netns(), "tap-blue", "arp host 10.0.0.98")) {
            send("192.0.2.2", "08000000", "", "00000000" + "00002a00" + frame, "f7ffffff" + "00002aff" + frame);
            awaitDrops("vxlan-truncated", truncated + 2);
            awaitDrops("vxlan-no-vni", noVni + 2);
            send("192.0.2.2", "ffffffff" + "00002aff" + frame);
            Await.until(
                    "the good one",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.count("arp[6:2] == 1") == 1);
        }
    }

    private void send(String source, String... payloads) {
        String[] command = new String[payloads.length + 6];
        command[0] = "python3";
        command[1] = Scripts.file("datagrams.py").toString();
        command[2] = source;
        command[3] = "192.0.2.1";
        command[4] = "udp";
        command[5] = "4789";
        System.arraycopy(payloads, 0, command, 6, payloads.length);
        vtep.netns().run(command);
    }

    private void awaitDrops(String reason, long frames) {
        Await.until(
                frames + " drops for " + reason,
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toString(),
                () -> hypervisor.drops(reason) == frames);
    }
}
