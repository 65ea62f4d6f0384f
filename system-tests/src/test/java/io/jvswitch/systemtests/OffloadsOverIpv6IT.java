package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Over an IPv6 underlay: transfers, every byte compared, with offloads on and off in the guests and on the underlay, to
 * Linux's VXLAN device and, through both tunnels, to another jvswitch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OffloadsOverIpv6IT {
    private static final int MEGABYTES = 10;

    private final TwoHosts hosts = TwoHosts.create("off6");
    private final Hypervisor besideLinux = Hypervisor.create("hv6");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("vm6", "tap1");
    private final Guest linuxPeer = Guest.in(vtep.netns(), "vx42");

    @BeforeAll
    void layOut() {
        Peers.require("ethtool");
        Underlay underlay = Underlay.IPV6;
        hosts.left().connect(hosts.right().netns(), underlay.leftPrefix(), underlay.rightPrefix());
        hosts.start(underlay, 1);
        besideLinux.connect(vtep.netns(), underlay.leftPrefix(), underlay.rightPrefix());
        vtep.addVxlan(42, underlay.right(), underlay.left(), 1430, "10.0.0.12/24", "fd00:10::12/64");
        besideLinux.configure(
                """
                underlay:
                  local-ip: "%s"
                networks:
                  blue: {tunnel: vxlan, vni: 42, remotes: ["%s"]}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                """.formatted(underlay.left(), underlay.right(), vm.netns().name()));
        besideLinux.start();
        vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
    }

    @AfterAll
    void clearAway() {
        vm.close();
        besideLinux.close();
        vtep.close();
        hosts.close();
    }

    private static void offloads(Netns netns, String device, String state) {
        netns.run("ethtool", "-K", device, "tx", state, "tso", state, "gso", state, "gro", state);
    }

    private static void isIntact(Hypervisor at) {
        assertEquals(0, at.drops("offload-invalid"));
        assertEquals(0, at.drops("segmentation-failed"));
    }

    /** Every pair of states occurs. */
    @ParameterizedTest
    @CsvSource({"on,on,on", "on,off,off", "off,on,off", "off,off,on"})
    void throughVxlanToLinux(String guest, String underlay, String far) {
        offloads(vm.netns(), vm.device(), guest);
        offloads(besideLinux.netns(), "u0", underlay);
        offloads(vtep.netns(), "u0", underlay);
        offloads(linuxPeer.netns(), linuxPeer.device(), far);
        vm.awaitPing("10.0.0.12");
        vm.exchangeTcp(linuxPeer, "10.0.0.12", MEGABYTES);
        vm.exchangeTcp(linuxPeer, "fd00:10::12", MEGABYTES);
        isIntact(besideLinux);
    }

    @ParameterizedTest
    @CsvSource({
        "vxlan,on,on,on",
        "vxlan,on,off,off",
        "vxlan,off,off,on",
        "gre,on,on,on",
        "gre,on,off,off",
        "gre,off,on,off",
        "gre,off,off,on"
    })
    void throughATunnelToAnotherSwitch(String tunnel, String guest, String underlay, String far) {
        Guest left = hosts.leftGuest(tunnel);
        Guest right = hosts.rightGuest(tunnel);
        offloads(left.netns(), left.device(), guest);
        offloads(right.netns(), right.device(), far);
        hosts.both().forEach(host -> offloads(host.netns(), "u0", underlay));
        left.awaitPing(hosts.right4());
        left.exchangeTcp(right, hosts.right4(), MEGABYTES);
        left.exchangeTcp(right, hosts.right6(), MEGABYTES);
        hosts.both().forEach(OffloadsOverIpv6IT::isIntact);
    }
}
