package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.wire.AddressTable;
import java.util.Map;

/**
 * What is known of MAC addresses by configuration, each as one number: where they live ({@link Locations}: hosts, and
 * bound ports that carry frames), or their role ({@link StationRole#code}). 0 is what is not known.
 *
 * <p>Immutable, hence safe for any thread, and part of the snapshot. A change of a network of 10,000 hosts costs what a
 * change of a small one does: {@link AddressTable}.
 */
public final class StationTable {

    /** Set in every entry, so that none has the value 0; the number is the lower half. */
    private static final long PRESENT = 1L << 62;

    private static final long NUMBER_BITS = 0xffff_ffffL;

    private static final StationTable EMPTY = new StationTable(AddressTable.of());

    private final AddressTable entries;

    private StationTable(AddressTable entries) {
        this.entries = entries;
    }

    /** The table without entries. */
    public static StationTable of() {
        return EMPTY;
    }

    /** A table of the given entries. */
    public static StationTable of(Map<Long, Integer> entries) {
        AddressTable.Builder builder = AddressTable.builder();
        entries.forEach((mac, number) -> builder.put(0, mac, value(number)));
        return new StationTable(builder.build());
    }

    /** This table with one more entry, or with that address's entry replaced. */
    public StationTable with(long mac, int number) {
        return new StationTable(entries.with(0, mac, value(number)));
    }

    private static long value(int number) {
        return PRESENT | number & NUMBER_BITS;
    }

    /** This table without that address; this table itself when it has none such. */
    public StationTable without(long mac) {
        AddressTable rest = entries.without(0, mac);
        return rest == entries ? this : new StationTable(rest);
    }

    /** What is known of an address, 0 for nothing. Does not allocate. */
    public int get(long mac) {
        return (int) entries.get(0, mac);
    }

    /** Entries in it. */
    public int size() {
        return entries.size();
    }

    /** Whether nothing is known of anybody. */
    public boolean isEmpty() {
        return size() == 0;
    }
}
