package io.jvswitch.vswitchd.demo;

import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * What runs inside a guest: started by the demo with {@code ip netns exec}, it does one thing with ordinary sockets and
 * prints lines {@code key=value}. It knows nothing of jvswitch, as a guest's programs do not.
 */
public final class Guest {
    private static final int BUFFER_BYTES = 256 << 10;

    private Guest() {}

    /**
     * {@code lease MAC HOSTNAME}, {@code ping ADDRESS COUNT}, {@code receive PORT} or {@code send ADDRESS PORT
     * MILLISECONDS}.
     */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "lease" -> lease(MacAddress.parse(args[1]), args[2]);
            case "ping" -> ping(args[1], Integer.parseInt(args[2]));
            case "receive" -> receive(Integer.parseInt(args[1]));
            case "send" -> send(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException("a guest does not know how to " + args[0]);
        }
    }

    private static void lease(MacAddress mac, String hostname) throws IOException {
        long startNs = System.nanoTime();
        Lease lease = new LeaseClient(mac, hostname).lease();
        print("ns", System.nanoTime() - startNs);
        System.out.print(lease.toLines());
    }

    /** Java sends an ICMP echo when it may, as root does. */
    private static void ping(String address, int count) throws IOException {
        InetAddress peer = InetAddress.getByName(address);
        int answered = 0;
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            boolean reachable = peer.isReachable(2000);
            long roundTripNs = System.nanoTime() - startNs;
            if (reachable) {
                answered++;
                print("rtt." + i, roundTripNs);
            }
        }
        print("answered", answered);
    }

    /** Takes one connection, answers its end with the number of bytes that came, as 8 bytes. */
    private static void receive(int port) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress("0.0.0.0", port));
            print("listening", port);
            try (SocketChannel peer = server.accept()) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                long bytes = 0;
                long firstNs = 0;
                for (int read = peer.read(buffer); read >= 0; read = peer.read(buffer)) {
                    if (bytes == 0) {
                        firstNs = System.nanoTime();
                    }
                    bytes += read;
                    buffer.clear();
                }
                long elapsedNs = System.nanoTime() - firstNs;
                ByteBuffer answer =
                        ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip();
                while (answer.hasRemaining()) {
                    peer.write(answer);
                }
                print("bytes", bytes);
                print("ns", elapsedNs);
            }
        }
    }

    private static void send(String address, int port, int milliseconds) throws IOException {
        try (SocketChannel peer = SocketChannel.open(new InetSocketAddress(address, port))) {
            print("connected", port);
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            long endNs = System.nanoTime() + milliseconds * 1_000_000L;
            long bytes = 0;
            while (System.nanoTime() < endNs) {
                bytes += peer.write(buffer);
                buffer.clear();
            }
            peer.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
            while (answer.hasRemaining() && peer.read(answer) >= 0) {
                // Until the receiver's 8 bytes are complete, or it has gone.
            }
            print("sent", bytes);
            print("received", answer.hasRemaining() ? -1 : answer.flip().getLong());
        }
    }

    private static void print(String key, long value) {
        System.out.println(key + "=" + value);
        System.out.flush();
    }
}
