package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * DHCP with the clients that guests run. {@code tap-fixed} has an address of its own in a subnet with DHCP, behind one
 * in a subnet without; {@code tap-pool} gets an address from the pool.
 */
final class DhcpClientsIT {
    private static final String FIXED_MAC = "02:00:00:00:00:0b";
    private static final String POOL_MAC = "02:00:00:00:00:0c";

    private final Hypervisor hypervisor = Hypervisor.create("hvd");
    private final Guest fixed = Guest.create("fixed", "tap-fixed");
    private final Guest pool = Guest.create("pool", "tap-pool");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final DhcpClient fixedClient = DhcpClient.on(fixed);
    private final DhcpClient poolClient = DhcpClient.on(pool);

    @BeforeEach
    void layOut() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        configure("10.0.0.11");
        hypervisor.start();
        plugIn();
    }

    private void configure(String fixedIp) {
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.2]
                    subnets:
                      - cidr: 10.9.0.0/24
                      - cidr: 10.0.0.0/24
                        gateway: 10.0.0.1
                        dns: [10.0.0.53, 10.0.0.54]
                        domain: blue.example
                        search: [blue.example, example.org]
                        ntp: [10.0.0.123]
                        routes: [{to: 172.16.0.0/12, via: 10.0.0.254}]
                        dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199, lease: 1d}
                ports:
                  tap-fixed:
                    kind: tap
                    network: blue
                    netns: %s
                    mac: "%s"
                    ip: [10.9.0.11, %s]
                    hostname: first-vm
                  tap-pool: {kind: tap, network: blue, netns: %s}
                """.formatted(
                        fixed.netns().name(), FIXED_MAC, fixedIp, pool.netns().name()));
    }

    private void plugIn() {
        fixed.awaitDevice();
        pool.awaitDevice();
        pool.netns().run("ip", "link", "set", "tap-pool", "address", POOL_MAC);
        fixed.bringUp();
        pool.bringUp();
    }

    @AfterEach
    void clearAway() {
        fixed.close();
        pool.close();
        hypervisor.close();
        vtep.close();
        fixedClient.close();
        poolClient.close();
    }

    /** As fast as it can, each from another made-up address, for as long as its parent lives. */
    private static final String FLOOD = """
            import os, socket, struct
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            s.bind(("tap-pool", 0))
            parent = os.getppid()
            i = 0
            while os.getppid() == parent:
                i += 1
                mac = bytes([2, 0x66]) + struct.pack("!I", i & 0xffffffff)
                bootp = struct.pack("!BBBBIHHIIII", 1, 1, 6, 0, i, 0, 0x8000, 0, 0, 0, 0) + mac + bytes(10 + 192)
                bootp += bytes.fromhex("63825363350101ff") + bytes(60)
                udp = struct.pack("!HHHH", 68, 67, 8 + len(bootp), 0) + bootp
                ip = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0, 0xffffffff)
                total = sum(struct.unpack("!10H", ip))
                total = (total & 0xffff) + (total >> 16)
                ip = ip[:10] + struct.pack("!H", ~((total & 0xffff) + (total >> 16)) & 0xffff) + ip[12:]
                try:
                    s.send(b"\\xff" * 6 + mac + b"\\x08\\x00" + ip + udp)
                    if i == 1:
                        print("floods", flush=True)
                except OSError:
                    pass
            """;

    @Test
    void oneGuestFloodsAndTheOtherGetsItsLease() {
        RunningProgram flood = pool.netns().start("python3", "-u", "-c", FLOOD);
        flood.awaitOutput("floods", Hypervisor.LIMIT);
        Await.until(
                "the flood to be more than its share",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> drops("tap-pool", "conductor-queue-full") > 0);
        RunningProgram udhcpc = fixedClient.startUdhcpc();
        assertTold(fixedClient.await(udhcpc, "bound"), "ip", "10.0.0.11");
        assertTrue(flood.process().isAlive(), flood.output());
        assertEquals(0, drops("tap-fixed", "conductor-queue-full"));
        hypervisor.awaitLog("port tap-pool: DHCP requests or new addresses come faster than its share", 0);
        flood.close();
        // Its own turn comes again, too.
        poolClient.await(poolClient.startUdhcpc(), "bound");
    }

    private long drops(String port, String reason) {
        long frames = 0;
        for (JsonNode drop : hypervisor.get("/v1/drops")) {
            if (drop.path("port").asString().equals(port)
                    && drop.path("reason").asString().equals(reason)) {
                frames += drop.path("frames").asLong();
            }
        }
        return frames;
    }

    @Test
    void udhcpcGetsEveryOptionAndRenewsAndReleases() {
        RunningProgram udhcpc = fixedClient.startUdhcpc("-R");
        Map<String, String> told = fixedClient.await(udhcpc, "bound");
        assertTold(told, "ip", "10.0.0.11");
        assertTold(told, "subnet", "255.255.255.0");
        assertTold(told, "router", "10.0.0.1");
        assertTold(told, "dns", "10.0.0.53 10.0.0.54");
        assertTold(told, "domain", "blue.example");
        assertTold(told, "search", "blue.example example.org");
        assertTold(told, "hostname", "first-vm");
        assertTold(told, "mtu", "1450");
        assertTold(told, "ntpsrv", "10.0.0.123");
        assertTold(told, "lease", "86400");
        assertTold(told, "serverid", "10.0.0.2");
        assertTold(told, "staticroutes", "172.16.0.0/12 10.0.0.254 0.0.0.0/0 10.0.0.1");
        assertTold(told, "opt58", "0000a8c0");
        assertTold(told, "opt59", "00012750");
        assertTold(told, "msstaticroutes", "172.16.0.0/12 10.0.0.254 0.0.0.0/0 10.0.0.1");
        assertEquals("bound", lease("10.0.0.11").path("state").asString());

        fixedClient.clearRecord();
        Programs.run("kill", "-USR1", Long.toString(udhcpc.process().pid()));
        assertTold(fixedClient.await(udhcpc, "renew"), "ip", "10.0.0.11");

        Programs.run("kill", "-USR2", Long.toString(udhcpc.process().pid()));
        Await.until(
                "the lease to be free again",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/leases") + udhcpc.output(),
                () -> !isBound("10.0.0.11"));
    }

    /** It renews from an address that its port may not send from any more, and learns so. */
    @Test
    void aGuestWhoseAddressWasChangedIsToldWhenItRenews() {
        RunningProgram udhcpc = fixedClient.startUdhcpc();
        assertTold(fixedClient.await(udhcpc, "bound"), "ip", "10.0.0.11");
        configure("10.0.0.12");
        assertEquals(0, hypervisor.command("reload").status());
        fixed.netns().run("ip", "neigh", "flush", "dev", "tap-fixed");
        fixedClient.clearRecord();
        Programs.run("kill", "-USR1", Long.toString(udhcpc.process().pid()));
        assertTold(fixedClient.await(udhcpc, "bound"), "ip", "10.0.0.12");
        assertTrue(fixedClient.record().contains("event=nak"), fixedClient.record());
        assertEquals(0, drops("tap-fixed", "spoofed-ip"));
        assertFalse(isBound("10.0.0.11"));
    }

    /** A message of the victim's, as if it had come to the guest's own address by a cable elsewhere. */
    private static final String RELAY = """
            import socket, struct, sys
            device, victim, giaddr, kind, address = sys.argv[1:]
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            s.bind((device, 0))
            own = s.getsockname()[4]
            bootp = struct.pack("!BBBBIHH", 1, 1, 6, 1, 7, 0, 0) + socket.inet_aton(address) + bytes(8) + socket.inet_aton(giaddr)
            bootp += bytes.fromhex(victim.replace(":", "")) + bytes(10 + 192)
            bootp += bytes.fromhex("638253633501") + bytes([int(kind)]) + b"\\xff" + bytes(60)
            udp = struct.pack("!HHHH", 67, 67, 8 + len(bootp), 0) + bootp
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0)
            ip += socket.inet_aton(giaddr) + socket.inet_aton("255.255.255.255")
            total = sum(struct.unpack("!10H", ip))
            total = (total & 0xffff) + (total >> 16)
            ip = ip[:10] + struct.pack("!H", ~((total & 0xffff) + (total >> 16)) & 0xffff) + ip[12:]
            s.send(b"\\xff" * 6 + own + b"\\x08\\x00" + ip + udp)
            """;

    @Test
    void aGuestThatPlaysRelayTakesNoLease() {
        RunningProgram udhcpc = poolClient.startUdhcpc();
        String leased = poolClient.await(udhcpc, "bound").getOrDefault("ip", "");
        int asked = 0;
        for (String kind : new String[] {"1", "3", "7"}) { // DISCOVER, REQUEST, RELEASE
            String address = kind.equals("1") ? "0.0.0.0" : leased;
            fixed.netns().run("python3", "-c", RELAY, "tap-fixed", POOL_MAC, "10.0.0.11", kind, address);
            asked++;
        }
        int expected = asked;
        Await.until(
                "the messages to be refused",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> drops("tap-fixed", "dhcp-relay-spoof") == expected);
        assertTrue(isBound(leased));
        assertEquals("tap-pool", lease(leased).path("port").asString());
        hypervisor.awaitLog("Set dhcp-relay of the port if its guest is a relay agent", 0);
    }

    @Test
    void dhclientGetsEveryOptionAndComesBackByInitReboot() {
        RunningProgram first = poolClient.startDhclient();
        Map<String, String> told = poolClient.await(first, "BOUND");
        String address = told.getOrDefault("new_ip_address", "");
        assertTrue(address.matches("10\\.0\\.0\\.1[0-9][0-9]"), address);
        assertTold(told, "new_subnet_mask", "255.255.255.0");
        assertTold(told, "new_routers", "10.0.0.1");
        assertTold(told, "new_domain_name_servers", "10.0.0.53 10.0.0.54");
        assertTold(told, "new_domain_name", "blue.example");
        assertTold(told, "new_domain_search", "blue.example. example.org.");
        assertTold(told, "new_interface_mtu", "1450");
        assertTold(told, "new_ntp_servers", "10.0.0.123");
        assertTold(told, "new_dhcp_lease_time", "86400");
        assertTold(told, "new_dhcp_renewal_time", "43200");
        assertTold(told, "new_dhcp_rebinding_time", "75600");
        assertTold(told, "new_dhcp_server_identifier", "10.0.0.2");
        assertTold(told, "new_rfc3442_classless_static_routes", "12 172 16 10 0 0 254 0 10 0 0 1");

        // Gone without a word, as when a VM is reset: the next one asks for its old address straight away.
        first.process().destroyForcibly();
        first.awaitEnd(Duration.ofSeconds(30));
        pool.netns().run("ip", "-4", "address", "flush", "dev", "tap-pool");
        poolClient.clearRecord();
        RunningProgram second = poolClient.startDhclient();
        assertTold(poolClient.await(second, "REBOOT"), "new_ip_address", address);
        assertFalse(second.output().contains("DHCPDISCOVER"), second.output());

        pool.awaitNeighbour("10.0.0.2");
        String release = poolClient.releaseDhclient();
        Await.until(
                "the lease to be free again",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/leases") + release + second.output(),
                () -> !isBound(address));
    }

    @Test
    void aLeaseSurvivesTheDaemonsDeath() {
        RunningProgram first = poolClient.startUdhcpc("-q");
        String address = poolClient.await(first, "bound").getOrDefault("ip", "");
        assertTrue(address.matches("10\\.0\\.0\\.1[0-9][0-9]"), address);
        assertEquals(0, first.awaitEnd(Hypervisor.LIMIT));

        hypervisor.kill();
        hypervisor.start();
        plugIn();
        assertEquals(POOL_MAC, lease(address).path("mac").asString());
        assertTrue(isBound(address));

        // Another guest must not get it, not even the first that asks after the restart.
        RunningProgram other = fixedClient.startUdhcpc("-q", "-r", address);
        assertTold(fixedClient.await(other, "bound"), "ip", "10.0.0.11");
        poolClient.clearRecord();
        RunningProgram second = poolClient.startUdhcpc("-q");
        assertTold(poolClient.await(second, "bound"), "ip", address);
    }

    @Test
    void dhcpNeverCrossesTheUnderlay() {
        try (Capture capture = Capture.start(vtep.netns(), "u0", "udp dst port 4789")) {
            RunningProgram fixedUdhcpc = fixedClient.startUdhcpc("-q");
            fixedClient.await(fixedUdhcpc, "bound");
            RunningProgram poolUdhcpc = poolClient.startUdhcpc("-q");
            poolClient.await(poolUdhcpc, "bound");
            // A broadcast of another kind does cross: the sentinel.
            pool.askForNobody("10.0.0.77");
            Await.until(
                    "the broadcast",
                    Hypervisor.LIMIT,
                    () -> capture.decode(""),
                    () -> capture.decode("").contains("ARP"));
            assertFalse(capture.decode("").contains("BOOTP"), () -> capture.decode(""));
        }
    }

    private static void assertTold(Map<String, String> told, String key, String value) {
        assertEquals(value, told.get(key), () -> key + " in " + told);
    }

    private boolean isBound(String ip) {
        for (JsonNode lease : hypervisor.get("/v1/leases")) {
            if (lease.path("ip").asString().equals(ip)) {
                return lease.path("state").asString().equals("bound");
            }
        }
        return false;
    }

    private JsonNode lease(String ip) {
        for (JsonNode lease : hypervisor.get("/v1/leases")) {
            if (lease.path("ip").asString().equals(ip)) {
                return lease;
            }
        }
        throw new AssertionError("no lease of " + ip + " in " + hypervisor.get("/v1/leases"));
    }
}
