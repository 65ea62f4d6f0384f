package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Guests' TCP over an underlay that loses one tunnel packet in a hundred, brings one in a hundred late and marks some
 * as congested, both ways: whatever is coalesced around the holes, the content is what was sent, and the marks reach
 * the guests. The kernel of the test's machine may lack netem, hence a relay of ours.
 */
final class LossyUnderlayIT {
    private static final int MEGABYTES = 5;
    private static final Pattern COUNTS = Pattern.compile("lost (\\d+) late (\\d+) marked (\\d+) passed (\\d+)\\n");

    private final TwoHosts hosts = TwoHosts.create("lossy");
    private final Netns cable = Netns.create("lossy-c");

    @AfterEach
    void clearAway() {
        hosts.close();
        cable.close();
    }

    private void lay(Hypervisor host, String end, String prefix) {
        // The cable itself has no addresses and nothing to say.
        cable.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
        host.netns().connect("u0", cable, end);
        host.addAddress(prefix);
        // What crosses the relay has to be whole: datagrams of the MTU's size with their checksums.
        host.netns().run("ethtool", "-K", "u0", "tx", "off", "tso", "off", "gso", "off");
    }

    /** Packets with CE that a guest's kernel received, by the name that nstat gives the counter. */
    private static long congestionMarks(Guest guest, String counter) {
        String told = guest.netns().run("nstat", "-a", "-s", "-z", counter);
        Matcher line = Pattern.compile(counter + "\\s+(\\d+)").matcher(told);
        assertTrue(line.find(), told);
        return Long.parseLong(line.group(1));
    }

    private static long[] counts(RunningProgram relay) {
        long[] counts = new long[4];
        Matcher matcher = COUNTS.matcher(relay.output());
        while (matcher.find()) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Long.parseLong(matcher.group(i + 1));
            }
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"IPV4,vxlan", "IPV4,gre", "IPV6,vxlan", "IPV6,gre"})
    void contentSurvivesLossAndReordering(Underlay underlay, String tunnel) {
        Peers.require("nstat");
        lay(hosts.left(), "left", underlay.leftPrefix());
        lay(hosts.right(), "right", underlay.rightPrefix());
        String seed = Long.toString(Long.getLong("jvswitch.seed", System.nanoTime()));
        System.out.println("LossyUnderlayIT: repeat with -Djvswitch.seed=" + seed);
        RunningProgram relay =
                cable.start("python3", "-u", Scripts.file("lossy.py").toString(), seed, "left", "right");
        relay.awaitOutput("relaying", Hypervisor.LIMIT);
        hosts.start(underlay, 1);
        Guest left = hosts.leftGuest(tunnel);
        Guest right = hosts.rightGuest(tunnel);
        for (Guest guest : new Guest[] {left, right}) {
            // A SYN that the cable loses is sent again without ECN otherwise, and nothing of that connection is marked.
            guest.netns().run("sysctl", "-q", "-w", "net.ipv4.tcp_ecn=1", "net.ipv4.tcp_ecn_fallback=0");
        }
        left.awaitPing(hosts.right4());
        left.exchangeTcp(right, hosts.right4(), MEGABYTES);
        left.exchangeTcp(right, hosts.right6(), MEGABYTES);
        for (Guest guest : new Guest[] {left, right}) {
            guest.netns().run("ethtool", "-K", guest.device(), "tx", "off", "tso", "off", "gso", "off", "gro", "off");
        }
        left.exchangeTcp(right, hosts.right4(), MEGABYTES);
        for (Hypervisor host : hosts.both()) {
            assertEquals(0, host.drops("offload-invalid"));
            assertEquals(0, host.drops("segmentation-failed"));
        }
        long[] counts = counts(relay);
        String said = "lost %d, late %d, marked %d, passed %d".formatted(counts[0], counts[1], counts[2], counts[3]);
        assertTrue(counts[0] > counts[3] / 200 && counts[1] > counts[3] / 200 && counts[2] > counts[3] / 200, said);
        for (Guest guest : new Guest[] {left, right}) {
            assertTrue(congestionMarks(guest, "IpExtInCEPkts") > 0, said);
            assertTrue(congestionMarks(guest, "Ip6InCEPkts") > 0, said);
        }
    }
}
