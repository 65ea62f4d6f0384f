package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The system's clock is set while the server runs, and while it does not. The leases of the subnet last an hour. */
final class DhcpClockTest {

    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    @TempDir
    Path directory;

    private final DhcpNetwork net = new DhcpNetwork(subnet(10).build());

    @ParameterizedTest
    @ValueSource(longs = {-2 * DAY_MS, -10_000, 10_000, 2 * DAY_MS})
    void offerIsHeldForAMinuteWhateverTheClockSays(long stepMs) {
        String offered = net.offer(Guest.number(1)).yiaddr();
        net.pass(DhcpResponder.HOLD_MS / 2);
        net.nowMs += stepMs;
        net.tick();
        net.pass(DhcpResponder.HOLD_MS / 2 - 1);
        net.tick();
        assertEquals(LeaseState.OFFERED, net.state(offered));
        net.pass(1);
        net.tick();
        assertNull(net.state(offered));
    }

    @ParameterizedTest
    @ValueSource(longs = {-2 * DAY_MS, -10_000, 10_000, 2 * DAY_MS})
    void leaseKeepsTheTimeThatItHadLeft(long stepMs) {
        String leased = net.lease(1);
        net.pass(20 * MINUTE_MS);
        net.nowMs += stepMs;
        net.tick();
        assertEquals(40 * MINUTE_MS, untilOf(net, leased) - net.nowMs);
        assertEquals(1, net.events.infos.size());
        assertTrue(
                net.events.infos.getFirst().contains((stepMs < 0 ? "back" : "forward") + " by "),
                net.events.infos.toString());
        net.pass(40 * MINUTE_MS - 1);
        net.tick();
        assertEquals(LeaseState.BOUND, net.state(leased));
        net.pass(1);
        net.tick();
        assertEquals(LeaseState.EXPIRED, net.state(leased));
    }

    @Test
    void quarantineEndsInItsTime() {
        String leased = net.lease(1);
        net.outcome(Guest.number(1).decline(SERVER, leased));
        net.nowMs -= DAY_MS;
        net.tick();
        net.pass(DhcpResponder.QUARANTINE_MS);
        net.tick();
        assertNull(net.state(leased));
    }

    @Test
    void infiniteLeaseStaysInfinite() {
        DhcpNetwork forever = new DhcpNetwork(
                subnet(10).leaseSeconds(DhcpSubnet.INFINITE_LEASE).build());
        String leased = forever.lease(1);
        forever.nowMs -= DAY_MS;
        forever.tick();
        forever.nowMs += 1000 * DAY_MS;
        forever.tick();
        assertEquals(Lease.NEVER, untilOf(forever, leased));
    }

    @Test
    void clocksThatDisagreeALittleAreNotSet() {
        String leased = net.lease(1);
        long until = untilOf(net, leased);
        for (int i = 0; i < 10; i++) {
            net.nowMs += i % 2 == 0 ? 300 : -300;
            net.tick();
        }
        assertEquals(until, untilOf(net, leased));
        assertEquals(List.of(), net.events.infos);
    }

    @Test
    void leaseFileFollows() throws IOException {
        DhcpNetwork stored = open(net.nowMs);
        String leased = stored.lease(1);
        stored.nowMs -= 2 * DAY_MS;
        stored.tick();
        // killed; started again
        Path copy = Files.copy(file(), directory.resolve("copy"));
        DhcpNetwork again = open(copy, stored.nowMs);
        assertEquals(HOUR_MS, untilOf(again, leased) - stored.nowMs, "not two days and an hour");
        again.responder.close();
        stored.responder.close();
    }

    @Test
    void clockThatWentBackWhileNothingRanProlongsByOneLeaseAtMost() throws IOException {
        DhcpNetwork before = open(net.nowMs);
        String leased = before.lease(1);
        String declined = before.lease(2);
        before.outcome(Guest.number(2).decline(SERVER, declined));
        before.responder.close();
        DhcpNetwork after = open(net.nowMs - 2 * DAY_MS);
        assertEquals(HOUR_MS, untilOf(after, leased) - after.nowMs);
        assertEquals(DhcpResponder.QUARANTINE_MS, untilOf(after, declined) - after.nowMs);
        after.responder.close();
    }

    /** A machine without a clock of its own starts in the past until it hears of the time. */
    @Test
    void clockThatWasBehindAtStartAndIsSetRightLeavesLeasesAsTheyWere() throws IOException {
        long rightMs = net.nowMs;
        DhcpNetwork before = open(rightMs);
        String leased = before.lease(1);
        before.responder.close();
        DhcpNetwork behind = open(rightMs - 100);
        behind.nowMs += 30 * MINUTE_MS;
        behind.tick();
        assertEquals(rightMs + HOUR_MS, untilOf(behind, leased), "the end that was written down");
        behind.responder.close();
    }

    private static long untilOf(DhcpNetwork network, String address) {
        DhcpLease lease = network.lease(address);
        assertNotNull(lease);
        return lease.untilEpochMs();
    }

    private Path file() {
        return directory.resolve("leases");
    }

    private DhcpNetwork open(long nowMs) throws IOException {
        return open(file(), nowMs);
    }

    private static DhcpNetwork open(Path file, long nowMs) throws IOException {
        RecordingEvents events = new RecordingEvents();
        return new DhcpNetwork(LeaseStore.open(file, events), nowMs, subnet(10).build());
    }
}
