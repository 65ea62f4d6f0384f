package io.jvswitch.bench.control;

import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.PacketDevice;
import io.jvswitch.tap.PacketQueue;
import io.jvswitch.vswitchd.demo.StepFailedException;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** A guest that asks for an address again and again: it sends by the device of a TAP of the switch. For one thread. */
final class GuestPort implements AutoCloseable {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    /** Ethernet, IPv4 without options, UDP. */
    private static final int HEADERS_BYTES = 14 + 20 + 8;

    private static final long POLL_NS = 200_000;

    private final NetworkNamespace namespace;
    private final PacketDevice device;
    private final FramePool pool = new FramePool(128, FramePool.JUMBO_BUFFER_BYTES);
    private final FrameBatch sent = new FrameBatch(1);
    private final FrameBatch received = new FrameBatch(FrameBatch.BURST_FRAMES);
    private int xid;

    private GuestPort(NetworkNamespace namespace, PacketDevice device) {
        this.namespace = namespace;
        this.device = device;
    }

    /** Sends by a device that the switch has made. */
    static GuestPort at(String netns, String name) {
        try {
            NetworkNamespace namespace = NetworkNamespace.named(netns);
            return new GuestPort(namespace, PacketDevice.open(namespace, name, 1));
        } catch (NativeException e) {
            throw new StepFailedException("no guest at " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns when the offer has come. */
    void discover() throws InterruptedException {
        xid++;
        Frame frame = pool.take();
        if (frame == null) {
            throw new IllegalStateException("the pool of the probe is empty");
        }
        Hex.fill(frame, request());
        sent.add(frame);
        if (device.queue(0).transmit(sent, 0) != 1) {
            throw new StepFailedException(
                    "the guest's DISCOVER was refused: " + device.queue(0).transmitError());
        }
        sent.releaseAll(pool);
        long beganNs = System.nanoTime();
        while (!isOffered()) {
            if (System.nanoTime() - beganNs > LIMIT_NS) {
                throw new StepFailedException("no offer in 60 s");
            }
            TimeUnit.NANOSECONDS.sleep(POLL_NS);
        }
    }

    private byte[] request() {
        byte[] bytes = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(DhcpMessage.CLIENT_PORT, DhcpMessage.SERVER_PORT)
                .dhcp(DhcpMessage.OP_REQUEST, 1, Frames.MAC_A, "350101")
                .bytes();
        MemorySegment frame = MemorySegment.ofArray(bytes);
        DhcpMessage.setXid(frame, HEADERS_BYTES, xid);
        Checksum.setTransport(frame, 14L, IpProtocol.UDP, 34L, bytes.length - 34);
        return bytes;
    }

    private boolean isOffered() {
        PacketQueue queue = device.queue(0);
        if (queue.receive(pool, received) == PacketQueue.GONE) {
            throw new StepFailedException("the guest's device has gone");
        }
        boolean found = false;
        for (int i = 0; i < received.size(); i++) {
            Frame frame = received.get(i);
            found |= frame.length() >= HEADERS_BYTES + DhcpMessage.BYTES
                    && DhcpMessage.op(frame.segment(), frame.start() + HEADERS_BYTES) == DhcpMessage.OP_REPLY
                    && DhcpMessage.xid(frame.segment(), frame.start() + HEADERS_BYTES) == xid;
        }
        received.releaseAll(pool);
        return found;
    }

    @Override
    public void close() {
        device.close();
        namespace.close();
        pool.close();
    }
}
