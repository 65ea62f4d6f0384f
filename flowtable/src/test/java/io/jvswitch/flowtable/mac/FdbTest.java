package io.jvswitch.flowtable.mac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FdbTest {

    private static final long MAC = 0x0200_0000_0001L;
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void learnsRefreshesAndMoves() {
        Fdb fdb = new Fdb(16);
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 0));
        assertEquals(LearnOutcome.NEW, fdb.learn(MAC, 0, 3, 0));
        assertEquals(3, fdb.lookup(MAC, 0));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 1), "another VLAN is another address");
        long version = fdb.version();
        assertEquals(LearnOutcome.REFRESHED, fdb.learn(MAC, 0, 3, 5));
        assertTrue(fdb.touch(MAC, 0, 6));
        assertFalse(fdb.touch(MAC, 9, 6));
        assertEquals(version, fdb.version(), "no answer has changed");
        assertEquals(LearnOutcome.MOVED, fdb.learn(MAC, 0, -4, 7));
        assertEquals(-4, fdb.lookup(MAC, 0));
        assertNotEquals(version, fdb.version());
        assertEquals(1, fdb.moves());
        assertEquals(1, fdb.size());
        version = fdb.version();
        assertTrue(fdb.remove(MAC, 0));
        assertFalse(fdb.remove(MAC, 0));
        assertNotEquals(version, fdb.version());
        assertEquals(0, fdb.size());
    }

    @Test
    void forgetsAnAddressInEveryVlan() {
        Fdb fdb = new Fdb(16);
        fdb.learn(MAC, 0, 3, 0);
        fdb.learn(MAC + 1, 0, 3, 0);
        fdb.learn(MAC, 7, 4, 0);
        fdb.bind(MAC, 4095, 5, 0);
        long version = fdb.version();
        assertEquals(3, fdb.removeAddress(MAC));
        assertEquals(0, fdb.removeAddress(MAC));
        assertNotEquals(version, fdb.version());
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 0));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 7));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 4095));
        assertEquals(3, fdb.lookup(MAC + 1, 0));
    }

    @Test
    void groupAddressesAndZeroAreNotLearnt() {
        Fdb fdb = new Fdb(16);
        assertEquals(LearnOutcome.REFUSED, fdb.learn(0x0100_5e00_0001L, 0, 1, 0));
        assertEquals(LearnOutcome.REFUSED, fdb.learn(0xffff_ffff_ffffL, 0, 1, 0));
        assertEquals(LearnOutcome.REFUSED, fdb.learn(0, 0, 1, 0));
        assertEquals(LearnOutcome.REFUSED, fdb.learn(MAC, 0, Fdb.UNKNOWN, 0));
        assertEquals(0, fdb.size());
    }

    @Test
    void agesInSlices() {
        Fdb fdb = new Fdb(100);
        for (int i = 0; i < 60; i++) {
            fdb.learn(MAC + i, 0, 1, i < 40 ? 0 : 200 * SECOND_NS);
        }
        fdb.touch(MAC, 0, 150 * SECOND_NS);
        int removed = 0;
        for (int slice = 0; slice < 6; slice++) {
            removed += fdb.expire(300 * SECOND_NS, 300 * SECOND_NS, 10);
        }
        assertEquals(39, removed);
        assertEquals(21, fdb.size());
        assertEquals(1, fdb.lookup(MAC, 0));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC + 1, 0));
    }

    /** A flow that is idle was used before the address was learnt again: its news is old. */
    @Test
    void anOlderTimeDoesNotSetAnAddressBack() {
        Fdb fdb = new Fdb(16);
        fdb.learn(MAC, 0, 1, 0);
        assertTrue(fdb.touch(MAC, 0, 200 * SECOND_NS));
        assertTrue(fdb.touch(MAC, 0, 100 * SECOND_NS));
        assertEquals(200 * SECOND_NS, lastSeenNs(fdb));
        assertEquals(LearnOutcome.REFRESHED, fdb.learn(MAC, 0, 1, 150 * SECOND_NS));
        assertEquals(200 * SECOND_NS, lastSeenNs(fdb));
        assertEquals(LearnOutcome.MOVED, fdb.learn(MAC, 0, 2, 160 * SECOND_NS));
        assertEquals(200 * SECOND_NS, lastSeenNs(fdb));
        assertEquals(0, fdb.expire(450 * SECOND_NS, 300 * SECOND_NS, 10));
        fdb.bind(MAC, 0, 2, 210 * SECOND_NS);
        fdb.learn(MAC, 0, 2, 205 * SECOND_NS);
        assertEquals(210 * SECOND_NS, lastSeenNs(fdb));
    }

    /** A clock of nanoseconds may begin anywhere. */
    @Test
    void timesAreComparedAcrossTheirOverflow() {
        Fdb fdb = new Fdb(16);
        fdb.learn(MAC, 0, 1, Long.MAX_VALUE);
        fdb.touch(MAC, 0, Long.MIN_VALUE + 5);
        assertEquals(Long.MIN_VALUE + 5, lastSeenNs(fdb));
        fdb.touch(MAC, 0, Long.MAX_VALUE);
        assertEquals(Long.MIN_VALUE + 5, lastSeenNs(fdb));
    }

    private static long lastSeenNs(Fdb fdb) {
        long[] seen = new long[1];
        fdb.forEach((mac, vlan, location, lastSeenNs, isStatic) -> seen[0] = lastSeenNs);
        return seen[0];
    }

    @Test
    void aLocationThatFloodsLosesItsOwnOldest() {
        Fdb fdb = new Fdb(100);
        for (int i = 0; i < 10; i++) {
            assertEquals(LearnOutcome.NEW, fdb.learn(MAC + i, 1, i, 0));
        }
        for (int i = 0; i < 1000; i++) {
            LearnOutcome expected = i < 90 ? LearnOutcome.NEW : LearnOutcome.EVICTED;
            assertEquals(expected, fdb.learn(0x0a00_0000_0000L + i, 1, 99, i));
        }
        assertEquals(910, fdb.evictions());
        for (int i = 0; i < 10; i++) {
            assertEquals(i, fdb.lookup(MAC + i, 1), "what others have stays");
        }
        assertEquals(99, fdb.lookup(0x0a00_0000_0000L + 999, 1));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(0x0a00_0000_0000L + 909, 1));
        assertEquals(LearnOutcome.EVICTED, fdb.learn(MAC + 50, 1, 5, 2000), "room is made for the modest");
        assertEquals(Fdb.UNKNOWN, fdb.lookup(0x0a00_0000_0000L + 910, 1));
    }

    @Test
    void evictionPassesOverWhatWasTouched() {
        Fdb fdb = new Fdb(4);
        for (int i = 0; i < 4; i++) {
            fdb.learn(MAC + i, 0, 1, i);
        }
        fdb.touch(MAC, 0, 10);
        fdb.learn(MAC + 1, 0, 1, 11);
        assertEquals(LearnOutcome.EVICTED, fdb.learn(MAC + 9, 0, 1, 12));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC + 2, 0));
        assertEquals(1, fdb.lookup(MAC, 0));
        assertEquals(1, fdb.lookup(MAC + 1, 0));
    }

    @Test
    void staticEntriesStay() {
        Fdb fdb = new Fdb(2);
        assertEquals(LearnOutcome.NEW, fdb.learn(MAC, 0, 7, 0));
        assertEquals(LearnOutcome.MOVED, fdb.bind(MAC, 0, 1, 0));
        assertEquals(LearnOutcome.NEW, fdb.bind(MAC + 1, 0, 1, 0));
        assertEquals(LearnOutcome.REFUSED, fdb.learn(MAC, 0, 2, 1));
        assertEquals(LearnOutcome.REFRESHED, fdb.learn(MAC, 0, 1, 1));
        assertEquals(LearnOutcome.REFUSED, fdb.learn(MAC + 2, 0, 2, 1), "nothing may be evicted");
        assertEquals(0, fdb.expire(1000 * SECOND_NS, SECOND_NS, 100));
        assertEquals(2, fdb.removeLocation(1));
        assertEquals(0, fdb.size());
    }

    @Test
    void capacityMustBeSensible() {
        assertEquals(
                "capacity of the MAC table is 0: must be 1 to 16777216",
                assertThrows(IllegalArgumentException.class, () -> new Fdb(0)).getMessage());
    }

    /** Against a plain map, with no capacity in the way. */
    @Test
    void behavesAsAMap() {
        RandomGenerator random = Seed.random(FdbTest.class);
        Fdb fdb = new Fdb(100_000);
        Map<Long, Integer> model = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            long mac = 0x0200_0000_0000L + random.nextInt(30_000);
            int vlan = random.nextInt(3);
            long key = (long) vlan << 48 | mac;
            int location = random.nextInt(20);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    Integer before = model.put(key, location);
                    LearnOutcome expected = before == null
                            ? LearnOutcome.NEW
                            : before == location ? LearnOutcome.REFRESHED : LearnOutcome.MOVED;
                    assertEquals(expected, fdb.learn(mac, vlan, location, i));
                }
                case 4 -> assertEquals(model.remove(key) != null, fdb.remove(mac, vlan));
                case 5 -> {
                    if (random.nextInt(2000) == 0) {
                        int before = model.size();
                        model.values().removeIf(value -> value == location);
                        assertEquals(before - model.size(), fdb.removeLocation(location));
                    }
                }
                default -> assertEquals(model.getOrDefault(key, Fdb.UNKNOWN), fdb.lookup(mac, vlan));
            }
            assertEquals(model.size(), fdb.size());
        }
        Map<Long, Integer> seen = new HashMap<>();
        fdb.forEach((mac, vlan, location, lastSeenNs, isStatic) -> seen.put((long) vlan << 48 | mac, location));
        assertEquals(model, seen);
    }

    @Test
    void anAddressHasAVersionThatRisesWithItsAnswerAndSeldomOtherwise() {
        Fdb fdb = new Fdb(8_192);
        long unknown = fdb.version(MAC, 0);
        fdb.learn(MAC, 0, 1, 1);
        long known = fdb.version(MAC, 0);
        assertTrue(known > unknown, "it came");
        fdb.learn(MAC, 0, 1, 2);
        assertEquals(known, fdb.version(MAC, 0), "no answer has changed");
        fdb.learn(MAC, 0, 2, 3);
        assertTrue(fdb.version(MAC, 0) > known, "it moved");
        long before = fdb.version(MAC, 0);
        int rises = 0;
        for (int i = 0; i < 8_000; i++) {
            long version = fdb.version(MAC, 0);
            fdb.learn(0x0200_0001_0000L + i, 0, 3, 4);
            assertTrue(fdb.version(MAC, 0) >= version, "it never falls");
            rises += fdb.version(MAC, 0) > version ? 1 : 0;
        }
        assertTrue(rises < 80, rises + " of 8,000 other addresses put it in doubt");
        assertTrue(fdb.version(MAC, 0) > before, "the number of versions has doubled meanwhile");
        long last = fdb.version(MAC, 0);
        fdb.remove(MAC, 0);
        assertTrue(fdb.version(MAC, 0) > last, "it went");
    }
}
