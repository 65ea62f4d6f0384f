package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import org.jspecify.annotations.Nullable;

/**
 * What UDP and raw IP sockets have in common: bursts of datagrams between frames and a socket, and the socket's
 * options.
 */
final class DatagramQueue extends BurstQueue {

    // Flags of the natives: datagram.c.
    private static final int IPV6 = 0x1;
    private static final int CONTROL = 0x2;
    private static final int OUTER_IPV4 = 0x4;
    private static final int COALESCE = 0x8;

    private final String object;
    private final IpAddress local;
    private final boolean anyLocal;
    private final int headerBytes;
    private int flags;
    private @Nullable SegmentSizes sizes;

    private DatagramQueue(String object, Descriptor descriptor, IpAddress local, boolean raw) {
        boolean outerHeader = raw && local.isIpv4();
        super(descriptor, outerHeader ? Ipv4Header.BYTES : 0, "sendmmsg");
        this.object = object;
        this.local = local;
        this.anyLocal = local.isUnspecified();
        // Where a raw IPv4 socket's payload begins when the outer header has no options.
        this.headerBytes = outerHeader ? Ipv4Header.BYTES : 0;
        this.flags = (local.isIpv4() ? 0 : IPV6) | (outerHeader ? OUTER_IPV4 : 0);
    }

    /** Takes over an unbound socket, applies the options and binds it; closes it when that fails. */
    static DatagramQueue bind(String object, int fd, UnderlayOptions options, boolean raw) throws NativeException {
        DatagramQueue queue = new DatagramQueue(object, new Descriptor(fd), options.localIp(), raw);
        boolean bound = false;
        try {
            queue.configure(fd, options, raw);
            IpAddress local = options.localIp();
            int outcome = NativeCalls.socketBind(
                    fd, local.hi(), local.lo(), raw ? 0 : options.port(), options.interfaceIndex());
            if (outcome < 0) {
                throw new NativeException(object, Operation.BIND, -outcome, bindRemedy(options, -outcome));
            }
            bound = true;
            return queue;
        } finally {
            if (!bound) {
                queue.close();
            }
        }
    }

    private void configure(int fd, UnderlayOptions options, boolean raw) throws NativeException {
        if (options.reusePort()) {
            SocketOption.REUSE_PORT.set(fd, object, 1);
        }
        SocketOption.DONT_FRAGMENT.set(fd, object, options.dontFragment() ? 1 : 0);
        if (!options.dontFragment() && !local.isIpv4()) {
            // Routers do not fragment IPv6, and packets of this size pass everywhere.
            SocketOption.FRAGMENT_BYTES.set(fd, object, Ipv6Header.MIN_MTU_BYTES);
            if (raw) {
                // The kernel fragments what exceeds the path MTU that it knows, and learns nothing about a raw IPv6
                // socket's paths unless errors are requested.
                SocketOption.RECEIVE_ERRORS.set(fd, object, 1);
            }
        }
        SocketOption.RECEIVE_BUFFER.set(fd, object, options.receiveBufferBytes());
        SocketOption.SEND_BUFFER.set(fd, object, options.sendBufferBytes());
        // A raw IPv4 socket sees our address, the traffic class and the hops in the outer header.
        if ((flags & OUTER_IPV4) == 0) {
            SocketOption.RECEIVE_TRAFFIC_CLASS.set(fd, object, 1);
            SocketOption.RECEIVE_HOPS.set(fd, object, 1);
            if (anyLocal) {
                SocketOption.PACKET_INFO.set(fd, object, 1);
            }
            flags |= CONTROL;
        }
        if (!raw && !local.isIpv4()) {
            // RFC 7348, section 5: a VTEP accepts a UDP checksum of zero, which IPv6 otherwise forbids (RFC 6935).
            SocketOption.ACCEPT_NO_CHECKSUM.set(fd, object, 1);
        }
    }

    static String bindRemedy(UnderlayOptions options, int errno) {
        return switch (errno) {
            case Errno.EADDRINUSE ->
                "another socket has UDP port " + options.port() + " on " + options.localIp()
                        + " or on all addresses: a second jvswitch, Open vSwitch, or a VXLAN device of the kernel; "
                        + "'ss -ulpn sport = :"
                        + options.port() + "' and 'ip -d link show type vxlan' tell which";
            case Errno.EADDRNOTAVAIL ->
                "no device here has the address " + options.localIp()
                        + ", the configuration's underlay.local-ip; see 'ip address'";
            case Errno.EINVAL ->
                "a link-local address needs the device that it is of; underlay.local-ip is better a global one";
            default -> Operation.BIND.remedy(errno);
        };
    }

