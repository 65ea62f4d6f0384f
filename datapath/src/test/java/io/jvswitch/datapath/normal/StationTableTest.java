package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.wire.testing.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class StationTableTest {
    private static final long MAC = 0x020000000001L;

    @Test
    void anEntryComesChangesAndGoes() {
        StationTable one = StationTable.of().with(MAC, 7);
        StationTable moved = one.with(MAC, Locations.ofTunnel(3));
        assertEquals(Locations.NONE, StationTable.of().get(MAC));
        assertEquals(7, one.get(MAC));
        assertEquals(Locations.ofTunnel(3), moved.get(MAC));
        assertEquals(1, moved.size());
        assertEquals(Locations.NONE, moved.without(MAC).get(MAC));
        assertEquals(7, one.get(MAC), "what was made before stays as it was");
        assertSame(one, one.without(MAC + 1));
    }

    @Test
    void theZeroAddressIsAnAddress() {
        assertEquals(5, StationTable.of().with(0, 5).get(0));
        assertEquals(Locations.NONE, StationTable.of().get(0));
    }

    @Test
    void holdsWhatAMapHolds() {
        RandomGenerator random = Seed.random(StationTableTest.class);
        Map<Long, Integer> expected = new HashMap<>();
        StationTable table = StationTable.of();
        for (int i = 0; i < 40_000; i++) {
            long mac = MAC + random.nextInt(12_000);
            if (random.nextInt(3) == 0) {
                expected.remove(mac);
                table = table.without(mac);
            } else {
                int location = random.nextBoolean() ? 1 + random.nextInt(100) : Locations.ofTunnel(random.nextInt(100));
                expected.put(mac, location);
                table = table.with(mac, location);
            }
        }
        assertEquals(expected.size(), table.size());
        StationTable again = StationTable.of(expected);
        for (long mac = MAC - 10; mac < MAC + 12_010; mac++) {
            assertEquals(expected.getOrDefault(mac, Locations.NONE), table.get(mac));
            assertEquals(table.get(mac), again.get(mac));
        }
    }
}
