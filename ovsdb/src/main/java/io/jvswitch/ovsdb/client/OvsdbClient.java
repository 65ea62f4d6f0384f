package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.jsonrpc.JsonRpcMessage;
import io.jvswitch.ovsdb.jsonrpc.JsonRpcSession;
import io.jvswitch.ovsdb.jsonrpc.LimitedLog;
import io.jvswitch.ovsdb.row.ChangeSet;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.ContentsUpdate;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.row.TableLayout;
import io.jvswitch.ovsdb.schema.AtomType;
import io.jvswitch.ovsdb.schema.DatabaseSchema;
import io.jvswitch.ovsdb.schema.SchemaException;
import io.jvswitch.ovsdb.schema.ValueException;
import io.jvswitch.ovsdb.stream.Dialer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of an OVSDB server: RFC 7047 with the extensions of ovsdb-server(7). It keeps a copy of some tables, which
 * follows the server's, asks for a lock, and sends transactions. The session is that of Open vSwitch's own programs.
 *
 * <p>One thread owns it: it calls {@link #run} when it is woken and at {@link #deadlineNs}, with a time that only goes
 * forward. Listener and outcomes are called from there. While the server is away, the copy stays as it was; when it is
 * back, only what differs from the copy is a change, be it told by the server itself (a cluster remembers its last
 * transactions) or found by comparing.
 */
public final class OvsdbClient implements AutoCloseable {

    private enum State {
        DISCONNECTED,
        SERVER_SCHEMA_REQUESTED,
        SERVER_MONITOR_REQUESTED,
        DATA_SCHEMA_REQUESTED,
        DATA_MONITOR_COND_SINCE_REQUESTED,
        DATA_MONITOR_COND_REQUESTED,
        DATA_MONITOR_REQUESTED,
        MONITORING,
        RETRY
    }

    private static final int MESSAGES_PER_RUN = 50;
    private static final int LINES_PER_MINUTE = 5;
    private static final String NO_TRANSACTION = "00000000-0000-0000-0000-000000000000";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger("ovs.ovsdb_cs");

    private final OvsdbOptions options;
    private final DatabaseListener listener;
    private final JsonRpcSession session;
    private final ServerDatabase server;
    private final DatabaseLock lock;
    private final OutstandingTransactions outstanding = new OutstandingTransactions();
    private final LimitedLog lines = new LimitedLog(LOG, LINES_PER_MINUTE, LINES_PER_MINUTE);
    private final Contents contents = new Contents();

    private Map<String, TableLayout> layouts = Map.of();
    private @Nullable DatabaseSchema schema;
    private @Nullable JsonNode schemaJson;
    private State state = State.DISCONNECTED;
    private int sessionNumber;
    private long nextId;
    private @Nullable JsonNode requestId;
    private boolean serverMonitored;
    private String lastTransaction = NO_TRANSACTION;
    private boolean complete;
    private long nowNs;

    /**
     * A client that connects with its first {@link #run}.
     *
     * @param wakeup called on any thread when {@link #run} has something to do
     */
    public OvsdbClient(Dialer dialer, OvsdbOptions options, DatabaseListener listener, Runnable wakeup, long nowNs) {
        this.options = options;
        this.listener = listener;
        this.nowNs = nowNs;
        session = new JsonRpcSession(dialer, options.servers(), wakeup, nowNs);
        server = new ServerDatabase(options.database(), options.leaderOnly(), this::warn);
        lock = new DatabaseLock(options.lock(), listener::lockChanged);
    }

    /** The copy. Only the owner's thread may look at it. */
    public Contents contents() {
        return contents;
    }

    /** Whether the copy has once been complete; it is from then on, be it the server's state or an older one. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether there is a server that the copy follows: then transactions can be sent. */
    public boolean isFollowing() {
        return state == State.MONITORING;
    }

    /** Whether there is a connection. */
    public boolean isConnected() {
        return session.isConnected();
    }

    /** Where the lock is. */
    public LockState lockState() {
        return lock.state();
    }

    /** The server's schema; null until it is known. */
    public @Nullable DatabaseSchema schema() {
        return schema;
    }

    /** The last transaction that the server told of, where it tells; its name is the server's business. */
    public String lastTransaction() {
        return lastTransaction;
    }

    /** How many transactions wait for an answer. */
    public int outstandingTransactions() {
        return outstanding.size();
    }

    /** Silence of a server after which it is asked for a sign of life: at least 1 s; 0 never. */
    public void setProbeInterval(long intervalNs) {
        session.setProbeInterval(intervalNs);
    }

    /** Has the connection made anew. */
    public void forceReconnect(long now) {
        if (state == State.MONITORING) {
            session.resetBackoff();
        }
        session.forceReconnect(now);
    }

    /** When {@link #run} must be called though nobody woke it; {@link Long#MAX_VALUE} for never. */
    public long deadlineNs(long now) {
        return session.hasEvents() ? now : session.deadlineNs(now);
    }

    /**
     * Does what there is to do, at most 50 messages of it.
     *
     * @return whether there is more
     */
    public boolean run(long now) {
        nowNs = now;
        session.run(now);
        noteSession();
        for (int i = 0; i < MESSAGES_PER_RUN; i++) {
            JsonRpcMessage message = session.receive(now);
            noteSession();
            if (message == null) {
                break;
            }
            take(message);
        }
        return session.hasEvents();
    }

    /**
     * Sends a transaction, unless it cannot be: then {@code outcome} is called at once. Several may be under way; the
     * server carries them out in their order. The copy has what a transaction changed before its outcome is told.
     */
    public void submit(Transaction transaction, Consumer<TransactionOutcome> outcome) {
        if (transaction.isEmpty()) {
            outcome.accept(TransactionOutcome.notSent(TransactionStatus.UNCHANGED, null));
            return;
        }
        if (state != State.MONITORING) {
            outcome.accept(
                    TransactionOutcome.notSent(TransactionStatus.TRY_AGAIN, "there is no connection to the database"));
            return;
        }
        if (lock.isMissing()) {
            outcome.accept(TransactionOutcome.notSent(
                    lock.state() == LockState.CONTENDED ? TransactionStatus.NOT_LOCKED : TransactionStatus.TRY_AGAIN,
                    "the lock " + lock.name() + " is not held"));
            return;
        }
        long id = nextId++;
        ArrayNode params = transaction.params(options.database(), schema, lock.name());
        outstanding.add(id, transaction, outcome);
        session.send(new JsonRpcMessage.Request("transact", params, NODES.numberNode(id)));
    }

    /** Ends the connection. Transactions under way are lost. */
    @Override
    public void close() {
        session.close();
        outstanding.lose();
    }

    private void warn(String text) {
        lines.warn(nowNs, session.name() + ": " + text);
    }

    private void noteSession() {
        if (session.number() == sessionNumber) {
            return;
        }
        sessionNumber = session.number();
        outstanding.lose();
        serverMonitored = false;
        requestId = null;
        if (!session.isConnected()) {
            enter(State.DISCONNECTED);
            return;
        }
        restart();
        JsonRpcMessage.Request request = lock.request(NODES.numberNode(nextId));
        if (request != null) {
            nextId++;
            session.send(request);
        }
    }

    private void restart() {
        serverMonitored = false;
        request("get_schema", NODES.arrayNode().add(ServerDatabase.NAME));
        enter(State.SERVER_SCHEMA_REQUESTED);
    }

    private void enter(State next) {
        boolean followed = state == State.MONITORING;
        LOG.debug("{}: {} -> {}", session.name(), state, next);
        state = next;
        if (followed != (next == State.MONITORING)) {
            listener.followingChanged(next == State.MONITORING);
        }
    }

    private void request(String method, ArrayNode params) {
        JsonNode id = NODES.numberNode(nextId++);
        requestId = id;
        session.send(new JsonRpcMessage.Request(method, params, id));
    }

    private void take(JsonRpcMessage message) {
        try {
            switch (message) {
                case JsonRpcMessage.Reply(JsonNode result, JsonNode id)
                when id.equals(requestId) -> {
                    requestId = null;
                    replied(result);
                }
                case JsonRpcMessage.Failure(JsonNode error, JsonNode id)
                when id.equals(requestId) -> {
                    requestId = null;
                    refused(error);
                }
                case JsonRpcMessage.Reply(JsonNode result, JsonNode id) -> {
                    if (!lock.take(message)) {
                        answered(outstanding.answer(id, result, false));
                    }
                }
                case JsonRpcMessage.Failure(JsonNode error, JsonNode id) ->
                    answered(outstanding.answer(id, error, true));
                case JsonRpcMessage.Notification notification -> told(notification);
                case JsonRpcMessage.Request(String method, ArrayNode _, JsonNode id) ->
                    session.send(new JsonRpcMessage.Failure(NODES.stringNode("unknown method " + method), id));
            }
        } catch (ValueException | SchemaException e) {
            warn(String.valueOf(e.getMessage()));
            startOver();
        }
    }

    private void answered(@Nullable TransactionOutcome outcome) {
        if (outcome != null && outcome.status() == TransactionStatus.ERROR) {
            lines.warn(nowNs, "transaction error: " + outcome.error());
        } else if (outcome != null && "unknown database".equals(outcome.error())) {
            startOver();
        }
    }

    private void replied(JsonNode result) throws ValueException, SchemaException {
        switch (state) {
            case SERVER_SCHEMA_REQUESTED -> {
                Map<String, TableLayout> serverLayouts = server.begin(result);
                ArrayNode params = NODES.arrayNode().add(ServerDatabase.NAME).add(monitorId(ServerDatabase.NAME));
                request("monitor_cond", params.add(monitorRequests(serverLayouts)));
                enter(State.SERVER_MONITOR_REQUESTED);
            }
            case SERVER_MONITOR_REQUESTED -> {
                serverMonitored = true;
                server.replace(result);
                if (judgeServer()) {
                    session.send(new JsonRpcMessage.Request(
                            "set_db_change_aware", NODES.arrayNode().add(true), NODES.numberNode(nextId++)));
                }
            }
            case DATA_SCHEMA_REQUESTED -> {
                useSchema(result);
                monitor("monitor_cond", State.DATA_MONITOR_COND_REQUESTED);
            }
            case DATA_MONITOR_COND_SINCE_REQUESTED -> monitoredSince(result);
            case DATA_MONITOR_COND_REQUESTED, DATA_MONITOR_REQUESTED -> {
                lastTransaction = NO_TRANSACTION;
                follow(result, true);
            }
            case DISCONNECTED, MONITORING, RETRY -> LOG.debug("{}: unexpected reply in {}", session.name(), state);
        }
    }

    private void refused(JsonNode error) {
        switch (state) {
            case SERVER_SCHEMA_REQUESTED, SERVER_MONITOR_REQUESTED -> {
                request("get_schema", NODES.arrayNode().add(options.database()));
                enter(State.DATA_SCHEMA_REQUESTED);
            }
            case DATA_MONITOR_COND_SINCE_REQUESTED -> monitor("monitor_cond", State.DATA_MONITOR_COND_REQUESTED);
            case DATA_MONITOR_COND_REQUESTED -> monitor("monitor", State.DATA_MONITOR_REQUESTED);
            case DISCONNECTED, DATA_SCHEMA_REQUESTED, DATA_MONITOR_REQUESTED, MONITORING, RETRY -> {
                lines.info(
                        nowNs,
                        session.name() + ": received unexpected error response in " + state + " state: " + error);
                retry();
            }
        }
    }

    private void told(JsonRpcMessage.Notification notification) throws ValueException, SchemaException {
        ArrayNode params = notification.params();
        boolean ofServer = serverMonitored && concerns(params, ServerDatabase.NAME);
        switch (notification.method()) {
            case "update", "update2" -> {
                if (params.size() == 2 && ofServer) {
                    server.apply(params.get(1));
                    judgeServer();
                } else if (params.size() == 2 && concerns(params, options.database())) {
                    update(params.get(1));
                }
            }
            case "update3" -> {
                if (params.size() == 3 && concerns(params, options.database())) {
                    update(params.get(2));
                    lastTransaction = transactionId(params.get(1));
                }
            }
            case "monitor_canceled" -> {
                if (ofServer || concerns(params, options.database())) {
                    String other = ofServer ? options.database() : ServerDatabase.NAME;
                    session.send(new JsonRpcMessage.Request(
                            "monitor_cancel", NODES.arrayNode().add(monitorId(other)), NODES.numberNode(nextId++)));
                    restart();
                }
            }
            default -> lock.take(notification);
        }
    }

    private boolean judgeServer() throws SchemaException {
        ServerDatabase.Verdict verdict = server.verdict();
        if (verdict.schema() == null) {
            String line = session.name() + ": " + verdict.refusal();
            if (verdict.worthWarning()) {
                lines.warn(nowNs, line);
            } else {
                lines.info(nowNs, line);
            }
            retry();
            return false;
        }
        if (state == State.SERVER_MONITOR_REQUESTED) {
            try {
                useSchema(MAPPER.readTree(verdict.schema()));
            } catch (JacksonException e) {
                warn("error parsing database schema: " + e.getOriginalMessage());
                retry();
                return false;
            }
            monitor("monitor_cond_since", State.DATA_MONITOR_COND_SINCE_REQUESTED);
        }
        return true;
    }

    private void useSchema(JsonNode json) throws SchemaException {
        if (json.equals(schemaJson)) {
            return;
        }
        DatabaseSchema parsed = DatabaseSchema.parse(json);
        Map<String, TableLayout> laidOut = new LinkedHashMap<>();
        for (TableColumns table : options.tables()) {
            laidOut.put(
                    table.table(), new TableLayout(table, parsed.table(table.table()), options.database(), LOG::warn));
        }
        layouts = laidOut;
        schema = parsed;
        schemaJson = json;
        // What was read by another schema must be read again.
        lastTransaction = NO_TRANSACTION;
    }

    private void monitor(String method, State next) {
        ArrayNode params = NODES.arrayNode().add(options.database()).add(monitorId(options.database()));
        params.add(monitorRequests(layouts));
        if (next == State.DATA_MONITOR_COND_SINCE_REQUESTED) {
            params.add(lastTransaction);
        }
        request(method, params);
        enter(next);
    }

    private void monitoredSince(JsonNode result) throws ValueException {
        if (!result.isArray() || result.size() != 3 || !result.get(0).isBoolean()) {
            throw new ValueException("bad monitor_cond_since reply format");
        }
        boolean found = result.get(0).booleanValue();
        follow(result.get(2), !found);
        lastTransaction = transactionId(result.get(1));
    }

    private static String transactionId(JsonNode json) throws ValueException {
        if (!json.isString() || AtomType.uuid(json.stringValue()) == null) {
            throw new ValueException("Last-id " + json + " is not in UUID format.");
        }
        return json.stringValue();
    }

    private void follow(JsonNode tables, boolean all) throws ValueException {
        ContentsUpdate update = new ContentsUpdate(contents, layouts, this::warn);
        ChangeSet changes = all ? update.replace(tables) : update.apply(tables);
        enter(State.MONITORING);
        boolean first = !complete;
        complete = true;
        if (first || !changes.isEmpty()) {
            listener.contentsChanged(changes);
        }
        if (!update.isConsistent()) {
            startOver();
        }
    }

    private void update(JsonNode tables) throws ValueException {
        if (state != State.MONITORING) {
            return;
        }
        follow(tables, false);
    }

    /** The copy is not the server's state any more: ask for all of it. */
    private void startOver() {
        lastTransaction = NO_TRANSACTION;
        retry();
    }

    private void retry() {
        forceReconnect(nowNs);
        enter(State.RETRY);
    }

    private static ArrayNode monitorId(String database) {
        return NODES.arrayNode().add("monid").add(database);
    }

    private static boolean concerns(ArrayNode params, String database) {
        return params.size() > 0 && params.get(0).equals(monitorId(database));
    }

    private static ObjectNode monitorRequests(Map<String, TableLayout> layouts) {
        ObjectNode requests = NODES.objectNode();
        for (TableLayout layout : layouts.values()) {
            if (!layout.present().isEmpty()) {
                ArrayNode columns = NODES.arrayNode();
                layout.present().forEach(columns::add);
                requests.set(
                        layout.table(), NODES.arrayNode().add(NODES.objectNode().set("columns", columns)));
            }
        }
        return requests;
    }
}
