package io.jvswitch.ovsdb.row;

import java.util.List;

/**
 * What is read of a table.
 *
 * @param table its name
 * @param columns the columns that rows shall have
 */
public record TableColumns(String table, List<Column<?>> columns) {

    /** With a copy of the list. */
    public TableColumns {
        columns = List.copyOf(columns);
    }

    /** As the record, with the columns one by one. */
    public static TableColumns of(String table, Column<?>... columns) {
        return new TableColumns(table, List.of(columns));
    }
}
