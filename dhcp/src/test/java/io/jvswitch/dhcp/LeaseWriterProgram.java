package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A daemon's stand-in for {@link LeaseStoreIT} to kill: leases and renews without end, and prints what it has
 * acknowledged.
 */
final class LeaseWriterProgram {

    private static final int CLIENTS = 100;

    private LeaseWriterProgram() {}

    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String[] args) throws IOException {
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork net = new DhcpNetwork(
                LeaseStore.open(Path.of(args[0]), events), subnet(CLIENTS).build());
        System.out.println("ready");
        for (int turn = 0; ; turn++) {
            int client = 1 + turn % CLIENTS;
            net.pass(1000);
            String ip = net.offer(Guest.number(client)).yiaddr();
            net.expect(MessageType.ACK, Guest.number(client).selecting(SERVER, ip));
            System.out.println("acknowledged " + client + " " + ip + " " + (net.nowMs + 3_600_000));
            net.tick();
        }
    }
}
