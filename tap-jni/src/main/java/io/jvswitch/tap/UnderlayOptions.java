package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;

/**
 * How a socket of the underlay is opened. Start from {@link #at} and change what differs.
 *
 * @param localIp our address; {@code 0.0.0.0} or {@code ::} for any address; it also determines the family
 * @param port UDP port, 0 lets the kernel choose; raw sockets have none
 * @param reusePort whether other sockets of ours may share the port ({@code SO_REUSEPORT}): the kernel then spreads
 *     senders over them, each sender always to the same one
 * @param receiveBufferBytes kernel memory for datagrams waiting to be received; limited by {@code net.core.rmem_max}
 *     without CAP_NET_ADMIN
 * @param sendBufferBytes the same for sending and {@code net.core.wmem_max}
 * @param dontFragment whether outer packets carry DF (IPv4) and are never fragmented: packets larger than the device's
 *     MTU fail with {@code TX_TOO_BIG}, and the sender must know the path MTU. Otherwise packets that are too large
 *     leave in fragments that fit the path MTU that the kernel knows, and segmentation is not possible
 * @param interfaceIndex the device that a link-local IPv6 address belongs to, otherwise 0
 * @param namespace the network namespace that the socket is in
 */
public record UnderlayOptions(
        IpAddress localIp,
        int port,
        boolean reusePort,
        int receiveBufferBytes,
        int sendBufferBytes,
        boolean dontFragment,
        int interfaceIndex,
        NetworkNamespace namespace) {

    /**
     * Room for some thousand full frames (the kernel counts its own overhead too): a worker may be busy elsewhere for a
     * few ms.
     */
    public static final int DEFAULT_BUFFER_BYTES = 8 << 20;

    public UnderlayOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("UDP port " + port + " is not between 0 and 65535");
        }
        if (receiveBufferBytes < 1 || sendBufferBytes < 1) {
            throw new IllegalArgumentException("socket buffers of " + receiveBufferBytes + " and " + sendBufferBytes
                    + " bytes: expected positive sizes");
        }
    }

    /** DF set, {@value #DEFAULT_BUFFER_BYTES} bytes of buffer each way, port not shared, in the current namespace. */
    public static UnderlayOptions at(IpAddress localIp, int port) {
        return new UnderlayOptions(
                localIp, port, false, DEFAULT_BUFFER_BYTES, DEFAULT_BUFFER_BYTES, true, 0, NetworkNamespace.current());
    }

    public UnderlayOptions withReusePort(boolean newReusePort) {
        return new UnderlayOptions(
                localIp,
                port,
                newReusePort,
                receiveBufferBytes,
                sendBufferBytes,
                dontFragment,
                interfaceIndex,
                namespace);
    }

    public UnderlayOptions withBuffers(int newReceiveBytes, int newSendBytes) {
        return new UnderlayOptions(
                localIp, port, reusePort, newReceiveBytes, newSendBytes, dontFragment, interfaceIndex, namespace);
    }

    public UnderlayOptions withDontFragment(boolean newDontFragment) {
        return new UnderlayOptions(
                localIp,
                port,
                reusePort,
                receiveBufferBytes,
                sendBufferBytes,
                newDontFragment,
                interfaceIndex,
                namespace);
    }

    public UnderlayOptions withInterfaceIndex(int newIndex) {
        return new UnderlayOptions(
                localIp, port, reusePort, receiveBufferBytes, sendBufferBytes, dontFragment, newIndex, namespace);
    }

    public UnderlayOptions withNamespace(NetworkNamespace newNamespace) {
        return new UnderlayOptions(
                localIp,
                port,
                reusePort,
                receiveBufferBytes,
                sendBufferBytes,
                dontFragment,
                interfaceIndex,
                newNamespace);
    }
}
