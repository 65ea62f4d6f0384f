package io.jvswitch.vswitchd.demo;

import io.jvswitch.vswitchd.plan.NetworkTunnel;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo's steps in their order. Each says by which commands it was done and what came of it; one whose result is not
 * what it shows throws {@link StepFailedException}.
 */
final class Story {
    /** Bounds a failing run only. */
    private static final int LIMIT_SECONDS = 30;

    private static final int PINGS = 5;
    private static final int TCP_PORT = 5001;
    private static final int TCP_MS = 3000;
    private static final int SHORT_TCP_MS = 1000;
    private static final int UNDERLAY_MTU = 1500;
    private static final Pattern TCP_FACT = Pattern.compile("\\b(mss|advmss):([0-9]+)");
    /** Timestamps (RFC 7323) with their padding, which Linux takes off the MSS that it shows. */
    private static final int TCP_TIMESTAMPS_BYTES = 12;

    private final Lab lab;
    private final Account account;
    private final NetworkTunnel tunnel;
    private final Hypervisor left;
    private final Hypervisor right;
    /** As it was typed, so that what the demo shows can be typed as well. */
    private final String launcher = System.getProperty("jvswitch.command", "jvswitch");

    Story(Lab lab, Account account, NetworkTunnel tunnel) {
        this.lab = lab;
        this.account = account;
        this.tunnel = tunnel;
        left = new Hypervisor(lab, 1, tunnel);
        right = new Hypervisor(lab, 2, tunnel);
    }

    void tell() {
        introduce();
        layCable();
        startSwitches();
        leaseAddresses();
        ping();
        moveTcp();
        disobeyTheMtu();
        lookInside();
    }

    private void introduce() {
        String name = tunnel == NetworkTunnel.GRE ? "GRE, key 42" : "VXLAN, VNI 42";
        account.line("Two hosts with a VM on each, and one network over a tunnel: " + name
                + ". Hosts and VMs are network namespaces.");
        account.line("");
        account.line("   vm1 10.0.0.11                                           vm2 10.0.0.12");
        account.line("        | tap-vm1                                               | tap-vm2");
        account.line("   hv1, jvswitch, 192.0.2.1 ===== " + tunnel.label() + " ====="
                + (tunnel == NetworkTunnel.GRE ? "==" : "") + " 192.0.2.2, jvswitch, hv2");
        account.line("");
        account.line("Lines with # are what happens, as typed by hand. For ping, udhcpc and iperf3 the demo has small "
                + "stand-ins of");
        account.line("its own, so that nothing needs to be installed; with --keep everything stays, for you to look "
                + "around.");
    }

    private void layCable() {
        account.step("A cable between the hosts: the underlay");
        for (Hypervisor host : hosts()) {
            account.command("ip", "netns", "add", host.netns());
            account.command("ip", "netns", "add", host.guestNetns());
        }
        carryOut(
                "ip",
                "-n",
                left.netns(),
                "link",
                "add",
                "u0",
                "type",
                "veth",
                "peer",
                "name",
                "u0",
                "netns",
                right.netns());
        for (Hypervisor host : hosts()) {
            carryOut("ip", "-n", host.netns(), "address", "add", host.vtep() + "/24", "dev", "u0");
            carryOut("ip", "-n", host.netns(), "link", "set", "u0", "mtu", Integer.toString(UNDERLAY_MTU), "up");
        }
        endStep();
    }

    private void startSwitches() {
        account.step("jvswitch on both hosts");
        for (Hypervisor host : hosts()) {
            account.command(
                    "ip",
                    "netns",
                    "exec",
                    host.netns(),
                    launcher,
                    "run",
                    "--config",
                    host.configuration().toString());
            host.start();
        }
        account.say("The configuration of hv1:");
        account.quote(left.configurationText());
        for (Hypervisor host : hosts()) {
            await(
                    "the control socket of " + host.name(),
                    () -> host.socket().toFile().exists());
        }
        for (Hypervisor host : hosts()) {
            await("device " + host.tap() + " in " + host.guest(), () -> host.hasTap());
            account.say(String.format(Locale.ROOT, "%s runs: %s is in %s", host.name(), host.tap(), host.guest()));
        }
        endStep();
    }

