package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.ContentsUpdate;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.row.TableLayout;
import io.jvswitch.ovsdb.schema.DatabaseSchema;
import io.jvswitch.ovsdb.schema.SchemaException;
import io.jvswitch.ovsdb.schema.ValueException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a server says of the databases that it serves, in its database {@code _Server} (ovsdb-server(5)). */
final class ServerDatabase {

    static final String NAME = "_Server";

    private static final Column<Optional<String>> DATABASE = Column.optionalString("name");
    private static final Column<Optional<String>> MODEL = Column.optionalString("model");
    private static final Column<Optional<Boolean>> CONNECTED = Column.optional("connected", Boolean.class);
    private static final Column<Optional<Boolean>> LEADER = Column.optional("leader", Boolean.class);
    private static final Column<Optional<String>> SCHEMA = Column.optionalString("schema");
    private static final Column<Optional<UUID>> CID = Column.optional("cid", UUID.class);
    private static final Column<Optional<Long>> INDEX = Column.optional("index", Long.class);
    private static final TableColumns TABLE =
            TableColumns.of("Database", DATABASE, MODEL, CONNECTED, LEADER, SCHEMA, CID, INDEX);

    /** What the server is for us. */
    record Verdict(@Nullable String schema, @Nullable String refusal, boolean worthWarning) {}

    private final String database;
    private final boolean leaderOnly;
    private final Consumer<String> warnings;
    private Contents contents = new Contents();
    private Map<String, TableLayout> layouts = Map.of();
    /** The newest state of a cluster that we have seen: no member may lead us back. */
    private long minIndex;

    ServerDatabase(String database, boolean leaderOnly, Consumer<String> warnings) {
        this.database = database;
        this.leaderOnly = leaderOnly;
        this.warnings = warnings;
    }

    /** A new connection, whose server has this schema for it. */
    Map<String, TableLayout> begin(JsonNode schema) throws SchemaException {
        contents = new Contents();
        layouts = Map.of(
                TABLE.table(),
                new TableLayout(TABLE, DatabaseSchema.parse(schema).table(TABLE.table()), NAME, warnings));
        return layouts;
    }

    void replace(JsonNode tables) throws ValueException {
        new ContentsUpdate(contents, layouts, warnings).replace(tables);
    }

    void apply(JsonNode tables) throws ValueException {
        new ContentsUpdate(contents, layouts, warnings).apply(tables);
    }

    /** Whether the server can be used; the refusal is Open vSwitch's text without the server's name. */
    Verdict verdict() {
        for (Row row : contents.rows(TABLE.table())) {
            if (row.get(DATABASE).equals(Optional.of(database))) {
                return verdict(row);
            }
        }
        return new Verdict(null, "server does not have " + database + " database", false);
    }

    private Verdict verdict(Row row) {
        String schema = row.get(SCHEMA).orElse(null);
        String model = row.get(MODEL).orElse("");
        boolean connected = row.get(CONNECTED).orElse(false);
        String kind = model.equals("clustered") ? "clustered" : "relay";
        if (model.equals("clustered") || model.equals("relay")) {
            boolean cluster = model.equals("clustered");
            long index = row.get(INDEX).orElse(0L);
            if (schema == null) {
                return refused(
                        kind, cluster ? "has not yet joined cluster" : "has not yet connected to the relay source");
            }
            if (!connected) {
                return refused(kind, "is disconnected from " + (cluster ? "cluster" : "the relay source"));
            }
            if (leaderOnly && !(cluster && row.get(LEADER).orElse(false))) {
                return refused(kind, cluster ? "is not cluster leader" : "cannot be a leader");
            }
            if (cluster && index < minIndex) {
                return new Verdict(null, kind + " database server has stale data; trying another server", true);
            }
            minIndex = Math.max(minIndex, index);
        }
        return schema == null ? new Verdict(null, "missing database schema", false) : new Verdict(schema, null, false);
    }

    private static Verdict refused(String kind, String why) {
        return new Verdict(null, kind + " database server " + why + "; trying another server", false);
    }
}
