package io.jvswitch.bench.control;

import io.jvswitch.vswitchd.demo.Lab;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Takes every figure of one layout, and prints each as soon as it is known. */
final class LayoutRun {
    private static final int SETTLE_MS = 5_000;
    private static final int IDLE_MS = 10_000;
    private static final int CHANGES = 10;
    private static final int BURST = 1_000;
    private static final long BURST_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    /** Above every number that the layout has. */
    private static final int NEW = 20_000;

    private final Layout layout;
    private final PrintStream out;
    private final SwitchUnderTest target;

    LayoutRun(Layout layout, Lab lab, PrintStream out) {
        this.layout = layout;
        this.out = out;
        target = new SwitchUnderTest(lab, layout.label());
    }

    void run() {
        out.println(layout.title);
        target.configure(layout, layout.ports);
        start("start");
        SwitchUnderTest.sleep(SETTLE_MS);
        double beganSeconds = target.cpuSeconds();
        SwitchUnderTest.sleep(IDLE_MS);
        double idle = (target.cpuSeconds() - beganSeconds) / IDLE_MS * 1e5;
        print("idle", String.format(Locale.ROOT, "%.1f %% of a core", idle));
        print("resident", String.format(Locale.ROOT, "%.0f MB", target.residentBytes() / 1e6));
        try (GuestPort guest = GuestPort.at(target.netns(), Layout.PROBE_PORT)) {
            measured("nothing", guest, () -> SwitchUnderTest.sleep(1_000));
            singleChanges();
            measured("a burst of 1,000 host adds", guest, this::burst);
            if (layout == Layout.PORTS) {
                measured("a reload that removes 1,000 ports", guest, () -> reload(layout.ports - 1_000));
                measured("a reload that adds 1,000 ports", guest, () -> reload(layout.ports));
            } else {
                measured("a reload without a change", guest, () -> reload(layout.ports));
            }
        }
        print("resident afterwards", String.format(Locale.ROOT, "%.0f MB", target.residentBytes() / 1e6));
        print("stop", Times.ms(target.stop()));
        start("start again");
        if (layout == Layout.PORTS) {
            print("kill -9, until the kernel has cleaned up", Times.ms(target.kill()));
        } else {
            print("stop again", Times.ms(target.stop()));
        }
        out.println();
    }

    private void start(String what) {
        long tookNs = target.start();
        print(what, Times.ms(tookNs) + cpu(target.cpuSeconds()));
    }

    private static String cpu(double seconds) {
        return String.format(Locale.ROOT, ", CPU %.0f ms", seconds * 1e3);
    }

    private void print(String what, String figure) {
        out.printf(Locale.ROOT, "  %-46s %s%n", what, figure);
    }

    /** Prints how long something takes, and how long the longest answers to DHCP and {@code show} took meanwhile. */
    private void measured(String what, GuestPort guest, Runnable action) {
        Probe dhcp = Probe.start("dhcp", guest::discover);
        Probe show = Probe.start("show", () -> target.ask("GET", "/v1/show", null));
        long tookNs;
        double usedSeconds;
        try (dhcp;
                show) {
            SwitchUnderTest.sleep(300);
            long beganNs = System.nanoTime();
            double beganSeconds = target.cpuSeconds();
            action.run();
            tookNs = System.nanoTime() - beganNs;
            usedSeconds = target.cpuSeconds() - beganSeconds;
        }
        print(what, Times.ms(tookNs) + cpu(usedSeconds));
        print("  DHCP meanwhile", dhcp.times().toString());
        print("  show meanwhile", show.times().toString());
    }

    private void singleChanges() {
        each("host add", i -> addHost(NEW + i));
        each("host change", i -> addHost(NEW + i));
        each("host remove", i -> target.ask("DELETE", "/v1/hosts/" + Layout.network(0) + "/" + mac(NEW + i), null));
        each("port add", i -> target.ask("POST", "/v1/ports", json("name", "new" + i, layout.portKeys(NEW + i))));
        each("port remove", i -> target.ask("DELETE", "/v1/ports/new" + i, null));
        each(
                "network add",
                i -> target.ask(
                        "POST",
                        "/v1/networks",
                        json("name", "new" + i, "{tunnel: vxlan, vni: " + (NEW + i) + ", remotes: [10.99.1.1]}")));
        each("network remove", i -> target.ask("DELETE", "/v1/networks/new" + i, null));
        each("remote add", i -> target.ask("POST", remotes(), "{\"ip\": \"10.99.7." + (1 + i) + "\"}"));
        each("remote remove", i -> target.ask("DELETE", remotes() + "/10.99.7." + (1 + i), null));
    }

    private static String remotes() {
        return "/v1/networks/" + Layout.network(0) + "/remotes";
    }

    private void each(String what, IntConsumer change) {
        List<Long> tookNs = new ArrayList<>();
        double beganSeconds = target.cpuSeconds();
        for (int i = 0; i < CHANGES; i++) {
            long beganNs = System.nanoTime();
            change.accept(i);
            tookNs.add(System.nanoTime() - beganNs);
        }
        print(what, Times.of(tookNs) + cpu((target.cpuSeconds() - beganSeconds) / CHANGES) + " each");
    }

    private void burst() {
        long beganNs = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            addHost(NEW + 1_000 + i);
            if (System.nanoTime() - beganNs > BURST_LIMIT_NS) {
                print("(given up)", (i + 1) + " of them were done");
                return;
            }
        }
    }

    private void addHost(int number) {
        target.ask("POST", "/v1/hosts", json("network", Layout.network(0), layout.host(number)));
    }

    private void reload(int ports) {
        target.configure(layout, ports);
        target.ask("POST", "/v1/reload", null);
    }

    private String mac(int number) {
        String host = layout.host(number);
        return host.substring(host.indexOf('\'') + 1, host.lastIndexOf('\''));
    }

    /** Puts one key more into a mapping; requests are YAML, of which JSON is a part. */
    private static String json(String key, String value, String mapping) {
        return "{" + key + ": " + value + ", " + mapping.substring(1);
    }
}
