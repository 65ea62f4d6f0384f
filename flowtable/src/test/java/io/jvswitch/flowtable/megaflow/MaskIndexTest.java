package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.testing.Seed;
import java.lang.management.ManagementFactory;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MaskIndexTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MANY = 5000;

    private final RandomGenerator random = Seed.random(MaskIndexTest.class);

    /** As many masks as there are numbers: whoever makes a table hold them all has chosen well what he sends. */
    private static FlowMask mask(int i) {
        return new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_TYPE)
                .bits(FlowField.L4_SRC, i & 0xffff)
                .bits(FlowField.ETH_DST, i >>> 3);
    }

    private static FlowKey key(int i, int ethType) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, i);
        key.set(FlowField.ETH_TYPE, ethType);
        return key;
    }

    @Test
    void masksAreBoundedAndWhatAFlowLooksAtInsteadIsMore() {
        FlowTable<Integer> table = new FlowTable<>(2 * MANY, 0);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= MANY; i++) {
            FlowMask wanted = mask(i);
            Flow<Integer> flow = table.insert(key(i, i % 2 == 0 ? 0x0800 : 0x86dd), wanted, i, 1, 0);
            assertTrue(flow.covers(wanted), () -> flow + " does not look at " + wanted);
            assertTrue(table.masks() <= MaskIndex.MAX_MASKS);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 16_000_000, "allocated " + allocated);
        assertTrue(table.masks() >= MaskIndex.MAX_MASKS - 2);
        assertEquals(MANY, table.size());
        for (int i = 1; i <= MANY; i++) {
            FlowKey key = key(i, i % 2 == 0 ? 0x0800 : 0x86dd);
            Flow<Integer> flow = table.lookup(key);
            assertNotNull(flow);
            assertEquals(i, flow.actions());
            assertSame(flow, table.find(key));
            key.set(FlowField.IN_PORT, MANY + i);
            assertNull(table.lookup(key));
            key.set(FlowField.IN_PORT, i);
            assertSame(flow, table.insert(key, mask(i), i, 2, 0), "the wider flow is renewed");
        }
        assertEquals(MANY, table.size());
    }

    @Test
    void theNarrowestMaskThatCoversIsTaken() {
        FlowTable<Integer> table = new FlowTable<>(2 * MANY, 0);
        FlowMask wide = mask(0xffff).exact(FlowField.IP_PROTO).exact(FlowField.IP_SRC);
        FlowMask narrower = mask(0xffff).exact(FlowField.IP_PROTO);
        FlowMask wanted = mask(0xfffe).exact(FlowField.IP_PROTO);
        table.insert(key(1, 0x0800), wide, 0, 1, 0);
        table.insert(key(1, 0x0800), narrower, 0, 1, 0);
        for (int i = 2; table.masks() < MaskIndex.MAX_MASKS - 2; i++) {
            table.insert(key(i, 0x0800), mask(i), i, 1, 0);
        }
        assertEquals(narrower, table.insert(key(MANY, 0x0800), wanted, 0, 1, 0).mask());
        Flow<Integer> exact = table.insert(key(MANY, 0x86dd), new FlowMask().exact(FlowField.CT_LABEL), 0, 1, 0);
        for (FlowField field : FlowField.values()) {
            assertEquals(field.region() == FlowField.Region.FRAME, exact.mask().isExact(field), field.label());
        }
    }

    /** Masks that come and go at the limit, with a table that evicts: what is inserted is there. */
    @Test
    void evictionMakesRoomForMasksToo() {
        FlowTable<Integer> table = new FlowTable<>(600, 64);
        for (int i = 0; i < 20_000; i++) {
            int n = 1 + random.nextInt(MANY);
            FlowKey key = key(n, 0x0800);
            Flow<Integer> flow = table.lookup(key);
            if (flow == null) {
                flow = table.insert(key, mask(n), n, 1, i);
                assertSame(flow, table.find(key));
            }
            assertEquals(n, flow.actions());
            assertSame(flow, table.lookup(key));
            assertTrue(table.masks() <= MaskIndex.MAX_MASKS);
        }
        assertTrue(table.evictions() > 0);
    }

    /** A mask that comes and goes does not empty the cache each time; one that left long ago is forgotten. */
    @Test
    void theCacheStaysWarmWhenARareMaskComesAndGoes() {
        FlowTable<Integer> table = new FlowTable<>(100, 64);
        FlowMask usual = new FlowMask().exact(FlowField.IN_PORT);
        FlowMask rare = new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.IP_TTL);
        FlowKey key = key(1, 0x0800);
        table.insert(key, usual, 1, 1, 0);
        Flow<Integer> first = table.insert(key(2, 0x0800), rare, 2, 1, 0);
        table.remove(first);
        assertNotNull(table.lookup(key));
        for (int i = 0; i < 20; i++) {
            table.expire(0, Long.MAX_VALUE, 10);
            Flow<Integer> flow = table.insert(key(2, 0x0800), rare, 2, 1, 0);
            long hits = table.cacheHits();
            assertNotNull(table.lookup(key));
            assertEquals(hits + 1, table.cacheHits());
            table.remove(flow);
        }
        table.expire(0, Long.MAX_VALUE, 10);
        table.lookup(key);
        key.set(FlowField.IP_TTL, 1);
        assertFalse(isCached(table, key), "the union still looks at the TTL");
        for (int i = 0; i < 64 * 64; i++) {
            table.lookup(key);
        }
        table.expire(0, Long.MAX_VALUE, 10);
        table.lookup(key);
        key.set(FlowField.IP_TTL, 2);
        assertTrue(isCached(table, key), "nobody looks at the TTL any more");
    }

    private static boolean isCached(FlowTable<Integer> table, FlowKey key) {
        long hits = table.cacheHits();
        table.lookup(key);
        return table.cacheHits() > hits;
    }
}