    private void leaseAddresses() {
        account.step("The VMs ask for addresses by DHCP; their own host answers, nothing crosses the underlay");
        List<Lab.Started> clients = new ArrayList<>();
        for (Hypervisor host : hosts()) {
            carryOut("ip", "-n", host.guestNetns(), "link", "set", host.tap(), "up");
            // So that a broadcast has a way out of a guest without an address; the lease's routes replace it.
            lab.run("ip", "-n", host.guestNetns(), "route", "add", "default", "dev", host.tap());
            account.command(Lab.inside(host.guestNetns(), List.of("udhcpc", "-i", host.tap())));
            clients.add(startInGuest(host, "lease", host.guestMac(), host.guest()));
        }
        for (Hypervisor host : hosts()) {
            Map<String, String> values = awaitEnd(clients.get(host == left ? 0 : 1));
            Lease lease = Lease.parse(values);
            account.say(String.format(
                    Locale.ROOT,
                    "%s got %s/%d from %s in %.0f ms: MTU %d, router %s, DNS %s, %d routes, for %d h",
                    host.guest(),
                    lease.ip(),
                    lease.prefixBits(),
                    lease.server(),
                    milliseconds(values, "ns"),
                    lease.mtuBytes(),
                    lease.gateway(),
                    joined(lease.dns()),
                    lease.routes().size(),
                    lease.leaseSeconds() / 3600));
            require(lease.ip().toString().equals(host.guestIp()), host.guest() + " was to get " + host.guestIp());
            require(lease.mtuBytes() == guestMtu(), "the lease was to say MTU " + guestMtu());
            apply(host, lease);
        }
        endStep();
    }

    private static String joined(List<IpAddress> addresses) {
        return String.join(" ", addresses.stream().map(IpAddress::toString).toList());
    }

    /** What a DHCP client's script does. */
    private void apply(Hypervisor host, Lease lease) {
        String netns = host.guestNetns();
        carryOut("ip", "-n", netns, "link", "set", host.tap(), "mtu", Integer.toString(lease.mtuBytes()));
        carryOut("ip", "-n", netns, "address", "add", lease.ip() + "/" + lease.prefixBits(), "dev", host.tap());
        lab.run("ip", "-n", netns, "route", "del", "default", "dev", host.tap());
        for (RouteSpec route : lease.routes()) {
            carryOut(
                    "ip",
                    "-n",
                    netns,
                    "route",
                    "add",
                    route.to().toString(),
                    "via",
                    route.via().toString(),
                    "dev",
                    host.tap());
        }
    }

    private int guestMtu() {
        // Outer IPv4 (20), then UDP and VXLAN (8 + 8) or GRE with its key (4 + 4), and the inner Ethernet header (14).
        return UNDERLAY_MTU - 20 - (tunnel == NetworkTunnel.GRE ? 8 : 16) - 14;
    }

    private void ping() {
        account.step("vm1 pings vm2; hv1 answers the ARP request, so only echoes cross the underlay");
        long before = underlayFrames();
        account.command(Lab.inside(left.guestNetns(), List.of("ping", "-c", Integer.toString(PINGS), right.guestIp())));
        Map<String, String> values = awaitEnd(startInGuest(left, "ping", right.guestIp(), Integer.toString(PINGS)));
        long crossed = underlayFrames() - before;
        StringBuilder times = new StringBuilder();
        for (int i = 0; i < PINGS; i++) {
            require(values.containsKey("rtt." + i), "echo " + (i + 1) + " of " + PINGS + " got no answer");
            double roundTripMs = Long.parseLong(values.get("rtt." + i)) / 1e6;
            times.append(String.format(Locale.ROOT, "%s%.2f", i == 0 ? "" : ", ", roundTripMs));
        }
        account.say("all " + PINGS + " echoes answered, after " + times + " ms; the first one had flows to set up");
        account.command("ip", "-n", left.guestNetns(), "neighbour", "show");
        account.quote(lab.run("ip", "-n", left.guestNetns(), "neighbour", "show"));
        account.say("hv1 sent " + crossed + " frames over the underlay for " + PINGS + " echoes: no ARP among them");
        require(crossed == PINGS, "exactly " + PINGS + " frames were to cross");
        show(left, "flows", "--port", left.tap());
        endStep();
    }

    private long underlayFrames() {
        return left.askJson("show")
                .path("underlay")
                .path("traffic")
                .path("tx_frames")
                .asLong(-1);
    }

    private void moveTcp() {
        account.step("TCP from vm1 to vm2 for " + TCP_MS / 1000 + " s");
        transfer(TCP_MS);
        endStep();
    }

    private void disobeyTheMtu() {
        account.step("The same between VMs that ignore the lease's MTU: the switches clamp the MSS");
        for (Hypervisor host : hosts()) {
            carryOut("ip", "-n", host.guestNetns(), "link", "set", host.tap(), "mtu", Integer.toString(UNDERLAY_MTU));
        }
        Map<String, Integer> facts = transfer(SHORT_TCP_MS);
        int mss = facts.getOrDefault("mss", 0);
        int clamped = guestMtu() - 40;
        if (mss != 0) {
            require(
                    mss == clamped || mss == clamped - TCP_TIMESTAMPS_BYTES,
                    "the MSS was to be " + clamped + " (" + guestMtu() + " less 40 bytes of headers), less timestamps");
        }
        for (Hypervisor host : hosts()) {
            carryOut("ip", "-n", host.guestNetns(), "link", "set", host.tap(), "mtu", Integer.toString(guestMtu()));
        }
        endStep();
    }

