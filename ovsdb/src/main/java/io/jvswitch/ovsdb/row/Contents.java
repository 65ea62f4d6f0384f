package io.jvswitch.ovsdb.row;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The copy of the monitored tables. It belongs to the thread that runs the client, changes only while it runs, and
 * stays as it is while there is no server.
 */
public final class Contents {

    private final Map<String, Map<UUID, Row>> tables = new HashMap<>();

    /** Nothing yet. */
    public Contents() {}

    /** A row by its UUID, or null. */
    public @Nullable Row row(String table, UUID uuid) {
        Map<UUID, Row> rows = tables.get(table);
        return rows == null ? null : rows.get(uuid);
    }

    /** A table's rows, in no order; a view. */
    public Collection<Row> rows(String table) {
        Map<UUID, Row> rows = tables.get(table);
        return rows == null ? Collections.emptyList() : Collections.unmodifiableCollection(rows.values());
    }

    /** The names of tables that have had rows. */
    Collection<String> tables() {
        return tables.keySet();
    }

    Map<UUID, Row> table(String table) {
        return tables.computeIfAbsent(table, _ -> new HashMap<>());
    }
}
