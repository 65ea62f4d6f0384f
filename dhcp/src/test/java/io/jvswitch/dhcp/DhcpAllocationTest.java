package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;

import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Hex;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steady state allocates nothing: offers to a known client and renewals, the lease file included. */
final class DhcpAllocationTest {

    private static final DhcpPort PORT = DhcpNetwork.port(1);
    private static final int ROUNDS = 20_000;

    @TempDir
    Path directory;

    @Test
    void offersAndRenewals() throws IOException {
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork net = new DhcpNetwork(
                LeaseStore.open(directory.resolve("blue.leases"), events),
                subnet(100).build());
        String leased = net.lease(1);
        byte[] discover =
                Guest.number(1).discover().asksFor(1, 3, 6, 26).builder().bytes();
        byte[] renew = Guest.number(1)
                .renewing(SERVER, leased)
                .option(12, "766d31")
                .builder()
                .bytes();
        Frame frame = Hex.frame(discover, 1500);
        AllocationMeter.awaitNone(2 * ROUNDS + " answers", () -> {
            for (int i = 0; i < ROUNDS; i++) {
                answer(net, frame, discover);
                answer(net, frame, renew);
            }
        });
        net.responder.close();
    }

    private static void answer(DhcpNetwork net, Frame frame, byte[] request) {
        Hex.fill(frame, request);
        frame.setInPort(1);
        if (net.answer(frame, PORT) != DhcpOutcome.REPLY) {
            throw new AssertionError("no reply");
        }
    }
}
