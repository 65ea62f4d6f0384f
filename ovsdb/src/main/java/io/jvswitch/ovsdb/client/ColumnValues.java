package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.row.Column;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Columns with the values that a row shall have in them. */
public final class ColumnValues {

    private final Map<String, JsonNode> values = new LinkedHashMap<>();

    /** None yet. */
    public ColumnValues() {}

    /** Adds one, or takes the place of what was there. */
    public <T> ColumnValues set(Column<T> column, T value) {
        values.put(column.name(), column.write(value));
        return this;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    Map<String, JsonNode> values() {
        return values;
    }
}
