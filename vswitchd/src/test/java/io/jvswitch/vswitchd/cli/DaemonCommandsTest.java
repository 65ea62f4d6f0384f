package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Commands for the daemon as a whole. */
final class DaemonCommandsTest extends AgainstFakeDaemon {

    @Test
    void trace() {
        prints("""
                frame     0200000000020200000000010800.. 60 bytes from tap-vm1
                   1. network blue
                   2. eth_dst 02:00:00:00:00:02 is host, behind vtep 192.0.2.2
                megaflow  in_port=1,eth_dst=02:00:00:00:00:02
                actions   vxlan(vni=42,remote=192.0.2.2)
                verdict   forwarded to vtep 192.0.2.2
                """, "trace", "tap-vm1", "tcp", "dst=10.0.0.12");
        fails(
                2,
                "jvswitch: frame to trace: value 'dts=10.0.0.12': expected hexadecimal digits, or "
                        + "[arp|icmp|tcp|udp] [src=IP] [dst=IP]"
                        + " [sport=N] [dport=N] [vlan=N] [smac=MAC] [dmac=MAC] [tos=N] [ttl=N] [df=0|1] [mss=BYTES] "
                        + "[size=BYTES];"
                        + " from underlay also vtep=IP [vni=N] [tunnel=vxlan|gre] [outer-tos=N]; correct the "
                        + "description\n",
                "trace",
                "tap-vm1",
                "tcp",
                "dts=10.0.0.12");
    }

    @Test
    void reloadSaysWhatChanged() throws IOException {
        prints("nothing to change\n", "reload");
        Files.writeString(dir.resolve("hv1.yaml"), CONFIG.replace("vni: 42", "vni: 43"));
        prints("configuration reloaded\n", "reload");
        Files.writeString(dir.resolve("hv1.yaml"), CONFIG.replace("vni: 42", "vni: 16777216"));
        fails(
                2,
                "jvswitch: " + dir
                        + "/hv1.yaml:6:10: networks.blue.vni: value '16777216': expected a number 0 to 16777215, as "
                        + "tunnel"
                        + " is vxlan\nconfiguration " + dir + "/hv1.yaml: refused; the switch goes on as it was\n",
                "reload");
    }

    @Test
    void aTimeThatMakesNoSenseStopsNothing() {
        for (String timeout : new String[] {"-1", "0", "86401"}) {
            fails(
                    2,
                    "jvswitch: --timeout: value '" + timeout
                            + "': expected a number 1 to 86400; the daemon was not stopped\nSee 'jvswitch stop "
                            + "--help'.\n",
                    "stop",
                    "--timeout",
                    timeout);
        }
        assertTrue(Files.exists(dir.resolve("sockets/hv1.sock")));
    }

    @Test
    void stopWaitsForTheDaemonToEnd() {
        prints("stopping\n", "stop");
        assertTrue(Files.notExists(dir.resolve("sockets/hv1.sock")));
        fails(
                1,
                "jvswitch: no daemon in " + dir
                        + "/sockets: start one with 'jvswitch run --config FILE', or name its socket with --socket "
                        + "PATH\n",
                "show");
    }
}
