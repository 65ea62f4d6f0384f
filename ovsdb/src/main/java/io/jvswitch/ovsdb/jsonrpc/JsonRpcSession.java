package io.jvswitch.ovsdb.jsonrpc;

import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.stream.Dialer;
import io.jvswitch.ovsdb.stream.ErrorText;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A conversation with a server that outlives its connections: it is made anew after a wait when it breaks, with the
 * next of several servers, and {@code echo} is asked and answered ({@link Reconnect}).
 *
 * <p>One thread owns it and calls {@link #run} when it is woken and at {@link #deadlineNs}; sockets are the loop's
 * business. What comes waits until the owner takes it; when much waits the server is held back.
 */
public final class JsonRpcSession implements AutoCloseable {

    /** Longest message that is taken from a server: a database with a million rows fits. */
    private static final int MAX_MESSAGE_BYTES = 1 << 28;

    private static final long MAX_BACKLOG_BYTES = 1L << 28;
    private static final int MAX_WAITING = 1_000;
    private static final int RESUME_WAITING = 100;
    private static final int WARNINGS_PER_MINUTE = 5;
    private static final String PROBE_ID = "echo";

    private sealed interface Event {
        record Opened(JsonRpcConnection connection) implements Event {}

        record Received(JsonRpcConnection connection, JsonRpcMessage message) implements Event {}

        record Ended(JsonRpcConnection connection, Closed why) implements Event {}

        record Failed(JsonRpcConnection connection, Throwable cause) implements Event {}
    }

    private final Dialer dialer;
    private final List<ConnectionMethod> servers;
    private final Runnable wakeup;
    private final Reconnect reconnect;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LimitedLog warnings =
            new LimitedLog(LoggerFactory.getLogger("ovs.jsonrpc"), WARNINGS_PER_MINUTE, WARNINGS_PER_MINUTE);

    private int server;
    private Dialer.@Nullable Attempt attempt;
    /** The connection, or the one that is being made. */
    private @Nullable JsonRpcConnection current;

    private boolean connected;
    private long seenBytes;
    private long seenBacklog;
    private int number;

    /**
     * A session that begins to connect with its first {@link #run}.
     *
     * @param servers at least one; they are tried in this order
     * @param wakeup called on any thread when {@link #run} has something to do
     */
    public JsonRpcSession(Dialer dialer, List<ConnectionMethod> servers, Runnable wakeup, long nowNs) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a session needs a server to connect to");
        }
        this.dialer = dialer;
        this.servers = List.copyOf(servers);
        this.wakeup = wakeup;
        reconnect = new Reconnect(servers.getFirst().name(), nowNs);
        reconnect.setFreeTries(servers.size());
        reconnect.setProbeInterval(servers.getFirst().needsProbes() ? Reconnect.PROBE_INTERVAL_NS : 0);
        reconnect.enable(nowNs);
    }

    /** The server's name in logs. */
    public String name() {
        return reconnect.name();
    }

    /** Whether messages can be sent. */
    public boolean isConnected() {
        return connected;
    }

    /**
     * Grows by one with each connection that is made and each that ends: who keeps it knows whether it is another one.
     */
    public int number() {
        return number;
    }

    /** See {@link Reconnect#setProbeInterval}. */
    public void setProbeInterval(long intervalNs) {
        reconnect.setProbeInterval(intervalNs);
    }

    /** Has the connection made anew, with the next server. */
    public void forceReconnect(long nowNs) {
        reconnect.forceReconnect(nowNs);
    }

    /** Has the next attempts not wait for those that failed before. */
    public void resetBackoff() {
        reconnect.resetBackoff();
    }

    /** When {@link #run} must be called though nobody woke it, or {@link Reconnect#NEVER}. */
    public long deadlineNs(long nowNs) {
        return reconnect.deadlineNs(nowNs);
    }

    /** Sends, or forgets the message when there is no connection; the return value says which. */
    public boolean send(JsonRpcMessage message) {
        JsonRpcConnection connection = current;
        if (connection == null || !connected) {
            return false;
        }
        connection.send(message);
        return true;
    }

    /** Makes and ends connections, and asks the server for a sign of life, as it is time for it. */
    public void run(long nowNs) {
        JsonRpcConnection connection = current;
        if (connection != null && connected) {
            long backlog = connection.backlogBytes();
            if (backlog < seenBacklog) {
                reconnect.activity(nowNs);
            }
            seenBacklog = backlog;
        }
        switch (reconnect.run(nowNs)) {
            case NONE -> {}
            case CONNECT -> connect(nowNs);
            case DISCONNECT -> {
                reconnect.disconnected(null, false, nowNs);
                drop();
            }
            case PROBE ->
                send(new JsonRpcMessage.Request(
                        "echo", JsonNodeFactory.instance.arrayNode(), JsonNodeFactory.instance.stringNode(PROBE_ID)));
        }
    }

    /** The next message from the server, {@code echo} left out; null when none waits. */
    public @Nullable JsonRpcMessage receive(long nowNs) {
        while (true) {
            noteBytes(nowNs);
            Event event = events.poll();
            if (event == null) {
                return null;
            }
            switch (event) {
                case Event.Opened(JsonRpcConnection connection) -> {
                    if (connection == current) {
                        connected = true;
                        number++;
                        seenBytes = 0;
                        seenBacklog = 0;
                        reconnect.connected(nowNs);
                        // Whoever runs this must notice that the connection is another one before what it sent.
                        return null;
                    }
                }
                case Event.Failed(JsonRpcConnection connection, Throwable cause) -> {
                    if (connection == current) {
                        current = null;
                        attempt = null;
                        reconnect.connectFailed(ErrorText.of(cause), nowNs);
                        nextServer();
                    }
                }
                case Event.Ended(JsonRpcConnection connection, Closed why) -> ended(connection, why, nowNs);
                case Event.Received(JsonRpcConnection connection, JsonRpcMessage message) -> {
                    release();
                    if (connection == current && !isEcho(message)) {
                        return message;
                    }
                }
            }
        }
    }

    /** Whether something waits for {@link #receive}. */
    public boolean hasEvents() {
        return !events.isEmpty();
    }

    private void noteBytes(long nowNs) {
        reconnect.receiveAttempted(nowNs);
        JsonRpcConnection connection = current;
        if (connection != null && connection.receivedBytes() != seenBytes) {
            seenBytes = connection.receivedBytes();
            reconnect.activity(nowNs);
        }
    }

    private void release() {
        if (waiting.decrementAndGet() == RESUME_WAITING && current != null) {
            current.setReading(true);
        }
    }

    private boolean isEcho(JsonRpcMessage message) {
        return switch (message) {
            case JsonRpcMessage.Request(String method, var params, JsonNode id)
            when method.equals("echo") -> {
                send(new JsonRpcMessage.Reply(params, id));
                yield true;
            }
            case JsonRpcMessage.Reply(JsonNode _, JsonNode id) ->
                id.isString() && id.stringValue().equals(PROBE_ID);
            default -> false;
        };
    }

    private void ended(JsonRpcConnection connection, Closed why, long nowNs) {
        if (why.warning() != null) {
            warnings.warn(nowNs, why.warning());
        }
        if (connection != current) {
            return;
        }
        if (connected) {
            reconnect.disconnected(why.error(), why.error() == null, nowNs);
        } else {
            reconnect.connectFailed(why.error() == null ? "Connection reset by peer" : why.error(), nowNs);
        }
        drop();
    }

    private void connect(long nowNs) {
        drop();
        ConnectionMethod method = servers.get(server);
        JsonRpcConnection next =
                new JsonRpcConnection(method.name(), MAX_MESSAGE_BYTES, MAX_BACKLOG_BYTES, new Hearing());
        current = next;
        reconnect.connecting(nowNs);
        attempt = dialer.connect(method, next, cause -> post(new Event.Failed(next, cause)));
    }

    private void drop() {
        if (attempt != null) {
            attempt.abandon();
            attempt = null;
            nextServer();
        }
        current = null;
        if (connected) {
            connected = false;
            number++;
        }
    }

    private void nextServer() {
        server = (server + 1) % servers.size();
        reconnect.setName(servers.get(server).name());
    }

    private void post(Event event) {
        events.add(event);
        wakeup.run();
    }

    /** Ends the session and its connection. */
    @Override
    public void close() {
        drop();
        events.clear();
    }

    /** What the loop's thread tells. */
    private final class Hearing implements JsonRpcConnection.Listener {
        @Override
        public void opened(JsonRpcConnection connection) {
            post(new Event.Opened(connection));
        }

        @Override
        public void received(JsonRpcConnection connection, JsonRpcMessage message) {
            if (waiting.incrementAndGet() > MAX_WAITING) {
                connection.setReading(false);
                if (waiting.get() <= RESUME_WAITING) {
                    // The owner has taken them meanwhile, and may have resumed before.
                    connection.setReading(true);
                }
            }
            post(new Event.Received(connection, message));
        }

        @Override
        public void closed(JsonRpcConnection connection, Closed why) {
            post(new Event.Ended(connection, why));
        }
    }
}
