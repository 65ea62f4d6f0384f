package io.jvswitch.ovsdb.row;

import io.jvswitch.ovsdb.schema.AtomType;
import io.jvswitch.ovsdb.schema.Datum;
import io.jvswitch.ovsdb.schema.ValueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings {@link Contents} up to date with what a server tells, and says what that changes: {@code <table-updates>} of
 * RFC 7047 (section 4.1.6) and {@code <table-updates2>} of ovsdb-server(7). One for each update.
 */
public final class ContentsUpdate {

    private final Contents contents;
    private final Map<String, TableLayout> layouts;
    private final Consumer<String> warnings;
    private final List<RowChange> changes = new ArrayList<>();
    private boolean consistent = true;

    /**
     * An update.
     *
     * @param layouts the layouts of the tables that are monitored, by name
     * @param warnings is given a line for each value that is refused
     */
    public ContentsUpdate(Contents contents, Map<String, TableLayout> layouts, Consumer<String> warnings) {
        this.contents = contents;
        this.layouts = layouts;
        this.warnings = warnings;
    }

    /**
     * Applies what has changed since the last update.
     *
     * @throws ValueException when it is no update; then nothing has changed
     */
    public ChangeSet apply(JsonNode tables) throws ValueException {
        check(tables);
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            TableLayout layout = layouts.get(table.getKey());
            if (layout == null) {
                continue;
            }
            Map<UUID, Row> rows = contents.table(table.getKey());
            for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
                apply(layout, rows, uuid(row.getKey()), row.getValue());
            }
        }
        return new ChangeSet(changes);
    }

    /**
     * Has the contents be what the server tells, all of it; only rows that differ from the copy are changes.
     *
     * @throws ValueException when it is no update; then nothing has changed
     */
    public ChangeSet replace(JsonNode tables) throws ValueException {
        check(tables);
        for (String table : Set.copyOf(contents.tables())) {
            if (!layouts.containsKey(table)) {
                retain(contents.table(table), Set.of());
            }
        }
        for (TableLayout layout : layouts.values()) {
            Map<UUID, Row> rows = contents.table(layout.table());
            JsonNode told = tables.get(layout.table());
            Map<UUID, Row> fresh = new HashMap<>();
            if (told != null) {
                for (Map.Entry<String, JsonNode> row : told.properties()) {
                    UUID uuid = uuid(row.getKey());
                    JsonNode columns = first(row.getValue(), "initial", "insert", "new");
                    if (columns != null) {
                        fresh.put(uuid, read(layout, uuid, layout.defaults(), columns, false));
                    }
                }
            }
            retain(rows, fresh.keySet());
            for (Row row : fresh.values()) {
                put(rows, row);
            }
        }
        return new ChangeSet(changes);
    }

    /** False when the server spoke of a row that the copy does not have: then it must be asked for everything. */
    public boolean isConsistent() {
        return consistent;
    }

    private static void check(JsonNode tables) throws ValueException {
        if (!tables.isObject()) {
            throw new ValueException("table updates are not an object");
        }
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            if (!table.getValue().isObject()) {
                throw new ValueException("updates of table " + table.getKey() + " are not an object");
            }
            for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
                uuid(row.getKey());
                if (!row.getValue().isObject()) {
                    throw new ValueException(
                            "the update of row " + row.getKey() + " of table " + table.getKey() + " is not an object");
                }
                for (Map.Entry<String, JsonNode> part : row.getValue().properties()) {
                    if (!part.getKey().equals("delete") && !part.getValue().isObject()) {
                        throw new ValueException("\"" + part.getKey() + "\" of row " + row.getKey() + " of table "
                                + table.getKey() + " is not an object");
                    }
                }
            }
        }
    }

    private static UUID uuid(String text) throws ValueException {
        UUID uuid = AtomType.uuid(text);
        if (uuid == null) {
            throw new ValueException("table updates have a bad UUID as member name: " + text);
        }
        return uuid;
    }

    private static @Nullable JsonNode first(JsonNode update, String... members) {
        for (String member : members) {
            JsonNode found = update.get(member);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private void apply(TableLayout layout, Map<UUID, Row> rows, UUID uuid, JsonNode update) {
        Row before = rows.get(uuid);
        JsonNode columns = first(update, "insert", "initial");
        JsonNode difference = update.get("modify");
        JsonNode replaced = update.get("new");
        if (columns != null) {
            put(rows, read(layout, uuid, layout.defaults(), columns, false));
        } else if (difference != null) {
            if (before == null) {
                consistent = false;
                warnings.accept("cannot modify missing row " + uuid + " in table " + layout.table());
            } else {
                put(rows, read(layout, uuid, before.copyOfData(), difference, true));
            }
        } else if (replaced != null) {
            // "new" of RFC 7047 has the whole row.
            put(rows, read(layout, uuid, layout.defaults(), replaced, false));
        } else if (before != null) {
            rows.remove(uuid);
            changes.add(new RowChange.Deleted(before));
        } else {
            consistent = false;
            warnings.accept("cannot delete missing row " + uuid + " from table " + layout.table());
        }
    }

    private Row read(TableLayout layout, UUID uuid, Datum[] data, JsonNode columns, boolean difference) {
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, JsonNode> column : columns.properties()) {
            Integer place = layout.place(column.getKey());
            if (place == null) {
                continue;
            }
            try {
                data[place] = difference
                        ? data[place].apply(layout.type(place), column.getValue())
                        : Datum.read(layout.type(place), column.getValue());
            } catch (ValueException e) {
                refused.add(column.getKey() + ": " + e.getMessage());
            }
        }
        Row row = new Row(layout, uuid, data);
        for (String what : refused) {
            warnings.accept("error parsing column in row " + row + " (" + uuid + "): " + what);
        }
        return row;
    }

    private void put(Map<UUID, Row> rows, Row row) {
        Row before = rows.put(row.uuid(), row);
        if (before == null) {
            changes.add(new RowChange.Inserted(row));
        } else if (!row.hasSameValuesAs(before)) {
            changes.add(new RowChange.Modified(before, row));
        }
    }

    private void retain(Map<UUID, Row> rows, Set<UUID> kept) {
        for (UUID gone : new HashSet<>(rows.keySet())) {
            if (!kept.contains(gone)) {
                Row row = rows.remove(gone);
                if (row != null) {
                    changes.add(new RowChange.Deleted(row));
                }
            }
        }
    }
}
