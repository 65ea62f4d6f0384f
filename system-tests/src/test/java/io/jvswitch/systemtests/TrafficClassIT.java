package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * ECN and DSCP across VXLAN and GRE, over IPv4 and IPv6: every pair of codepoints out of the tunnel, beside Linux's
 * VXLAN device, which gets the same datagrams; every codepoint into it, with tcpdump to look at the outer header and
 * Linux to take it off.
 */
final class TrafficClassIT {
    private static final String SCRIPT = Scripts.file("trafficclass.py").toString();
    private static final String PORT = "4000";
    private static final String VM_MAC = "02:00:00:00:00:0b";
    private static final String VM4 = "10.0.0.11";
    private static final String VM6 = "fd00:10::11";
    private static final String PEER4 = "10.0.0.12";
    private static final String PEER6 = "fd00:10::12";
    /** Inside and outside have another one. */
    private static final int DSCP = 0x28;

    private final Hypervisor hypervisor = Hypervisor.create("tc-hv");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vxlanVm = Guest.create("tc-x", "tap-vxlan");
    private final Guest greVm = Guest.create("tc-g", "tap-gre");

    @AfterEach
    void clearAway() {
        vxlanVm.close();
        greVm.close();
        hypervisor.close();
        vtep.close();
    }

    private void configure(Underlay underlay, String keys) {
        hypervisor.configure("""
                underlay:
                  local-ip: "%1$s"
                networks:
                  vxlan: {tunnel: vxlan, vni: 42, remotes: ["%2$s"]%3$s}
                  gre: {tunnel: gre, vni: 77, remotes: ["%2$s"]%3$s}
                ports:
                  tap-vxlan: {kind: tap, network: vxlan, netns: %4$s}
                  tap-gre: {kind: tap, network: gre, netns: %5$s}
                """.formatted(
                        underlay.left(),
                        underlay.right(),
                        keys,
                        vxlanVm.netns().name(),
                        greVm.netns().name()));
    }

