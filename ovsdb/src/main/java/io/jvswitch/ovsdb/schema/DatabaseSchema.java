package io.jvswitch.ovsdb.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A database's schema as its server has it.
 *
 * @param name the database's name
 * @param version its version, empty when it says none
 * @param tables its tables, by name
 */
public record DatabaseSchema(String name, String version, Map<String, TableSchema> tables) {

    /** With a copy of the map. */
    public DatabaseSchema {
        tables = Map.copyOf(tables);
    }

    /** The table, or null when there is none of that name. */
    public @Nullable TableSchema table(String table) {
        return tables.get(table);
    }

    /**
     * Reads a {@code <database-schema>} (RFC 7047, section 3.2).
     *
     * @throws SchemaException when it is none
     */
    public static DatabaseSchema parse(JsonNode json) throws SchemaException {
        JsonNode name = json.get("name");
        JsonNode version = json.get("version");
        JsonNode tables = json.get("tables");
        if (name == null || !name.isString() || tables == null || !tables.isObject()) {
            throw new SchemaException("no name or no tables: " + ValueException.shortened(json));
        }
        Map<String, TableSchema> parsed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            parsed.put(table.getKey(), table(table.getKey(), table.getValue()));
        }
        return new DatabaseSchema(
                name.stringValue(), version != null && version.isString() ? version.stringValue() : "", parsed);
    }

    private static TableSchema table(String name, JsonNode json) throws SchemaException {
        JsonNode columns = json.get("columns");
        if (columns == null || !columns.isObject()) {
            throw new SchemaException("table " + name + " has no columns");
        }
        Map<String, ColumnType> parsed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> column : columns.properties()) {
            JsonNode type = column.getValue().get("type");
            if (type == null) {
                throw new SchemaException("column " + name + "." + column.getKey() + " has no type");
            }
            try {
                parsed.put(column.getKey(), ColumnType.parse(type));
            } catch (SchemaException e) {
                throw new SchemaException("column " + name + "." + column.getKey() + ": " + e.getMessage());
            }
        }
        return new TableSchema(name, parsed);
    }
}
