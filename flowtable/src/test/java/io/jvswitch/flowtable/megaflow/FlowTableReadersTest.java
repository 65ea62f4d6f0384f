package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Readers on other threads beside an owner that fills the table, lets flows age, revalidates, evicts and empties it,
 * over and over: growth, shrinking and the reuse of seats and places must never hide a flow that stays, nor show a flow
 * to a frame that is not its.
 */
class FlowTableReadersTest {

    private static final int STAYING = 64;
    private static final int CAPACITY = 4000;
    private static final int ROUNDS = 12;
    private static final int READERS = 2;

    private final FlowTable<Integer> table = new FlowTable<>(CAPACITY, 512);
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger readersThatSawAll = new AtomicInteger();

    private static FlowKey key(int flow) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, 1);
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_SRC, 0xffff_0000_0000L | flow);
        key.set(FlowField.L4_SRC, flow & 0xffff);
        return key;
    }

    private static FlowMask mask(int flow) {
        FlowMask mask = new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.IP_SRC);
        return flow % 3 == 0 ? mask.exact(FlowField.L4_SRC) : mask;
    }

    /** Actions are the flow's number, so a reader knows whose they are. */
    private void insert(int flow, long nowNs) {
        table.insert(key(flow), mask(flow), flow, 1, nowNs);
    }

    private Void read(int seed) {
        RandomGenerator random = new java.util.SplittableRandom(seed);
        FlowKey own = new FlowKey();
        while (!done.get()) {
            for (int staying = 0; staying < STAYING; staying++) {
                Flow<Integer> flow = table.find(key(staying));
                assertTrue(flow != null && flow.actions() == staying, "flow " + staying + " is hidden");
            }
            int any = random.nextInt(20_000);
            Flow<Integer> flow = table.find(key(any));
            if (flow != null) {
                assertEquals(any, flow.actions());
                flow.copyKeyTo(own);
                assertTrue(own.equalsUnder(flow.mask(), key(any)));
            }
            boolean[] seen = new boolean[STAYING];
            table.forEach(visited -> {
                if (visited.actions() < STAYING) {
                    assertTrue(!seen[visited.actions()], "visited twice");
                    seen[visited.actions()] = true;
                }
            });
            for (int staying = 0; staying < STAYING; staying++) {
                assertTrue(seen[staying], "the dump lacks flow " + staying);
            }
            readersThatSawAll.incrementAndGet();
        }
        return null;
    }

    private void write(RandomGenerator random) {
        long now = 1;
        for (int round = 0; round < ROUNDS; round++) {
            // Beyond the capacity, so that the last ones evict. Staying flows are used all the time.
            for (int i = 0; i < CAPACITY + 500; i++) {
                insert(STAYING + random.nextInt(20_000), now);
                if (i % 16 == 0) {
                    use(++now);
                }
            }
            table.revalidate(
                    round + 2,
                    CAPACITY,
                    (flow, key) -> flow.actions() < STAYING || flow.actions() % 2 == 0
                            ? Revalidator.Verdict.KEEP
                            : Revalidator.Verdict.REMOVE);
            use(now + 1000);
            now += 1000;
            while (table.size() > STAYING) {
                table.expire(now, 500, 256);
            }
        }
    }

    private void use(long nowNs) {
        for (int staying = 0; staying < STAYING; staying++) {
            Flow<Integer> flow = table.lookup(key(staying));
            assertNotNull(flow, "the owner lost a flow in use");
            flow.count(1, 64, nowNs);
        }
    }

    @Test
    void whatStaysIsAlwaysSeenAndNothingElseIsMistakenForIt() throws Exception {
        RandomGenerator random = Seed.random(FlowTableReadersTest.class);
        for (int staying = 0; staying < STAYING; staying++) {
            insert(staying, 0);
        }
        use(1);
        List<Future<Void>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int i = 0; i < READERS; i++) {
                int seed = i;
                readers.add(threads.submit(() -> read(seed)));
            }
            try {
                // As long as it takes for the readers to have been at work, on however busy a machine.
                do {
                    write(random);
                } while (readersThatSawAll.get() < 20 && readers.stream().noneMatch(Future::isDone));
            } finally {
                done.set(true);
            }
            for (Future<Void> reader : readers) {
                reader.get();
            }
        }
        assertEquals(STAYING, table.size());
        assertTrue(table.evictions() > 0);
    }
}
