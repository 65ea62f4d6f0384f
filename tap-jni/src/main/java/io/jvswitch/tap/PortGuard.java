package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;

/**
 * Keeps a UDP port to the sockets of one process although they share it ({@code SO_REUSEPORT}), which the kernel would
 * let any process of the same user join, and hand it a part of the flows.
 *
 * <p>Two further sockets have the port, on the loopback device only, so that nothing comes to them. While they do not
 * share it, the kernel refuses everybody else: it compares a newcomer with the first socket of the port that conflicts,
 * which is the newest one or, in one of the kernel's tables for IPv6, the oldest. Hence two: one bound before the
 * sockets that share the port, and one after them.
 */
public final class PortGuard implements AutoCloseable {

    /** The loopback device's number in every namespace. */
    private static final int LOOPBACK_INDEX = 1;
    /** Nobody sends from it (IANA: tcpmux). */
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
     * Takes a port that nobody has, and lets sockets that are opened now share it, until {@link #shut}.
     *
     * @param options of the sockets
     * @throws NativeException when anybody has the port, sharing it or not
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
            // What this host sends to itself comes by the loopback device, and is not for us. Without it there is none.
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

    /** All sockets that share the port are open: from now on nobody else can have it. */
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
