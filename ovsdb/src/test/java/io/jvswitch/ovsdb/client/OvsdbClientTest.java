package io.jvswitch.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.ovsdb.row.RowChange;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.testing.RunningClient;
import io.jvswitch.ovsdb.testing.StockServer;
import io.jvswitch.testkit.RunningProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client with a stock server, whose database stock tools change. */
final class OvsdbClientTest {

    private static final Column<List<UUID>> BRIDGES = Column.uuids("bridges");
    private static final Column<Long> NEXT_CFG = Column.one("next_cfg", Long.class);
    private static final Column<Long> CUR_CFG = Column.one("cur_cfg", Long.class);
    private static final Column<String> BRIDGE_NAME = Column.string("name");
    private static final Column<List<UUID>> PORTS = Column.uuids("ports");
    private static final Column<Map<String, String>> BRIDGE_OTHER = Column.stringMap("other_config");
    private static final Column<List<String>> PROTOCOLS = Column.set("protocols", String.class);
    private static final Column<Boolean> STP = Column.one("stp_enable", Boolean.class);
    private static final Column<Optional<String>> FAIL_MODE = Column.optionalString("fail_mode");
    private static final Column<String> PORT_NAME = Column.string("name");
    private static final Column<List<UUID>> INTERFACES = Column.uuids("interfaces");
    private static final Column<List<Long>> TRUNKS = Column.set("trunks", Long.class);
    private static final Column<Optional<Long>> TAG = Column.optional("tag", Long.class);
    private static final Column<String> INTERFACE_NAME = Column.string("name");
    private static final Column<Optional<Long>> OFPORT = Column.optional("ofport", Long.class);
    private static final Column<Map<String, Long>> STATISTICS = Column.map("statistics", String.class, Long.class);

    private static final List<TableColumns> TABLES = List.of(
            TableColumns.of("Open_vSwitch", BRIDGES, NEXT_CFG, CUR_CFG),
            TableColumns.of("Bridge", BRIDGE_NAME, PORTS, BRIDGE_OTHER, PROTOCOLS, STP, FAIL_MODE),
            TableColumns.of("Port", PORT_NAME, INTERFACES, TRUNKS, TAG),
            TableColumns.of("Interface", INTERFACE_NAME, OFPORT, STATISTICS));

    @TempDir
    Path directory;

    private RunningClient client(StockServer server, @Nullable String lock) {
        return new RunningClient(
                new OvsdbOptions(
                        List.of(ConnectionMethod.parse(server.remote(), directory)),
                        "Open_vSwitch",
                        TABLES,
                        lock,
                        true),
                null);
    }

    private static Row only(RunningClient client, String table) {
        List<Row> rows = new ArrayList<>(client.client().contents().rows(table));
        assertEquals(1, rows.size(), rows::toString);
        return rows.getFirst();
    }

    private static void runUntilChange(RunningClient client) {
        client.runUntil("a change", () -> !client.changeSets.isEmpty());
    }

