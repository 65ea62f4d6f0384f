package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PeersCommandTest {

    private static String refused(String... arguments) {
        StringWriter errors = new StringWriter();
        int status = new CommandLine(new PeersCommand())
                .setErr(new PrintWriter(errors))
                .execute(arguments);
        assertEquals(CommandLine.ExitCode.USAGE, status);
        return errors.toString().lines().findFirst().orElse("");
    }

    @Test
    void wrongUsageIsRefusedBeforeAnythingIsMade() {
        assertEquals(
                "--only: no scenario 'gre'; there are vxlan, vxlan-tx-off, tap, veth, veth-vxlan",
                refused("--only", "tap,gre"));
        assertEquals(
                "--peers: no peer 'vpp'; there are jvswitch, ovs, ovs-tso, bridge, pump", refused("--peers", "vpp"));
        assertEquals(
                "--measure: no measurement 'jitter'; there are tcp-1, tcp-1-back, tcp-4, tcp-4-back, udp-paced, "
                        + "udp-overload, "
                        + "latency, latency-loaded, allocation-udp, allocation-tcp, idle, memory, start",
                refused("--measure", "jitter"));
        assertEquals("--rounds 0: expected 1 to 50", refused("--rounds", "0"));
        assertEquals("--seconds 601: expected 1 to 600", refused("--seconds", "601"));
        assertEquals("--rate 0: expected 1 to 1000000", refused("--rate", "0"));
        assertEquals("--peers pump: none of these takes part in veth", refused("--peers", "pump", "--only", "veth"));
        assertTrue(refused("--fast").startsWith("Unknown option: '--fast'"));
    }

    private static PeersRun.Plan planOf(PeerKind first, PeerKind... more) {
        return new PeersRun.Plan(
                EnumSet.of(Scenario.TAP),
                EnumSet.of(first, more),
                EnumSet.of(Measure.TCP_1),
                1,
                1000,
                new Load.Options(300, 1000, 20_000));
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        assertEquals(List.of(), new Obstacles(program -> true).missingPrograms(planOf(PeerKind.OVS, PeerKind.PUMP)));
        assertEquals(
                List.of("ovs-vswitchd is missing (Debian: apt-get install openvswitch-switch); or leave ovs out "
                        + "with --peers"),
                new Obstacles(program -> !program.equals("ovs-vswitchd"))
                        .missingPrograms(planOf(PeerKind.OVS, PeerKind.PUMP)));
        assertEquals(
                List.of("ethtool is missing (Debian: apt-get install ethtool)"),
                new Obstacles(program -> !program.equals("ethtool")).missingPrograms(planOf(PeerKind.PUMP)));
    }
}
