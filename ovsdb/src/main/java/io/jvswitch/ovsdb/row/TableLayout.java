package io.jvswitch.ovsdb.row;

import io.jvswitch.ovsdb.schema.ColumnType;
import io.jvswitch.ovsdb.schema.Datum;
import io.jvswitch.ovsdb.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a table's rows have which column: what a consumer reads, as far as a server's schema has it. Immutable. */
public final class TableLayout {

    private final String table;
    private final List<Column<?>> columns;
    private final List<ColumnType> types;
    private final List<String> present = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Datum[] defaults;

    /**
     * The layout.
     *
     * @param schema the table as the server has it; null when it has none
     * @param database the database's name, for what is told
     * @param missing is given a line for what the server lacks, in Open vSwitch's words
     */
    public TableLayout(TableColumns wanted, @Nullable TableSchema schema, String database, Consumer<String> missing) {
        table = wanted.table();
        columns = wanted.columns();
        types = new ArrayList<>();
        defaults = new Datum[columns.size()];
        if (schema == null) {
            missing.accept(database + " database lacks " + table + " table (database needs upgrade?)");
        }
        for (int i = 0; i < columns.size(); i++) {
            Column<?> column = columns.get(i);
            ColumnType actual = schema == null ? null : schema.column(column.name());
            boolean usable = actual != null && column.takes(actual);
            if (schema != null && actual == null) {
                missing.accept(table + " table in " + database + " database lacks " + column.name()
                        + " column (database needs upgrade?)");
            } else if (actual != null && !usable) {
                missing.accept(table + " table in " + database + " database has " + column.name() + " column of type "
                        + actual + " where " + column.type() + " is expected; its values are not used");
            }
            types.add(usable && actual != null ? actual : column.type());
            defaults[i] = Datum.defaultOf(types.get(i));
            if (usable) {
                places.put(column.name(), i);
                present.add(column.name());
            }
        }
    }

    /** The table's name. */
    public String table() {
        return table;
    }

    /** Names of the columns to ask the server for. */
    public List<String> present() {
        return List.copyOf(present);
    }

    int place(Column<?> column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i) == column) {
                return i;
            }
        }
        throw new IllegalArgumentException("column " + column + " of table " + table + " is not monitored");
    }

    /** The place of a column of that name, or null when it is not read. */
    @Nullable
    Integer place(String name) {
        return places.get(name);
    }

    ColumnType type(int place) {
        return types.get(place);
    }

    String name(int place) {
        return columns.get(place).name();
    }

    int size() {
        return defaults.length;
    }

    Datum[] defaults() {
        return defaults.clone();
    }
}
