package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** One guest's port is configured on two hosts, as for a live migration: the guest is where its device is. */
final class MigrationIT {
    private static final String MAC = "02:00:00:00:00:11";

    private final Hypervisor a = Hypervisor.create("hma");
    private final Hypervisor b = Hypervisor.create("hmb");
    private final Guest vm = Guest.create("mvm", "eth0");
    private final Guest nearA = Guest.create("mna", "tap-near");
    private final Guest nearB = Guest.create("mnb", "tap-near");

    @AfterEach
    void clearAway() {
        List.of(vm, nearA, nearB).forEach(Guest::close);
        a.close();
        b.close();
    }

    private void start(Hypervisor host, String local, String remote, String tunnel, boolean hosts, Guest near) {
        host.configure("""
                underlay: {local-ip: %s}
                networks:
                  blue:
                    tunnel: %s
                    vni: 42
                    remotes: [%s]
                %s
                ports:
                  vm: {kind: system, network: blue, mac: "%s", ip: [10.0.0.11, "fd00::11"]}
                  tap-near: {kind: tap, network: blue, netns: %s}
                """.formatted(
                local,
                tunnel,
                remote,
                hosts
                        ? "    hosts: [{mac: \"%s\", ip: [10.0.0.11, \"fd00::11\"], vtep: %s}]".formatted(MAC, remote)
                        : "",
                MAC,
                near.netns().name()));
        host.start();
    }

    /** The guest's device appears on a host; its own end says nothing that anybody could learn from. */
    private void appearOn(Netns host) {
        host.connect("vm", vm.netns(), "eth0");
        vm.silence();
        vm.netns()
                .run(
                        "sh",
                        "-c",
                        "ip link set eth0 address " + MAC
                                + " && ip link set eth0 up && ip address add 10.0.0.11/24 dev eth0");
    }

    private static JsonNode fdbEntry(Hypervisor host) {
        for (JsonNode entry : host.get("/v1/fdb")) {
            if (entry.path("mac").asString().equals(MAC)) {
                return entry;
            }
        }
        return host.get("/v1/fdb").path("none");
    }

    @ParameterizedTest
    @CsvSource({"vxlan, true", "gre, false"})
    void theGuestIsWhereItsDeviceIs(String tunnel, boolean hosts) {
        a.connect(b.netns(), "192.0.2.1/24", "192.0.2.2/24");
        start(a, "192.0.2.1", "192.0.2.2", tunnel, hosts, nearA);
        start(b, "192.0.2.2", "192.0.2.1", tunnel, hosts, nearB);
        nearA.silence();
        nearB.silence();
        nearA.bringUp("10.0.0.21/24");
        nearB.bringUp("10.0.0.22/24");

        appearOn(a.netns());
        a.awaitUp("vm");
        nearB.awaitPing("10.0.0.11");
        nearA.awaitPing("10.0.0.11");
        assertEquals("port", fdbEntry(a).path("source").asString());
        assertEquals(hosts ? "host" : "learned", fdbEntry(b).path("source").asString());
        assertEquals("waiting", b.port("vm").path("state").asString());

        // The others know the address, and keep on sending as before: only the switches can notice.
        a.netns().run("ip", "link", "delete", "vm");
        a.awaitState("vm", "waiting");
        appearOn(b.netns());
        b.awaitUp("vm");
        long portDown = a.drops("port-down") + b.drops("port-down"); // what was on its way when the device went
        for (Guest near : List.of(nearA, nearB)) {
            near.netns().run("ip", "neighbour", "replace", "10.0.0.11", "lladdr", MAC, "dev", near.device());
            near.awaitPing("10.0.0.11");
        }
        assertEquals("port", fdbEntry(b).path("source").asString());
        assertEquals(hosts ? "host" : "learned", fdbEntry(a).path("source").asString());
        assertEquals(portDown, a.drops("port-down") + b.drops("port-down"));

        // Back, and without a word of the guest: whoever asks by ARP is told right, too.
        b.netns().run("ip", "link", "delete", "vm");
        b.awaitState("vm", "waiting");
        Await.until(
                "b to forget it",
                Hypervisor.LIMIT,
                () -> !fdbEntry(b).path("source").asString("").equals("port"));
        appearOn(a.netns());
        a.awaitUp("vm");
        nearB.netns().run("ip", "neighbour", "flush", "all");
        nearB.awaitPing("10.0.0.11");
        assertEquals("port", fdbEntry(a).path("source").asString());
    }
}
