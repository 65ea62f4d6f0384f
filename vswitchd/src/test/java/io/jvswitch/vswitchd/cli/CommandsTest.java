package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.config.ConfigReader;
import io.jvswitch.vswitchd.control.ConfigReload;
import io.jvswitch.vswitchd.control.ControlServer;
import io.jvswitch.vswitchd.control.FakeSwitch;
import io.jvswitch.vswitchd.control.Json;
import io.jvswitch.vswitchd.view.RatesView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a daemon without a data path: output to the byte, and exit statuses. */
final class CommandsTest {

    private static final String CONFIG = """
            switch: {name: hv1}
            underlay: {local-ip: 192.0.2.1}
            networks:
              blue:
                tunnel: vxlan
                vni: 42
                remotes: [192.0.2.2]
                subnets: [{cidr: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199}}]
                hosts: [{mac: "02:00:00:00:00:02", ip: 10.0.0.12, vtep: 192.0.2.2}]
              local: {tunnel: none}
            ports:
              tap-vm1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", ip: 10.0.0.11}
              tap-vm2: {kind: tap, network: local, netns: vm2, queues: 2}
            """;

    @TempDir
    private Path dir;

    private FakeSwitch control;
    private ControlServer server;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        Path config = dir.resolve("hv1.yaml");
        Files.writeString(config, CONFIG);
        Path socket = dir.resolve("sockets/hv1.sock");
        server = ControlServer.open(socket);
        control = new FakeSwitch(
                ConfigReader.read(config), () -> Thread.ofVirtual().start(server::close));
        server.serve(control, new ConfigReload(config, control)::run);
    }

    @AfterEach
    void stop() {
        server.close();
        control.close();
    }

    private int run(String... arguments) {
        return run(dir.resolve("sockets"), null, arguments);
    }

    private int run(Path socketDir, @org.jspecify.annotations.Nullable String variable, String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                socketDir,
                variable);
        return CommandTree.run(console, arguments, null);
    }

    private void prints(String expected, String... arguments) {
        int status = run(arguments);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(expected, out.toString(StandardCharsets.UTF_8));
        assertEquals(0, status);
    }

    private void fails(int status, String expected, String... arguments) {
        assertEquals(status, run(arguments), err::toString);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(expected, err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void show() {
        prints("""
                switch hv1: jvswitch 1.2.3, pid 4711, up 2h 3m, 1 worker on epoll, 2 flows
                    underlay 192.0.2.1 on eth0: up, mtu 1500, vxlan port 4789, 8 sockets, offloads udp-gso udp-gro
                        rx 10 frames 1.50 kB, tx 20 frames 3.00 kB, dropped 0
                    network blue: vxlan vni 42, mtu 1450, macs 3 of 8192, 1 host, 2 leases
                        subnet 10.0.0.0/24: gateway 10.0.0.1, dhcp 10.0.0.2, pool 10.0.0.100-10.0.0.199 (97 of 100 free)
                        port tap-vm1 (1): tap, up, mtu 1450, mac 02:00:00:00:00:01, ip 10.0.0.11, offloads csum tso4 tso6
                            rx 1234 frames 568 kB, tx 4321 frames 98.8 MB, dropped 3
                        vtep 192.0.2.2: remote, path mtu 1500
                    network local: no tunnel, mtu 1450, macs 3 of 8192, 2 leases
                        port tap-vm2 (2): tap, waiting (namespace vm2 does not exist: create it with 'ip netns add'), 2 queues, netns vm2
                            rx 0 frames 0 B, tx 0 frames 0 B, dropped 0
                """, "show");
    }

    @Test
    void ports() {
        prints("""
                PORT     NO  NETWORK  KIND  STATE     MTU  MAC                IP         RX FRAMES  TX FRAMES  DROPPED
                tap-vm1   1  blue     tap   up       1450  02:00:00:00:00:01  10.0.0.11       1234       4321        3
                tap-vm2   2  local    tap   waiting     -  -                  -                  0          0        0
                tap-vm2: waiting (namespace vm2 does not exist: create it with 'ip netns add')
                """, "port", "list");
        prints("""
                port      tap-vm1 (number 1)
                kind      tap
                network   blue
                state     up
                mac       02:00:00:00:00:01
                ip        10.0.0.11
                mtu       1450
                queues    1
                offloads  csum tso4 tso6
                received  1234 frames, 568 kB
                sent      4321 frames, 98.8 MB
                dropped   3 frames, see 'jvswitch drops --port tap-vm1'
                answered  12 arp, 4 nd, 1 too big
                adapted   30 mss clamped, 2 fragmented
                besides   90 frames created, 800 merged, 6 to the dhcp server
                """, "port", "show", "tap-vm1");
        prints(
                "port t3 added to network blue\n",
                "port",
                "add",
                "t3",
                "--network",
                "blue",
                "--mac",
                "02:00:00:00:00:03",
                "--ip",
                "10.0.0.13",
                "--ip",
                "fe80::3",
                "--queues",
                "2",
                "--mtu",
                "1400",
                "--hostname",
                "vm3");
        prints("port t3 removed\n", "port", "remove", "t3");
        fails(1, "jvswitch: port t3: does not exist; see 'jvswitch port list'\n", "port", "remove", "t3");
        fails(2, """
                jvswitch: port t3: mac: value 'x': expected a unicast MAC address like "02:00:00:00:00:01"
                port t3: queues: value '0': expected a number 1 to 64
                port t3: refused; nothing was changed
                """, "port", "add", "t3", "--network", "blue", "--mac", "x", "--queues", "0");
    }

    @Test
    void networks() {
        prints("""
                NETWORK  TUNNEL  VNI/KEY   MTU  PORTS  HOSTS  MACS  LEASES  SUBNETS      REMOTES
                blue     vxlan        42  1450      1      1     3       2  10.0.0.0/24  192.0.2.2
                local    none          -  1450      1      0     3       2  -            -
                """, "network", "list");
        prints("""
                network blue: vxlan vni 42, mtu 1450, macs 3 of 8192, 1 host, 2 leases
                    subnet 10.0.0.0/24: gateway 10.0.0.1, dhcp 10.0.0.2, pool 10.0.0.100-10.0.0.199 (97 of 100 free)
                    remotes 192.0.2.2
                    ports tap-vm1
                """, "network", "show", "blue");
        prints(
                "network red added\n",
                "network",
                "add",
                "red",
                "--tunnel",
                "gre",
                "--vni",
                "7",
                "--remote",
                "192.0.2.3",
                "--remote",
                "192.0.2.4",
                "--subnet",
                "10.9.0.0/24",
                "--gateway",
                "10.9.0.1",
                "--dns",
                "10.9.0.53",
                "--dhcp-server",
                "10.9.0.2",
                "--pool",
                "10.9.0.10-10.9.0.20",
                "--lease",
                "2h",
                "--no-learning",
                "--no-arp-responder",
                "--allow-unknown-vteps",
                "--mtu",
                "1400");
        prints("""
                network red: gre key 7, mtu 1450, macs 3 of 8192, 2 leases, no learning, unknown vteps allowed, no arp responder
                    subnet 10.9.0.0/24: gateway 10.9.0.1, dhcp 10.9.0.2, pool 10.9.0.10-10.9.0.20 (97 of 100 free)
                    remotes 192.0.2.3,192.0.2.4
                """, "network", "show", "red");
        prints("network red removed\n", "network", "remove", "red");
        fails(
                1,
                "jvswitch: network blue: ports are attached to it: tap-vm1; remove them first with 'jvswitch port remove'\n",
                "network",
                "remove",
                "blue");
    }

    @Test
    void floodListsChange() {
        prints("remote 192.0.2.3 added to network blue\n", "network", "remote", "add", "blue", "192.0.2.3");
        fails(
                1,
                "jvswitch: remote 192.0.2.3 of network blue: exists already; remove it first, or choose another name\n",
                "network",
                "remote",
                "add",
                "blue",
                "192.0.2.3");
        assertEquals(0, run("network", "show", "blue"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("192.0.2.3"), out::toString);
        prints("remote 192.0.2.3 removed from network blue\n", "network", "remote", "remove", "blue", "192.0.2.3");
        fails(
                1,
                "jvswitch: remote 192.0.2.3 of network blue: does not exist; see 'jvswitch network show'\n",
                "network",
                "remote",
                "remove",
                "blue",
                "192.0.2.3");
        fails(2, """
                jvswitch: remote: ip: value '224.0.0.1': expected a unicast IPv4 or IPv6 address
                remote: refused; nothing was changed
                """, "network", "remote", "add", "blue", "224.0.0.1");
        fails(
                1,
                "jvswitch: network nope: does not exist; see 'jvswitch network list'\n",
                "network",
                "remote",
                "add",
                "nope",
                "192.0.2.3");
        fails(2, "jvswitch: Missing required subcommand\nSee 'jvswitch network remote --help'.\n", "network", "remote");
    }

    @Test
    void hosts() {
        prints("""
                NETWORK  MAC                VTEP       IP
                blue     02:00:00:00:00:02  192.0.2.2  10.0.0.12
                """, "host", "list");
        prints(
                "host 02:00:00:00:00:03 added to network blue\n",
                "host",
                "add",
                "blue",
                "--mac",
                "02:00:00:00:00:03",
                "--ip",
                "10.0.0.13",
                "--vtep",
                "192.0.2.3");
        prints("host 02:00:00:00:00:03 removed from network blue\n", "host", "remove", "blue", "02:00:00:00:00:03");
        prints("NETWORK  MAC  VTEP  IP\n", "host", "list", "local");
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
                NETWORK  IP         MAC                WHERE      SOURCE
                blue     10.0.0.12  02:00:00:00:00:02  192.0.2.2  host
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

                PORT      QUEUE  WORKER  ARP REPLIES  ND REPLIES  TOO BIG  MSS CLAMPED  FRAGMENTED  CREATED  MERGED  TO DHCP
                tap-vm1       0       0           12           4        1           30           2       90     800        6
                underlay      0       0            0           0        0            0           0        0       0        0

                WORKER   BUSY  FRAMES  CACHE HITS  FLOW HITS  MISSES  FLOWS  EVICTED  FREE FRAMES  LOOP P50      P99     MAX
                0       25.0%    5555        5000        500      55      2        7    1000/1024    3.1 us  21.0 us  1.9 ms

                NETWORK  DHCP EVENT   COUNT  MEANING
                blue     rx-discover      3  DHCPDISCOVER received.
                """, "stats");
    }

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
                "jvswitch: frame to trace: value 'dts=10.0.0.12': expected hexadecimal digits, or [arp|icmp|tcp|udp] [src=IP] [dst=IP]"
                        + " [sport=N] [dport=N] [vlan=N] [smac=MAC] [dmac=MAC] [ttl=N] [df=0|1] [mss=BYTES] [size=BYTES];"
                        + " from underlay also vtep=IP [vni=N] [tunnel=vxlan|gre]; correct the description\n",
                "trace",
                "tap-vm1",
                "tcp",
                "dts=10.0.0.12");
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
                "{\"error\":\"does not exist\",\"object\":\"network nope\",\"remedy\":\"see 'jvswitch network list'\"}\n",
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
    void reloadSaysWhatChanged() throws IOException {
        prints("nothing to change\n", "reload");
        Files.writeString(dir.resolve("hv1.yaml"), CONFIG.replace("vni: 42", "vni: 43"));
        prints("configuration reloaded\n", "reload");
        Files.writeString(dir.resolve("hv1.yaml"), CONFIG.replace("vni: 42", "vni: 16777216"));
        fails(
                2,
                "jvswitch: " + dir
                        + "/hv1.yaml:6:10: networks.blue.vni: value '16777216': expected a number 0 to 16777215, as tunnel"
                        + " is vxlan\nconfiguration " + dir + "/hv1.yaml: refused; the switch goes on as it was\n",
                "reload");
    }

    @Test
    void stopWaitsForTheDaemonToEnd() {
        prints("stopping\n", "stop");
        assertTrue(Files.notExists(dir.resolve("sockets/hv1.sock")));
        fails(
                1,
                "jvswitch: no daemon in " + dir
                        + "/sockets: start one with 'jvswitch run --config FILE', or name its socket with --socket PATH\n",
                "show");
    }

    @Test
    void usageErrorsEndWithStatusTwo() {
        fails(
                2,
                "jvswitch: Unmatched argument at index 0: 'shwo'\nDid you mean: jvswitch show or jvswitch network?\nSee 'jvswitch --help'.\n",
                "shwo");
        fails(2, "jvswitch: Missing required subcommand\nSee 'jvswitch port --help'.\n", "port");
        fails(
                2,
                "jvswitch: Missing option: '--network=NETWORK' or '--vlans=VLAN=NETWORK'\nSee 'jvswitch port add --help'.\n",
                "port",
                "add",
                "x");
        fails(
                2,
                "jvswitch: Missing required parameter: 'MAC'\nSee 'jvswitch host remove --help'.\n",
                "host",
                "remove",
                "blue");
        assertEquals(2, run());
        fails(
                2,
                "jvswitch: --socket names a daemon to ask, and 'run' asks none: its own socket is switch.control-socket of the"
                        + " configuration\nSee 'jvswitch run --help'.\n",
                "--socket",
                "x",
                "run",
                "--config",
                "y");
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

    @Test
    void helpGoesToTheOutput() {
        assertEquals(0, run("--help"));
        for (String command : new String[] {
            "run", "show", "port", "network", "host", "fdb", "flows", "arp", "leases", "drops", "stats", "top", "trace",
            "reload", "stop"
        }) {
            assertTrue(out.toString(StandardCharsets.UTF_8).contains("\n  " + command + " "), command);
        }
        assertEquals(0, run("host", "add", "--help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("Usage: jvswitch host add "), out::toString);
        assertEquals(0, run("--version"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("jvswitch "), out::toString);
    }

    @Test
    void theDaemonIsFoundByOptionVariableOrAlone() throws IOException {
        Path nowhere = dir.resolve("nowhere");
        String socket = dir.resolve("sockets/hv1.sock").toString();
        assertEquals(1, run(nowhere, null, "host", "list"));
        assertEquals(0, run(nowhere, socket, "host", "list"));
        assertEquals(0, run(nowhere, "/nonsense", "--socket", socket, "host", "list"));
        assertEquals(0, run(nowhere, "/nonsense", "host", "list", "--socket=" + socket));
        assertEquals(1, run(nowhere, "/nonsense", "host", "list"));
        assertEquals(
                "jvswitch: no daemon at /nonsense: start it with 'jvswitch run --config FILE'\n",
                err.toString(StandardCharsets.UTF_8));

        Path stale = dir.resolve("sockets/another.sock");
        ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        crashed.bind(UnixDomainSocketAddress.of(stale));
        crashed.close();
        fails(
                1,
                "jvswitch: several daemons: choose one with --socket or JVSWITCH_SOCKET:\n  " + stale + "\n  " + socket
                        + "\n",
                "show");
        fails(
                1,
                "jvswitch: no daemon serves " + stale
                        + " any more (it ended without removing its socket): start it with 'jvswitch run --config FILE'\n",
                "--socket",
                stale.toString(),
                "show");
    }
}
