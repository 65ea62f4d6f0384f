package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.control.http.Json;
import io.jvswitch.vswitchd.view.RatesView;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Commands that only look: output to the byte. */
final class ReadCommandsTest extends AgainstFakeDaemon {

    @Test
    void show() {
        prints("""
                switch hv1: jvswitch 1.2.3, pid 4711, up 2h 3m, 1 worker on epoll, 2 flows
                    underlay 192.0.2.1 on eth0: up, mtu 1500, vxlan port 4789, 8 sockets, offloads udp-gso udp-gro
                        rx 10 frames 1.50 kB, tx 20 frames 3.00 kB, dropped 0
                    network blue: vxlan vni 42, mtu 1450, macs 3 of 8192, 1 host, 2 leases
                        subnet 10.0.0.0/24: gateway 10.0.0.1, dhcp 10.0.0.2, pool 10.0.0.100-10.0.0.199 (97 of 100 free)
                        port tap-vm1 (1): tap, up, mtu 1450, mac 02:00:00:00:00:01, ip 10.0.0.11, offloads csum tso4 tso6
                            may send from 10.0.0.11
                            rx 1234 frames 568 kB, tx 4321 frames 98.8 MB, dropped 3
                        vtep 192.0.2.2: remote, path mtu 1500
                            rx 11 frames 1.60 kB, tx 22 frames 3.20 kB
                    network local: no tunnel, mtu 1450, macs 3 of 8192, 2 leases
                        port tap-vm2 (2): tap, waiting (namespace vm2 does not exist: create it with 'ip netns add'), 2 queues, netns vm2
                            rx 0 frames 0 B, tx 0 frames 0 B, dropped 0
                """, "show");
    }

    @Test
    void tables() {
        prints("""
                NETWORK  MAC                WHERE           SOURCE      AGE
                blue     02:00:00:00:00:01  tap-vm1         port          -
                blue     02:00:00:00:00:02  vtep 192.0.2.2  host          -
                blue     02:00:00:00:00:99  tap-vm1         learned  1m 15s
                """, "fdb", "blue");
        prints("""
                worker=0 in=tap-vm1 network=blue frames=1 bytes=0 idle=1.3s match=eth_dst=02:00:00:00:00:02,tp_src=0 actions=vxlan(vni=42,remote=192.0.2.2)
                worker=0 in=tap-vm1 network=blue frames=2 bytes=100 idle=1.3s match=eth_dst=02:00:00:00:00:02,tp_src=1 actions=vxlan(vni=42,remote=192.0.2.2)
                """, "flows", "--port", "tap-vm1");
        prints("""
                NETWORK  IP         MAC                ROUTER  WHERE      SOURCE
                blue     10.0.0.12  02:00:00:00:00:02  yes     192.0.2.2  host
                """, "arp");
        prints("""
                NETWORK  IP          MAC                PORT     HOSTNAME  SOURCE       STATE    REMAINING
                blue     10.0.0.11   02:00:00:00:00:01  tap-vm1  vm1       reservation  bound      23h 53m
                blue     10.0.0.100  02:00:00:00:00:77  -        -         pool         expired          -
                """, "leases");
        prints("""
                tap-vm1     12  no-buffer: The worker had no free frame buffer.
                                Raise switch.pool-frames, or find the port that floods the worker with 'stats'.
                underlay  3456  split-horizon: A frame from a tunnel whose destination is behind a tunnel: never forwarded, or it would loop.
                                Make the peers' tunnels a full mesh.
                """, "drops");
        prints("""
                PORT      QUEUE  WORKER  RX FRAMES  RX BYTES  TX FRAMES  TX BYTES  DROPPED
                tap-vm1       0       0       1234    567890       4321  98765432        3
                underlay      0       0         10      1500         20      3000        0

                PORT      QUEUE  WORKER  ARP REPLIES  ND REPLIES  TOO BIG  MSS CLAMPED  FRAGMENTED  OUTER FRAGMENTED  CREATED  MERGED  TO DHCP
                tap-vm1       0       0           12           4        1           30           2                 5       90     800        6
                underlay      0       0            0           0        0            0           0                 0        0       0        0

                WORKER   BUSY  FRAMES  CACHE HITS  FLOW HITS  MISSES  FLOWS  EVICTED  FREE FRAMES  LOOP P50      P99     MAX
                0       25.0%    5555        5000        500      55      2        7    1000/1024    3.1 us  21.0 us  1.9 ms

                NETWORK  DHCP EVENT   COUNT  MEANING
                blue     rx-discover      3  DHCPDISCOVER received.
                """, "stats");
    }

