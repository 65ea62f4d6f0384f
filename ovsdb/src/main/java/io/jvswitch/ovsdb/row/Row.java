package io.jvswitch.ovsdb.row;

import io.jvswitch.ovsdb.schema.Datum;
import java.util.Arrays;
import java.util.UUID;

/** A row as it was at one time, with the columns that are monitored. Immutable; any thread. */
public final class Row {

    private final TableLayout layout;
    private final UUID uuid;
    private final Datum[] data;

    Row(TableLayout layout, UUID uuid, Datum[] data) {
        this.layout = layout;
        this.uuid = uuid;
        this.data = data;
    }

    /** Its table's name. */
    public String table() {
        return layout.table();
    }

    /** By what others name it. */
    public UUID uuid() {
        return uuid;
    }

    /**
     * What it has in a column.
     *
     * @throws IllegalArgumentException when the column is not among those that are monitored of this table
     */
    public <T> T get(Column<T> column) {
        return column.read(data[layout.place(column)]);
    }

    /** Whether another row, of the same table, has something else in a column. */
    public boolean differsFrom(Row other, Column<?> column) {
        return !data[layout.place(column)].equals(other.data[other.layout.place(column)]);
    }

    boolean hasSameValuesAs(Row other) {
        return Arrays.equals(data, other.data);
    }

    Datum[] copyOfData() {
        return data.clone();
    }

    /** For messages: {@code Interface p1}, or with the UUID where there is no name. */
    @Override
    public String toString() {
        Integer place = layout.place("name");
        return layout.table() + " " + (place != null && data[place].size() == 1 ? data[place] : uuid);
    }
}
