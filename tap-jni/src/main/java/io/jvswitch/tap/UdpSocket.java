package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of the underlay, for VXLAN and Geneve: frames begin with the tunnel header; the kernel writes and strips
 * the outer UDP and IP headers (RFC 768, udp(7)).
 *
 * <p>Each received frame says where it came from ({@code remoteHi}, {@code remoteLo}, {@code remotePort}) and which of
 * our addresses it was sent to; each transmitted one says where it goes. On a socket bound to any address, a frame's
 * local address, where set, becomes the outer source. The outer header's DSCP and ECN are {@link
 * io.jvswitch.wire.Frame#outerTrafficClass()}, both ways. UDP checksums are sent, also over IPv6, and verified on
 * receipt; a checksum of zero is accepted (RFC 7348, section 5; RFC 6935 for IPv6).
 *
 * <p>The socket is not connected: an ICMP error caused by one remote costs no frame to or from another.
 *
 * <p>Owned by one worker; {@link #fd()}, {@link #kernelDrops()} and the getters may be called by any thread.
 * {@link #close()} is for the owner, or for another thread once the owner has stopped.
 */
public final class UdpSocket implements PortQueue, AutoCloseable {

    private final DatagramQueue queue;
    private int offloads = Offload.NONE;

    private UdpSocket(DatagramQueue queue) {
        this.queue = queue;
    }

    /**
     * Opens and binds.
     *
     * @throws NativeException naming the address and port, the call and the remedy; nothing is left behind
     */
    public static UdpSocket open(UnderlayOptions options) throws NativeException {
        IpAddress local = options.localIp();
        String object = "UDP socket " + (local.isIpv4() ? local.toString() : "[" + local + "]") + ":" + options.port();
        int fd = NativeException.check(
                NativeCalls.udpOpen(options.namespace().fd(), local.hi(), local.lo()), object, Operation.OPEN_UDP);
        return new UdpSocket(DatagramQueue.bind(object, fd, options, false));
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        return queue.receive(pool, into);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A frame whose {@code gsoType} is {@code GSO_UDP_L4} leaves as datagrams of {@code gsoSizeBytes} each (the last
     * may be shorter), in one send: at most 64 of them and 65,507 bytes. Where the kernel or the route cannot segment,
     * they are sent one by one; if one of them fails, those before it have been sent.
     */
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

    /** {@link Offload#TRAINS} once {@link #enableSegmentation} found that the kernel can. */
    @Override
    public int offloads() {
        return offloads;
    }

    /** The address that it was bound to. */
    public IpAddress localIp() {
        return queue.local();
    }

    /** The port that it is bound to, also when the kernel chose it. */
    public int localPort() throws NativeException {
        return queue.localPort();
    }

    /** Datagrams that the kernel dropped since opening because the receive buffer was full. */
    public long kernelDrops() throws NativeException {
        return queue.kernelDrops();
    }

    /** The kernel's memory for received datagrams, as granted; Linux reports twice what was asked for. */
    public int receiveBufferBytes() throws NativeException {
        return queue.get(SocketOption.RECEIVE_BUFFER);
    }

    /** The kernel's memory for datagrams waiting to be sent, as granted; Linux reports twice what was asked for. */
    public int sendBufferBytes() throws NativeException {
        return queue.get(SocketOption.SEND_BUFFER);
    }

    /**
     * Whether sockets that are bound from now on may share the port, if they set this option as well ({@code
     * SO_REUSEPORT}).
     */
    public void setReusePort(boolean on) throws NativeException {
        queue.set(SocketOption.REUSE_PORT, on ? 1 : 0);
    }

    /** @param hops TTL or hop limit of outgoing packets, 1 to 255 */
    public void setHopLimit(int hops) throws NativeException {
        queue.set(SocketOption.HOP_LIMIT, hops);
    }

    /** Whether outgoing datagrams carry a UDP checksum; they do by default. UDP GSO needs it. */
    public void setChecksum(boolean on) throws NativeException {
        queue.set(SocketOption.OMIT_CHECKSUM, on ? 0 : 1);
    }

    /**
     * Sends equal-sized datagrams that are adjacent in a batch and go to one peer in one send ({@code UDP_SEGMENT},
     * Linux 4.18).
     *
     * @return whether this kernel can do it
     */
    public boolean enableSegmentation() {
        boolean known = queue.trySet(SocketOption.UDP_SEGMENTATION, 0);
        if (known) {
            queue.coalesce();
            offloads = Offload.TRAINS;
        }
        return known;
    }

    /**
     * Lets datagrams from one sender arrive merged, as frames of {@code GSO_UDP_L4} ({@code UDP_GRO}, Linux 5.0). The
     * pool's buffers need room for 65,535 bytes.
     *
     * @return whether this kernel can do it
     */
    public boolean enableCoalescing() {
        return queue.trySet(SocketOption.UDP_COALESCING, 1);
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