    /** Moves TCP from vm1 to vm2 and says how fast; gives what {@code ss} knew of the connection. */
    private Map<String, Integer> transfer(int milliseconds) {
        Lab.Started receiver = startInGuest(right, "receive", Integer.toString(TCP_PORT));
        await("a listening socket in " + right.guest(), () -> isAwaited(receiver, "listening"));
        Lab.Started sender =
                startInGuest(left, "send", right.guestIp(), Integer.toString(TCP_PORT), Integer.toString(milliseconds));
        await("a connection from " + left.guest(), () -> isAwaited(sender, "connected"));
        List<String> ask = List.of("ss", "-tinH", "dst", right.guestIp());
        Map<String, Integer> facts = new TreeMap<>();
        await("the connection's MSS", () -> {
            Matcher matcher = TCP_FACT.matcher(lab.run(Lab.inside(left.guestNetns(), ask)));
            while (matcher.find()) {
                facts.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
            }
            return facts.containsKey("mss") || !sender.process().isAlive();
        });
        Map<String, String> sent = awaitEnd(sender);
        Map<String, String> received = awaitEnd(receiver);
        long bytes = Long.parseLong(received.getOrDefault("bytes", "0"));
        double seconds = milliseconds(received, "ns") / 1e3;
        account.command(Lab.inside(right.guestNetns(), List.of("iperf3", "-s")));
        account.command(Lab.inside(left.guestNetns(), List.of("iperf3", "-c", right.guestIp())));
        account.say(String.format(
                Locale.ROOT,
                "%.2f Gbit/s: %d MB in %.1f s, every byte acknowledged by the receiver",
                bytes * 8 / seconds / 1e9,
                bytes / 1_000_000,
                seconds));
        require(
                bytes > 0
                        && sent.getOrDefault("sent", "").equals(received.get("bytes"))
                        && sent.getOrDefault("received", "").equals(received.get("bytes")),
                "the receiver was to get what was sent: " + sent + ", " + received);
        account.command(Lab.inside(left.guestNetns(), ask));
        account.say(
                facts.containsKey("mss")
                        ? "vm1 sends segments of " + facts.get("mss") + " bytes (its own MTU allows "
                                + facts.get("advmss") + ", TCP options not counted)"
                        : "this kernel's ss does not tell the size of segments");
        return facts;
    }

    private void lookInside() {
        account.step("What the switches say");
        show(left, "flows");
        show(left, "show");
        show(left, "fdb");
        show(left, "arp");
        show(left, "leases");
        show(left, "drops");
        show(right, "drops");
        endStep();
    }

    private void show(Hypervisor host, String... words) {
        List<String> command =
                new ArrayList<>(List.of(launcher, "--socket", host.socket().toString()));
        command.addAll(List.of(words));
        account.command(command);
        account.quote(host.ask(words));
    }

    private List<Hypervisor> hosts() {
        return List.of(left, right);
    }

    /** Runs a command and says so. */
    private void carryOut(String... command) {
        account.command(command);
        lab.run(command);
    }

    private Lab.Started startInGuest(Hypervisor host, String... words) {
        return lab.start(Lab.inside(host.guestNetns(), Jvm.guest(words)), null);
    }

    private static boolean isAwaited(Lab.Started program, String key) {
        if (program.values().containsKey(key)) {
            return true;
        }
        if (!program.process().isAlive()) {
            program.awaitEnd(1);
        }
        return false;
    }

    private Map<String, String> awaitEnd(Lab.Started program) {
        await(
                "the end of '" + program.command().getLast() + "'",
                () -> !program.process().isAlive());
        program.awaitEnd(1);
        return program.values();
    }

    /** A daemon that ends meanwhile fails the step at once. */
    private void await(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            hosts().forEach(Hypervisor::requireAlive);
            require(
                    System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(LIMIT_SECONDS),
                    "waited " + LIMIT_SECONDS + " s for " + what);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailedException("interrupted while waiting for " + what, e);
            }
        }
    }

    private void endStep() {
        account.say(String.format(Locale.ROOT, "(%.1f s)", account.stepSeconds()));
    }

    private static double milliseconds(Map<String, String> values, String key) {
        return Long.parseLong(values.getOrDefault(key, "0")) / 1e6;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new StepFailedException(otherwise);
        }
    }
}
