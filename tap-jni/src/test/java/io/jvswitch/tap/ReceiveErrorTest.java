package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.PortQueue;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What no device should do: descriptors of other kinds stand in for one that does. */
final class ReceiveErrorTest {

    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final int HEADER_BYTES = 12;

    private final FramePool pool = new FramePool(8, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final FrameBatch frames = new FrameBatch(8);

    @AfterEach
    void close() {
        assertEquals(pool.size(), pool.free());
        pool.close();
    }

    private static TapQueue tapQueue(Descriptor descriptor) {
        return new TapQueue(descriptor, false, HEADER_BYTES, true);
    }

    private static PacketQueue packetQueue(Descriptor descriptor) {
        return new PacketQueue(descriptor, true);
    }

    private void countsOneError(PortQueue queue) {
        assertEquals(0, queue.receive(pool, frames));
        assertEquals(1, queue.takeReceiveDrops());
        assertEquals(DropReason.RX_ERROR, queue.receiveFailure());
        assertEquals(0, queue.takeReceiveDrops(), "once");
    }

    /** The kernel refuses to read one: EISDIR, and ENOTSOCK. */
    private void readsADirectory(Function<Descriptor, PortQueue> open) {
        try (Arena arena = Arena.ofConfined();
                Descriptor directory = new Descriptor(NativeCalls.namespaceOpen(
                        arena.allocateFrom("/", StandardCharsets.UTF_8).address()))) {
            countsOneError(open.apply(directory));
        }
    }

    /** A datagram of loopback as what the device delivers. */
    private void receives(int bytes, Function<Descriptor, PortQueue> open) throws Exception {
        try (UdpSocket device = UdpSocket.open(UnderlayOptions.at(LOOPBACK, 0));
                DatagramSocket sender = new DatagramSocket()) {
            InetAddress to = InetAddress.ofLiteral(LOOPBACK.toString());
            sender.send(new DatagramPacket(new byte[bytes], bytes, to, device.localPort()));
            countsOneError(open.apply(new Descriptor(device.fd())));
        }
    }

    @Test
    void aReadThatTheKernelRefuses() {
        readsADirectory(ReceiveErrorTest::tapQueue);
        readsADirectory(ReceiveErrorTest::packetQueue);
    }

    @Test
    void aFrameThatIsShorterThanItsVirtioNetHeader() throws Exception {
        receives(HEADER_BYTES - 1, ReceiveErrorTest::tapQueue);
        receives(PacketQueue.HEADER_BYTES - 1, ReceiveErrorTest::packetQueue);
    }
}
