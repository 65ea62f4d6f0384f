package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * A raw IP socket of the underlay, for GRE: frames begin with the header of one IP protocol; the kernel writes and
 * strips the outer IP header and reassembles fragments (raw(7), ipv6(7)).
 *
 * <p>Received frames say where they came from and which of our addresses they came to; the outer IPv4 header, which the
 * kernel delivers too, lies in the headroom before the frame. Transmitted frames say where they go. On a socket bound
 * to any address, a frame's local address, where set, becomes the outer source. The outer header's DSCP and ECN are
 * {@link io.jvswitch.wire.Frame#outerTrafficClass()}, both ways.
 *
 * <p>Every raw socket of a protocol and address gets every packet, so there is one per host, whatever the number of
 * workers. Where the NIC merges GRE segments on receipt (GRO), a frame can be larger than the underlay's MTU: {@link
 * #watchSegmentSizes}.
 *
 * <p>Owned by one worker; {@link #fd()}, {@link #kernelDrops()} and the getters may be called by any thread.
 * {@link #close()} is for the owner, or for another thread once the owner has stopped.
 */
public final class RawIpSocket implements PortQueue, AutoCloseable {

    private final DatagramQueue queue;

    private RawIpSocket(DatagramQueue queue) {
        this.queue = queue;
    }

    /**
     * Opens and binds; the options' port is not used.
     *
     * @param protocol the IP protocol number, or the IPv6 next header: {@link io.jvswitch.wire.header.IpProtocol#GRE}
     * @throws NativeException naming the address, the call and the remedy; nothing is left behind
     */
    public static RawIpSocket open(UnderlayOptions options, int protocol) throws NativeException {
        IpAddress local = options.localIp();
        String object = "raw IP socket " + local + " protocol " + protocol;
        int fd = NativeException.check(
                NativeCalls.rawOpen(options.namespace().fd(), local.hi(), local.lo(), protocol),
                object,
                Operation.OPEN_RAW);
        return new RawIpSocket(DatagramQueue.bind(object, fd, options, true));
    }

    /**
     * From now on, asks the kernel how large the segments of superframes are: packets whose inner segments a NIC merged
     * on receipt (GRO), or that their sender left to a NIC to segment. Such frames then have {@link
     * io.jvswitch.wire.Frame#GSO_INNER}. Call it once, before the first {@link #receive}.
     *
     * @return whether the kernel can tell: Linux 5.8, with CAP_BPF or CAP_SYS_ADMIN
     */
    public boolean watchSegmentSizes() {
        return queue.watchSegmentSizes();
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        return queue.receive(pool, into);
    }

    @Override
    public int transmit(FrameBatch batch, int from) {
        return queue.transmit(batch, from);
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return queue.transmitFailure();
    }

    @Override
    public @Nullable String transmitError() {
        return queue.transmitError();
    }

    @Override
    public int takeReceiveDrops() {
        return queue.takeReceiveDrops();
    }

    @Override
    public @Nullable DropReason receiveFailure() {
        return queue.receiveFailure();
    }

    @Override
    public int fd() {
        return queue.fd();
    }

    /** The address that it was bound to. */
    public IpAddress localIp() {
        return queue.local();
    }

    /** Packets that the kernel dropped since opening because the receive buffer was full. */
    public long kernelDrops() throws NativeException {
        return queue.kernelDrops();
    }

    /** @param hops TTL or hop limit of outgoing packets, 1 to 255 */
    public void setHopLimit(int hops) throws NativeException {
        queue.set(SocketOption.HOP_LIMIT, hops);
    }

    @Override
    public void close() {
        queue.close();
    }

    @Override
    public String toString() {
        return queue.toString();
    }
}
