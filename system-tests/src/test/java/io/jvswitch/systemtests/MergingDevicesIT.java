package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Devices that merge all that the kernel can merge on receipt: TCP and UDP ({@code rx-udp-gro-forwarding}), as one
 * packet or as a list of them ({@code rx-gro-list}). Under tunnels and as ports: every datagram of the guests arrives
 * as it was sent, and every byte of TCP.
 */
final class MergingDevicesIT {
    private static final int MEGABYTES = 4;
    private static final int SENDS = 20;
    private static final int PER_SEND = 30;

    /** What a device makes of UDP on receipt. */
    private enum Merging {
        ONE_PACKET("on", "off"),
        LIST("off", "on");

        private final String udpForwarding;
        private final String list;

        Merging(String udpForwarding, String list) {
            this.udpForwarding = udpForwarding;
            this.list = list;
        }

        /**
         * Has a device merge what comes within half a millisecond, as NICs do under load, and receive no superframes
         * from its peer.
         */
        void at(Netns netns, String device) {
            netns.run("sh", "-c", "echo 500000 >/sys/class/net/" + device + "/gro_flush_timeout");
            netns.run(
                    "ethtool", "-K", device, "gro", "on", "rx-udp-gro-forwarding", udpForwarding, "rx-gro-list", list);
        }
    }

    private static void sendsWhole(Netns netns, String device) {
        netns.run("ethtool", "-K", device, "tso", "off", "tx-udp-segmentation", "off");
    }

    private static void exchange(Guest from, Guest to, String to4, String to6) {
        new Datagrams(1, SENDS, PER_SEND, 500, false).send(from, to, to4);
        new Datagrams(1, SENDS, PER_SEND, 500, true).send(from, to, to6);
        from.exchangeTcp(to, to4, MEGABYTES);
        from.exchangeTcp(to, to6, MEGABYTES);
    }

    private static void isIntact(Hypervisor at) {
        for (String reason :
                new String[] {"rx-too-long", "offload-invalid", "segmentation-failed", "segments-unknown"}) {
            assertEquals(0, at.drops(reason), reason);
        }
    }

    @ParameterizedTest
    @EnumSource(Underlay.class)
    void underTunnels(Underlay underlay) {
        try (TwoHosts hosts = TwoHosts.create("mrg")) {
            hosts.left().connect(hosts.right().netns(), underlay.leftPrefix(), underlay.rightPrefix());
            hosts.start(underlay, 1);
            for (Hypervisor host : hosts.both()) {
                sendsWhole(host.netns(), "u0");
                // What comes through a tunnel is merged to 64 KB at most, whatever is allowed.
                host.netns().run("python3", Scripts.file("bigtcp.py").toString(), "u0", "180000");
            }
            assertTrue(hosts.right().command("show").output().contains("gre-gro"));
            for (Merging merging : Merging.values()) {
                for (Hypervisor host : hosts.both()) {
                    merging.at(host.netns(), "u0");
                }
                for (String tunnel : new String[] {"gre", "vxlan"}) {
                    Guest from = hosts.leftGuest(tunnel);
                    from.awaitPing(hosts.right4());
                    Guest to = hosts.rightGuest(tunnel);
                    long before = received(hosts.right());
                    new Datagrams(1, SENDS, PER_SEND, 500, true).send(from, to, hosts.right4());
                    long packets = received(hosts.right()) - before;
                    assertTrue(
                            tunnel.equals("vxlan") || packets < SENDS * PER_SEND,
                            packets + " packets: the device merged nothing");
                    exchange(from, to, hosts.right4(), hosts.right6());
                }
            }
            hosts.both().forEach(MergingDevicesIT::isIntact);
        }
    }

    private static long received(Hypervisor host) {
        return host.get("/v1/show")
                .path("underlay")
                .path("traffic")
                .path("rx_frames")
                .asLong();
    }

    @Test
    void asPorts() {
        Peers.require("ethtool", "ping", "python3");
        try (Hypervisor host = Hypervisor.create("mrgp");
                Guest left = Guest.create("mrgl", "eth0");
                Guest right = Guest.create("mrgr", "eth0");
                Guest vm = Guest.create("mrgv", "tap0")) {
            host.netns().connect("left", left.netns(), "eth0");
            host.netns().connect("right", right.netns(), "eth0");
            host.configure("""
                    underlay:
                      local-ip: 127.0.0.1
                    networks:
                      blue: {tunnel: none}
                    ports:
                      left: {kind: system, network: blue}
                      right: {kind: system, network: blue}
                      tap0: {kind: tap, network: blue, netns: %s}
                    """.formatted(vm.netns().name()));
            host.start();
            left.bringUp("10.0.0.11/24", "fd00:10::11/64");
            right.bringUp("10.0.0.12/24", "fd00:10::12/64");
            vm.bringUp("10.0.0.13/24", "fd00:10::13/64");
            sendsWhole(left.netns(), "eth0");
            sendsWhole(right.netns(), "eth0");
            left.awaitPing("10.0.0.12");
            left.awaitPing("10.0.0.13");
            for (Merging merging : Merging.values()) {
                merging.at(host.netns(), "left");
                merging.at(host.netns(), "right");
                long before = received(host, "left");
                new Datagrams(1, SENDS, PER_SEND, 500, true).send(left, right, "10.0.0.12");
                long packets = received(host, "left") - before;
                assertTrue(packets < SENDS * PER_SEND, packets + " packets: the device merged nothing");
                exchange(left, right, "10.0.0.12", "fd00:10::12");
                exchange(left, vm, "10.0.0.13", "fd00:10::13");
            }
            isIntact(host);
        }
    }

    private static long received(Hypervisor host, String port) {
        return host.port(port).path("traffic").path("rx_frames").asLong();
    }
}