    @Test
    void theSessionIsThatOfStockPrograms() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, "ovs_vswitchd")) {
            client.runUntil(
                    "the lock and the contents",
                    () -> client.client().isComplete() && client.client().lockState() == LockState.HELD);
            client.runUntil(
                    "the last request to arrive", () -> server.log().contains("method=\"set_db_change_aware\""));
            List<String> methods = server.log()
                    .lines()
                    .filter(line -> line.contains("received request") && !line.contains("list_dbs"))
                    .map(line -> line.replaceAll(".*method=\"([a-z_]+)\", params=(\\[[^,\\]]*).*", "$1 $2"))
                    .toList();
            assertEquals(
                    List.of(
                            "get_schema [\"_Server\"",
                            "lock [\"ovs_vswitchd\"",
                            "monitor_cond [\"_Server\"",
                            "monitor_cond_since [\"Open_vSwitch\"",
                            "set_db_change_aware [true"),
                    methods);
            assertEquals(List.of(true), client.following);
            assertNotNull(client.client().schema());
        }
    }

    @Test
    void changesOfStockToolsAreTypedDifferences() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, null)) {
            server.vsctl("init");
            client.runUntil(
                    "the contents",
                    () -> client.client().isComplete()
                            && !client.client().contents().rows("Open_vSwitch").isEmpty());
            client.takeChanges();

            server.vsctl(
                    "add-br", "br0", "--", "set", "bridge", "br0", "other_config={a=1,b=2}", "protocols=OpenFlow13");
            runUntilChange(client);
            List<RowChange> made = client.takeChanges();
            assertEquals(4, made.size(), made::toString);
            RowChange.Modified root = (RowChange.Modified) made.stream()
                    .filter(change -> change.row().table().equals("Open_vSwitch"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(root.changes(BRIDGES));
            assertFalse(root.changes(NEXT_CFG), "--no-wait leaves it alone");
            assertEquals(List.of(), root.before().get(BRIDGES));
            Row bridge = only(client, "Bridge");
            assertEquals(List.of(bridge.uuid()), root.row().get(BRIDGES));
            assertEquals("br0", bridge.get(BRIDGE_NAME));
            assertEquals(Map.of("a", "1", "b", "2"), bridge.get(BRIDGE_OTHER));
            assertEquals(List.of("OpenFlow13"), bridge.get(PROTOCOLS));
            assertEquals(Optional.empty(), bridge.get(FAIL_MODE));
            assertFalse(bridge.get(STP));
            assertEquals("Bridge br0", bridge.toString());

            server.vsctl(
                    "set",
                    "bridge",
                    "br0",
                    "other_config:b=3",
                    "other_config:c=4",
                    "fail_mode=secure",
                    "--",
                    "remove",
                    "bridge",
                    "br0",
                    "other_config",
                    "a",
                    "--",
                    "set",
                    "bridge",
                    "br0",
                    "protocols=OpenFlow10,OpenFlow15",
                    "stp_enable=true");
            runUntilChange(client);
            List<RowChange> changed = client.takeChanges();
            assertEquals(1, changed.size(), changed::toString);
            RowChange.Modified modified = assertInstanceOf(RowChange.Modified.class, changed.getFirst());
            assertEquals(Map.of("a", "1", "b", "2"), modified.before().get(BRIDGE_OTHER));
            assertEquals(Map.of("b", "3", "c", "4"), modified.row().get(BRIDGE_OTHER));
            assertEquals(List.of("OpenFlow10", "OpenFlow15"), modified.row().get(PROTOCOLS));
            assertEquals(Optional.of("secure"), modified.row().get(FAIL_MODE));
            assertTrue(modified.changes(STP));
            assertFalse(modified.changes(PORTS));

            server.vsctl("add-port", "br0", "p1", "trunks=3,1,2", "tag=7");
            runUntilChange(client);
            Row port = client.takeChanges().stream()
                    .map(RowChange::row)
                    .filter(row -> row.table().equals("Port"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(1L, 2L, 3L), port.get(TRUNKS));
            assertEquals(Optional.of(7L), port.get(TAG));
            server.vsctl("set", "port", "p1", "trunks=2,9", "tag=[]");
            runUntilChange(client);
            Row after = client.takeChanges().getFirst().row();
            assertEquals(List.of(2L, 9L), after.get(TRUNKS));
            assertEquals(Optional.empty(), after.get(TAG));

            server.vsctl("del-br", "br0");
            runUntilChange(client);
            assertEquals(
                    5,
                    client.takeChanges().stream()
                            .filter(RowChange.Deleted.class::isInstance)
                            .count());
            assertTrue(client.client().contents().rows("Interface").isEmpty());
        }
    }

    @Test
    void aRestartOfTheServerIsNoChange() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, "ovs_vswitchd")) {
            server.vsctl("add-br", "br0", "--", "add-br", "br1");
            client.runUntil(
                    "two bridges",
                    () -> client.client().contents().rows("Bridge").size() == 2
                            && client.client().lockState() == LockState.HELD);
            client.takeChanges();
            server.stop();
            client.runUntil("the end of the connection", () -> !client.client().isFollowing());
            assertEquals(2, client.client().contents().rows("Bridge").size());
            server.start();
            client.runUntil("to follow again", () -> client.client().isFollowing());
            assertEquals(List.of(), client.changeSets);
            client.runUntil("the lock", () -> client.client().lockState() == LockState.HELD);
            assertEquals(List.of(LockState.HELD, LockState.UNKNOWN, LockState.HELD), client.lockStates);

            // What is changed while we are away is all that is told.
            server.stop();
            client.runUntil("the end of the connection", () -> !client.client().isFollowing());
            server.start();
            server.vsctl("del-br", "br1", "--", "set", "bridge", "br0", "stp_enable=true");
            client.runUntil(
                    "the changes",
                    () -> client.client().contents().rows("Bridge").size() == 1);
            for (RowChange change : client.takeChanges()) {
                boolean ofBr0 = change.row().toString().equals("Bridge br0");
                assertTrue(
                        change instanceof RowChange.Deleted
                                || change instanceof RowChange.Modified modified
                                        && (ofBr0 ? modified.changes(STP) : modified.changes(BRIDGES)),
                        change::toString);
            }
        }
    }

    @Test
    void aClusterTellsWhatWasMissed() {
        try (StockServer server = StockServer.cluster(directory).start();
                RunningClient client = client(server, null)) {
            // The server remembers no more values of past transactions than its database has.
            server.vsctl("add-br", "br0", "--", "add-br", "br1", "--", "add-br", "br2");
            server.vsctl("set", "bridge", "br0", "fail_mode=secure");
            client.runUntil(
                    "the bridges",
                    () -> client.client().contents().rows("Bridge").stream()
                            .anyMatch(row -> row.get(FAIL_MODE).isPresent()));
            String last = client.client().lastTransaction();
            assertNotEquals("00000000-0000-0000-0000-000000000000", last);
            client.takeChanges();
            client.client().forceReconnect(System.nanoTime());
            client.runUntil("the end of the connection", () -> !client.client().isFollowing());
            server.vsctl("set", "bridge", "br0", "stp_enable=true");
            client.runUntil("to follow again", () -> client.client().isFollowing());
            runUntilChange(client);
            RowChange change = client.takeChanges().getFirst();
            assertTrue(((RowChange.Modified) change).changes(STP));
            assertTrue(
                    server.log().lines().anyMatch(line -> line.contains("send reply, result=[true,\"")),
                    "the server did not find " + last);
        }
    }

    @Test
    void theLockIsTakenByAnotherClient() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, "ovs_vswitchd")) {
            server.vsctl("init");
            client.runUntil(
                    "the lock and the root",
                    () -> client.client().lockState() == LockState.HELD
                            && client.client().contents().rows("Open_vSwitch").size() == 1);
            try (RunningProgram thief =
                    RunningProgram.start("ovsdb-client", "steal", server.remote(), "ovs_vswitchd")) {
                client.runUntil("to lose the lock", () -> client.client().lockState() == LockState.CONTENDED);
                Transaction transaction = new Transaction().set(only(client, "Open_vSwitch"), CUR_CFG, 5L);
                assertEquals(
                        TransactionStatus.NOT_LOCKED, client.submit(transaction).status());
                assertTrue(thief.process().isAlive());
            }
            client.runUntil("to have it back", () -> client.client().lockState() == LockState.HELD);
            assertEquals(
                    TransactionStatus.SUCCESS,
                    client.submit(new Transaction().set(only(client, "Open_vSwitch"), CUR_CFG, 5L))
                            .status());
            assertEquals(
                    "5", server.vsctl("get", "open_vswitch", ".", "cur_cfg").trim());
        }
    }

    @Test
    void transactionsInsertUpdateMutateVerifyAndDelete() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, "ovs_vswitchd")) {
            server.vsctl("init");
            client.runUntil(
                    "the lock and the root",
                    () -> client.client().lockState() == LockState.HELD
                            && client.client().contents().rows("Open_vSwitch").size() == 1);
            Row root = only(client, "Open_vSwitch");

            Transaction insertion = new Transaction().comment("ovsdb test: makes a bridge");
            UUID anInterface =
                    insertion.insert("Interface", new ColumnValues().set(INTERFACE_NAME, "b\"\\\u001b\u00e4"));
            UUID aPort = insertion.insert(
                    "Port", new ColumnValues().set(PORT_NAME, "p").set(INTERFACES, List.of(anInterface)));
            UUID aBridge = insertion.insert(
                    "Bridge",
                    new ColumnValues()
                            .set(BRIDGE_NAME, "b")
                            .set(PORTS, List.of(aPort))
                            .set(BRIDGE_OTHER, Map.of("k", "v")));
            insertion.mutate("Open_vSwitch", root.uuid(), BRIDGES, Mutator.INSERT, List.of(aBridge));
            insertion.mutate("Open_vSwitch", root.uuid(), NEXT_CFG, Mutator.ADD, 3L);
            insertion.set(root, CUR_CFG, 2L);
            TransactionOutcome made = client.submit(insertion);
            assertEquals(TransactionStatus.SUCCESS, made.status(), () -> String.valueOf(made.error()));
            Row bridge = only(client, "Bridge");
            assertEquals(bridge.uuid(), made.inserted().get(aBridge));
            assertEquals("b\"\\\u001b\u00e4", only(client, "Interface").get(INTERFACE_NAME));
            assertEquals(3L, only(client, "Open_vSwitch").get(NEXT_CFG));
            assertEquals(2L, only(client, "Open_vSwitch").get(CUR_CFG));
            assertTrue(server.log().contains("ovsdb test: makes a bridge"));

            // The copy knows a newer value than the row that is verified.
            Transaction stale = new Transaction().verify(root, NEXT_CFG).set(root, CUR_CFG, 9L);
            assertEquals(TransactionStatus.TRY_AGAIN, client.submit(stale).status());
            Row now = only(client, "Open_vSwitch");
            Transaction fresh = new Transaction().verify(now, NEXT_CFG).set(now, CUR_CFG, 9L);
            assertEquals(TransactionStatus.SUCCESS, client.submit(fresh).status());

            Row port = only(client, "Port");
            TransactionOutcome refused = client.submit(new Transaction().set(port, TAG, Optional.of(5_000L)));
            assertEquals(TransactionStatus.ERROR, refused.status());
            assertTrue(String.valueOf(refused.error()).contains("constraint violation"), refused::toString);

            assertEquals(
                    TransactionStatus.UNCHANGED,
                    client.submit(new Transaction().comment("nothing")).status());

            Transaction statistics = new Transaction()
                    .update(
                            only(client, "Interface"),
                            new ColumnValues()
                                    .set(OFPORT, Optional.of(1L))
                                    .set(STATISTICS, Map.of("rx_bytes", Long.MAX_VALUE, "tx_bytes", -1L)));
            assertEquals(TransactionStatus.SUCCESS, client.submit(statistics).status());
            assertEquals(
                    Map.of("rx_bytes", Long.MAX_VALUE, "tx_bytes", -1L),
                    only(client, "Interface").get(STATISTICS));

            Transaction deletion = new Transaction()
                    .mutate("Open_vSwitch", root.uuid(), BRIDGES, Mutator.DELETE, List.of(bridge.uuid()));
            assertEquals(TransactionStatus.SUCCESS, client.submit(deletion).status());
            assertTrue(client.client().contents().rows("Bridge").isEmpty());

            // Several under way, answered in their order.
            List<Long> order = new ArrayList<>();
            for (long i = 1; i <= 200; i++) {
                long number = i;
                client.client()
                        .submit(
                                new Transaction().mutate("Open_vSwitch", root.uuid(), CUR_CFG, Mutator.ADD, 1L),
                                outcome -> {
                                    assertEquals(TransactionStatus.SUCCESS, outcome.status());
                                    assertEquals(
                                            9 + number,
                                            only(client, "Open_vSwitch").get(CUR_CFG));
                                    order.add(number);
                                });
            }
            client.runUntil("all outcomes", () -> order.size() == 200);
        }
    }

    @Test
    void aLostConnectionEndsWhatWasUnderWay() {
        try (StockServer server = new StockServer(directory).start();
                RunningClient client = client(server, null)) {
            server.vsctl("init");
            client.runUntil(
                    "the root",
                    () -> client.client().isComplete()
                            && client.client().contents().rows("Open_vSwitch").size() == 1);
            server.stop();
            List<TransactionOutcome> outcomes = new ArrayList<>();
            client.client().submit(new Transaction().set(only(client, "Open_vSwitch"), CUR_CFG, 1L), outcomes::add);
            client.runUntil("the outcome", () -> !outcomes.isEmpty());
            assertEquals(TransactionStatus.CONNECTION_LOST, outcomes.getFirst().status());
            TransactionOutcome away = client.submit(new Transaction().set(only(client, "Open_vSwitch"), CUR_CFG, 1L));
            assertEquals(TransactionStatus.TRY_AGAIN, away.status());
        }
    }
}
