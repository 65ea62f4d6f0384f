package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Filters change how long a look-up takes, and never what it finds. */
class SubtableFilterTest {

    private static final int MASKS = 200;

    private final RandomGenerator random = Seed.random(SubtableFilterTest.class);

    /** Masks of few cores, as prefixes make them; every eleventh has no whole byte, so that no filter takes it. */
    private static FlowMask mask(int i) {
        if (i % 11 == 10) {
            return new FlowMask()
                    .bits(FlowField.IP_SRC, 0, 0x7f7f_7f7fL)
                    .bits(FlowField.L4_SRC, i / 11 & 0x7f | 0x7f00)
                    .bits(FlowField.IN_PORT, 0x7fff_ffffL >>> 25);
        }
        return new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.IP_SRC)
                .prefix(FlowField.ETH_DST, 48 - i / 16)
                .prefix(FlowField.L4_SRC, 16 - i % 16);
    }

    /** A frame of flow {@code n}, which alone has this source address; other fields are anything. */
    private FlowKey frame(int n) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, n % MASKS);
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_SRC, 0xffff_0000_0000L | spread(n));
        key.set(FlowField.ETH_DST, 0x0200_0000_0000L);
        key.set(FlowField.L4_DST, random.nextInt(1 << 16));
        key.set(FlowField.IP_TTL, random.nextInt(256));
        return key;
    }

    /** Seven bits to a byte, so that masks of 0x7f see all of the number. */
    private static long spread(int n) {
        return n & 0x7f | (n >>> 7 & 0x7f) << 8 | (n >>> 14 & 0x7f) << 16;
    }

    private static int maskOf(int n) {
        return n % MASKS;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void check(FlowTable<Integer> table, boolean[] there, int flows) {
        FlowKey[] burst = new FlowKey[FlowBurst.FRAMES];
        @Nullable Flow<Integer>[] into = (Flow<Integer>[]) new Flow[burst.length];
        int[] numbers = new int[burst.length];
        for (int from = 0; from < flows; from += burst.length) {
            for (int i = 0; i < burst.length; i++) {
                numbers[i] = (from + i) % flows;
                burst[i] = frame(numbers[i]);
            }
            table.lookup(burst, burst.length, into);
            for (int i = 0; i < burst.length; i++) {
                Flow<Integer> flow = into[i];
                assertSame(table.find(burst[i]), flow);
                assertEquals(there[numbers[i]] ? (Integer) numbers[i] : null, flow == null ? null : flow.actions());
            }
        }
    }

    /**
     * Flows of 200 masks come, go and are looked up while filters grow and are made anew, so that flows come before, at
     * and behind the walk of a filter that is being made.
     */
    @Test
    void whatIsThereIsFoundWhileFiltersAreMadeAnew() {
        int flows = 40_000;
        FlowTable<Integer> table = new FlowTable<>(flows, 0);
        boolean[] there = new boolean[flows];
        List<Flow<Integer>> all = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 12_000; i++) {
                int n = random.nextInt(flows);
                if (!there[n]) {
                    all.add(table.insert(frame(n), mask(maskOf(n)), n, 1, 0));
                    there[n] = true;
                }
                if (i % 16 == 0) {
                    FlowKey frame = frame(n);
                    assertSame(table.find(frame), table.lookup(frame));
                    assertNotNull(table.lookup(frame));
                }
            }
            check(table, there, flows);
            // Most leave, so that the maps are worn by what is no longer there.
            while (all.size() > 2000) {
                Flow<Integer> last = all.removeLast();
                int at = random.nextInt(all.size() + 1);
                Flow<Integer> gone = at < all.size() ? all.set(at, last) : last;
                there[gone.actions()] = false;
                assertTrue(table.remove(gone));
            }
            check(table, there, flows);
        }
        assertEquals(MASKS, table.masks());
    }

    /** Flows that were there before there was a filter, whole masks that leave, and few masks again. */
    @Test
    void filtersComeAndGoWithTheMasks() {
        int flows = 6000;
        FlowTable<Integer> table = new FlowTable<>(flows, 0);
        boolean[] there = new boolean[flows];
        List<Flow<Integer>> all = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int masks : new int[] {8, 9, 120, MASKS}) {
                for (int n = 0; n < flows; n++) {
                    if (!there[n] && maskOf(n) < masks) {
                        all.add(table.insert(frame(n), mask(maskOf(n)), n, 1, 0));
                        there[n] = true;
                    }
                }
                check(table, there, flows);
                assertEquals(masks, table.masks());
            }
            for (int masks : new int[] {70, 9, 4, 1}) {
                all.removeIf(flow -> {
                    boolean leaves = maskOf(flow.actions()) >= masks;
                    there[flow.actions()] &= !leaves;
                    return leaves && table.remove(flow);
                });
                check(table, there, flows);
                assertEquals(masks, table.masks());
            }
        }
        for (Flow<Integer> flow : all) {
            table.remove(flow);
        }
        assertNull(table.lookup(frame(1)));
        assertEquals(0, table.masks());
    }

    @Test
    void theCoreIsTheMasksWholeBytes() {
        FlowMask mask = new FlowMask()
                .exact(FlowField.IN_PORT)
                .prefix(FlowField.IP_SRC, 96 + 23)
                .bits(FlowField.L4_DST, 0xff7f);
        FlowMask core = new FlowMask()
                .exact(FlowField.IN_PORT)
                .prefix(FlowField.IP_SRC, 96 + 16)
                .bits(FlowField.L4_DST, 0xff00);
        assertEquals(core, SubtableFilter.core(mask));
        assertTrue(SubtableFilter.core(new FlowMask().bits(FlowField.TUNNEL_ID, 0x7f7f))
                .isEmpty());
    }
}
