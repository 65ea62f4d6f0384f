package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.IpAddress;
import org.junit.jupiter.api.Test;

final class OptionsTest {

    private static void refused(String words, org.junit.jupiter.api.function.Executable attempt) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, attempt).getMessage());
        assertTrue(message.contains(words), message);
    }

    @Test
    void tapOptionsChangeOneThingAtATime() {
        TapOptions options = TapOptions.named("vm1")
                .withAttach(TapOptions.Attach.CREATE)
                .withQueues(4)
                .withPersistent(true)
                .withVnetHeaderBytes(24)
                .withOffloads(TapDevice.OFFLOAD_CHECKSUM)
                .withNamespace(NetworkNamespace.current());
        assertEquals(
                new TapOptions(
                        "vm1",
                        TapOptions.Attach.CREATE,
                        4,
                        true,
                        24,
                        TapDevice.OFFLOAD_CHECKSUM,
                        NetworkNamespace.current()),
                options);
    }

    @Test
    void tapOptionsThatLinuxHasNotAreRefused() {
        refused("vm1: 0 queues", () -> TapOptions.named("vm1").withQueues(0));
        refused("257 queues", () -> TapOptions.named("vm1").withQueues(257));
        refused("11 bytes", () -> TapOptions.named("vm1").withVnetHeaderBytes(11));
        refused(
                "virtio-net header",
                () -> TapOptions.named("vm1").withVnetHeaderBytes(0).withOffloads(1));
    }

    @Test
    void deviceNamesHaveOneToFifteenBytes() {
        refused("''", () -> NetDevice.named(""));
        refused("'sixteen-bytes-16'", () -> NetDevice.named("sixteen-bytes-16"));
        refused("16 bytes", () -> NetDevice.named("ääääääää"));
        assertEquals("fifteen-bytes-1", NetDevice.named("fifteen-bytes-1").name());
    }

    @Test
    void underlayOptionsChangeOneThingAtATime() {
        IpAddress ip = IpAddress.parse("fe80::1");
        assertEquals(
                new UnderlayOptions(ip, 4789, true, 1, 2, false, 3, NetworkNamespace.current()),
                UnderlayOptions.at(ip, 4789)
                        .withReusePort(true)
                        .withBuffers(1, 2)
                        .withDontFragment(false)
                        .withInterfaceIndex(3)
                        .withNamespace(NetworkNamespace.current()));
        refused("65536", () -> UnderlayOptions.at(ip, 65_536));
        refused("-1", () -> UnderlayOptions.at(ip, -1));
        refused("0 and 1", () -> UnderlayOptions.at(ip, 1).withBuffers(0, 1));
    }

    @Test
    void namespaceNamesAreNotPaths() {
        refused("../x", () -> NetworkNamespace.named("../x"));
        refused("''", () -> NetworkNamespace.named(""));
        assertSame(NetworkNamespace.current(), NetworkNamespace.current());
        NetworkNamespace.current().close();
        assertEquals(NetworkNamespace.CURRENT_FD, NetworkNamespace.current().fd());
    }
}
