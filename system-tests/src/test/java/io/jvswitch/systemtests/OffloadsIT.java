package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Large transfers, every byte compared, with offloads on and off in the guests and on the underlay: between guests of
 * one switch, and through tunnels to Linux's VXLAN device and to Open vSwitch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OffloadsIT {
    private static final int MEGABYTES = 20;
    /** Open vSwitch's userspace is slower by far. */
    private static final int OVS_MEGABYTES = 10;

    private final Hypervisor hypervisor = Hypervisor.create("hv");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Hypervisor besideOvs = Hypervisor.create("hvo");
    private final Netns ovsHost = Netns.create("ovs");
    private final OpenVswitch ovs = OpenVswitch.start(ovsHost);
    private final Guest one = Guest.create("one", "tap-one");
    private final Guest two = Guest.create("two", "tap-two");
    private final Guest vm = Guest.create("vm", "tap-vxlan");
    private final Guest vxlanVm = Guest.create("vxlan", "tap-vxlan");
    private final Guest greVm = Guest.create("gre", "tap-gre");
    private final Guest linuxPeer = Guest.in(vtep.netns(), "vx42");
    private final Guest ovsPeer = Guest.in(ovsHost, "guest");

    @BeforeAll
    void layOut() {
        Peers.require("ethtool", "ping", "python3");
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.12/24", "fd00:10::12/64");
        hypervisor.configure(
                """
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  local: {tunnel: none}
                  vxlan-42: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                ports:
                  tap-one: {kind: tap, network: local, netns: %s}
                  tap-two: {kind: tap, network: local, netns: %s}
                  tap-vxlan: {kind: tap, network: vxlan-42, netns: %s}
                """.formatted(one.netns().name(), two.netns().name(), vm.netns().name()));
        hypervisor.start();
        one.bringUp("10.1.0.1/24", "fd00:11::1/64");
        two.bringUp("10.1.0.2/24", "fd00:11::2/64");
        vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        layOutOpenVswitch();
    }

    private void layOutOpenVswitch() {
        besideOvs.netns().connect("u0", ovsHost, "u0");
        besideOvs.netns().run("ip", "address", "add", "192.0.2.1/24", "dev", "u0");
        // A veth leaves checksums to a NIC that is not there; this Open vSwitch takes them for wrong.
        besideOvs.netns().run("ethtool", "-K", "u0", "tx", "off");
        ovs.addUnderlay("192.0.2.2/24");
        ovs.addIntegrationBridge();
        ovs.addGuest("guest", 0, 1450, "10.0.0.13/24", "fd00:10::13/64");
        besideOvs.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  vxlan-42: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                  gre-77: {tunnel: gre, vni: 77, remotes: [192.0.2.2]}
                ports:
                  tap-vxlan: {kind: tap, network: vxlan-42, netns: %s}
                  tap-gre: {kind: tap, network: gre-77, netns: %s}
                """.formatted(vxlanVm.netns().name(), greVm.netns().name()));
        besideOvs.start();
        vxlanVm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        greVm.bringUp("10.0.0.11/24", "fd00:10::11/64");
    }

    @AfterAll
    void clearAway() {
        one.close();
        two.close();
        vm.close();
        vxlanVm.close();
        greVm.close();
        hypervisor.close();
        besideOvs.close();
        ovs.close();
        ovsHost.close();
        vtep.close();
    }

    private static void offloads(Netns netns, String device, String state) {
        netns.run("ethtool", "-K", device, "tx", state, "tso", state, "gso", state, "gro", state);
    }

    private static void isIntact(Hypervisor at) {
        assertEquals(0, at.drops("offload-invalid"));
        assertEquals(0, at.drops("segmentation-failed"));
    }

    @ParameterizedTest
    @CsvSource({"on,on", "on,off", "off,on", "off,off"})
    void betweenGuestsOfOneSwitch(String client, String server) {
        offloads(one.netns(), one.device(), client);
        offloads(two.netns(), two.device(), server);
        one.awaitPing("10.1.0.2");
        one.exchangeTcp(two, "10.1.0.2", MEGABYTES);
        one.exchangeTcp(two, "fd00:11::2", MEGABYTES);
        isIntact(hypervisor);
    }

    @Test
    void superframesStayWholeBetweenGuests() {
        offloads(one.netns(), one.device(), "on");
        offloads(two.netns(), two.device(), "on");
        one.awaitPing("10.1.0.2");
        long before =
                hypervisor.port("tap-one").path("traffic").path("rx_frames").asLong();
        long bytesBefore =
                hypervisor.port("tap-one").path("traffic").path("rx_bytes").asLong();
        one.exchangeTcp(two, "10.1.0.2", MEGABYTES);
        long frames =
                hypervisor.port("tap-one").path("traffic").path("rx_frames").asLong() - before;
        long bytes = hypervisor.port("tap-one").path("traffic").path("rx_bytes").asLong() - bytesBefore;
        assertTrue(bytes / frames > 3_000, bytes + " bytes in " + frames + " frames: acknowledgments among them");
    }

    @ParameterizedTest
    @CsvSource({
        "on,on,on",
        "on,off,on",
        "off,on,on",
        "off,off,on",
        "on,on,off",
        "on,off,off",
        "off,on,off",
        "off,off,off"
    })
    void throughVxlanToLinux(String guest, String underlay, String far) {
        offloads(vm.netns(), vm.device(), guest);
        offloads(hypervisor.netns(), "u0", underlay);
        offloads(vtep.netns(), "u0", underlay);
        offloads(linuxPeer.netns(), linuxPeer.device(), far);
        vm.awaitPing("10.0.0.12");
        vm.exchangeTcp(linuxPeer, "10.0.0.12", MEGABYTES);
        vm.exchangeTcp(linuxPeer, "fd00:10::12", MEGABYTES);
        exchangeTrains(vm, linuxPeer, "10.0.0.11", "fd00:10::12");
        isIntact(hypervisor);
    }

    /** Guests' UDP in trains, one way over IPv4 and the other over IPv6. */
    private static void exchangeTrains(Guest here, Guest far, String here4, String far6) {
        // What is under way at once fits the receive buffer of Open vSwitch's packet socket, which holds some ninety.
        Datagrams trains = new Datagrams(1, 200, 10, 1200, false);
        trains.send(far, here, here4);
        trains.send(here, far, far6);
    }

    /**
     * The far guest is an internal port, which is a TAP. It never leaves anything to this Open vSwitch, which knows no
     * TSO through tunnels; what is on and off there is the merging of what it gets.
     */
    @ParameterizedTest
    @CsvSource({"vxlan,on,on", "vxlan,off,on", "vxlan,on,off", "gre,on,on", "gre,off,on", "gre,on,off"})
    void throughATunnelToOpenVswitch(String tunnel, String guest, String far) {
        Guest guestHere = tunnel.equals("gre") ? greVm : vxlanVm;
        ovs.addTunnel(
                "tunnel0",
                tunnel,
                "options:remote_ip=192.0.2.1",
                "options:key=" + (tunnel.equals("gre") ? "77" : "42"));
        try {
            ovsHost.run("ip", "neighbour", "flush", "dev", "guest"); // another network's guest had the address
            offloads(guestHere.netns(), guestHere.device(), guest);
            offloads(ovsHost, "guest", far);
            guestHere.awaitPing("10.0.0.13");
            guestHere.exchangeTcp(ovsPeer, "10.0.0.13", OVS_MEGABYTES);
            guestHere.exchangeTcp(ovsPeer, "fd00:10::13", OVS_MEGABYTES);
            exchangeTrains(guestHere, ovsPeer, "10.0.0.11", "fd00:10::13");
        } finally {
            ovs.removeTunnel("tunnel0");
        }
        isIntact(besideOvs);
    }
}
