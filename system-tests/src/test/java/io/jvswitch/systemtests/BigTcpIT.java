package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers whose TCP makes superframes of more than 64 KB ({@code gso_max_size}, BIG TCP), and a device that merges
 * as much on receipt: to another container, to a TAP and through VXLAN to Linux.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BigTcpIT {
    private static final int BYTES = 180_000;
    private static final int MEGABYTES = 24;

    private final Hypervisor host = Hypervisor.create("big");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest big = Guest.create("bigl", "eth0");
    private final Guest other = Guest.create("bigr", "eth0");
    private final Guest vm = Guest.create("bigv", "tap0");
    private final Guest far = Guest.in(vtep.netns(), "vx42");

    @BeforeAll
    void layOut() {
        Peers.require("ethtool");
        host.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.20/24", "fd00:10::20/64");
        host.netns().connect("big", big.netns(), "eth0");
        host.netns().connect("other", other.netns(), "eth0");
        host.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}
                ports:
                  big: {kind: system, network: blue}
                  other: {kind: system, network: blue}
                  tap0: {kind: tap, network: blue, netns: %s}
                """.formatted(vm.netns().name()));
        host.start();
        big.bringUp("10.0.0.11/24", "fd00:10::11/64");
        other.bringUp("10.0.0.12/24", "fd00:10::12/64");
        vm.bringUp("10.0.0.13/24", "fd00:10::13/64");
        big.setMtu(1450);
        other.setMtu(1450);
        big.awaitPing("10.0.0.12");
        big.awaitPing("10.0.0.13");
        big.awaitPing("10.0.0.20");
    }

    @AfterAll
    void clearAway() {
        big.close();
        other.close();
        vm.close();
        host.close();
        vtep.close();
    }

    private static void allow(Netns netns, String device, int bytes) {
        netns.run("python3", Scripts.file("bigtcp.py").toString(), device, Integer.toString(bytes));
    }

    private void isIntact() {
        for (String reason : new String[] {
            "rx-too-long", "offload-invalid", "segmentation-failed", "ipv4-bad-total-length", "ipv6-truncated"
        }) {
            assertEquals(0, host.drops(reason), reason);
        }
    }

    /** The end of the veth that is not ours says how much its TCP sends at once. */
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.12", "fd00:10::12", "10.0.0.13", "fd00:10::13", "10.0.0.20", "fd00:10::20"})
    void whatAContainerSends(String address) {
        big.netns().run("ethtool", "-K", "eth0", "tso", "on");
        allow(big.netns(), "eth0", BYTES);
        arrives(address.endsWith("12") ? other : address.endsWith("13") ? vm : far, address);
    }

    /** A NIC's GRO goes beyond 64 KB where its {@code gro_max_size} lets it. */
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.12", "fd00:10::20"})
    void whatADeviceMerges(String address) {
        allow(big.netns(), "eth0", 65_536);
        big.netns().run("ethtool", "-K", "eth0", "tso", "off");
        allow(host.netns(), "big", BYTES);
        host.netns().run("sh", "-c", "echo 4000000 >/sys/class/net/big/gro_flush_timeout");
        host.netns().run("ethtool", "-K", "big", "gro", "on");
        arrives(address.endsWith("12") ? other : far, address);
    }

    private void arrives(Guest to, String address) {
        long retransmitted = retransmitted(big.netns());
        long cut = cut();
        // On a machine under load TCP may be too slow at first for superframes of that length.
        for (int attempt = 0; attempt < 5 && cut() == cut; attempt++) {
            big.exchangeTcp(to, address, MEGABYTES);
        }
        isIntact();
        assertTrue(cut() > cut, "nothing was longer than 64 KB");
        long again = retransmitted(big.netns()) - retransmitted;
        assertTrue(again < 500, again + " segments were sent again");
    }

    private long cut() {
        return host.port("big").path("traffic").path("created_frames").asLong();
    }

    private static long retransmitted(Netns netns) {
        return Long.parseLong(netns.run("sh", "-c", "awk '/^Tcp: [0-9]/ {print $13}' /proc/net/snmp")
                .strip());
    }
}
