package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.jsonrpc.JsonRpcMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The lock that a client wants (RFC 7047, sections 4.1.8 to 4.1.10), and whether it has it. */
final class DatabaseLock {

    private final @Nullable String name;
    private final Consumer<LockState> changed;
    private LockState state = LockState.UNKNOWN;
    private @Nullable JsonNode requestId;

    DatabaseLock(@Nullable String name, Consumer<LockState> changed) {
        this.name = name;
        this.changed = changed;
    }

    LockState state() {
        return state;
    }

    @Nullable
    String name() {
        return name;
    }

    /** Whether the lock forbids to write. */
    boolean isMissing() {
        return name != null && state != LockState.HELD;
    }

    /** What asks for it on a new connection, whose server knows nothing of the last one's; null when none is wanted. */
    JsonRpcMessage.@Nullable Request request(JsonNode id) {
        if (name == null) {
            return null;
        }
        if (state == LockState.HELD) {
            enter(LockState.UNKNOWN);
        }
        requestId = id;
        ArrayNode params = JsonNodeFactory.instance.arrayNode().add(name);
        return new JsonRpcMessage.Request("lock", params, id);
    }

    /** Takes a message, if it is about the lock. */
    boolean take(JsonRpcMessage message) {
        if (message instanceof JsonRpcMessage.Reply(JsonNode result, JsonNode id) && id.equals(requestId)) {
            requestId = null;
            JsonNode locked = result.get("locked");
            enter(locked != null && locked.asBoolean(false) ? LockState.HELD : LockState.CONTENDED);
            return true;
        }
        if (message instanceof JsonRpcMessage.Notification(String method, ArrayNode params) && isOurs(params)) {
            if (method.equals("locked")) {
                enter(LockState.HELD);
                return true;
            }
            if (method.equals("stolen")) {
                enter(LockState.CONTENDED);
                return true;
            }
        }
        return false;
    }

    private boolean isOurs(ArrayNode params) {
        return name != null
                && params.size() > 0
                && params.get(0).isString()
                && params.get(0).stringValue().equals(name);
    }

    private void enter(LockState next) {
        if (state != next) {
            state = next;
            changed.accept(next);
        }
    }
}
