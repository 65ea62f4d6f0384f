package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LeaseTableTest {

    private static final int NETWORK = 0x0a00_0000;
    private static final List<LeaseState> STATES = List.of(LeaseState.values());

    @Test
    void heapGivesTheEarliestDeadlineWhateverIsMovedAndRemoved() {
        RandomGenerator random = Seed.random(LeaseTableTest.class);
        DeadlineHeap heap = new DeadlineHeap();
        List<Lease> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(new Lease(i));
        }
        List<Lease> in = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            Lease lease = all.get(random.nextInt(all.size()));
            if (random.nextInt(3) == 0) {
                heap.remove(lease);
                in.remove(lease);
            } else {
                lease.untilEpochMs = random.nextInt(1000);
                heap.put(lease);
                if (!in.contains(lease)) {
                    in.add(lease);
                }
            }
            Lease first = heap.first();
            long earliest =
                    in.stream().mapToLong(each -> each.untilEpochMs).min().orElse(-1);
            assertEquals(earliest, first == null ? -1 : first.untilEpochMs);
        }
    }

    /** Every index agrees with a plain model after any order of changes. */
    @Test
    void indexesStayInStep() {
        RandomGenerator random = Seed.random(LeaseTableTest.class);
        AddressPool pool = new AddressPool(subnet(20).build());
        LeaseTable table = new LeaseTable();
        Map<Integer, LeaseState> states = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int address = NETWORK + 100 + random.nextInt(20);
            Lease lease = table.get(address);
            if (lease == null) {
                lease = table.add(address, pool);
                states.put(address, LeaseState.EXPIRED);
            } else if (random.nextInt(10) == 0) {
                table.remove(lease);
                states.remove(address);
                continue;
            }
            byte[] identity = {(byte) random.nextInt(30), 1};
            Lease own = table.find(identity, 2, false, 0, false);
            if (own == null) {
                table.assign(lease, identity, 2, false, 7, false);
                assertSame(lease, table.find(identity, 2, false, 0, false));
            }
            LeaseState state = STATES.get(random.nextInt(STATES.size()));
            table.change(lease, state, random.nextInt(1000), random.nextInt(3));
            states.put(address, state);
            if (state == LeaseState.DECLINED) {
                assertEquals(0, lease.identity.length);
            }
            check(table, pool, states);
        }
    }

    private static void check(LeaseTable table, AddressPool pool, Map<Integer, LeaseState> states) {
        Map<Integer, LeaseState> found = new HashMap<>();
        int[] active = new int[3];
        int[] offers = new int[3];
        TreeSet<Long> deadlines = new TreeSet<>();
        table.forEach(lease -> {
            found.put(lease.address, lease.state);
            if (lease.state.isActive()) {
                active[lease.port]++;
                deadlines.add(lease.untilEpochMs);
            }
            if (lease.state == LeaseState.OFFERED) {
                offers[lease.port]++;
            }
        });
        assertEquals(states, found);
        assertEquals(count(states, LeaseState.BOUND), table.bound());
        assertEquals(count(states, LeaseState.EXPIRED), pool.freed().size());
        for (int port = 0; port < 3; port++) {
            assertEquals(active[port], table.accountOf(port).active);
            assertEquals(offers[port], table.accountOf(port).offers.size());
        }
        @Nullable Lease due = table.due(Long.MAX_VALUE);
        assertEquals(deadlines.isEmpty() ? null : deadlines.first(), due == null ? null : (Long) due.untilEpochMs);
        assertEquals(states.size() == 20, pool.firstUnused(5) == AddressPool.NONE);
    }

    private static long count(Map<Integer, LeaseState> states, LeaseState state) {
        return states.values().stream().filter(each -> each == state).count();
    }

    @Test
    void poolBeginsWhereTheHashPointsAndWrapsRound() {
        AddressPool pool = new AddressPool(subnet(10).build());
        assertEquals(NETWORK + 107, pool.firstUnused(7));
        assertEquals(NETWORK + 107, pool.firstUnused(17));
        pool.take(NETWORK + 107);
        pool.take(NETWORK + 108);
        pool.take(NETWORK + 109);
        assertEquals(NETWORK + 100, pool.firstUnused(7));
        pool.giveBack(NETWORK + 108);
        assertEquals(NETWORK + 108, pool.firstUnused(7));
    }

    @Test
    void poolOfSeveralRangesLeavesOutWhatIsSomebodyElses() {
        DhcpSubnet several = subnet(1)
                .pools(List.of(
                        new DhcpSubnet.Range(DhcpNetwork.ip("10.0.0.0"), DhcpNetwork.ip("10.0.0.4")),
                        new DhcpSubnet.Range(DhcpNetwork.ip("10.0.0.250"), DhcpNetwork.ip("10.0.0.255"))))
                .excluded(Set.of(DhcpNetwork.ip("10.0.0.252"), DhcpNetwork.ip("2001:db8::1")))
                .build();
        AddressPool pool = new AddressPool(several);
        // without .0 and .255, gateway .1, server .2, excluded .252
        assertEquals(6, pool.size());
        List<Integer> given = new ArrayList<>();
        for (long next = pool.firstUnused(0); next != AddressPool.NONE; next = pool.firstUnused(0)) {
            given.add((int) next & 0xff);
            pool.take((int) next);
        }
        assertEquals(List.of(3, 4, 250, 251, 253, 254), given);
        assertTrue(pool.contains(NETWORK + 3));
        assertTrue(!pool.contains(NETWORK + 252) && !pool.contains(NETWORK + 1) && !pool.contains(NETWORK + 100));
        pool.giveBack(NETWORK + 252);
        assertEquals(AddressPool.NONE, pool.firstUnused(0), "what was never its own does not come back to it");
    }

    @Test
    void emptyPoolHasNothing() {
        AddressPool pool =
                new AddressPool(DhcpSubnet.builder("10.0.0.0/24", "10.0.0.2").build());
        assertEquals(0, pool.size());
        assertEquals(AddressPool.NONE, pool.firstUnused(3));
        assertNull(pool.freed().first());
    }
}
