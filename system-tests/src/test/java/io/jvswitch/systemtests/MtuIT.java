package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.RunningProgram;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What happens to packets that are too large for the tunnel. Both guests have an MTU of 1500, as guests do that do not
 * ask; the underlay has 1500 as well, so the tunnel carries 1450.
 */
final class MtuIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvm");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("vmm", "tap1");
    private final Guest peer = Guest.in(vtep.netns(), "vx42");

    @BeforeEach
    void layOut() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1500, "10.0.0.12/24", "fd00:10::12/64");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.1, 192.0.2.2]
                    subnets:
                      - cidr: 10.0.0.0/24
                        dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199, lease: 1d}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s, mtu: 1500}
                """.formatted(vm.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        vm.setMtu(1500);
        vm.awaitPing("10.0.0.12");
        vm.awaitPing("fd00:10::12");
    }

    @AfterEach
    void clearAway() {
        vm.close();
        hypervisor.close();
        vtep.close();
    }

    @Test
    void aSenderWithDontFragmentIsToldTheMtu() {
        long told = hypervisor.drops("too-big-icmp-sent");
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1450 - 28), "10.0.0.12");
        String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1451 - 28), "10.0.0.12")
                .output();
        assertTrue(refused.contains("Frag needed and DF set (mtu = 1450)"), refused);
        String route = vm.netns().run("ip", "route", "get", "10.0.0.12");
        assertTrue(route.contains("mtu 1450"), route);
        assertEquals(told + 1, hypervisor.drops("too-big-icmp-sent"));
        assertEquals(1, counter("too_big_answered"));
    }

    /** One list for all hosts: each leaves itself out. */
    @Test
    void aListOfRemotesMayNameTheHostItself() {
        assertEquals(1, hypervisor.get("/v1/show").path("vteps").size());
        assertEquals(
                "192.0.2.2", hypervisor.network("blue").path("remotes").path(0).asString());
        assertEquals(1, hypervisor.network("blue").path("remotes").size());
        assertEquals(0, hypervisor.drops("tx-unreachable"));
    }

    /** A VTEP on the loopback device, as in routed fabrics: that device's 64 KB are nobody's MTU. */
    @Test
    void aVtepOnLoopbackHasTheMtuOfAWayOut() {
        try (Hypervisor routed = Hypervisor.create("hvlo")) {
            routed.netns().run("ip", "address", "add", "198.51.100.1/32", "dev", "lo");
            routed.configure("""
                    underlay:
                      local-ip: 198.51.100.1
                    networks:
                      blue: {tunnel: vxlan, vni: 42}
                    """);
            routed.start();
            assertEquals(1450, routed.network("blue").path("mtu_bytes").asInt());
            assertTrue(routed.log().contains("198.51.100.1 is on lo"), routed::log);
            routed.netns().run("ip", "link", "add", "up0", "mtu", "1400", "type", "veth", "peer", "name", "up1");
            routed.netns().run("ip", "link", "add", "up2", "mtu", "9000", "type", "veth", "peer", "name", "up3");
            for (String device : List.of("up0", "up1", "up2", "up3")) {
                routed.netns().run("ip", "link", "set", device, "up");
            }
            routed.netns().run("ip", "route", "add", "default", "dev", "up0");
            awaitMtu(routed, 1350);
            // A remote's own route says more.
            routed.netns().run("ip", "route", "add", "198.51.100.2/32", "dev", "up2");
            assertEquals(
                    0,
                    routed.command("network", "remote", "add", "blue", "198.51.100.2")
                            .status());
            awaitMtu(routed, 8950);
        }
    }

    private static void awaitMtu(Hypervisor host, int bytes) {
        Await.until(
                "the network's MTU to be " + bytes,
                Hypervisor.LIMIT,
                () -> host.get("/v1/show") + host.log(),
                () -> host.network("blue").path("mtu_bytes").asInt() == bytes);
    }

    @Test
    void theGuestsSuperframesFitOneSend() {
        Await.until(
                "gso_max_size",
                Hypervisor.LIMIT,
                () -> vm.netns().run("ip", "-d", "link", "show", "tap1"),
                () -> vm.netns().run("ip", "-d", "link", "show", "tap1").contains("gso_max_size 61912"));
    }

    @Test
    void anIpv6SenderIsToldTheMtu() {
        long told = hypervisor.drops("too-big-icmpv6-sent");
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1450 - 48), "fd00:10::12");
        String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1451 - 48), "fd00:10::12")
                .output();
        assertTrue(refused.contains("Packet too big: mtu=1450"), refused);
        String route = vm.netns().run("ip", "route", "get", "fd00:10::12");
        assertTrue(route.contains("mtu 1450"), route);
        assertEquals(told + 1, hypervisor.drops("too-big-icmpv6-sent"));
    }

    @Test
    void aPacketThatMayBeFragmentedArrives() {
        try (Capture capture = Capture.start(vtep.netns(), "vx42", "icmp and src host 10.0.0.11")) {
            // 1500 bytes leave the guest whole; what the switch makes of them is put together by the far guest.
            vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "dont", "-s", Integer.toString(1500 - 28), "10.0.0.12");
            // The guest's own fragments of 1500 bytes are cut again.
            vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "dont", "-s", "4000", "10.0.0.12");
            Await.until(
                    "fragments",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.count("ip[6:2] & 0x3fff != 0") >= 2 + 4);
            assertEquals(0, capture.count("ip[2:2] > 1450"), () -> capture.decode(""));
        }
        assertEquals(1 + 2, counter("fragmented"));
        assertTrue(counter("created_frames") >= 3);
    }

    /** A counter of the guest's port. */
    private long counter(String name) {
        return hypervisor.port("tap1").path("traffic").path(name).asLong(-1);
    }

    @Test
    void theMssIsClampedBothWays() {
        try (Capture atPeer = Capture.start(vtep.netns(), "vx42", "tcp");
                Capture atVm = Capture.start(vm.netns(), "tap1", "tcp")) {
            vm.exchangeTcp(peer, "10.0.0.12", 4);
            vm.exchangeTcp(peer, "fd00:10::12", 4);
            // What either side offered, 1460 and 1440, arrived smaller by 50.
            awaitMss(atPeer, "10.0.0.11", "S", 1410);
            awaitMss(atVm, "10.0.0.12", "S.", 1410);
            awaitMss(atPeer, "fd00:10::11", "S", 1390);
            awaitMss(atVm, "fd00:10::12", "S.", 1390);
            // And as it was sent.
            awaitMss(atVm, "10.0.0.11", "S", 1460);
            awaitMss(atPeer, "fd00:10::12", "S.", 1440);
            assertEquals(2, counter("mss_clamped"));
        }
    }

    private static void awaitMss(Capture capture, String source, String flags, int mss) {
        String filter = "src host " + source;
        Await.until(
                "a segment [" + flags + "] from " + source + " with MSS " + mss,
                Hypervisor.LIMIT,
                () -> capture.decode(filter),
                () -> capture.decode(filter)
                        .lines()
                        .anyMatch(line -> line.contains("Flags [" + flags + "]") && line.contains("mss " + mss + ",")));
    }

    @Test
    void aSmallerUnderlayIsFollowedAtRunTime() {
        assertEquals(1450, hypervisor.network("blue").path("mtu_bytes").asInt());
        hypervisor.netns().run("ip", "link", "set", "u0", "mtu", "1400");
        vtep.netns().run("ip", "link", "set", "u0", "mtu", "1400");
        Await.until(
                "the network's MTU to be 1350",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/networks").toString(),
                () -> hypervisor.network("blue").path("mtu_bytes").asInt() == 1350);
        String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1351 - 28), "10.0.0.12")
                .output();
        assertTrue(refused.contains("(mtu = 1350)"), refused);
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1350 - 28), "10.0.0.12");
        vm.netns().run("ip", "route", "flush", "cache");
        try (Capture atPeer = Capture.start(vtep.netns(), "vx42", "tcp");
                DhcpClient client = DhcpClient.on(vm)) {
            vm.exchangeTcp(peer, "10.0.0.12", 4);
            awaitMss(atPeer, "10.0.0.11", "S", 1310);
            RunningProgram udhcpc = client.startUdhcpc("-q");
            assertEquals("1350", client.await(udhcpc, "bound").get("mtu"));
        }
    }

    /**
     * ICMP errors that quote no packet of a tunnel here are believed by nobody but the kernel (RFC 8201, section 4),
     * and one that does not beyond reason. Whatever is believed, the guest keeps its device and its IPv6 address.
     */
    @Test
    void whatNobodySentIsNotBelieved() {
        forge("100", "ping");
        String route = hypervisor.netns().run("ip", "route", "get", "192.0.2.2");
        assertTrue(route.contains(" 552"), "Linux is expected to believe it: " + route);
        for (String lie : List.of("port", "vni", "guest", "remote", "small")) {
            forge("1000", lie);
        }
        hypervisor.awaitLog("quotes no packet that was sent by a tunnel here", 0);
        // Two ticks, at which the kernel's path MTU would be taken over.
        long from = hypervisor.get("/v1/show").path("uptime_seconds").asLong();
        Await.until(
                "two ticks",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").path("uptime_seconds").asLong() > from + 2);
        assertEquals(1500, pathMtu());
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1450 - 28), "10.0.0.12");

        forge("100", "truth");
        Await.until("the path to take 576", Hypervisor.LIMIT, hypervisor::log, () -> pathMtu() == 576);
        assertEquals(1450, hypervisor.network("blue").path("mtu_bytes").asInt());
        assertEquals(526, hypervisor.network("blue").path("tunnel_mtu_bytes").asInt());
        assertTrue(vm.netns().run("ip", "link", "show", "tap1").contains("mtu 1500"));
        vm.awaitPing("fd00:10::12");
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1280 - 48), "fd00:10::12");
        vm.exchangeTcp(peer, "fd00:10::12", 1);
        vm.exchangeTcp(peer, "10.0.0.12", 1);
    }

    /**
     * Has the far host send an ICMP error about a tunnel packet of full size; {@code lie} says what is not true of it.
     */
    private void forge(String mtu, String lie) {
        try (RunningProgram liar = vtep.netns()
                .start("python3", "-u", Scripts.file("forge.py").toString(), "192.0.2.1", "192.0.2.2", mtu, lie)) {
            liar.awaitOutput("listening", Hypervisor.LIMIT);
            vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1450 - 28), "10.0.0.12");
            liar.awaitOutput("lied", Hypervisor.LIMIT);
        }
    }

    private int pathMtu() {
        return hypervisor
                .get("/v1/show")
                .path("vteps")
                .path(0)
                .path("path_mtu_bytes")
                .asInt();
    }

    /** 1250 inside: both this switch and Linux cut the outer packet, and put together what the other cut. */
    @Test
    void ipv6CrossesAnUnderlayOf1300Bytes() {
        hypervisor.netns().run("ip", "link", "set", "u0", "mtu", "1300");
        vtep.netns().run("ip", "link", "set", "u0", "mtu", "1300");
        peer.setMtu(1280);
        awaitMtu(hypervisor, 1280);
        // the worker may have the new paths a little later than the conductor tells of them
        Await.until(
                "a first packet to cross",
                Hypervisor.LIMIT,
                () -> vm.tryPing("-c", "1", "-W", "1", "-M", "do", "-s", "1232", "fd00:10::12")
                                .status()
                        == 0);
        long before = counter("outer_fragmented");
        try (Capture capture = Capture.start(vtep.netns(), "u0", "ip[6:2] & 0x3fff != 0")) {
            vm.netns().run("ping", "-c", "3", "-i", "0.1", "-W", "10", "-M", "do", "-s", "1232", "fd00:10::12");
            Await.until(
                    "two fragments of each, both ways",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.count("src host 192.0.2.1") == 6 && capture.count("src host 192.0.2.2") == 6);
            assertEquals(before + 3, counter("outer_fragmented"));
            String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", "1233", "fd00:10::12")
                    .output();
            assertTrue(refused.contains("Packet too big: mtu=1280"), refused);
            vm.exchangeTcp(peer, "fd00:10::12", 2);
            vm.exchangeTcp(peer, "10.0.0.12", 2);
            assertEquals(6, capture.count("src host 192.0.2.1"), () -> capture.decode(""));
        }
    }

    /** What the guest, or who runs it, chose for itself stays when the underlay changes. */
    @Test
    void anMtuSetByHandIsLeftAlone() {
        try (Guest web = Guest.create("web", "tap-web")) {
            assertEquals(
                    0,
                    hypervisor
                            .command(
                                    "port",
                                    "add",
                                    "tap-web",
                                    "--network",
                                    "blue",
                                    "--netns",
                                    web.netns().name())
                            .status());
            web.awaitDevice();
            web.setMtu(1300);
            hypervisor.netns().run("ip", "link", "set", "u0", "mtu", "1600");
            vtep.netns().run("ip", "link", "set", "u0", "mtu", "1600");
            Await.until(
                    "the network's MTU to be 1550",
                    Hypervisor.LIMIT,
                    () -> hypervisor.get("/v1/networks").toString(),
                    () -> hypervisor.network("blue").path("mtu_bytes").asInt() == 1550);
            assertTrue(web.netns().run("ip", "link", "show", "tap-web").contains("mtu 1300"));
        }
    }

    /** The route to one VTEP says less than the device does: the tunnel to it follows. */
    @Test
    void aSmallerRouteIsFollowedAtRunTime() {
        hypervisor.netns().run("ip", "route", "add", "192.0.2.2/32", "dev", "u0", "src", "192.0.2.1", "mtu", "1300");
        Await.until(
                "a refusal with MTU 1250",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").toString(),
                () -> {
                    vm.netns().run("ip", "route", "flush", "cache");
                    return vm.tryPing("-c", "1", "-W", "2", "-M", "do", "-s", Integer.toString(1251 - 28), "10.0.0.12")
                            .output()
                            .contains("(mtu = 1250)");
                });
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1250 - 28), "10.0.0.12");
    }
}