    @Test
    void jsonIsTheDaemonsAnswer() {
        prints(
                "[\n{\"network\":\"blue\",\"mac\":\"02:00:00:00:00:02\",\"ips\":[\"10.0.0.12\"],\"vtep\":\"192.0.2.2\"}\n]\n",
                "host",
                "list",
                "--json");
        fails(
                1,
                "{\"error\":\"does not exist\",\"object\":\"network nope\",\"remedy\":\"see 'jvswitch network "
                        + "list'\"}\n",
                "fdb",
                "nope",
                "--json");
    }

    @Test
    void ratesAreShownWhenWatched() {
        assertEquals(0, run("top", "--interval", "0.02", "--count", "2"));
        String top = out.toString(StandardCharsets.UTF_8);
        assertTrue(top.startsWith("switch hv1: up 2h 3m, 2 flows\n\nPORT      NETWORK  STATE    RX PPS       RX"), top);
        assertEquals(
                2,
                top.lines()
                        .filter(line -> line.startsWith("tap-vm1   blue     up            0  0 bit/s"))
                        .count(),
                top);
        assertEquals(0, run("top", "--json", "--interval", "0.02", "--count", "2"));
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
        assertEquals(3, lines.length, out::toString);
        RatesView rates = Json.read(lines[1], RatesView.class);
        assertEquals("hv1", rates.name());
        assertEquals("underlay", rates.ports().getLast().port());
        assertEquals(3, rates.ports().getFirst().dropFrames());
        assertEquals(1, rates.workers().size());
        assertEquals(0, run("stats", "--watch", "--interval", "0.02", "--count", "1"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("PORT      QUEUE  WORKER  RX PPS"));
        assertEquals(0, run("drops", "--watch", "--interval", "0.02", "--count", "1"));
        assertTrue(
                out.toString(StandardCharsets.UTF_8).contains("underlay        0     3456  split-horizon: "),
                out::toString);
        assertEquals(0, run("drops", "--watch", "--json", "--interval", "0.02", "--count", "2"));
        assertEquals(
                2,
                out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.equals("["))
                        .count());
    }

    @Test
    void timesThatMakeNoSenseAreUsageErrors() {
        fails(
                2,
                "jvswitch: --interval: value '-1.0': expected 0.01 to 86400 seconds\nSee 'jvswitch top --help'.\n",
                "top",
                "--interval",
                "-1");
        fails(
                2,
                "jvswitch: --count: value '0': expected at least 1\nSee 'jvswitch top --help'.\n",
                "top",
                "--count",
                "0");
        String withoutWatch = "jvswitch: --interval and --count are for --watch\nSee 'jvswitch drops --help'.\n";
        fails(2, withoutWatch, "drops", "--interval", "5");
        fails(2, withoutWatch, "drops", "--count", "1", "--json");
    }

    @Test
    void networksThatDoNotExistAreRefused() {
        String refusal = "jvswitch: network nope: does not exist; see 'jvswitch network list'\n";
        fails(1, refusal, "arp", "nope");
        fails(1, refusal, "leases", "nope");
        fails(1, refusal, "host", "list", "nope");
        fails(1, refusal, "fdb", "nope");
    }
}
