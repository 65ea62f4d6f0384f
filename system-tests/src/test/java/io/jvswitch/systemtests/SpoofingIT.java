package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a guest cannot make a Linux neighbour believe, and what a Linux guest must be able to send. The receiver of all
 * of it, and the judge, is Linux's own stack behind port {@code judge}; {@code free} is not bound, so that what it
 * sends shows that the judge does believe such frames.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SpoofingIT {
    private static final String HOSTILE = "020000000021";
    private static final String FREE = "020000000024";
    private static final String EVERYBODY = "ffffffffffff";
    private static final String JUDGE = "020000000022";

    private final Hypervisor hypervisor = Hypervisor.create("hvg");
    private final Guest hostile = Guest.create("hostileg", "bound");
    private final Guest judge = Guest.create("judgeg", "judge");
    private final Guest free = Guest.create("freeg", "free");
    private final Guest usual = Guest.create("usualg", "eui64");
    private final Guest privacy = Guest.create("privg", "privacy");
    private final Guest strict = Guest.create("strictg", "strict");

    @BeforeAll
    void layOut() {
        Peers.require("dnsmasq", "udhcpc", "python3", "ping");
        hypervisor.configure("""
                networks:
                  blue: {tunnel: none}
                ports:
                  bound: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:21", ip: [10.0.0.21, "fd00:10::21"]}
                  judge: {kind: tap, network: blue, netns: %s}
                  free: {kind: tap, network: blue, netns: %s}
                  eui64: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:31", ip: [10.0.0.31, "fd00:10::31"]}
                  privacy:
                    kind: tap
                    network: blue
                    netns: %s
                    mac: "02:00:00:00:00:32"
                    ip: 10.0.0.32
                    allowed-ips: ["fe80::/10", "fd00:77::/64"]
                  strict: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:33", ip: 10.0.0.33}
                """.formatted(
                        hostile.netns().name(),
                        judge.netns().name(),
                        free.netns().name(),
                        usual.netns().name(),
                        privacy.netns().name(),
                        strict.netns().name()));
        hypervisor.start();
        hostile.silence();
        hostile.bringUp("10.0.0.21/24");
        judge.awaitDevice();
        judge.netns().run("ip", "link", "set", "judge", "address", "02:00:00:00:00:22");
        judge.bringUp("10.0.0.22/24", "fd00:10::22/64", "fe80::22/64");
        // Neighbours that nobody asked for are believed: so each forgery shows.
        judge.netns().run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/judge/arp_accept");
        free.awaitDevice();
        free.netns().run("ip", "link", "set", "free", "address", "02:00:00:00:00:24");
        free.bringUp("10.0.0.24/24", "fd00:10::24/64");
        free.awaitPing("10.0.0.22");
        hostile.awaitPing("10.0.0.22");
    }

    @AfterAll
    void clearAway() {
        for (Guest guest : List.of(hostile, judge, free, usual, privacy, strict)) {
            guest.close();
        }
        hypervisor.close();
    }

    /** A gratuitous ARP reply behind some headers, for an address that is nobody's. */
    private static String forgery(String mac, String headers, int address) {
        String ip = "0a0000%02x".formatted(address);
        return EVERYBODY + mac + headers.replace(" ", "") + "0806" + "0001080006040002" + mac + ip + EVERYBODY + ip
                + "00".repeat(18);
    }

    /** Headers that hide a packet, and whether Linux strips them all. */
    private static Map<String, Boolean> fronts() {
        Map<String, Boolean> fronts = new LinkedHashMap<>();
        fronts.put("", true);
        for (int tags = 1; tags <= 4; tags++) {
            fronts.put("81000000 ".repeat(tags), true);
            fronts.put("88a80000 ".repeat(tags), true);
        }
        fronts.put("81000000 88a8e000 81000000", true);
        fronts.put("81000000 ".repeat(10), true);
        fronts.put("81000000 ".repeat(40), true);
        fronts.put("0024 aaaa03000000", false);
        fronts.put("0024 aaaa030000f8", false);
        fronts.put("81000000 0024 aaaa03000000", false);
        fronts.put("0028 aaaa03000000 81000000", false);
        fronts.put("81000000 81000000 81000000 0024 aaaa03000000", false);
        return fronts;
    }

    private boolean believes(int address) {
        return judge.netns().run("ip", "neighbour", "show", "10.0.0." + address).contains("lladdr");
    }

    /** VU#855201. */
    @Test
    void nothingThatLinuxStripsHidesAForgedPacket() {
        List<String> forged = new ArrayList<>();
        List<String> honest = new ArrayList<>();
        Map<String, Boolean> fronts = fronts();
        int at = 100;
        for (String headers : fronts.keySet()) {
            forged.add(forgery(HOSTILE, headers, at));
            honest.add(forgery(FREE, headers, at + 100));
            at++;
        }
        long before = hypervisor.drops("spoofed-ip") + hypervisor.drops("vlan-too-deep");
        hostile.sendFrames(forged.toArray(String[]::new));
        Await.until(
                "all forgeries to be counted",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> hypervisor.drops("spoofed-ip") + hypervisor.drops("vlan-too-deep") == before + fronts.size());
        free.sendFrames(honest.toArray(String[]::new));
        at = 100;
        for (Map.Entry<String, Boolean> front : fronts.entrySet()) {
            int address = at++;
            // the switch looks through ten tags
            boolean passes = front.getValue() && front.getKey().length() < 100;
            if (passes) {
                Await.until(
                        "Linux to believe " + front.getKey(),
                        Hypervisor.LIMIT,
                        () -> "",
                        () -> believes(address + 100));
            }
            assertFalse(believes(address), front.getKey());
        }
    }

    @Test
    void aLinuxGuestBootsBehindABoundPortWithoutADrop() {
        long spoofed = hypervisor.drops("spoofed-ip") + hypervisor.drops("spoofed-mac");
        usual.bringUp("10.0.0.31/24");
        usual.netns().run("ip", "address", "add", "fd00:10::31/64", "dev", "eui64"); // with duplicate address detection
        usual.awaitPing("10.0.0.22");
        usual.awaitPing("fd00:10::22");
        judge.awaitPing("fd00:10::31");
        usual.awaitPing("fe80::22%eui64");
        usual.netns().tryRun("rdisc6", "-1", "-r", "1", "-w", "200", "eui64");
        // stable-privacy, as NetworkManager has it, and addresses of SLAAC's
        makeStablePrivacy(privacy);
        privacy.bringUp("10.0.0.32/24");
        privacy.netns().run("ip", "address", "add", "fd00:77::1234/64", "dev", "privacy");
        privacy.awaitPing("fe80::22%privacy");
        judge.netns().run("ip", "address", "add", "fd00:77::22/64", "dev", "judge", "nodad");
        judge.awaitPing("fd00:77::1234");
        assertEquals(
                spoofed,
                hypervisor.drops("spoofed-ip") + hypervisor.drops("spoofed-mac"),
                () -> hypervisor.get("/v1/drops").toPrettyString());
        // And without allowed-ips.
        makeStablePrivacy(strict);
        strict.bringUp("10.0.0.33/24");
        strict.awaitPing("10.0.0.22");
        assertTrue(strict.netns()
                        .tryRun("ping", "-c", "1", "-W", "1", "fe80::22%strict")
                        .status()
                != 0);
        Await.until(
                "its IPv6 to be counted",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/drops").toPrettyString(),
                () -> hypervisor.drops("spoofed-ip") > spoofed);
        String shown = hypervisor.command("port", "show", "privacy").output();
        assertTrue(shown.contains("may send  from 10.0.0.32,fe80::/10,fd00:77::/64,fe80::ff:fe00:32\n"), shown);
        shown = hypervisor.command("show").output();
        assertTrue(shown.contains("may send from 10.0.0.21,fd00:10::21,fe80::ff:fe00:21\n"), shown);
    }

    private static void makeStablePrivacy(Guest guest) {
        guest.awaitDevice();
        guest.netns().run("ip", "link", "set", guest.device(), "down");
        guest.netns().run("ip", "link", "set", guest.device(), "addrgenmode", "random");
        guest.netns().run("ip", "link", "set", guest.device(), "up");
        Await.until(
                "an address by stable-privacy",
                Hypervisor.LIMIT,
                () -> guest.netns().run("ip", "-6", "address"),
                () -> guest.netns().run("ip", "-6", "address").contains("stable-privacy"));
    }

    @Test
    void aBoundGuestsDnsmasqNeitherRoutesNorLeases() {
        hostile.netns().run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/bound/disable_ipv6");
        hostile.netns().run("ip", "address", "replace", "fd00:10::21/64", "dev", "bound", "nodad");
        try (RunningProgram server = hostile.netns()
                .start(
                        "dnsmasq",
                        "-d",
                        "-C",
                        "/dev/null",
                        "-p",
                        "0",
                        "-i",
                        "bound",
                        "--enable-ra",
                        "--no-ping",
                        "--dhcp-range=fd00:10::,ra-only",
                        "--dhcp-range=10.0.0.50,10.0.0.59,1h",
                        "--dhcp-leasefile=/dev/null")) {
            Await.until(
                    "router advertisements to be refused",
                    Hypervisor.LIMIT,
                    server::output,
                    () -> hypervisor.drops("router-spoof") > 0);
            Programs.Outcome lease = free.netns()
                    .tryRun("udhcpc", "-i", "free", "-n", "-q", "-f", "-t", "2", "-T", "1", "-s", "/bin/true");
            assertFalse(lease.output().contains("obtained"), lease.output());
            assertTrue(server.output().contains("DHCPOFFER"), server::output);
            assertTrue(hypervisor.drops("dhcp-server-spoof") > 0);
            assertFalse(free.netns().run("ip", "-6", "route", "show", "default").contains("proto ra"));
        }
    }

    /** Forms of the question who has the judge's addresses; Linux says which of them it takes. */
    private static List<String> questions(String asker, String judgeMac) {
        String me = asker + "0a000018";
        String to = "0000000000000a000016";
        String rest = "00".repeat(18);
        String arp = EVERYBODY + asker + "0806";
        List<String> all = new ArrayList<>();
        for (String hardware : List.of("0001", "0006", "0007", "0000")) {
            all.add(arp + hardware + "080006040001" + me + "000000000000" + "0a000016" + rest);
        }
        all.add(arp + "0001" + "080006040001" + me + "000000000000" + "0a000016");
        all.add(arp + "0001" + "080006040001" + me + judgeMac + "0a000016" + "55".repeat(200));
        all.add(judgeMac + asker + "0806" + "0006" + "080006040001" + me + judgeMac + "0a000016" + rest);
        all.add(EVERYBODY + asker + "81000000".repeat(3) + "0806" + "0006" + "080006040001" + me + "000000000000"
                + "0a000016");
        all.add(arp + "0001" + "86dd06040001" + me + "000000000000" + "0a000016" + rest);
        all.add(arp + "0001" + "080006050001" + me + to + rest);
        for (String options : List.of(
                "",
                "0101" + asker,
                "0101" + asker + "0101" + asker,
                "0e01010203040506" + "0101" + asker,
                "0101" + asker + "0201" + asker,
                "fd01000000000000",
                "0102" + asker + "00".repeat(8),
                "0100" + asker)) {
            all.add(solicitation(asker, "", options, "00000000"));
        }
        all.add(solicitation(asker, "", "0101" + asker, "ffffffff")); // reserved bits
        all.add(solicitation(asker, "3c00" + "010400000000", "0101" + asker, "00000000")); // destination options
        all.add(solicitation(asker, "0000" + "050200000100", "0101" + asker, "00000000")); // hop by hop
        return all;
    }

    /** A solicitation for fd00:10::22, with one extension header (its number, then the header) in front. */
    private static String solicitation(String asker, String extension, String options, String reserved) {
        String source = "fd000010000000000000000000000024";
        String group = "ff0200000000000000000001ff000022";
        String target = "fd000010000000000000000000000022";
        String message = "8700" + "0000" + reserved + target + options;
        String header = extension.isEmpty() ? "" : "3a" + extension.substring(2);
        String first = extension.isEmpty() ? "3a" : extension.substring(0, 2);
        int length = (header.length() + message.length()) / 2;
        int sum = 0x3a + message.length() / 2;
        String summed = source + group + message;
        for (int at = 0; at < summed.length(); at += 4) {
            sum += Integer.parseInt(summed.substring(at, Math.min(at + 4, summed.length())), 16);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
        message = "8700" + "%04x".formatted(sum) + reserved + target + options;
        return "3333ff000022" + asker + "86dd" + "60000000" + "%04x".formatted(length) + first + "ff" + source + group
                + header + message;
    }

    /** Linux answers over a cable of its own, and through the switch: the same. */
    @Test
    void whatLinuxTakesOfArpAndNeighbourDiscoveryPasses() {
        String script = Scripts.file("answers.py").toString();
        try (Netns here = Netns.create("asker");
                Netns there = Netns.create("answerer")) {
            here.connect("cable", there, "cable");
            there.run("ip", "address", "add", "10.0.0.22/24", "dev", "cable");
            there.run("ip", "address", "add", "fd00:10::22/64", "dev", "cable", "nodad");
            here.run("ip", "link", "set", "cable", "address", "02:00:00:00:00:24");
            there.run("ip", "link", "set", "cable", "address", "02:00:00:00:00:22");
            here.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6");
            List<String> command = new ArrayList<>(List.of("python3", script, "cable"));
            command.addAll(questions(FREE, JUDGE));
            String straight = here.run(command.toArray(String[]::new));
            command.set(2, "free");
            String switched = free.netns().run(command.toArray(String[]::new));
            assertEquals(straight, switched);
            assertTrue(straight.startsWith("1100111100") && straight.strip().endsWith("111"), straight);
        }
    }
}
