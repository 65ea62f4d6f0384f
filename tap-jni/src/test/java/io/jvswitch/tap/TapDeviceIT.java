package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The life of a TAP: made, found, changed, moved, taken away. */
final class TapDeviceIT {

    private Lab lab = new Lab();
    private Netns host;
    private NetworkNamespace namespace;

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @BeforeEach
    void makeHost() throws NativeException {
        host = lab.quietHost("tap");
        namespace = lab.enter(host);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private TapOptions options(String name) {
        return TapOptions.named(name).withNamespace(namespace);
    }

    private TapDevice open(TapOptions options) throws NativeException {
        return lab.keep(TapDevice.open(options));
    }

    private static NativeException failure(Executable attempt, String... words) {
        NativeException failure = assertThrows(NativeException.class, attempt);
        for (String word : words) {
            assertTrue(String.valueOf(failure.getMessage()).contains(word), failure.getMessage());
        }
        return failure;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** The kernel passes a change of carrier on in its own time. */
    private static void awaitRunning(TapDevice tap, boolean expected) {
        Await.until(tap + (expected ? " to run" : " to stop"), Lab.PATIENCE, () -> {
            try {
                return tap.read().running() == expected;
            } catch (NativeException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aDeviceLivesAsLongAsItIsOpen() throws NativeException {
        TapDevice tap = open(options("vm1"));
        assertEquals("vm1", tap.name());
        assertTrue(NetDevice.named(namespace, "vm1").exists());
        assertFalse(NetDevice.named("vm1").exists(), "not in our own namespace");
        tap.close();
        assertFalse(NetDevice.named(namespace, "vm1").exists());
    }

    @Test
    void theKernelChoosesANumber() throws NativeException {
        assertEquals("vm0", open(options("vm%d")).name());
        assertEquals("vm1", open(options("vm%d")).name());
    }

    @Test
    void everySettingReachesTheDevice() throws NativeException {
        TapDevice tap = open(options("vm1"));
        MacAddress mac = MacAddress.parse("02:00:00:00:12:34");
        tap.setMac(mac);
        tap.setMtu(1450);
        tap.setUp(true);
        awaitRunning(tap, true);
        DeviceState state = tap.read();
        assertEquals(new DeviceState(state.index(), "vm1", 1450, mac, true, true, true, 0), state);
        tap.setCarrier(false);
        awaitRunning(tap, false);
        assertTrue(tap.read().up());
        tap.setCarrier(true);
        awaitRunning(tap, true);
        tap.setUp(false);
        assertFalse(tap.read().up());
        tap.setGsoMax(61_912);
        String shown = host.run("ip", "-o", "-d", "link", "show", "vm1");
        assertTrue(shown.contains("gso_max_size 61912"), shown);
        assertTrue(shown.contains("mtu 1450") && shown.contains(mac.toString()), shown);
    }

    @Test
    void anMtuOutOfRangeIsRefused() throws NativeException {
        TapDevice tap = open(options("vm1"));
        failure(() -> tap.setMtu(67), "device vm1", "SIOCSIFMTU", "EINVAL", "minmtu");
        failure(() -> tap.setMtu(70_000), "EINVAL");
        tap.setMtu(65_521);
    }

    @Test
    void aPersistentDeviceOutlivesUsUntilItIsRemoved() throws NativeException {
        TapDevice first = open(options("vm1").withPersistent(true));
        first.setMtu(1400);
        first.close();
        assertTrue(NetDevice.named(namespace, "vm1").exists());
        TapDevice second = open(options("vm1").withAttach(TapOptions.Attach.EXISTING));
        assertEquals(1400, second.read().mtuBytes());
        second.remove();
        second.remove();
        assertFalse(NetDevice.named(namespace, "vm1").exists());
    }

    @Test
    void aDeviceThatIpMadeIsFound() throws NativeException {
        host.run("ip", "tuntap", "add", "single", "mode", "tap");
        host.run("ip", "tuntap", "add", "several", "mode", "tap", "multi_queue");
        open(options("single").withAttach(TapOptions.Attach.EXISTING));
        open(options("several").withAttach(TapOptions.Attach.EXISTING).withQueues(3));
        TapDevice oneOfSeveral = open(options("several").withAttach(TapOptions.Attach.EXISTING));
        assertEquals(1, oneOfSeveral.queueCount());
        failure(
                () -> open(options("single").withAttach(TapOptions.Attach.EXISTING)),
                "TAP single",
                "TUNSETIFF",
                "EBUSY",
                "another program has it open");
    }

    @Test
    void whatCannotBeOpenedIsNamedAndLeavesNothingBehind() throws NativeException, IOException {
        host.run("ip", "tuntap", "add", "single", "mode", "tap");
        host.run("ip", "link", "add", "nic", "type", "veth", "peer", "name", "nic2");
        open(options("vm1"));
        long before = descriptors();
        failure(
                () -> open(options("vm1").withAttach(TapOptions.Attach.CREATE)),
                "TAP vm1",
                "EBUSY",
                "ip link delete vm1");
        failure(() -> open(options("nic").withAttach(TapOptions.Attach.CREATE)), "TAP nic", "EBUSY");
        failure(
                () -> open(options("none").withAttach(TapOptions.Attach.EXISTING)),
                "none",
                "ENODEV",
                "no such device in this network namespace");
        failure(() -> open(options("nic")), "TAP nic", "EINVAL", "is no TAP");
        failure(() -> open(options("single").withQueues(2)), "TAP single", "EINVAL", "multi_queue");
        failure(() -> open(options("bad/name")), "TAP bad/name", "EINVAL");
        assertEquals(before, descriptors());
    }

    @Test
    void aDeviceIsFollowedToAnotherNamespaceAndName() throws NativeException {
        Netns guest = lab.quietHost("guest");
        TapDevice tap = open(options("vm1"));
        tap.moveTo(lab.enter(guest), "eth0");
        assertFalse(NetDevice.named(namespace, "vm1").exists());
        assertEquals("eth0", tap.currentName());
        tap.setMtu(1400);
        tap.setUp(true);
        assertTrue(guest.run("ip", "-o", "link", "show", "eth0").contains("mtu 1400"));
        assertTrue(tap.read().up());

        guest.run("ip", "link", "set", "eth0", "down");
        guest.run("ip", "link", "set", "eth0", "name", "lan");
        guest.run("ip", "link", "set", "lan", "netns", host.name());
        assertEquals("lan", tap.currentName());
        assertFalse(tap.read().up());
        tap.setUp(true);
        assertTrue(NetDevice.named(namespace, "lan").read().up());
    }

    @Test
    void aDeviceMovesIntoOurOwnNamespace() throws NativeException {
        TapDevice tap = open(options("vm1"));
        String name = "jvs" + ProcessHandle.current().pid();
        tap.moveTo(NetworkNamespace.current(), name);
        assertTrue(NetDevice.named(name).exists());
        tap.setMtu(1400);
        assertEquals(1400, NetDevice.named(name).read().mtuBytes());
        tap.close();
        assertFalse(NetDevice.named(name).exists());
    }

    @Test
    void aNamespaceIsNamedByPidAndPathToo() throws NativeException {
        long pid = host.start("sleep", "1000").process().pid();
        // "ip netns exec" enters the namespace before it becomes the program
        Await.until("the program to be in its namespace", Lab.PATIENCE, () -> sameNamespace(pid, host.name()));
        TapDevice byPid = open(TapOptions.named("pid").withNamespace(lab.keep(NetworkNamespace.ofPid(pid))));
        TapDevice byPath = open(TapOptions.named("path")
                .withNamespace(lab.keep(NetworkNamespace.ofPath(Path.of("/run/netns", host.name())))));
        assertTrue(NetDevice.named(namespace, byPid.name()).exists());
        assertTrue(NetDevice.named(namespace, byPath.name()).exists());
    }

    private static boolean sameNamespace(long pid, String name) {
        try {
            return Files.getAttribute(Path.of("/proc/" + pid + "/ns/net"), "unix:ino")
                    .equals(Files.getAttribute(Path.of("/run/netns", name), "unix:ino"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aNamespaceThatIsNoneIsNamed() {
        failure(() -> NetworkNamespace.named("jvs-none"), "network namespace jvs-none", "ENOENT", "ip netns list");
        failure(() -> NetworkNamespace.ofPath(Path.of("/proc/self/ns/uts")), "EINVAL", "not a network namespace");
        failure(() -> NetworkNamespace.ofPath(Path.of("/dev/null")), "EINVAL");
        failure(() -> NetworkNamespace.ofPid(0), "process 0", "ENOENT");
    }

    @Test
    void aClosedNamespaceDoesNotStandForOurOwn() throws NativeException {
        NetworkNamespace closed = NetworkNamespace.named(host.name());
        closed.close();
        closed.close();
        assertThrows(
                IllegalStateException.class, () -> open(TapOptions.named("vm1").withNamespace(closed)));
        assertThrows(
                IllegalStateException.class, () -> NetDevice.named(closed, "lo").read());
    }

    @Test
    void aDeletedDeviceSaysSo() throws NativeException {
        TapDevice tap = open(options("vm1"));
        host.run("ip", "link", "delete", "vm1");
        assertTrue(failure(tap::read, "TAP vm1", "EBADFD").isGone());
        assertTrue(
                failure(() -> tap.setCarrier(true), "TAP vm1", "TUNSETCARRIER").isGone());
        tap.remove();
        tap.close();
    }

    @Test
    void aTakenNameAtTheOtherEndIsRefused() throws NativeException {
        Netns guest = lab.quietHost("guest");
        guest.run("ip", "tuntap", "add", "eth0", "mode", "tap");
        TapDevice tap = open(options("vm1"));
        NetworkNamespace there = lab.enter(guest);
        failure(() -> tap.moveTo(there, "eth0"), "device vm1", "EEXIST", "has that name");
        assertEquals("vm1", tap.currentName());
    }
}
