package io.jvswitch.ovsdb.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.ContentsUpdate;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.row.TableLayout;
import io.jvswitch.ovsdb.schema.DatabaseSchema;
import io.jvswitch.ovsdb.schema.SchemaException;
import io.jvswitch.ovsdb.schema.ValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * No bytes of a peer do anything but be taken or refused, however they are cut. The normal build replays the corpus
 * beside this class; to search on, see {@code HeaderFuzzTest} in {@code wire}.
 */
class JsonRpcFuzzTest {

    private static final int LIMIT = 1 << 16;
    private static final TableColumns TABLE = TableColumns.of(
            "T",
            Column.string("s"),
            Column.optional("o", Long.class),
            Column.set("e", Double.class),
            Column.stringMap("m"),
            Column.uuids("u"));

    private static List<String> outcome(byte[] bytes, int piece) {
        List<String> outcome = new ArrayList<>();
        JsonStream stream = new JsonStream(LIMIT);
        try {
            for (int at = 0; at < bytes.length; at += piece) {
                stream.feed(bytes, at, Math.min(bytes.length, at + piece), value -> outcome.add(value.toString()));
            }
        } catch (JsonSyntaxException _) {
            outcome.add("refused");
        }
        return outcome;
    }

    @FuzzTest
    void anyBytes(byte[] bytes) {
        assertEquals(outcome(bytes, Math.max(1, bytes.length)), outcome(bytes, 1));
    }

    @FuzzTest
    void anyMessage(byte[] bytes) {
        List<JsonNode> values = new ArrayList<>();
        try {
            new JsonStream(LIMIT).feed(bytes, 0, bytes.length, values::add);
            for (JsonNode value : values) {
                assertEquals(
                        JsonRpcMessage.parse(value),
                        JsonRpcMessage.parse(JsonRpcMessage.parse(value).toJson()));
            }
        } catch (JsonSyntaxException | BadMessageException _) {
            // Refused.
        }
    }

    /** The first value as a schema, the others as updates of a database that has it. */
    @FuzzTest
    void anySchemaAndUpdates(byte[] bytes) {
        List<JsonNode> values = new ArrayList<>();
        try {
            new JsonStream(LIMIT).feed(bytes, 0, bytes.length, values::add);
            if (values.isEmpty()) {
                return;
            }
            DatabaseSchema schema = DatabaseSchema.parse(values.getFirst());
            Map<String, TableLayout> layouts =
                    Map.of("T", new TableLayout(TABLE, schema.table("T"), schema.name(), _ -> {}));
            Contents contents = new Contents();
            for (JsonNode value : values.subList(1, values.size())) {
                ContentsUpdate update = new ContentsUpdate(contents, layouts, _ -> {});
                if (value.has("all")) {
                    update.replace(value.get("all"));
                } else {
                    update.apply(value);
                }
                contents.rows("T").forEach(row -> TABLE.columns().forEach(row::get));
            }
        } catch (JsonSyntaxException | SchemaException | ValueException _) {
            // Refused.
        }
    }
}
