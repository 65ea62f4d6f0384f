package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a switch lives through: devices that go and come, crashes, restarts, reloads, a second daemon, a full disk. */
final class LifeIT {
    private final Hypervisor hypervisor = Hypervisor.create("hvl");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest first = Guest.create("one", "tap1");
    private final Guest second = Guest.create("two", "tap2");

    @BeforeEach
    void layOut() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.12/24");
        hypervisor.configure(configuration("", tap("tap1", first, "blue") + tap("tap2", second, "blue")));
    }

    private static String configuration(String moreNetworks, String ports) {
        return """
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.2]
                    subnets:
                      - cidr: 10.0.0.0/24
                        dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199, lease: 1d}
                """ + moreNetworks.indent(2) + "ports:\n" + ports.indent(2);
    }

    private static String tap(String name, Guest guest, String network) {
        return name + ": {kind: tap, network: " + network + ", netns: "
                + guest.netns().name() + "}\n";
    }

    private void startWithGuests() {
        hypervisor.start();
        first.bringUp("10.0.0.21/24");
        second.bringUp("10.0.0.22/24");
        first.awaitPing("10.0.0.12");
        second.awaitPing("10.0.0.12");
    }

    @AfterEach
    void clearAway() {
        first.close();
        second.close();
        hypervisor.close();
        vtep.close();
    }

    @Test
    void aDeletedTapComesBackAndTheOtherPortGoesOn() {
        startWithGuests();
        first.netns().run("ip", "link", "delete", "tap1");
        second.ping("10.0.0.12");
        Await.until("tap1 to be there again", Hypervisor.LIMIT, hypervisor::log, first::hasDevice);
        first.bringUp("10.0.0.21/24");
        first.awaitPing("10.0.0.12");
        second.ping("10.0.0.12");
        assertTrue(hypervisor.log().contains("tap1"), hypervisor::log);
    }

    /**
     * As a container runtime does when it starts a container again: the old namespace must go, and the new one get the
     * device.
     */
    @Test
    void aTapFollowsItsNamespaceThatIsMadeAnew() {
        startWithGuests();
        String namespace = first.netns().name();
        Programs.run("ip", "netns", "delete", namespace);
        hypervisor.awaitState("tap1", "waiting");
        String waitsFor = hypervisor.port("tap1").path("waits_for").asString();
        assertTrue(waitsFor.contains(namespace), waitsFor);
        assertTrue(hypervisor.log().contains("namespace " + namespace + " was deleted"), hypervisor::log);
        second.ping("10.0.0.12");
        Programs.run("ip", "netns", "add", namespace);
        first.bringUp("10.0.0.21/24");
        hypervisor.awaitUp("tap1");
        first.awaitPing("10.0.0.12");
    }

    /** What blue had learnt behind the port must not reach whoever has it now. */
    @Test
    void aPortThatGoesToAnotherNetworkGetsNothingOfTheFormerOne() {
        startWithGuests();
        first.awaitPing("10.0.0.22");
        int from = hypervisor.log().length();
        hypervisor.configure(
                configuration("green: {tunnel: none}\n", tap("tap1", first, "blue") + tap("tap2", second, "green")));
        assertEquals(0, hypervisor.command("reload").status());
        for (JsonNode entry : hypervisor.get("/v1/fdb?network=blue")) {
            assertFalse(entry.path("port").asString("").equals("tap2"), entry::toString);
        }
        try (Capture capture = Capture.start(second.netns(), "tap2", "icmp[icmptype] = icmp-echo")) {
            first.tryPing("-c", "3", "-i", "0.2", "-W", "1", "10.0.0.22");
            assertEquals(0, capture.count("icmp"), () -> hypervisor.log().substring(from));
        }
    }

    /** As an operator sets it while a guest floods: the device stays, the guest's unicast passes. */
    @Test
    void aLimitForFloodsIsSetWhileThePortRuns() {
        startWithGuests();
        first.awaitPing("10.0.0.22");
        int from = hypervisor.log().length();
        hypervisor.configure(configuration(
                "", tap("tap1", first, "blue").replace("}", ", storm-control: 1}") + tap("tap2", second, "blue")));
        assertEquals(0, hypervisor.command("reload").status());
        String[] broadcasts = new String[200];
        Arrays.fill(broadcasts, "ffffffffffff" + mac(first).replace(":", "") + "88b5" + "00".repeat(46));
        try (Capture capture = Capture.start(second.netns(), "tap2", "ether proto 0x88b5")) {
            first.sendFrames(broadcasts);
            Await.until(
                    "each frame to be sent or dropped",
                    Hypervisor.LIMIT,
                    () -> hypervisor.get("/v1/drops").toPrettyString() + capture.decode(""),
                    () -> hypervisor.drops("storm-control") + broadcastsIn(capture) >= 200);
            long passed = broadcastsIn(capture);
            assertTrue(passed > 0 && passed <= 100, "passed " + passed);
            first.ping("10.0.0.22");
        }
        assertFalse(hypervisor.log().substring(from).contains("tap1 attached"), hypervisor::log);
        assertEquals(1, hypervisor.port("tap1").path("storm_control_per_second").asInt());
    }

    private static long broadcastsIn(Capture capture) {
        return capture.decode("")
                .lines()
                .filter(line -> line.contains("(0x88b5)"))
                .count();
    }

    @Test
    void dhcpThatGetsNoAnswerIsCounted() {
        startWithGuests();
        String mac = mac(first).replace(":", "");
        // A DISCOVER whose magic cookie is wrong.
        String bootp = "01010600" + "00".repeat(24) + mac + "00".repeat(10 + 64 + 128) + "deadbeef" + "350101ff";
        int udp = 8 + bootp.length() / 2;
        String udpHeader = "00440043" + "%04x".formatted(udp) + "0000";
        String ip = "4500" + "%04x".formatted(20 + udp) + "000100004011" + "0000" + "00000000" + "ffffffff";
        first.sendFrames("ffffffffffff" + mac + "0800" + ip + udpHeader + bootp);
        Await.until(
                "the message to be counted",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString() + hypervisor.get("/v1/stats"),
                () -> hypervisor.drops("dhcp-invalid") == 1);
        assertTrue(
                hypervisor.command("drops", "--port", "tap1").output().contains("dhcp-invalid"),
                () -> hypervisor.get("/v1/drops").toPrettyString());
        String stats = hypervisor.command("stats").output();
        assertTrue(stats.contains("rx-invalid"), stats);
    }

    @Test
    void anUnderlayThatGoesDownComesBack() {
        startWithGuests();
        hypervisor.netns().run("ip", "link", "set", "u0", "down");
        Await.until(
                "the underlay to be known as down",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").toString(),
                () -> underlayTrouble().contains("u0 is down; set it up"));
        // Guests of this host go on.
        first.ping("10.0.0.22");
        hypervisor.netns().run("ip", "link", "set", "u0", "up");
        Await.until(
                "the underlay to be up",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").toString(),
                () -> underlayState().equals("up"));
        first.awaitPing("10.0.0.12");
        second.awaitPing("10.0.0.12");
        // Nothing is to be set up here when it is the other end that is down.
        vtep.netns().run("ip", "link", "set", "u0", "down");
        Await.until(
                "the carrier to be missed",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").toString(),
                () -> underlayTrouble().startsWith("u0 is up, but has no carrier"));
        vtep.netns().run("ip", "link", "set", "u0", "up");
        first.awaitPing("10.0.0.12");
    }

    /** The whole device goes, as a NIC does whose driver is reloaded; the one that replaces it has another index. */
    @Test
    void anUnderlayThatIsReplacedIsFound() {
        startWithGuests();
        hypervisor.netns().run("ip", "link", "delete", "u0");
        Await.until(
                "the underlay to be missed",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/show").toString(),
                () -> !underlayState().equals("up"));
        first.ping("10.0.0.22");
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        first.awaitPing("10.0.0.12");
    }

    private String underlayTrouble() {
        return hypervisor.get("/v1/show").path("underlay").path("waits_for").asString();
    }

    private String underlayState() {
        return hypervisor.get("/v1/show").path("underlay").path("state").asString();
    }

    @Test
    void itStartsBeforeItsUnderlay() {
        hypervisor.netns().run("ip", "address", "del", "192.0.2.1/24", "dev", "u0");
        hypervisor.start();
        first.bringUp("10.0.0.21/24");
        second.bringUp("10.0.0.22/24");
        first.awaitPing("10.0.0.22");
        assertFalse(underlayState().equals("up"));
        hypervisor.netns().run("ip", "address", "add", "192.0.2.1/24", "dev", "u0");
        first.awaitPing("10.0.0.12");
    }

    @Test
    void aFloodListChangesWhileFramesFlow() {
        startWithGuests();
        int from = hypervisor.log().length();
        assertEquals(
                0,
                hypervisor
                        .command("network", "remote", "remove", "blue", "192.0.2.2")
                        .status());
        hypervisor.awaitLog("control socket: remote 192.0.2.2 removed from network blue", from);
        first.ping("10.0.0.22");
        long refused = hypervisor.drops("tunnel-unknown-vtep");
        first.netns().run("ip", "neighbour", "flush", "all");
        assertTrue(first.tryPing("-c", "1", "-W", "1", "10.0.0.12").status() != 0, "the VTEP is no remote any more");
        vtep.netns().tryRun("ping", "-c", "1", "-W", "1", "10.0.0.21");
        assertTrue(hypervisor.drops("tunnel-unknown-vtep") > refused, hypervisor::log);
        assertEquals(
                0,
                hypervisor
                        .command("network", "remote", "add", "blue", "192.0.2.2")
                        .status());
        first.awaitPing("10.0.0.12");
        assertEquals(
                1,
                hypervisor
                        .command("network", "remote", "add", "blue", "192.0.2.2")
                        .status());
        assertEquals(1, hypervisor.command("arp", "nope").status());
        assertEquals(
                2,
                hypervisor
                        .command("port", "add", "x", "--network", "blue", "--mac", "zz")
                        .status());
    }

    @Test
    void afterACrashItStartsAgain() {
        startWithGuests();
        hypervisor.kill();
        assertTrue(Files.exists(hypervisor.socket()));
        startWithGuests();
        first.ping("10.0.0.22");
    }

    /** The kernel closes the devices of a killed process one after the other, some 20 ms each. */
    @Test
    void afterACrashItWaitsForTheKernelToClose() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            many.append("many").append(i).append(": {kind: tap, network: blue}\n");
        }
        hypervisor.configure(configuration("", many.toString()));
        hypervisor.start();
        hypervisor.killAndGoOn();
        hypervisor.start();
        assertTrue(
                hypervisor.log().contains("which was killed: the kernel is still closing its devices"),
                hypervisor::log);
        hypervisor.awaitUp("many119");
    }

    /**
     * A TAP that others made stays as it is, whatever the port would have made of it; when its owner removes it, the
     * port gets its own.
     */
    @Test
    void aTapOfSomebodyElseIsLeftAlone() {
        first.netns().run("ip", "tuntap", "add", "dev", "tap1", "mode", "tap");
        first.netns().run("ip", "link", "set", "tap1", "address", "02:00:00:00:77:01", "mtu", "1234");
        hypervisor.start();
        hypervisor.awaitState("tap1", "waiting");
        String waitsFor = hypervisor.port("tap1").path("waits_for").asString();
        assertTrue(waitsFor.contains("a device of that name exists") && waitsFor.contains("kind: system"), waitsFor);
        assertEquals("02:00:00:00:77:01", mac(first));
        assertTrue(first.netns().run("ip", "link", "show", "tap1").contains("mtu 1234"));
        first.netns().run("ip", "link", "delete", "tap1");
        hypervisor.awaitUp("tap1");
        first.bringUp("10.0.0.21/24");
        first.awaitPing("10.0.0.12");
    }

    @Test
    void sigtermRemovesWhatItMade() {
        startWithGuests();
        assertEquals(0, hypervisor.stop(), hypervisor::log);
        assertFalse(first.hasDevice());
        assertFalse(second.hasDevice());
        assertFalse(Files.exists(hypervisor.socket()));
    }

    @Test
    void waitsInIoUringWhereThatIsAskedFor() {
        hypervisor.configure(
                "reactor: io_uring\n", configuration("", tap("tap1", first, "blue") + tap("tap2", second, "blue")));
        startWithGuests();
        assertEquals("io_uring", hypervisor.get("/v1/show").path("reactor").asString());
        first.ping("10.0.0.22");
        first.netns().run("ip", "link", "delete", "tap1");
        Await.until("tap1 to be there again", Hypervisor.LIMIT, hypervisor::log, first::hasDevice);
        assertEquals(0, hypervisor.stop(), hypervisor::log);
        assertFalse(second.hasDevice());
    }

    @Test
    void aSecondDaemonOnTheSameSocketIsRefused() {
        startWithGuests();
        Programs.Outcome refused = hypervisor
                .netns()
                .tryRun(Hypervisor.jvm(
                                List.of("-Xmx256m"),
                                List.of(
                                        "run",
                                        "--config",
                                        hypervisor.configuration().toString()))
                        .toArray(String[]::new));
        assertEquals(1, refused.status(), refused::output);
        assertTrue(refused.output().contains(hypervisor.socket().toString()), refused::output);
        first.ping("10.0.0.12");
        assertEquals(0, hypervisor.command("show").status());
    }

    @Test
    void aReloadAddsAndRemovesWhileTheOthersTalk() {
        startWithGuests();
        try (Pings pings = Pings.start(first.netns(), "10.0.0.12");
                Guest third = Guest.create("three", "tap3")) {
            hypervisor.configure(configuration(
                    "red: {tunnel: vxlan, vni: 43, remotes: [192.0.2.2]}\n",
                    tap("tap1", first, "blue") + tap("tap3", third, "red")));
            hypervisor.signal("HUP");
            third.bringUp("10.0.0.11/24");
            hypervisor.awaitUp("tap3");
            Await.until("tap2 to be gone", Hypervisor.LIMIT, hypervisor::log, () -> !second.hasDevice());
            assertEquals(2, hypervisor.get("/v1/networks").size());

            hypervisor.configure(configuration("", tap("tap1", first, "blue") + tap("tap2", second, "blue")));
            assertEquals(0, hypervisor.command("reload").status());
            second.bringUp("10.0.0.22/24");
            second.awaitPing("10.0.0.21");
            assertFalse(third.hasDevice());
            assertEquals(1, hypervisor.get("/v1/networks").size());

            pings.assertNoneLost();
        }
    }

    @Test
    void aBadConfigurationChangesNothing() {
        startWithGuests();
        String before = hypervisor.get("/v1/networks").toString();
        hypervisor.configure(configuration(
                "red: {tunnel: vxlan, vni: 99999999, remotes: [192.0.2.2]}\n",
                tap("tap1", first, "blue") + tap("tap3", second, "no-such-network")));
        int from = hypervisor.log().length();
        hypervisor.signal("HUP");
        hypervisor.awaitLog("99999999", from);
        hypervisor.awaitLog("no-such-network", from);
        Programs.Outcome refused = hypervisor.command("reload");
        assertEquals(2, refused.status(), refused::output);
        assertTrue(refused.output().contains("no-such-network"), refused::output);
        assertEquals(before, hypervisor.get("/v1/networks").toString());
        first.ping("10.0.0.22");
        first.ping("10.0.0.12");
    }

    @Test
    void portsNetworksAndHostsComeAndGoByCommand() {
        startWithGuests();
        try (Guest third = Guest.create("cmd", "tap3")) {
            vtep.addVxlan(44, "192.0.2.2", "192.0.2.1", 1450, "10.4.0.12/24");
            succeed("network", "add", "red", "--tunnel", "vxlan", "--vni", "44");
            succeed(
                    "port",
                    "add",
                    "tap3",
                    "--network",
                    "red",
                    "--netns",
                    third.netns().name());
            third.bringUp("10.4.0.11/24");
            Guest.in(vtep.netns(), "vx44")
                    .netns()
                    .run(
                            "ip",
                            "neighbour",
                            "replace",
                            "10.4.0.11",
                            "lladdr",
                            mac(third),
                            "dev",
                            "vx44",
                            "nud",
                            "permanent");
            succeed("host", "add", "red", "--mac", LinuxVtep.mac(44), "--ip", "10.4.0.12", "--vtep", "192.0.2.2");
            third.awaitPing("10.4.0.12");
            succeed("host", "remove", "red", LinuxVtep.mac(44));
            succeed("port", "remove", "tap3");
            assertFalse(third.hasDevice());
            succeed("network", "remove", "red");
        }
        first.ping("10.0.0.12");
    }

    private void succeed(String... words) {
        Programs.Outcome outcome = hypervisor.command(words);
        assertEquals(0, outcome.status(), () -> String.join(" ", words) + ": " + outcome.output() + hypervisor.log());
    }

    private static String mac(Guest guest) {
        return guest.netns()
                .run("cat", "/sys/class/net/" + guest.device() + "/address")
                .strip();
    }

    @Test
    void leasesGoOnWhenTheDiskIsFull() throws IOException {
        Path state = Files.createDirectories(hypervisor.stateDirectory());
        // A small disk that only the daemon sees: ip netns exec gave it mounts of its own, which end with it. It is
        // full but for the end of the lease file's page, so that the first lease finds no room.
        hypervisor.start(List.of("sh", "-c", """
                mount -t tmpfs -o size=64k tmpfs %1$s &&
                printf '# %%4060s\\n' 'nearly a page' >%1$s/leases-blue &&
                { head -c 1M /dev/zero >%1$s/filler 2>/dev/null; exec "$@"; }""".formatted(state), "sh"));
        first.bringUp();
        second.bringUp();
        Path seenByDaemon = Path.of("/proc/" + hypervisor.daemon().pid() + "/root" + state);
        try (DhcpClient firstClient = DhcpClient.on(first);
                DhcpClient secondClient = DhcpClient.on(second)) {
            int from = hypervisor.log().length();
            String address =
                    firstClient.await(firstClient.startUdhcpc("-q"), "bound").getOrDefault("ip", "");
            assertTrue(address.startsWith("10.0.0."), address);
            hypervisor.awaitLog("No space left on device", from);
            assertFalse(filesContain(seenByDaemon, address));
            Files.delete(seenByDaemon.resolve("filler"));
            Await.until(
                    "the lease on the disk",
                    Hypervisor.LIMIT,
                    hypervisor::log,
                    () -> filesContain(seenByDaemon, address));
            String other =
                    secondClient.await(secondClient.startUdhcpc("-q"), "bound").getOrDefault("ip", "");
            Await.until(
                    "the other as well", Hypervisor.LIMIT, hypervisor::log, () -> filesContain(seenByDaemon, other));
        }
    }

    private static boolean filesContain(Path directory, String text) {
        return Programs.tryRun("grep", "-r", "-q", "-F", text, directory.toString())
                        .status()
                == 0;
    }
}
