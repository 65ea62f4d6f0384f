package io.jvswitch.ovsdb.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of a schema.
 *
 * @param name its name
 * @param columns its columns' types, by name; {@code _uuid} and {@code _version}, which every table has, left out
 */
public record TableSchema(String name, Map<String, ColumnType> columns) {

    /** With a copy of the map. */
    public TableSchema {
        columns = Map.copyOf(columns);
    }

    /** The type of a column, or null when the table has none of that name. */
    public @Nullable ColumnType column(String column) {
        return columns.get(column);
    }
}
