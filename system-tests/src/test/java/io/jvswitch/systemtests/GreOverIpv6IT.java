package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** GRE over an IPv6 underlay, with and without a key, with Open vSwitch's userspace datapath at the far end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GreOverIpv6IT {
    private final Hypervisor hypervisor = Hypervisor.create("hvg6");
    private final Netns far = Netns.create("ovs6");
    private final OpenVswitch ovs = OpenVswitch.start(far);
    private final Guest keyVm = Guest.create("g6key", "tap-key");
    private final Guest keylessVm = Guest.create("g6less", "tap-keyless");
    private final Guest peer = Guest.in(far, "guest");

    @BeforeAll
    void layOut() {
        Peers.require("ethtool", "ping", "python3");
        hypervisor.netns().connect("u0", far, "u0");
        hypervisor.netns().run("ip", "address", "add", "fd00:c0::1/64", "dev", "u0", "nodad");
        // A veth leaves checksums to a NIC that is not there; this Open vSwitch takes them for wrong.
        hypervisor.netns().run("ethtool", "-K", "u0", "tx", "off");
        ovs.addUnderlay("fd00:c0::2/64");
        ovs.addIntegrationBridge();
        ovs.addGuest("guest", 0, 1438, "10.0.0.12/24", "fd00:10::12/64");
        hypervisor.configure(
                """
                underlay:
                  local-ip: fd00:c0::1
                networks:
                  gre-77: {tunnel: gre, vni: 77, remotes: ["fd00:c0::2"]}
                  gre-keyless: {tunnel: gre, remotes: ["fd00:c0::2"]}
                ports:
                  tap-key: {kind: tap, network: gre-77, netns: %s}
                  tap-keyless: {kind: tap, network: gre-keyless, netns: %s}
                """.formatted(keyVm.netns().name(), keylessVm.netns().name()));
        hypervisor.start();
        for (Guest vm : new Guest[] {keyVm, keylessVm}) {
            vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        }
    }

    @AfterAll
    void clearAway() {
        ovs.close();
        far.close();
        keyVm.close();
        keylessVm.close();
        hypervisor.close();
    }

    @Test
    void withKey() {
        talk(keyVm, "gre-77", 1438, "GREv0, Flags [key present], key=0x4d", "options:key=77");
    }

    @Test
    void withoutKey() {
        talk(keylessVm, "gre-keyless", 1442, "GREv0, Flags [none]");
    }

    /** One tunnel at a time, so that the networks stay apart on the far side's one bridge. */
    private void talk(Guest vm, String network, int mtuBytes, String decoded, String... options) {
        assertEquals(mtuBytes, hypervisor.network(network).path("mtu_bytes").asInt());
        String[] all = new String[options.length + 1];
        all[0] = "options:remote_ip=fd00:c0::1";
        System.arraycopy(options, 0, all, 1, options.length);
        ovs.addTunnel("tunnel0", "gre", all);
        try (Capture capture = Capture.start(hypervisor.netns(), "u0", "ip6 proto 47")) {
            far.run("ip", "neighbour", "flush", "dev", "guest");
            vm.awaitPing("10.0.0.12");
            vm.ping("10.0.0.12");
            peer.ping("10.0.0.11");
            vm.awaitPing("fd00:10::12");
            vm.ping("fd00:10::12");
            vm.exchangeTcp(peer, "10.0.0.12", 8);
            peer.exchangeTcp(vm, "10.0.0.11", 8);
            Await.until(
                    "'" + decoded + "'",
                    Hypervisor.LIMIT,
                    () -> capture.decode("src host fd00:c0::1"),
                    () -> capture.decode("src host fd00:c0::1").contains(decoded));
            fillTheTunnel(vm, mtuBytes);
        } finally {
            ovs.removeTunnel("tunnel0");
        }
        assertEquals(0, hypervisor.drops("tx-refused"));
    }

    /** The largest packet leaves whole; one byte more is answered. */
    private void fillTheTunnel(Guest vm, int mtuBytes) {
        // The far guest answers in fragments where its own MTU is less.
        vm.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(mtuBytes - 28), "10.0.0.12");
        vm.setMtu(1500);
        String refused = vm.tryPing(
                        "-c", "1", "-W", "10", "-M", "do", "-s", Integer.toString(mtuBytes + 1 - 28), "10.0.0.12")
                .output();
        assertTrue(refused.contains("mtu = " + mtuBytes) || refused.contains("mtu=" + mtuBytes), refused);
    }
}
