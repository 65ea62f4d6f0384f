package io.jvswitch.ovsdb.unixctl;

import io.jvswitch.ovsdb.jsonrpc.Closed;
import io.jvswitch.ovsdb.jsonrpc.JsonRpcConnection;
import io.jvswitch.ovsdb.jsonrpc.JsonRpcMessage;
import io.jvswitch.ovsdb.jsonrpc.LimitedLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One connection of {@code ovs-appctl}: a request at a time. The loop's thread, but for answers. */
final class UnixctlConnection implements JsonRpcConnection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger("ovs.unixctl");

    private final Commands commands;
    private final LongSupplier clock;
    private final LimitedLog rpcLog;
    private final LimitedLog log;
    /** Came with the request that is being answered, in the same bytes; no more are read meanwhile. */
    private final Queue<JsonRpcMessage.Request> next = new ArrayDeque<>();

    private boolean answering;
    private boolean ended;

    UnixctlConnection(Commands commands, LongSupplier clock, LimitedLog rpcLog, LimitedLog log) {
        this.commands = commands;
        this.clock = clock;
        this.rpcLog = rpcLog;
        this.log = log;
    }

    @Override
    public void opened(JsonRpcConnection connection) {}

    @Override
    public void received(JsonRpcConnection connection, JsonRpcMessage message) {
        if (ended) {
            return;
        }
        if (!(message instanceof JsonRpcMessage.Request request)) {
            log.warn(clock.getAsLong(), connection.name() + ": received unexpected " + message.kind() + " message");
            ended = true;
            connection.close();
            return;
        }
        if (answering) {
            next.add(request);
            return;
        }
        begin(connection, request);
    }

    private void begin(JsonRpcConnection connection, JsonRpcMessage.Request request) {
        answering = true;
        connection.setReading(false);
        List<String> arguments = new ArrayList<>();
        boolean areStrings = true;
        for (JsonNode argument : request.params().values()) {
            areStrings &= argument.isString();
            arguments.add(argument.asString(""));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("received request {}{}, id={}", request.method(), request.params(), request.id());
        }
        commands.run(request.method(), List.copyOf(arguments), areStrings, new Answer(connection, request.id()));
    }

    private void answered(JsonRpcConnection connection) {
        answering = false;
        JsonRpcMessage.Request request = next.poll();
        if (ended) {
            return;
        }
        if (request != null) {
            begin(connection, request);
        } else {
            connection.setReading(true);
        }
    }

    @Override
    public void closed(JsonRpcConnection connection, Closed why) {
        ended = true;
        next.clear();
        if (why.warning() != null) {
            rpcLog.warn(clock.getAsLong(), why.warning());
        }
    }

    private final class Answer implements CommandReply {
        private final JsonRpcConnection connection;
        private final JsonNode id;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(JsonRpcConnection connection, JsonNode id) {
            this.connection = connection;
            this.id = id;
        }

        @Override
        public void done(String text) {
            give();
            send("success", new JsonRpcMessage.Reply(body(text), id));
        }

        @Override
        public void refused(String text) {
            give();
            send("error", new JsonRpcMessage.Failure(body(text), id));
        }

        private void give() {
            if (!given.compareAndSet(false, true)) {
                throw new IllegalStateException("a command was answered twice");
            }
        }

        private void send(String how, JsonRpcMessage message) {
            if (LOG.isDebugEnabled()) {
                LOG.debug("replying with {}, id={}: {}", how, id, message.toJson());
            }
            connection.send(message, () -> answered(connection));
        }
    }

    /** A text that is not empty ends with a line feed, as in Open vSwitch 3.1. */
    private static JsonNode body(String text) {
        return JsonNodeFactory.instance.stringNode(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }
}
