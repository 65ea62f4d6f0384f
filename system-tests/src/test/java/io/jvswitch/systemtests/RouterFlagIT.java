package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * Linux guests whose default router is a host behind VXLAN, for which the switch answers: Linux and dnsmasq, which
 * advertises it. On {@code blue} nobody says that it routes, on {@code green} somebody says that it does not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouterFlagIT {
    private static final String BLUE_ROUTER = "fe80::ff:fe00:ff2a";
    private static final String GREEN_ROUTER = "fe80::ff:fe00:ff2b";

    private final Hypervisor hypervisor = Hypervisor.create("hvr");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest blueVm = Guest.create("bluer", "tap-blue");
    private final Guest greenVm = Guest.create("greenr", "tap-green");

    @BeforeAll
    void layOut() {
        Peers.require("dnsmasq", "ping");
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.netns().run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "fd00:20::1/64");
        vtep.addVxlan(43, "192.0.2.2", "192.0.2.1", 1450, "fd00:21::1/64");
        hypervisor.configure("""
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    hosts:
                      - {mac: "%s", ip: ["fd00:20::1", "%s"], vtep: 192.0.2.2}
                  green:
                    tunnel: vxlan
                    vni: 43
                    remotes: [192.0.2.2]
                    hosts:
                      - {mac: "%s", ip: ["fd00:21::1", "%s"], vtep: 192.0.2.2, router: false}
                ports:
                  tap-blue:
                    kind: tap
                    network: blue
                    netns: %s
                    mac: "02:00:00:00:00:41"
                    ip: "fd00:20::41"
                    allowed-ips: "fd00:20::/64"
                  tap-green: {kind: tap, network: green, netns: %s}
                """.formatted(
                        LinuxVtep.mac(42),
                        BLUE_ROUTER,
                        LinuxVtep.mac(43),
                        GREEN_ROUTER,
                        blueVm.netns().name(),
                        greenVm.netns().name()));
        hypervisor.start();
        blueVm.bringUp("fd00:20::41/64");
        greenVm.bringUp("fd00:21::41/64");
    }

    @AfterAll
    void clearAway() {
        blueVm.close();
        greenVm.close();
        hypervisor.close();
        vtep.close();
    }

    private static boolean hasDefaultRoute(Guest guest) {
        return guest.netns().run("ip", "-6", "route", "show", "default").contains("proto ra");
    }

    private long ndReplies(String port) {
        return hypervisor.port(port).path("traffic").path("nd_replies").asLong();
    }

    /**
     * Has the guest ask for its router's MAC address anew, and the switch answer: the guest knows it for a router at
     * another MAC address, as after a replacement.
     */
    private void askAnew(Guest guest, String router) {
        long before = ndReplies(guest.device());
        guest.netns()
                .run(
                        "ip",
                        "-6",
                        "neighbour",
                        "replace",
                        router,
                        "dev",
                        guest.device(),
                        "lladdr",
                        "02:00:00:00:00:99",
                        "router",
                        "nud",
                        "probe");
        Await.until(
                "the switch to answer for " + router,
                Hypervisor.LIMIT,
                () -> guest.netns().run("ip", "-6", "neighbour"),
                () -> ndReplies(guest.device()) > before);
    }

    private String routerColumn(String address) {
        for (JsonNode neighbour : hypervisor.get("/v1/arp")) {
            if (neighbour.path("ip").asString().equals(address)) {
                return neighbour.path("router").asString();
            }
        }
        throw new AssertionError("no " + address);
    }

    /** RFC 4861, section 7.2.5. */
    @Test
    void aGuestKeepsItsDefaultRoute() {
        try (RunningProgram advertiser = vtep.netns()
                .start(
                        "dnsmasq",
                        "-d",
                        "-C",
                        "/dev/null",
                        "-p",
                        "0",
                        "-i",
                        "vx42",
                        "-i",
                        "vx43",
                        "--enable-ra",
                        "--dhcp-range=fd00:20::,ra-only",
                        "--dhcp-range=fd00:21::,ra-only")) {
            Await.until("a default route on blue", Hypervisor.LIMIT, advertiser::output, () -> hasDefaultRoute(blueVm));
            Await.until(
                    "a default route on green", Hypervisor.LIMIT, advertiser::output, () -> hasDefaultRoute(greenVm));
            Await.until(
                    "the router to be known by its own word",
                    Hypervisor.LIMIT,
                    () -> hypervisor.get("/v1/arp").toPrettyString(),
                    () -> routerColumn(BLUE_ROUTER).equals("true"));
            askAnew(blueVm, BLUE_ROUTER);
            askAnew(blueVm, "fd00:20::1");
            assertTrue(hasDefaultRoute(blueVm));
            blueVm.ping("fd00:20::1");
            // That Linux goes by the flag: with the wrong one the route is gone at once.
            askAnew(greenVm, GREEN_ROUTER);
            Await.until(
                    "the default route to go",
                    Hypervisor.LIMIT,
                    () -> greenVm.netns().run("ip", "-6", "neighbour"),
                    () -> !hasDefaultRoute(greenVm));
            String hosts = hypervisor.command("host", "list").output();
            assertTrue(hosts.contains("yes") && hosts.contains("no"), hosts);
        }
    }
}
