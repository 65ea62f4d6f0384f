package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;

/**
 * Reserves a UDP port for the sockets of one process although they share it ({@code SO_REUSEPORT}). Without it the
 * kernel would let any process of the same user join in, and hand it a part of the flows.
 *
 * <p>Two more sockets are bound to the port, on the loopback device only, so that they receive nothing. While they do
 * not share the port, the kernel refuses everybody else: it compares a newcomer with the first conflicting socket on
 * the port, which is the newest one or, in one of the kernel's tables for IPv6, the oldest. Hence two: one bound before
 * the sockets that share the port, and one after them.
 */
public final class PortGuard implements AutoCloseable {

    /** The loopback device's index in every namespace. */
    private static final int LOOPBACK_INDEX = 1;
    /** A port that nobody sends from (IANA: tcpmux). */
    private static final int NOBODYS_PORT = 1;

    private final UnderlayOptions options;
    private final Descriptor oldest;
    private Descriptor newest;

    private PortGuard(UnderlayOptions options, Descriptor oldest) {
        this.options = options;
        this.oldest = oldest;
        newest = oldest;
    }

    /**
     * Takes a free port, and lets sockets that are opened now share it, until {@link #shut}.
     *
     * @param options of the sockets
     * @throws NativeException when anybody else has the port, shared or not
     */
    public static PortGuard open(UnderlayOptions options) throws NativeException {
        PortGuard guard = new PortGuard(options, bind(options.withReusePort(false)));
        guard.share(true);
        return guard;
    }

    private static Descriptor bind(UnderlayOptions options) throws NativeException {
        IpAddress local = options.localIp();
        String object = object(options);
        Descriptor socket = new Descriptor(NativeException.check(
                NativeCalls.udpOpen(options.namespace().fd(), local.hi(), local.lo()), object, Operation.OPEN_UDP));
        boolean bound = false;
        try {
            SocketOption.ONLY_INTERFACE.set(socket.get(), object, LOOPBACK_INDEX);
            SocketOption.RECEIVE_BUFFER.set(socket.get(), object, 1);
            SocketOption.REUSE_PORT.set(socket.get(), object, options.reusePort() ? 1 : 0);
            int outcome = NativeCalls.socketBind(
                    socket.get(), local.hi(), local.lo(), options.port(), options.interfaceIndex());
            if (outcome < 0) {
                throw new NativeException(
                        object, Operation.BIND, -outcome, DatagramQueue.bindRemedy(options, -outcome));
            }
            // What this host sends to itself arrives on the loopback device, and is not for us: connected to a port
            // that nobody sends from, the socket receives nothing. Where the loopback device is down there is no such
            // traffic, and connecting need not succeed.
            NativeCalls.socketConnect(socket.get(), local.hi(), local.lo(), NOBODYS_PORT);
            bound = true;
            return socket;
        } finally {
            if (!bound) {
                socket.close();
            }
        }
    }

    private static String object(UnderlayOptions options) {
        IpAddress local = options.localIp();
        return "UDP socket " + (local.isIpv4() ? local.toString() : "[" + local + "]") + ":" + options.port();
    }

    private void share(boolean on) throws NativeException {
        SocketOption.REUSE_PORT.set(oldest.get(), object(options), on ? 1 : 0);
        SocketOption.REUSE_PORT.set(newest.get(), object(options), on ? 1 : 0);
    }

    /** Call it when all sockets that share the port are open: from now on nobody else can bind to it. */
    public void shut() throws NativeException {
        newest = bind(options.withReusePort(true));
        share(false);
    }

    @Override
    public void close() {
        newest.close();
        oldest.close();
    }
}
