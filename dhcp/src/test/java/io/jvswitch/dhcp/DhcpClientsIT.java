package io.jvswitch.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.TapDevice;
import io.jvswitch.tap.TapOptions;
import io.jvswitch.tap.TapQueue;
import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DHCP clients that guests run, each on a TAP in a namespace of its own, against the responder. */
final class DhcpClientsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = 1;

    @TempDir
    Path directory;

    private final RecordingEvents events = new RecordingEvents();
    private final FramePool pool = new FramePool(128, FramePool.JUMBO_BUFFER_BYTES);
    private final FrameBatch batch = new FrameBatch(FrameBatch.BURST_FRAMES);
    private Netns guest;
    private NetworkNamespace namespace;
    private TapDevice tap;
    private DhcpResponder responder;

    @BeforeEach
    void makeGuest() throws IOException {
        Peers.requireRoot();
        guest = Netns.create("dhcp");
        guest.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        namespace = NetworkNamespace.named(guest.name());
        tap = TapDevice.open(TapOptions.named("eth0").withNamespace(namespace));
        tap.setMac(MacAddress.parse("02:00:00:00:00:01"));
        tap.setUp(true);
        // Renewals go to the server's address by unicast; in the switch the ARP responder answers for it.
        guest.run(
                "ip", "neigh", "replace", "10.0.0.2", "lladdr", "02:6a:0a:00:00:02", "nud", "permanent", "dev", "eth0");
        DhcpSubnet subnet = DhcpSubnet.builder("10.0.0.0/24", "10.0.0.2")
                .gateway(IpAddress.parse("10.0.0.1"))
                .dns(List.of(IpAddress.parse("10.0.0.53"), IpAddress.parse("10.0.0.54")))
                .domain("example.com")
                .search(List.of("example.com", "lab.example.com"))
                .ntp(List.of(IpAddress.parse("10.0.0.123")))
                .routes(List.of(new DhcpSubnet.Route(IpAddress.parse("172.16.0.0"), 12, IpAddress.parse("10.0.0.254"))))
                .mtuBytes(1450)
                .leaseSeconds(10)
                .reserve(MacAddress.parse("02:00:00:00:00:01"), IpAddress.parse("10.0.0.11"), "vm1")
                .build();
        responder = new DhcpResponder(
                List.of(subnet), LeaseStore.inMemory(events), events, System.currentTimeMillis(), System.nanoTime());
    }

    @AfterEach
    void close() {
        if (tap != null) {
            tap.close();
        }
        if (namespace != null) {
            namespace.close();
        }
        if (guest != null) {
            guest.close();
        }
        pool.close();
    }

    /** Answers what the guest has sent. */
    private void serve() {
        TapQueue queue = tap.queue(0);
        queue.receive(pool, batch);
        FrameBatch replies = new FrameBatch(FrameBatch.BURST_FRAMES);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).setInPort(PORT);
            if (answer(batch.get(i)) == DhcpOutcome.REPLY) {
                replies.add(batch.get(i));
            }
        }
        assertEquals(replies.size(), queue.transmit(replies, 0));
        batch.releaseAll(pool);
        responder.doWork(System.currentTimeMillis(), System.nanoTime());
    }

    private DhcpOutcome answer(Frame frame) {
        return responder.answer(frame, DhcpNetwork.port(PORT), System.currentTimeMillis(), System.nanoTime());
    }

    private void serveUntil(String what, RunningProgram client, BooleanSupplier condition) {
        Await.until(what, PATIENCE, client::output, () -> {
            serve();
            return condition.getAsBoolean();
        });
    }

    private long count(DhcpCounter counter) {
        return responder.counters().get(counter);
    }

    /** A client's script that keeps what it is told, one file for each reason, and sets the address. */
    private Path script(String reason, String setAddress) throws IOException {
        Path script = directory.resolve("script.sh");
        Files.writeString(script, """
                #!/bin/sh
                env > %1$s/$%2$s.part
                %3$s
                mv %1$s/$%2$s.part %1$s/$%2$s.env
                exit 0
                """.formatted(directory, reason, setAddress));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private boolean told(String reason) {
        return Files.exists(directory.resolve(reason + ".env"));
    }

    private Map<String, String> environment(String reason) throws IOException {
        Map<String, String> values = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve(reason + ".env"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }

    @Test
    void udhcpc() throws IOException {
        Peers.require("udhcpc");
        Path script = script("1", """
                case "$1" in
                    bound|renew) ip addr replace $ip/24 dev $interface ;;
                    deconfig) ip addr flush dev $interface ;;
                esac""");
        try (RunningProgram client = guest.start(
                "udhcpc",
                "-f",
                "-i",
                "eth0",
                "-s",
                script.toString(),
                "-O",
                "mtu",
                "-O",
                "121",
                "-O",
                "search",
                "-t",
                "20",
                "-T",
                "1")) {
            serveUntil("udhcpc to be bound", client, () -> told("bound"));
            Map<String, String> lease = environment("bound");
            assertEquals("10.0.0.11", lease.get("ip"));
            assertEquals("255.255.255.0", lease.get("subnet"));
            assertEquals("1450", lease.get("mtu"));
            assertEquals("10.0.0.1", lease.get("router"));
            assertEquals("10.0.0.53 10.0.0.54", lease.get("dns"));
            assertEquals("example.com", lease.get("domain"));
            assertEquals("example.com lab.example.com", lease.get("search"));
            assertEquals("vm1", lease.get("hostname"));
            assertEquals("10.0.0.123", lease.get("ntpsrv"));
            assertEquals("172.16.0.0/12 10.0.0.254 0.0.0.0/0 10.0.0.1", lease.get("staticroutes"));
            assertEquals("10", lease.get("lease"));
            assertEquals("10.0.0.2", lease.get("serverid"));
            // the clock runs: half of 10 seconds later it renews, by unicast
            serveUntil("udhcpc to renew", client, () -> told("renew"));
            assertEquals("10.0.0.11", environment("renew").get("ip"));
            assertEquals(1, count(DhcpCounter.RX_DISCOVER));
            guest.run("kill", "-USR2", Long.toString(client.process().pid()));
            serveUntil("udhcpc to release", client, () -> count(DhcpCounter.RX_RELEASE) > 0);
            assertEquals(0, responder.boundLeases());
            assertEquals(0, count(DhcpCounter.RX_INVALID));
            assertEquals(0, count(DhcpCounter.TX_NAK));
        }
    }

    @Test
    void dhclient() throws IOException {
        Peers.require("dhclient");
        Path script = script("reason", """
                case "$reason" in
                    PREINIT) ip link set $interface up ;;
                    BOUND|RENEW|REBIND|REBOOT) ip addr replace $new_ip_address/24 dev $interface ;;
                    *) ip addr flush dev $interface ;;
                esac""");
        Files.writeString(
                directory.resolve("dhclient.conf"),
                "option rfc3442-routes code 121 = array of unsigned integer 8;\n"
                        + "request subnet-mask, routers, domain-name, domain-name-servers, domain-search, host-name,"
                        + " interface-mtu, rfc3442-routes, ntp-servers;\n");
        try (RunningProgram client = startDhclient(script)) {
            serveUntil("dhclient to be bound", client, () -> told("BOUND"));
            Map<String, String> lease = environment("BOUND");
            assertEquals("10.0.0.11", lease.get("new_ip_address"));
            assertEquals("1450", lease.get("new_interface_mtu"));
            assertEquals("10.0.0.53 10.0.0.54", lease.get("new_domain_name_servers"));
            assertEquals("example.com. lab.example.com.", lease.get("new_domain_search"));
            assertEquals("12 172 16 10 0 0 254 0 10 0 0 1", lease.get("new_rfc3442_routes"));
            assertEquals("vm1", lease.get("new_host_name"));
            assertEquals("5", lease.get("new_dhcp_renewal_time"));
            assertEquals("8", lease.get("new_dhcp_rebinding_time"));
            serveUntil("dhclient to renew", client, () -> told("RENEW"));
            assertEquals("10.0.0.11", environment("RENEW").get("new_ip_address"));
        }
        // started again with its lease file: INIT-REBOOT
        long discovers = count(DhcpCounter.RX_DISCOVER);
        try (RunningProgram client = startDhclient(script)) {
            serveUntil("dhclient to be bound again", client, () -> told("REBOOT"));
            assertEquals("10.0.0.11", environment("REBOOT").get("new_ip_address"));
            assertEquals(discovers, count(DhcpCounter.RX_DISCOVER), "it kept its address without asking anew");
        }
        assertEquals(0, count(DhcpCounter.RX_INVALID));
        assertEquals(0, count(DhcpCounter.TX_NAK));
        assertTrue(events.warnings.isEmpty(), events.warnings.toString());
    }

    /**
     * 366 bytes of routes for a client that takes 576 in all: they come in pieces, and the client puts them together.
     */
    @Test
    void dhclientPutsLongRoutesTogether() throws IOException {
        Peers.require("dhclient");
        serveMany(45);
        Path script = script("reason", "");
        Files.writeString(
                directory.resolve("dhclient.conf"),
                "option rfc3442-routes code 121 = array of unsigned integer 8;\n"
                        + "request subnet-mask, routers, domain-name, domain-name-servers, domain-search, host-name,"
                        + " interface-mtu, rfc3442-routes, tftp-server-name, bootfile-name;\n");
        try (RunningProgram client = startDhclient(script)) {
            serveUntil("dhclient to be bound", client, () -> told("BOUND"));
            Map<String, String> lease = environment("BOUND");
            StringBuilder routes = new StringBuilder();
            for (int i = 0; i < 45; i++) {
                routes.append("24 172 16 ").append(i).append(" 10 0 0 254 ");
            }
            assertEquals(routes + "0 10 0 0 1", lease.get("new_rfc3442_routes"));
            assertEquals("255.255.255.0", lease.get("new_subnet_mask"));
            assertEquals("10.0.0.53", lease.get("new_domain_name_servers"));
            assertEquals("1450", lease.get("new_interface_mtu"));
            assertEquals("example.com", lease.get("new_domain_name"));
            assertEquals("10.0.0.9", lease.get("new_next_server"));
            assertEquals("10.0.0.9", lease.get("new_tftp_server_name"));
            assertEquals("pxelinux.0", lease.get("new_bootfile_name"));
            assertEquals(0, count(DhcpCounter.OPTIONS_OMITTED), events.warnings.toString());
        }
    }

    /** RFC 8925: dhclient leaves IPv4 alone for as long as it is told. */
    @Test
    void dhclientThatAsksForItIsToldToDoWithoutIpv4() throws IOException {
        Peers.require("dhclient");
        serveMany(1);
        Files.writeString(directory.resolve("dhclient.conf"), "request subnet-mask, v6-only-preferred;\n");
        try (RunningProgram client = startDhclient(script("reason", ""))) {
            serveUntil("dhclient to be told", client, () -> client.output().contains("v6 only preferred for 1800"));
        }
        assertEquals(0, responder.boundLeases());
    }

    /** So many routes as fit into the options field whole. */
    @Test
    void udhcpcFindsOptionsInEachField() throws IOException {
        Peers.require("udhcpc");
        serveMany(34);
        Path script = script("1", "");
        try (RunningProgram client = guest.start(
                "udhcpc",
                "-f",
                "-i",
                "eth0",
                "-s",
                script.toString(),
                "-O",
                "mtu",
                "-O",
                "121",
                "-O",
                "search",
                "-O",
                "tftp",
                "-O",
                "bootfile",
                "-O",
                "108",
                "-t",
                "20",
                "-T",
                "1")) {
            serveUntil("udhcpc to be bound", client, () -> told("bound"));
            Map<String, String> lease = environment("bound");
            StringBuilder routes = new StringBuilder();
            for (int i = 0; i < 34; i++) {
                routes.append("172.16.").append(i).append(".0/24 10.0.0.254 ");
            }
            assertEquals(routes + "0.0.0.0/0 10.0.0.1", lease.get("staticroutes"));
            assertEquals("255.255.255.0", lease.get("subnet"));
            assertEquals("10.0.0.53", lease.get("dns"));
            assertEquals("1450", lease.get("mtu"));
            assertEquals("example.com lab.example.com", lease.get("search"));
            assertEquals("10.0.0.9", lease.get("siaddr"));
            assertEquals("10.0.0.9", lease.get("tftp"));
            assertEquals("pxelinux.0", lease.get("bootfile"));
            assertEquals("00000708", lease.get("opt108"));
            assertEquals(0, count(DhcpCounter.OPTIONS_OMITTED), events.warnings.toString());
        }
    }

    /** A subnet of one address: the kernel takes the default route only because a route to the gateway comes first. */
    @Test
    void kernelTakesADefaultRouteByAGatewayOutsideTheSubnet() throws IOException {
        Peers.require("udhcpc");
        DhcpSubnet subnet = DhcpSubnet.builder("203.0.113.5/32", "169.254.0.2")
                .gateway(IpAddress.parse("169.254.0.1"))
                .mtuBytes(1450)
                .leaseSeconds(10)
                .pools(List.of(new DhcpSubnet.Range(IpAddress.parse("203.0.113.5"), IpAddress.parse("203.0.113.5"))))
                .build();
        responder.reconfigure(List.of(subnet), System.currentTimeMillis(), System.nanoTime());
        Path script = script("1", """
                [ "$1" = bound ] || [ "$1" = renew ] || exit 0
                ip addr replace $ip/$mask dev $interface
                set -- "$1" $staticroutes
                reason=$1
                shift
                while [ $# -gt 1 ]; do
                    if [ $2 = 0.0.0.0 ]; then ip route replace $1 dev $interface
                    else ip route replace $1 via $2 dev $interface
                    fi || exit 1
                    shift 2
                done
                set -- $reason""");
        guest.run(
                "ip",
                "neigh",
                "replace",
                "169.254.0.2",
                "lladdr",
                subnet.serverMac().toString(),
                "nud",
                "permanent",
                "dev",
                "eth0");
        try (RunningProgram client = guest.start(
                "udhcpc", "-f", "-i", "eth0", "-s", script.toString(), "-O", "121", "-t", "20", "-T", "1")) {
            serveUntil("udhcpc to be bound", client, () -> told("bound"));
            assertEquals("32", environment("bound").get("mask"));
            assertEquals("169.254.0.1", environment("bound").get("router"));
            String routes = guest.run("ip", "-4", "route");
            assertTrue(routes.contains("default via 169.254.0.1 dev eth0"), routes);
            // by unicast to the server, which is outside as well
            serveUntil("udhcpc to renew", client, () -> told("renew"));
            assertEquals(1, count(DhcpCounter.RX_DISCOVER));
        }
        assertEquals(0, count(DhcpCounter.TX_NAK));
    }

    private void serveMany(int routes) {
        DhcpSubnet subnet = DhcpSubnet.builder("10.0.0.0/24", "10.0.0.2")
                .gateway(IpAddress.parse("10.0.0.1"))
                .dns(List.of(IpAddress.parse("10.0.0.53")))
                .domain("example.com")
                .search(List.of("example.com", "lab.example.com"))
                .routes(ReplyOptionsTest.routes(routes))
                .mtuBytes(1450)
                .boot(new DhcpBoot(IpAddress.parse("10.0.0.9"), null, "pxelinux.0", Map.of(), null))
                .ipv6OnlyWaitSeconds(1800)
                .reserve(MacAddress.parse("02:00:00:00:00:01"), IpAddress.parse("10.0.0.11"), null)
                .build();
        responder.reconfigure(List.of(subnet), System.currentTimeMillis(), System.nanoTime());
    }

    private RunningProgram startDhclient(Path script) {
        return guest.start(
                "dhclient",
                "-4",
                "-d",
                "-cf",
                directory.resolve("dhclient.conf").toString(),
                "-sf",
                script.toString(),
                "-lf",
                directory.resolve("dhclient.leases").toString(),
                "-pf",
                directory.resolve("dhclient.pid").toString(),
                "eth0");
    }
}
