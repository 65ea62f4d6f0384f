package io.jvswitch.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.ovsdb.row.RowChange;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.testing.RunningClient;
import io.jvswitch.ovsdb.testing.StockServer;
import io.jvswitch.wire.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The copy is what {@code ovsdb-client dump} shows, and the changes told add up to it, over random transactions. */
final class OvsdbContentsTest {

    private static final Column<Map<String, String>> OTHER = Column.stringMap("other_config");
    private static final Column<Optional<Long>> DSCP = Column.optional("dscp", Long.class);
    private static final Column<String> TYPE = Column.string("type");
    private static final Column<Map<Long, UUID>> QUEUES = Column.map("queues", Long.class, UUID.class);
    private static final TableColumns QUEUE = TableColumns.of("Queue", OTHER, DSCP);
    private static final TableColumns QOS = TableColumns.of("QoS", TYPE, QUEUES, OTHER);

    private static final String[] WORDS = {"", "a", "b", "\u00e4\u20ac", "x y", "\"\\", "1", "max-rate", "\n\u0001"};

    @TempDir
    Path directory;

    private static String cells(Row row) {
        return row.table().equals("Queue")
                ? row.get(OTHER) + " " + row.get(DSCP)
                : row.get(TYPE) + " " + row.get(QUEUES) + " " + row.get(OTHER);
    }

    /** The rows of a table as ovsdb-client has them, in this test's form. */
    private static Map<UUID, String> dumped(StockServer server, String table) {
        String text = server.client("dump", "--format=json", "--data=json", "Open_vSwitch", table);
        // Programs reads ISO 8859-1.
        JsonNode json = new JsonMapper()
                .readTree(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        List<String> headings = new ArrayList<>();
        json.get("headings").values().forEach(heading -> headings.add(heading.stringValue()));
        Map<UUID, String> rows = new HashMap<>();
        for (JsonNode row : json.get("data").values()) {
            ObjectNode cells = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < headings.size(); i++) {
                cells.set(headings.get(i), row.get(i));
            }
            UUID uuid = UUID.fromString(cells.path("_uuid").get(1).stringValue());
            if (table.equals("Queue")) {
                Optional<Long> dscp = cells.path("dscp").isNumber()
                        ? Optional.of(cells.path("dscp").longValue())
                        : Optional.empty();
                rows.put(uuid, map(cells.path("other_config"), false) + " " + dscp);
            } else {
                rows.put(
                        uuid,
                        cells.path("type").stringValue() + " " + map(cells.path("queues"), true) + " "
                                + map(cells.path("other_config"), false));
            }
        }
        return rows;
    }

    private static Map<Object, Object> map(JsonNode json, boolean queues) {
        Map<Object, Object> map = new TreeMap<>();
        for (JsonNode pair : json.get(1).values()) {
            if (queues) {
                map.put(pair.get(0).longValue(), pair.get(1).get(1).stringValue());
            } else {
                map.put(pair.get(0).stringValue(), pair.get(1).stringValue());
            }
        }
        return map;
    }

    private static Map<String, String> words(RandomGenerator random) {
        Map<String, String> words = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            words.put(WORDS[random.nextInt(WORDS.length)], WORDS[random.nextInt(WORDS.length)]);
        }
        return words;
    }

    @Test
    void randomTransactionsArriveWhole() {
        RandomGenerator random = Seed.random(OvsdbContentsTest.class);
        OvsdbOptions options = new OvsdbOptions(
                List.of(ConnectionMethod.parse("unix:db.sock", directory)),
                "Open_vSwitch",
                List.of(QUEUE, QOS),
                null,
                true);
        try (StockServer server = new StockServer(directory).start();
                RunningClient writer = new RunningClient(options, null);
                RunningClient reader = new RunningClient(options, null)) {
            writer.runUntil("the writer's contents", () -> writer.client().isFollowing());
            reader.runUntil("the reader's contents", () -> reader.client().isFollowing());
            reader.takeChanges();
            Map<UUID, String> added = new HashMap<>();
            for (int round = 0; round < 15; round++) {
                Transaction transaction = new Transaction();
                change(writer, transaction, random);
                TransactionOutcome outcome = writer.submit(transaction);
                assertEquals(TransactionStatus.SUCCESS, outcome.status(), outcome::toString);
                if (random.nextInt(5) == 0) {
                    reader.client().forceReconnect(System.nanoTime());
                    reader.runUntil(
                            "the connection's end", () -> !reader.client().isFollowing());
                }
                Map<UUID, String> expected = dumped(server, "Queue");
                expected.putAll(dumped(server, "QoS"));
                reader.runUntil("the copy to be " + expected, () -> expected.equals(copied(reader)));
                for (RowChange change : reader.takeChanges()) {
                    switch (change) {
                        case RowChange.Inserted(Row row) -> assertEquals(null, added.put(row.uuid(), cells(row)));
                        case RowChange.Modified(Row before, Row row) ->
                            assertEquals(cells(before), added.put(row.uuid(), cells(row)));
                        case RowChange.Deleted(Row row) -> assertEquals(cells(row), added.remove(row.uuid()));
                    }
                }
                assertEquals(expected, added);
            }
        }
    }

    private static Map<UUID, String> copied(RunningClient client) {
        Map<UUID, String> rows = new HashMap<>();
        client.client().contents().rows("Queue").forEach(row -> rows.put(row.uuid(), cells(row)));
        client.client().contents().rows("QoS").forEach(row -> rows.put(row.uuid(), cells(row)));
        return rows;
    }

    private static void change(RunningClient writer, Transaction transaction, RandomGenerator random) {
        List<UUID> queues = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            Optional<Long> dscp = random.nextBoolean() ? Optional.empty() : Optional.of(random.nextLong(64));
            queues.add(transaction.insert(
                    "Queue", new ColumnValues().set(OTHER, words(random)).set(DSCP, dscp)));
        }
        Map<Long, UUID> numbered = new HashMap<>();
        for (UUID queue : queues) {
            numbered.put(random.nextLong(1L << 32), queue);
        }
        transaction.insert(
                "QoS",
                new ColumnValues().set(TYPE, "linux-htb").set(QUEUES, numbered).set(OTHER, words(random)));
        for (Row row : writer.client().contents().rows("QoS")) {
            switch (random.nextInt(4)) {
                case 0 -> transaction.delete("QoS", row.uuid());
                case 1 -> transaction.set(row, OTHER, words(random));
                case 2 -> {
                    Map<Long, UUID> fewer = new HashMap<>(row.get(QUEUES));
                    fewer.keySet().removeIf(_ -> random.nextBoolean());
                    fewer.put(random.nextLong(1L << 32), queues.getFirst());
                    transaction.set(row, QUEUES, fewer);
                }
                default -> {}
            }
        }
        for (Row row : writer.client().contents().rows("Queue")) {
            switch (random.nextInt(6)) {
                case 0 -> transaction.set(row, DSCP, Optional.empty());
                case 1 -> transaction.set(row, OTHER, words(random));
                case 2 -> transaction.mutate("Queue", row.uuid(), OTHER, Mutator.INSERT, words(random));
                default -> {}
            }
        }
    }
}
