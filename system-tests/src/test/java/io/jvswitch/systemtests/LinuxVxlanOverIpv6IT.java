package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** VXLAN over an IPv6 underlay, with Linux's own VXLAN device at the far end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LinuxVxlanOverIpv6IT {
    private final Hypervisor hypervisor = Hypervisor.create("hv6");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("vm6", "tap1");
    private final Guest peer = Guest.in(vtep.netns(), "vx42");

    @BeforeAll
    void layOut() {
        hypervisor.connect(vtep.netns(), "fd00:c0::1/64", "fd00:c0::2/64");
        vtep.addVxlan(42, "fd00:c0::2", "fd00:c0::1", 1430, "10.0.0.12/24", "fd00:10::12/64");
        hypervisor.configure("""
                underlay:
                  local-ip: fd00:c0::1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: ["fd00:c0::2"]
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                """.formatted(vm.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
    }

    @AfterAll
    void clearAway() {
        vm.close();
        hypervisor.close();
        vtep.close();
    }

    @Test
    void guestsTalkBothWays() {
        vm.awaitPing("10.0.0.12");
        vm.ping("10.0.0.12");
        vm.awaitPing("fd00:10::12");
        vm.ping("fd00:10::12");
        vm.exchangeTcp(peer, "10.0.0.12", 16);
        peer.exchangeTcp(vm, "10.0.0.11", 16);
        vm.exchangeTcp(peer, "fd00:10::12", 8);
        peer.exchangeTcp(vm, "fd00:10::11", 8);
    }

    @Test
    void theOuterHeaderTakesTwentyBytesMore() {
        assertEquals(1430, hypervisor.network("blue").path("mtu_bytes").asInt());
        vm.awaitPing("10.0.0.12");
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1430 - 28), "10.0.0.12");
        vm.setMtu(1500);
        String refused = vm.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(1431 - 28), "10.0.0.12")
                .output();
        assertTrue(refused.contains("mtu = 1430") || refused.contains("mtu=1430"), refused);
    }

    /** Small ones never come to a socket; the namespace's counters of IPv6 tell of both. */
    @Test
    void damagedDatagramsAreCounted() {
        vtep.netns().run("python3", "-c", """
                import socket, struct
                with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_UDP) as s:
                    for size in (20, 20, 20, 1000, 1000):
                        datagram = struct.pack('!HHHH', 40000, 4789, 8 + size, 0xbad) + bytes(size)
                        s.sendto(datagram, ('fd00:c0::1', 0))
                """);
        Await.until(
                "five damaged datagrams",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> hypervisor.drops("rx-damaged") == 5);
        assertEquals(0, hypervisor.drops("rx-overrun"));
        assertEquals(0, hypervisor.drops("rx-lost"));
    }

    /**
     * An underlay of 1280 bytes leaves 1210 inside. IPv6 needs 1280 there (RFC 8200, section 5): the outer packet is
     * cut, and Linux puts it together. Linux itself (6.18) cuts no VXLAN packet over IPv6, so that nothing of that size
     * comes back.
     */
    @Test
    void ipv6CrossesAnUnderlayOf1280BytesInFragments() {
        vm.awaitPing("fd00:10::12");
        setUnderlayMtu(1280);
        peer.setMtu(1280);
        try (Capture underlay = Capture.start(vtep.netns(), "u0", "ip6[6] == 44");
                Capture inside = Capture.start(vtep.netns(), "vx42", "icmp6 and src host fd00:10::11")) {
            awaitMtu(1280);
            assertEquals(
                    1210, hypervisor.network("blue").path("tunnel_mtu_bytes").asInt());
            assertTrue(hypervisor.log().contains("raise the MTU of the underlay's path to 1350"), hypervisor::log);
            vm.setMtu(1280);
            vm.netns().run("ip", "-6", "route", "flush", "cache");
            vm.tryPing("-c", "3", "-i", "0.1", "-W", "0.1", "-M", "do", "-s", "1232", "fd00:10::12");
            Await.until(
                    "three whole packets",
                    Hypervisor.LIMIT,
                    () -> inside.decode(""),
                    () -> inside.count("ip6[4:2] == 1240") == 3);
            assertEquals(6, underlay.count("src host fd00:c0::1"), () -> underlay.decode(""));
            // The underlay's link takes 1280 bytes, and 14 of Ethernet.
            assertEquals(0, underlay.count("greater 1295"), () -> underlay.decode(""));
            assertEquals(
                    3,
                    hypervisor
                            .port("tap1")
                            .path("traffic")
                            .path("outer_fragmented")
                            .asInt());
            // TCP needs none: its segments are clamped to what fits.
            vm.exchangeTcp(peer, "fd00:10::12", 2);
            vm.exchangeTcp(peer, "10.0.0.12", 2);
            assertEquals(6, underlay.count("src host fd00:c0::1"), () -> underlay.decode(""));
            assertEquals(0, hypervisor.drops("too-big-silent"));
        } finally {
            setUnderlayMtu(1500);
            peer.setMtu(1430);
            vm.setMtu(1430);
            awaitMtu(1430);
        }
    }

    private void awaitMtu(int bytes) {
        Await.until(
                "the guests' MTU to be " + bytes,
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/networks").toString(),
                () -> hypervisor.network("blue").path("mtu_bytes").asInt() == bytes);
    }

    private void setUnderlayMtu(int bytes) {
        hypervisor.netns().run("ip", "link", "set", "u0", "mtu", Integer.toString(bytes));
        vtep.netns().run("ip", "link", "set", "u0", "mtu", Integer.toString(bytes));
    }

    /**
     * RFC 6935 lets VXLAN do without, but only where both ends agreed: Linux refuses a zero checksum unless told
     * otherwise.
     */
    @Test
    void theOuterUdpChecksumIsThere() {
        try (Capture capture = Capture.start(vtep.netns(), "u0", "udp dst port 4789 and src host fd00:c0::1")) {
            vm.awaitPing("10.0.0.12");
            Await.until(
                    "a tunnel packet",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.decode("").contains("vni 42"));
            // Bytes 6 and 7 of the UDP header, which stands behind an IPv6 header of 40 bytes.
            assertEquals(0, capture.count("ip6[46:2] == 0"), () -> capture.decode(""));
        }
    }
}
