package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel tells about devices, addresses and routes. */
final class LinkMonitorIT {

    private Lab lab = new Lab();
    private Netns host;
    private LinkMonitor monitor;
    private final List<LinkEvent> heard = new ArrayList<>();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @BeforeEach
    void listen() throws NativeException {
        host = lab.quietHost("links");
        monitor = lab.keep(LinkMonitor.open(lab.enter(host)));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void await(String what, Predicate<LinkEvent> wanted) {
        Await.until(what, Lab.PATIENCE, heard::toString, () -> {
            poll();
            return heard.stream().anyMatch(wanted);
        });
    }

    private void poll() {
        try {
            monitor.poll(100, heard::add);
        } catch (NativeException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitPresent(String what, Predicate<DeviceState> wanted) {
        await(what, event -> event instanceof LinkEvent.Present(DeviceState device) && wanted.test(device));
        heard.clear();
    }

    @Test
    void theLifeOfADeviceIsHeard() throws NativeException {
        assertTrue(monitor.fd() >= 0);
        host.run("ip", "tuntap", "add", "vm1", "mode", "tap");
        await(
                "vm1",
                event -> event instanceof LinkEvent.Present(DeviceState device)
                        && device.name().equals("vm1"));
        int index = NetDevice.named(lab.enter(host), "vm1").read().index();
        heard.clear();

        host.run("ip", "link", "set", "vm1", "address", "02:00:00:00:00:07");
        awaitPresent(
                "its address",
                device -> device.index() == index && device.mac().equals(MacAddress.parse("02:00:00:00:00:07")));
        host.run("ip", "link", "set", "vm1", "mtu", "1450");
        awaitPresent("its MTU", device -> device.index() == index && device.mtuBytes() == 1450);
        host.run("ip", "link", "set", "vm1", "name", "vm2");
        awaitPresent(
                "its name", device -> device.index() == index && device.name().equals("vm2"));
        host.run("ip", "link", "set", "vm2", "up");
        awaitPresent("up, no carrier", device -> device.up() && !device.running());
        TapDevice tap = lab.keep(TapDevice.open(TapOptions.named("vm2").withNamespace(lab.enter(host))));
        awaitPresent("carrier", device -> device.name().equals("vm2") && device.up() && device.running());
        host.run("ip", "link", "set", "vm2", "down");
        awaitPresent("down", device -> !device.up());
        host.run("ip", "link", "delete", "vm2");
        await("deletion", event -> event.equals(new LinkEvent.Gone(index, "vm2")));
        assertTrue(tap.queue(0).fd() >= 0);
    }

    @Test
    void aDeviceThatMovesAwayIsGone() throws NativeException {
        Netns elsewhere = lab.quietHost("elsewhere");
        host.run("ip", "tuntap", "add", "vm1", "mode", "tap");
        host.run("ip", "link", "set", "vm1", "netns", elsewhere.name());
        await("its going", event -> event instanceof LinkEvent.Gone(int _, String name) && name.equals("vm1"));
    }

    @Test
    void aDeviceThatLeavesABridgeIsNotGone() {
        host.run("ip", "link", "add", "br0", "type", "bridge");
        host.run("ip", "tuntap", "add", "vm1", "mode", "tap");
        host.run("ip", "link", "set", "vm1", "master", "br0");
        host.run("ip", "link", "set", "vm1", "nomaster");
        host.run("ip", "link", "set", "vm1", "mtu", "1234");
        await(
                "the last change",
                event -> event instanceof LinkEvent.Present(DeviceState device) && device.mtuBytes() == 1234);
        assertFalse(heard.stream().anyMatch(event -> event instanceof LinkEvent.Gone), heard.toString());
    }

    @Test
    void addressesAndRoutesAreHeard() throws NativeException {
        host.run("ip", "tuntap", "add", "vm1", "mode", "tap");
        host.run("ip", "link", "set", "vm1", "up");
        int index = NetDevice.named(lab.enter(host), "vm1").read().index();
        host.run("ip", "address", "add", "192.0.2.1/24", "dev", "vm1");
        await("the address", event -> event.equals(new LinkEvent.AddressesChanged(index)));
        heard.clear();
        host.run("ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.2");
        await("the route", event -> event instanceof LinkEvent.RoutesChanged);
    }

    @Test
    void everyDeviceIsListedOnRequest() throws NativeException {
        for (int i = 0; i < 100; i++) {
            host.run("ip", "tuntap", "add", "vm" + i, "mode", "tap");
        }
        poll();
        LinkMonitor late = lab.keep(LinkMonitor.open(lab.enter(host)));
        late.requestAll();
        List<String> names = new ArrayList<>();
        Await.until("100 devices and lo", Lab.PATIENCE, names::toString, () -> {
            try {
                late.poll(1000, event -> {
                    if (event instanceof LinkEvent.Present(DeviceState device)) {
                        names.add(device.name());
                    }
                });
            } catch (NativeException e) {
                throw new AssertionError(e);
            }
            return names.size() == 101;
        });
        assertTrue(names.contains("lo") && names.contains("vm0") && names.contains("vm99"), names.toString());
        assertEquals(0, late.poll(10, event -> {}), "nothing more, and it does not block");
    }

    @Test
    void newsThatWereLostAreAdmittedAndMadeUpFor(@TempDir Path directory) throws NativeException, IOException {
        host.run("ip", "tuntap", "add", "vm1", "mode", "tap");
        StringBuilder changes = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            changes.append("link set vm1 mtu ").append(1000 + i % 100).append('\n');
        }
        changes.append("link set vm1 mtu 1333\n");
        Path batch = Files.writeString(directory.resolve("changes"), changes);
        Programs.run(host.inside("ip", "-batch", batch.toString()));
        await("the overrun", event -> event instanceof LinkEvent.Overrun);
        while (monitor.poll(100, event -> {}) > 0) {
            heard.clear();
        }
        monitor.requestAll();
        awaitPresent("the state now", device -> device.name().equals("vm1") && device.mtuBytes() == 1333);
    }

    @Test
    void aClosedMonitorSaysSo() {
        monitor.close();
        monitor.close();
        assertEquals(-1, monitor.fd());
        assertThrows(NativeException.class, () -> monitor.poll(1, heard::add));
    }
}