    private void layOut(Underlay underlay) {
        Peers.require("ethtool", "python3", "tcpdump");
        hypervisor.connect(vtep.netns(), underlay.leftPrefix(), underlay.rightPrefix());
        // Datagrams of one traffic class leave as one train: tcpdump shall see each.
        hypervisor.netns().run("ethtool", "-K", "u0", "tx", "off", "tso", "off", "gso", "off");
        vtep.addVxlan(42, underlay.right(), underlay.left(), 1400, PEER4 + "/24", PEER6 + "/64");
        configure(underlay, "");
        hypervisor.start();
        for (Guest vm : List.of(vxlanVm, greVm)) {
            vm.awaitDevice();
            vm.netns().run("ip", "link", "set", vm.device(), "address", VM_MAC);
            vm.bringUp(VM4 + "/24", VM6 + "/64");
            // GRE has nobody at its far end to ask.
            for (String address : List.of(PEER4, PEER6)) {
                vm.netns().run("ip", "neighbour", "add", address, "lladdr", LinuxVtep.mac(42), "dev", vm.device());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Underlay.class)
    void marksAndClassesCrossTheTunnelsBothWays(Underlay underlay) {
        layOut(underlay);
        List<String> right = pairs();
        Guest peer = Guest.in(vtep.netns(), "vx42");
        assertEquals(
                right,
                arrivals(vtep.netns(), underlay.right(), underlay.left(), "vxlan", 42, VM_MAC, vxlanVm, VM4, VM6),
                "jvswitch, VXLAN");
        assertEquals(
                right,
                arrivals(vtep.netns(), underlay.right(), underlay.left(), "gre", 77, VM_MAC, greVm, VM4, VM6),
                "jvswitch, GRE");
        assertEquals(4, hypervisor.drops("tunnel-ce-not-ect"), "IPv4 and IPv6, through VXLAN and GRE");
        assertEquals(
                right,
                arrivals(
                        hypervisor.netns(),
                        underlay.left(),
                        underlay.right(),
                        "vxlan",
                        42,
                        LinuxVtep.mac(42),
                        peer,
                        PEER4,
                        PEER6),
                "Linux, VXLAN");

        outerHeadersAre(underlay, 0, true);
        reload(underlay, ", tos: inherit");
        outerHeadersAre(underlay, DSCP, true);
        if (underlay == Underlay.IPV4) {
            commandsTellOfIt();
        }
        reload(underlay, ", tos: 0xb8, ecn: compatibility");
        outerHeadersAre(underlay, 0xb8, false);
    }

    private void commandsTellOfIt() {
        assertSays("tos inherit", "show");
        String[] out = {"trace", "tap-vxlan", "udp", "dst=" + PEER4, "src=" + VM4, "tos=0xba"};
        assertSays("the outer header's traffic class is 0xba (DSCP 46, ECT(0))", out);
        assertSays("tos=inherit", out);
        String[] in = {
            "trace", "underlay", "vtep=192.0.2.2", "vni=42", "udp", "dst=" + VM4, "src=" + PEER4, "tos=2", "outer-tos=3"
        };
        assertSays("its congestion mark is carried over to the packet inside", in);
        in[7] = "tos=0";
        assertSays("drop: tunnel-ce-not-ect", in);
    }

    private void assertSays(String text, String... words) {
        String output = hypervisor.command(words).output();
        assertTrue(output.contains(text), output);
    }

    private void reload(Underlay underlay, String keys) {
        configure(underlay, keys);
        assertEquals(0, hypervisor.command("reload").status());
    }

    /** RFC 6040, figure 4, and the inner DSCP as it was. */
    private static List<String> pairs() {
        String[][] table = {
            // outer Not-ECT, ECT(1), ECT(0), CE; rows by the inner one
            {"0", "0", "0", "drop"},
            {"1", "1", "1", "3"},
            {"2", "1", "2", "3"},
            {"3", "3", "3", "3"},
        };
        List<String> lines = new ArrayList<>();
        for (int family : new int[] {4, 6}) {
            for (int outer = 0; outer < 4; outer++) {
                for (int inner = 0; inner < 4; inner++) {
                    if (!table[inner][outer].equals("drop")) {
                        int got = DSCP | Integer.parseInt(table[inner][outer]);
                        lines.add(family + " outer " + outer + " inner " + inner + " got " + got);
                    }
                }
            }
        }
        return lines;
    }

    /** Of two sockets, whose order among each other is nobody's promise. */
    private static List<String> received(RunningProgram receiver) {
        return receiver.output()
                .lines()
                .filter(line -> line.contains("got"))
                .sorted()
                .toList();
    }

    /** What a guest gets of the tunnel packets that the script makes. */
    private static List<String> arrivals(
            Netns from,
            String local,
            String remote,
            String kind,
            int id,
            String mac,
            Guest to,
            String to4,
            String to6) {
        try (RunningProgram receiver = to.netns().start("python3", "-u", SCRIPT, "receive", PORT, to4, to6)) {
            receiver.awaitOutput("ready", Hypervisor.LIMIT);
            from.run(
                    "python3",
                    SCRIPT,
                    "tunnel",
                    kind,
                    Integer.toString(id),
                    local,
                    remote,
                    "02:00:00:00:00:63",
                    mac,
                    PORT,
                    "10.0.0.99",
                    to4,
                    "fd00:10::99",
                    to6);
            receiver.awaitOutput("4 outer 3 inner 3 got", Hypervisor.LIMIT);
            receiver.awaitOutput("6 outer 3 inner 3 got", Hypervisor.LIMIT);
            return received(receiver);
        }
    }

    /** Sends every codepoint into both tunnels, and looks at what leaves, and at what Linux makes of it. */
    private void outerHeadersAre(Underlay underlay, int dscp, boolean ecn) {
        for (Guest vm : List.of(vxlanVm, greVm)) {
            boolean vxlan = vm == vxlanVm;
            String filter = "src host " + underlay.left() + (vxlan ? " and udp dst port 4789" : " and proto 47");
            try (Capture capture = Capture.start(hypervisor.netns(), "u0", filter);
                    RunningProgram receiver =
                            vtep.netns().start("python3", "-u", SCRIPT, "receive", PORT, PEER4, PEER6)) {
                receiver.awaitOutput("ready", Hypervisor.LIMIT);
                for (String address : List.of(PEER4, PEER6)) {
                    vm.netns().run("python3", SCRIPT, "send", PORT, address, Integer.toString(DSCP));
                    for (int codepoint = 0; codepoint < 4; codepoint++) {
                        int outer = dscp | (ecn ? codepoint : 0);
                        String seen = seen(underlay, vxlan, outer, address.equals(PEER6), DSCP | codepoint);
                        Await.until(
                                vm.device() + ": " + seen,
                                Hypervisor.LIMIT,
                                () -> capture.decode(""),
                                () -> capture.count(seen) == 1);
                    }
                }
                if (vxlan) {
                    List<String> asSent = new ArrayList<>();
                    for (int family : new int[] {4, 6}) {
                        receiver.awaitOutput(family + " sent " + (DSCP | 3) + " got", Hypervisor.LIMIT);
                        for (int codepoint = 0; codepoint < 4; codepoint++) {
                            int tos = DSCP | codepoint;
                            asSent.add(family + " sent " + tos + " got " + tos);
                        }
                    }
                    assertEquals(asSent, received(receiver), "Linux takes it off");
                }
            }
        }
    }

    /** A pcap filter for a tunnel packet with one traffic class outside and another inside. */
    private static String seen(Underlay underlay, boolean vxlan, int outer, boolean innerIpv6, int inner) {
        int headerBytes = vxlan ? 8 + 8 + 14 : 8 + 14;
        boolean ipv4 = underlay == Underlay.IPV4;
        int innerAt = (ipv4 ? 20 : 40) + headerBytes;
        String of = ipv4 ? "ip" : "ip6";
        String outside = ipv4 ? "ip[1] == " + outer : "ip6[0:2] & 0xff0 == " + (outer << 4);
        String inside = innerIpv6
                ? of + "[" + innerAt + ":2] & 0xff0 == " + (inner << 4) + " and " + of + "[" + (innerAt + 6) + "] == 17"
                : of + "[" + (innerAt + 1) + "] == " + inner + " and " + of + "[" + (innerAt + 9) + "] == 17";
        return outside + " and " + inside;
    }
}
