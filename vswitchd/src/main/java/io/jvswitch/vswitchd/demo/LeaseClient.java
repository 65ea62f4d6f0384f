package io.jvswitch.vswitchd.demo;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.DhcpMessage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * As much of a DHCP client (RFC 2131) as a guest needs to get its first address, over an ordinary UDP socket: the demo
 * is to run where no DHCP client is installed.
 *
 * <p>The guest's device needs a route for 255.255.255.255 ({@code ip route add default dev DEVICE}), and no address
 * yet: the kernel then sends from 0.0.0.0. The broadcast flag is set, since a socket gets no unicast for an address
 * that is not its own.
 */
final class LeaseClient {
    /** Enough for a loaded machine; each try doubles its patience, as RFC 2131, section 4.1 has it. */
    private static final int TRIES = 6;

    private static final int FIRST_PATIENCE_MS = 500;

    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;

    private static final byte[] PARAMETER_REQUESTS = {1, 3, 6, 12, 26, 51, 54, 58, 59, 121};

    private final MacAddress mac;
    private final String hostname;
    private final int xid = ThreadLocalRandom.current().nextInt();
    private final MemorySegment message = MemorySegment.ofArray(new byte[1500]);

    LeaseClient(MacAddress mac, String hostname) {
        this.mac = mac;
        this.hostname = hostname;
    }

    /** DISCOVER, OFFER, REQUEST, ACK. */
    Lease lease() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setReuseAddress(true);
            socket.setBroadcast(true);
            socket.bind(new InetSocketAddress("0.0.0.0", DhcpMessage.CLIENT_PORT));
            int length = exchange(socket, DISCOVER, null, OFFER);
            int answered = exchange(socket, REQUEST, Lease.of(message, length), ACK);
            return Lease.of(message, answered);
        }
    }

    private int exchange(DatagramSocket socket, int type, @Nullable Lease offer, int awaited) throws IOException {
        int patienceMs = FIRST_PATIENCE_MS;
        for (int i = 0; i < TRIES; i++, patienceMs *= 2) {
            byte[] request = new byte[DhcpMessage.MIN_SENT_BYTES];
            write(MemorySegment.ofArray(request), type, offer);
            socket.send(new DatagramPacket(
                    request, request.length, new InetSocketAddress("255.255.255.255", DhcpMessage.SERVER_PORT)));
            long deadlineNs = System.nanoTime() + patienceMs * 1_000_000L;
            int length = receive(socket, awaited, deadlineNs);
            if (length > 0) {
                return length;
            }
        }
        throw new IOException("no DHCP " + (awaited == ACK ? "ACK" : "OFFER") + " after " + TRIES + " tries");
    }

    /** Length of the awaited answer, now in {@link #message}, or 0 when the time is over. */
    private int receive(DatagramSocket socket, int awaited, long deadlineNs) throws IOException {
        byte[] bytes = (byte[]) message.heapBase().orElseThrow();
        while (true) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000L;
            if (leftMs <= 0) {
                return 0;
            }
            socket.setSoTimeout((int) leftMs);
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException _) {
                return 0;
            }
            int length = packet.getLength();
            if (DhcpMessage.check(message, 0, length) == null
                    && DhcpMessage.op(message, 0) == DhcpMessage.OP_REPLY
                    && DhcpMessage.xid(message, 0) == xid
                    && DhcpMessage.clientMac(message, 0) == mac.bits()
                    && DhcpMessage.messageType(message, 0, length) == awaited) {
                return length;
            }
        }
    }

    private void write(MemorySegment request, int type, @Nullable Lease offer) {
        DhcpMessage.setOp(request, 0, DhcpMessage.OP_REQUEST);
        DhcpMessage.setHardware(request, 0, DhcpMessage.HARDWARE_ETHERNET, 6);
        DhcpMessage.setXid(request, 0, xid);
        DhcpMessage.setFlags(request, 0, DhcpMessage.FLAG_BROADCAST);
        DhcpMessage.setClientMac(request, 0, mac.bits());
        DhcpMessage.setCookie(request, 0);
        long at = option(request, DhcpMessage.BYTES, DhcpMessage.OPTION_MESSAGE_TYPE, (byte) type);
        if (offer != null && offer.server() != null) {
            at = option(request, at, 50, ipv4Bytes(offer.ip()));
            at = option(request, at, 54, ipv4Bytes(offer.server()));
        }
        at = option(request, at, 12, hostname.getBytes(StandardCharsets.US_ASCII));
        at = option(request, at, 55, PARAMETER_REQUESTS);
        NetworkOrder.putU8(request, at, DhcpMessage.OPTION_END);
    }

    private static byte[] ipv4Bytes(IpAddress address) {
        byte[] bytes = new byte[4];
        NetworkOrder.putInt(MemorySegment.ofArray(bytes), 0, address.ipv4());
        return bytes;
    }

    private static long option(MemorySegment request, long at, int code, byte... value) {
        NetworkOrder.putU8(request, at, code);
        NetworkOrder.putU8(request, at + 1, value.length);
        MemorySegment.copy(MemorySegment.ofArray(value), 0, request, at + 2, value.length);
        return at + 2 + value.length;
    }
}
