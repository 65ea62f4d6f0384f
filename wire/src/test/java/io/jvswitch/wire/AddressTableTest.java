package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class AddressTableTest {

    private record Address(long hi, long lo) {}

    private static void check(Map<Address, Long> model, AddressTable table) {
        assertEquals(model.size(), table.size());
        model.forEach((address, value) -> assertEquals(value, table.get(address.hi, address.lo)));
        Map<Address, Long> seen = new HashMap<>();
        table.forEach((hi, lo, value) -> assertNull(seen.put(new Address(hi, lo), value), "each entry once"));
        assertEquals(model, seen);
    }

    @Test
    void theEmptyTableHasNobody() {
        assertEquals(0, AddressTable.of().size());
        assertEquals(AddressTable.ABSENT, AddressTable.of().get(0, 0), "the zero address is not a free slot");
        AddressTable zero = AddressTable.of().with(0, 0, 7);
        assertEquals(7, zero.get(0, 0));
        assertEquals(AddressTable.ABSENT, zero.get(0, 1));
        assertEquals(AddressTable.ABSENT, zero.get(1, 0));
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        AddressTable table = AddressTable.of().with(1, 2, 3);
        assertSame(table, table.without(2, 1));
        assertEquals(0, table.without(1, 2).size());
    }

    @Test
    void theValueThatMeansAbsentIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> AddressTable.of().with(1, 2, AddressTable.ABSENT));
        assertThrows(
                IllegalArgumentException.class, () -> AddressTable.builder().put(1, 2, AddressTable.ABSENT));
    }

    @Test
    void aBuilderGoesOnAfterwards() {
        AddressTable.Builder builder = AddressTable.builder().put(1, 2, 3).put(4, 5, 6);
        AddressTable first = builder.build();
        AddressTable second = builder.put(1, 2, 9).put(7, 8, 9).build();
        check(Map.of(new Address(1, 2), 3L, new Address(4, 5), 6L), first);
        check(Map.of(new Address(1, 2), 9L, new Address(4, 5), 6L, new Address(7, 8), 9L), second);
    }

    /** Against a map; addresses are few enough to be replaced and removed, and every version stays as it was. */
    @Test
    void everyVersionIsAMap() {
        RandomGenerator random = Seed.random(getClass());
        for (int addresses : new int[] {3, 300, 5_000}) {
            Map<Address, Long> model = new HashMap<>();
            AddressTable table = AddressTable.of();
            List<Map<Address, Long>> models = new ArrayList<>();
            List<AddressTable> tables = new ArrayList<>();
            for (int step = 0; step < 3 * addresses; step++) {
                Address address = new Address(random.nextInt(2), random.nextInt(addresses));
                if (random.nextInt(3) == 0) {
                    model.remove(address);
                    table = table.without(address.hi, address.lo);
                } else {
                    long value = random.nextLong() | 1;
                    model.put(address, value);
                    table = table.with(address.hi, address.lo, value);
                }
                if (step % addresses == 0) {
                    models.add(new HashMap<>(model));
                    tables.add(table);
                }
            }
            check(model, table);
            for (int i = 0; i < tables.size(); i++) {
                check(models.get(i), tables.get(i));
            }
        }
    }
}
