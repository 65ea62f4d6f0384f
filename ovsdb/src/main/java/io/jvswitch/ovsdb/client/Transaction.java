package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.ovsdb.schema.AtomType;
import io.jvswitch.ovsdb.schema.DatabaseSchema;
import io.jvswitch.ovsdb.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a database is to be changed by, all of it or nothing (RFC 7047, section 5.2). Built by one thread, then given to
 * {@link OvsdbClient#submit}.
 *
 * <p>Changes of one row are one operation. A row that the transaction inserts can be named by the UUID that {@link
 * #insert} gives, in the values of other rows too; the server gives it another one, which the outcome has.
 */
public final class Transaction {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<ObjectNode> operations = new ArrayList<>();
    private final Map<UUID, ObjectNode> updates = new HashMap<>();
    /** The index of each insertion's operation. */
    private final Map<UUID, Integer> insertions = new LinkedHashMap<>();

    private final List<String> comments = new ArrayList<>();
    private boolean changes;

    /** Nothing yet. */
    public Transaction() {}

    /** Whether it would change nothing. */
    public boolean isEmpty() {
        return !changes;
    }

    /** How many operations there are so far: the index of the next one's result. */
    public int size() {
        return operations.size();
    }

    /** Something to be found in the server's log of the database. */
    public Transaction comment(String text) {
        comments.add(text);
        return this;
    }

    /**
     * Inserts a row.
     *
     * @return what names it in this transaction
     */
    public UUID insert(String table, ColumnValues values) {
        UUID placeholder = UUID.randomUUID();
        ObjectNode operation = operation("insert", table);
        operation.put("uuid-name", symbol(placeholder));
        operation.set("row", row(values));
        insertions.put(placeholder, operations.size());
        operations.add(operation);
        changes = true;
        return placeholder;
    }

    /** Sets columns of a row. */
    public Transaction update(Row row, ColumnValues values) {
        return update(row.table(), row.uuid(), values);
    }

    /** Sets columns of a row, whether it is monitored or not. */
    public Transaction update(String table, UUID uuid, ColumnValues values) {
        if (values.isEmpty()) {
            return this;
        }
        ObjectNode known = updates.get(uuid);
        if (known != null) {
            values.values().forEach(((ObjectNode) known.get("row"))::set);
            return this;
        }
        ObjectNode operation = operation("update", table);
        operation.set("where", where(uuid));
        operation.set("row", row(values));
        operations.add(operation);
        updates.put(uuid, operation);
        changes = true;
        return this;
    }

    /** Sets one column of a row. */
    public <T> Transaction set(Row row, Column<T> column, T value) {
        return update(row, new ColumnValues().set(column, value));
    }

    /** Changes a column by what it has when the server carries this out. */
    public <T> Transaction mutate(String table, UUID uuid, Column<T> column, Mutator mutator, T value) {
        ObjectNode operation = operation("mutate", table);
        operation.set("where", where(uuid));
        operation.set(
                "mutations",
                NODES.arrayNode()
                        .add(NODES.arrayNode()
                                .add(column.name())
                                .add(mutator.symbol())
                                .add(column.write(value))));
        operations.add(operation);
        changes = true;
        return this;
    }

    /** Deletes a row. */
    public Transaction delete(String table, UUID uuid) {
        ObjectNode operation = operation("delete", table);
        operation.set("where", where(uuid));
        operations.add(operation);
        changes = true;
        return this;
    }

    /**
     * Has the whole transaction come to nothing ({@link TransactionStatus#TRY_AGAIN}) unless a row has a value: what
     * was read still holds.
     */
    public <T> Transaction verify(Row row, Column<T> column) {
        ObjectNode operation = operation("wait", row.table());
        operation.put("timeout", 0);
        operation.set("where", where(row.uuid()));
        operation.set("columns", NODES.arrayNode().add(column.name()));
        operation.put("until", "==");
        ObjectNode expected = NODES.objectNode();
        expected.set(column.name(), column.write(row.get(column)));
        operation.set("rows", NODES.arrayNode().add(expected));
        operations.add(operation);
        return this;
    }

    /** Asks for columns of a row as they are at this place of the transaction; the outcome has them. */
    public Transaction select(String table, UUID uuid, Column<?>... columns) {
        ObjectNode operation = operation("select", table);
        operation.set("where", where(uuid));
        ArrayNode names = NODES.arrayNode();
        for (Column<?> column : columns) {
            names.add(column.name());
        }
        operation.set("columns", names);
        operations.add(operation);
        changes = true;
        return this;
    }

    /**
     * The parameters of {@code transact}. What the server's schema has no column for is left out, as Open vSwitch does
     * with a database that is older than the program.
     *
     * @param lock what must be held; null when nothing
     */
    ArrayNode params(String database, @Nullable DatabaseSchema schema, @Nullable String lock) {
        ArrayNode params = NODES.arrayNode().add(database);
        for (ObjectNode operation : operations) {
            ObjectNode sent = operation.deepCopy();
            if (sent.get("row") instanceof ObjectNode row && schema != null) {
                prune(row, schema.table(sent.get("table").stringValue()));
            }
            params.add(named(sent));
        }
        if (!comments.isEmpty()) {
            params.add(NODES.objectNode().put("op", "comment").put("comment", String.join("\n", comments)));
        }
        if (lock != null) {
            params.add(NODES.objectNode().put("lock", lock).put("op", "assert"));
        }
        return params;
    }

    /** The UUIDs of inserted rows in the server's results. */
    Map<UUID, UUID> inserted(List<JsonNode> results) {
        Map<UUID, UUID> inserted = new LinkedHashMap<>();
        insertions.forEach((placeholder, index) -> {
            JsonNode uuid = index < results.size() ? results.get(index).get("uuid") : null;
            if (uuid != null
                    && uuid.isArray()
                    && uuid.size() == 2
                    && uuid.get(1).isString()) {
                UUID real = AtomType.uuid(uuid.get(1).stringValue());
                if (real != null) {
                    inserted.put(placeholder, real);
                }
            }
        });
        return inserted;
    }

    private static void prune(ObjectNode row, @Nullable TableSchema table) {
        if (table != null) {
            row.properties().removeIf(column -> table.column(column.getKey()) == null);
        }
    }

    private static ObjectNode operation(String name, String table) {
        return NODES.objectNode().put("op", name).put("table", table);
    }

    private static ArrayNode where(UUID uuid) {
        return NODES.arrayNode()
                .add(NODES.arrayNode()
                        .add("_uuid")
                        .add("==")
                        .add(NODES.arrayNode().add("uuid").add(uuid.toString())));
    }

    private static ObjectNode row(ColumnValues values) {
        ObjectNode row = NODES.objectNode();
        values.values().forEach(row::set);
        return row;
    }

    private static String symbol(UUID placeholder) {
        return "row" + placeholder.toString().replace('-', '_');
    }

    /** Puts {@code named-uuid} in the place of UUIDs that only this transaction knows. */
    private JsonNode named(JsonNode json) {
        if (insertions.isEmpty()) {
            return json;
        }
        switch (json) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> member : object.properties()) {
                    member.setValue(named(member.getValue()));
                }
            }
            case ArrayNode array -> {
                if (array.size() == 2
                        && array.get(0).isString()
                        && array.get(0).stringValue().equals("uuid")) {
                    UUID uuid = AtomType.uuid(array.get(1).asString());
                    if (uuid != null && insertions.containsKey(uuid)) {
                        return NODES.arrayNode().add("named-uuid").add(symbol(uuid));
                    }
                }
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, named(array.get(i)));
                }
            }
            default -> {}
        }
        return json;
    }
}