    @Override
    int fill(int fd, int ready, int taken, FramePool pool) {
        return NativeCalls.datagramReceive(receiving.address(), fd, ready, flags);
    }

    @Override
    void deliver(int filled, int taken, boolean drained, FramePool pool, FrameBatch into) {
        SegmentSizes noted = sizes;
        boolean superframes = noted != null && noted.read();
        for (int slot = 0; slot < filled; slot++) {
            deliver(receiving.takeFrame(slot), slot, superframes, pool, into);
        }
        if (noted != null && superframes && drained) {
            noted.drained();
        }
    }

    private void deliver(Frame frame, int slot, boolean superframes, FramePool pool, FrameBatch into) {
        int slotFlags = receiving.flags(slot);
        if (slotFlags != 0) {
            countLoss((slotFlags & BurstTable.TRUNCATED) != 0 ? DropReason.RX_TOO_LONG : DropReason.RX_ERROR);
            pool.release(frame);
            return;
        }
        int offset = receiving.offset(slot);
        int innerSize = superframes ? innerSize(frame, receiving.length(slot)) : 0;
        frame.place(frame.start() - headerBytes + offset, receiving.length(slot) - offset);
        frame.setRemote(receiving.remoteHigh(slot), receiving.remoteLow(slot), receiving.remotePort(slot));
        frame.setOuterTrafficClass(receiving.trafficClass(slot));
        frame.setOuterHops(receiving.hops(slot));
        if (anyLocal) {
            frame.setLocal(receiving.localHigh(slot), receiving.localLow(slot));
        } else {
            frame.setLocal(local.hi(), local.lo());
        }
        int segmentSize = receiving.segmentSize(slot);
        if (segmentSize > 0 && segmentSize < frame.length()) {
            frame.setGso(Frame.GSO_UDP_L4, segmentSize, 0);
        }
        if (innerSize > 0) {
            frame.setGso(Frame.GSO_INNER, innerSize, 0);
        }
        into.add(frame);
    }

    /** The segment size of a superframe that the kernel made inside a tunnel, 0 for an ordinary packet. */
    private int innerSize(Frame frame, int length) {
        return sizes == null ? 0 : sizes.take(frame.segment(), frame.start() - headerBytes, length);
    }

    @Override
    int load(FrameBatch batch, int from) {
        int count = Math.min(BurstTable.SLOTS, batch.size() - from);
        for (int slot = 0; slot < count; slot++) {
            Frame frame = batch.get(from + slot);
            sending.load(slot, frame, frame.start(), frame.length());
            sending.loadAddresses(slot, frame, anyLocal ? frame.localHi() : 0, anyLocal ? frame.localLo() : 0);
        }
        return count;
    }

    @Override
    int send(int fd, int loaded) {
        return NativeCalls.datagramTransmit(sending.address(), fd, loaded, flags);
    }

    @Override
    DropReason sendError(int errno) {
        return TransmitFailure.ofSocket(errno);
    }

    IpAddress local() {
        return local;
    }

    int localPort() throws NativeException {
        return NativeException.check(NativeCalls.socketPort(fd()), object, Operation.SOCKET_NAME);
    }

    long kernelDrops() throws NativeException {
        return NativeException.check(NativeCalls.socketDrops(fd()), object, Operation.SOCKET_MEMORY);
    }

    void set(SocketOption option, int value) throws NativeException {
        option.set(fd(), object, value);
    }

    int get(SocketOption option) throws NativeException {
        return option.get(fd(), object);
    }

    boolean trySet(SocketOption option, int value) {
        return option.trySet(fd(), value);
    }

    /**
     * From now on, asks the kernel for the segment sizes of superframes inside tunnels; returns whether it can tell.
     */
    boolean watchSegmentSizes() {
        sizes = SegmentSizes.watch(fd());
        return sizes != null;
    }

    /** From now on, sends equal-sized datagrams to one peer in one send. */
    void coalesce() {
        flags |= COALESCE;
    }

    @Override
    public String toString() {
        return object;
    }
}
