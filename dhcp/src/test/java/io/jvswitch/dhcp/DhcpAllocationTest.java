package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Hex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steady state allocates nothing: offers to a known client and renewals, the lease file included. */
final class DhcpAllocationTest {

    private static final int ROUNDS = 20_000;
    /** What the JVM itself may allocate on this thread while it counts: a few objects, whatever the rounds. */
    private static final long SLACK_BYTES = 4_096;

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
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        // The first passes warm the compiler up, which then removes what never leaves a method.
        for (int pass = 0; pass < 6 && allocated > SLACK_BYTES; pass++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                answer(net, frame, discover);
                answer(net, frame, renew);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        net.responder.close();
        assertEquals(0, allocated > SLACK_BYTES ? allocated : 0, "bytes in " + 2 * ROUNDS + " answers");
    }

    private static void answer(DhcpNetwork net, Frame frame, byte[] request) {
        Hex.fill(frame, request);
        frame.setInPort(1);
        if (net.responder.answer(frame, 0, net.nowMs) != DhcpOutcome.REPLY) {
            throw new AssertionError("no reply");
        }
    }
}
