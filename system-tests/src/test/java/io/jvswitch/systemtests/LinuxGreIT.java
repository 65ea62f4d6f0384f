package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * GRE with Linux's own device at the far end. Many small kernels are built without it; there the test says so and is
 * skipped, since no package can bring it, and Open vSwitch alone is GRE's judge.
 */
final class LinuxGreIT {
    private static final int MEGABYTES = 20;

    private final Hypervisor hypervisor = Hypervisor.create("hvlg");
    private final Netns far = Netns.create("gretap");
    private final Guest vm = Guest.create("vmlg", "tap1");
    private final Guest peer = Guest.in(far, "gt77");

    @AfterEach
    void clearAway() {
        vm.close();
        hypervisor.close();
        far.close();
    }

    private void addGre(Underlay underlay, int mtuBytes, String key) {
        String type = underlay == Underlay.IPV4 ? "gretap" : "ip6gretap";
        List<String> command = new ArrayList<>(List.of(
                "ip",
                "link",
                "add",
                peer.device(),
                "mtu",
                Integer.toString(mtuBytes),
                "type",
                type,
                "local",
                underlay.right(),
                "remote",
                underlay.left()));
        if (underlay == Underlay.IPV6) {
            command.addAll(List.of("encaplimit", "none"));
        }
        if (!key.isEmpty()) {
            command.addAll(List.of("key", key));
        }
        Programs.Outcome outcome = far.tryRun(command.toArray(String[]::new));
        Assumptions.assumeFalse(
                outcome.output().contains("Unknown device type")
                        || outcome.output().contains("not supported"),
                () -> "this machine's kernel has no " + type + " device ("
                        + outcome.output().strip() + "): GRE to Linux is not tested here");
        assertEquals(0, outcome.status(), outcome.output());
        peer.bringUp("10.0.0.12/24", "fd00:10::12/64");
    }

    @ParameterizedTest
    @CsvSource({"IPV4,77,1458,on", "IPV4,77,1458,off", "IPV4,,1462,on", "IPV6,77,1438,on", "IPV6,,1442,off"})
    void contentArrivesBothWays(Underlay underlay, @Nullable String key, int mtuBytes, String offloads) {
        Peers.require("ethtool", "ping", "python3");
        hypervisor.connect(far, underlay.leftPrefix(), underlay.rightPrefix());
        addGre(underlay, mtuBytes, key == null ? "" : key);
        hypervisor.configure("""
                underlay:
                  local-ip: "%s"
                networks:
                  gre: {tunnel: gre, %sremotes: ["%s"]}
                ports:
                  tap1: {kind: tap, network: gre, netns: %s}
                """.formatted(
                        underlay.left(),
                        key == null ? "" : "vni: " + key + ", ",
                        underlay.right(),
                        vm.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24", "fd00:10::11/64");
        assertEquals(mtuBytes, hypervisor.network("gre").path("mtu_bytes").asInt());
        for (Guest guest : new Guest[] {vm, peer}) {
            guest.netns()
                    .run(
                            "ethtool",
                            "-K",
                            guest.device(),
                            "tx",
                            offloads,
                            "tso",
                            offloads,
                            "gso",
                            offloads,
                            "gro",
                            offloads);
        }
        vm.awaitPing("10.0.0.12");
        vm.exchangeTcp(peer, "10.0.0.12", MEGABYTES);
        vm.exchangeTcp(peer, "fd00:10::12", MEGABYTES);
        Datagrams trains = new Datagrams(1, 50, 40, 1200, false);
        trains.send(vm, peer, "10.0.0.12");
        trains.send(peer, vm, "10.0.0.11");
        assertEquals(0, hypervisor.drops("offload-invalid"));
        assertEquals(0, hypervisor.drops("segmentation-failed"));
    }
}
