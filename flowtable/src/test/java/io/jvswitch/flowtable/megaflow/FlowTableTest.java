package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.RandomKeys;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowTableTest {

    private static final long SECOND_NS = 1_000_000_000L;

    private static FlowKey tcp(int source, int port) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, 1);
        key.set(FlowField.ETH_DST, 0x0200_0000_0001L);
        key.set(FlowField.ETH_SRC, 0x0200_0000_0002L);
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_SRC, 0xffff_0000_0000L | source & 0xffff_ffffL);
        key.set(FlowField.IP_DST, 0xffff_0a00_0001L);
        key.set(FlowField.IP_PROTO, 6);
        key.set(FlowField.L4_SRC, port);
        key.set(FlowField.L4_DST, 80);
        return key;
    }

    private static FlowMask tcpMask() {
        return new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.IP_SRC)
                .exact(FlowField.IP_PROTO)
                .exact(FlowField.L4_SRC);
    }

    @Test
    void findsWhatWasInsertedAndNothingElse() {
        FlowTable<String> table = new FlowTable<>(100_000, 1024);
        List<Flow<String>> flows = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            flows.add(table.insert(tcp(i, i % 65536), tcpMask(), "a" + i, 1, i));
        }
        assertEquals(50_000, table.size());
        assertEquals(1, table.masks());
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50_000; i++) {
                assertSame(flows.get(i), table.lookup(tcp(i, i % 65536)));
                assertNull(table.lookup(tcp(i, i % 65536 ^ 1)));
            }
        }
        for (int i = 0; i < 50_000; i += 2) {
            assertTrue(table.remove(flows.get(i)));
            assertFalse(table.remove(flows.get(i)));
        }
        assertEquals(25_000, table.size());
        for (int i = 0; i < 50_000; i++) {
            assertSame(i % 2 == 0 ? null : flows.get(i), table.lookup(tcp(i, i % 65536)));
        }
        Set<Flow<String>> seen = new HashSet<>();
        table.forEach(flow -> assertTrue(seen.add(flow)));
        assertEquals(25_000, seen.size());
        for (Flow<String> flow : seen) {
            table.remove(flow);
        }
        assertEquals(0, table.size());
        assertEquals(0, table.masks());
        assertEquals(100_000 + 25_000, table.misses() - 0L, "one miss for each look-up without an answer");
        assertEquals(100_000 + 25_000, table.cacheHits() + table.megaflowHits());
    }

    /**
     * Bursts longer than the table's own, frames of one flow in one burst, masks of every form, and frames without a
     * flow.
     */
    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aBurstFindsWhatSingleLookUpsFind() {
        RandomGenerator random = Seed.random(FlowTableTest.class);
        RandomKeys keys = new RandomKeys(random);
        for (int cacheEntries : new int[] {0, 8, 4096}) {
            FlowTable<String> table = new FlowTable<>(5000, cacheEntries);
            for (int i = 0; i < 300; i++) {
                table.insert(
                        keys.key(),
                        keys.usefulMask().exact(FlowField.IP_SRC).exact(FlowField.ETH_SRC),
                        "flow " + i,
                        1,
                        0);
            }
            FlowKey[] burst = new FlowKey[150];
            @Nullable Flow<String>[] into = (Flow<String>[]) new Flow[150];
            for (int round = 0; round < 300; round++) {
                int count = random.nextInt(burst.length + 1);
                for (int i = 0; i < count; i++) {
                    burst[i] = i > 0 && random.nextBoolean() ? burst[random.nextInt(i)] : keys.key();
                }
                table.lookup(burst, count, into);
                for (int i = 0; i < count; i++) {
                    FlowKey key = burst[i];
                    Flow<String> flow = into[i];
                    if (flow == null) {
                        assertNull(table.find(key));
                    } else {
                        FlowKey own = new FlowKey();
                        flow.copyKeyTo(own);
                        assertTrue(own.equalsUnder(flow.mask(), key), () -> key + " by " + flow);
                        assertNotNull(table.lookup(key));
                    }
                }
            }
            assertTrue(table.misses() > 100 && table.megaflowHits() > 100);
        }
    }

    @Test
    void aFullTableEvictsFlowsThatCameOnceAndKeepsThoseThatStay() {
        FlowTable<String> table = new FlowTable<>(1000, 0);
        List<Flow<String>> established = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            established.add(table.insert(tcp(-1 - i, 1), tcpMask(), "kept", 1, 0));
        }
        long now = 0;
        for (int i = 0; i < 100_000; i++) {
            now += 1000;
            established.get(i % 100).count(1, 64, now);
            table.insert(tcp(i, 2), tcpMask(), "flood", 1, now).count(1, 64, now);
        }
        assertEquals(1000, table.size());
        assertEquals(100_000 + 100 - 1000, table.evictions());
        for (int i = 0; i < 100; i++) {
            assertSame(established.get(i), table.lookup(tcp(-1 - i, 1)));
        }
    }

    @Test
    void idleFlowsExpireInSlices() {
        FlowTable<String> table = new FlowTable<>(100, 16);
        for (int i = 0; i < 100; i++) {
            table.insert(tcp(i, 1), tcpMask(), "a", 1, 0).count(1, 1, i < 50 ? 0 : 8 * SECOND_NS);
        }
        int removed = 0;
        for (int slice = 0; slice < 10; slice++) {
            int now = table.expire(10 * SECOND_NS, 10 * SECOND_NS, 10);
            assertTrue(now <= 10);
            removed += now;
        }
        assertEquals(50, removed);
        assertEquals(50, table.size());
    }

    @Test
    void revalidationKeepsCountersOfWhatStaysAndEndsWithZero() {
        FlowTable<String> table = new FlowTable<>(300, 16);
        for (int i = 0; i < 300; i++) {
            table.insert(tcp(i, i), tcpMask(), "old", 1, 0).count(i, i, 0);
        }
        int[] calls = new int[1];
        Revalidator<String> revalidator = (flow, key) -> {
            calls[0]++;
            int port = key.l4Src();
            if (port < 100) {
                return Revalidator.Verdict.KEEP;
            }
            if (port < 200) {
                flow.renew("new", 2);
                return Revalidator.Verdict.RENEW;
            }
            return Revalidator.Verdict.REMOVE;
        };
        int visited = 0;
        for (int step = table.revalidate(2, 7, revalidator); step != 0; step = table.revalidate(2, 7, revalidator)) {
            assertTrue(step <= 7);
            visited += step;
        }
        assertEquals(300, visited);
        assertEquals(300, calls[0]);
        assertEquals(200, table.size());
        for (int i = 0; i < 200; i++) {
            Flow<String> flow = table.lookup(tcp(i, i));
            assertNotNull(flow);
            assertEquals(2, flow.version());
            assertEquals(i, flow.frames());
            assertEquals(i < 100 ? "old" : "new", flow.actions());
        }
    }

    @Test
    void aMegaflowCannotLookAtWhatOnlyTranslationsKnow() {
        FlowTable<String> table = new FlowTable<>(10, 0);
        for (FlowField field : FlowField.values()) {
            FlowMask mask = new FlowMask().exact(FlowField.IN_PORT).bits(field, 1);
            if (field.region() == FlowField.Region.FRAME) {
                table.insert(new FlowKey(), mask, "frame", 1, 0);
            } else {
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class, () -> table.insert(new FlowKey(), mask, "none", 1, 0));
                assertEquals(
                        "a megaflow cannot look at " + field.label()
                                + ": frames do not bring it, only translations know it. Mask: " + mask,
                        e.getMessage());
            }
        }
    }
}
