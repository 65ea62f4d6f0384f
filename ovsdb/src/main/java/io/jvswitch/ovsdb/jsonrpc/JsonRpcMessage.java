package io.jvswitch.ovsdb.jsonrpc;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message of JSON-RPC 1.0, as RFC 7047 (section 4) narrows it: parameters are an array, and a member that is null
 * counts as absent. Immutable, as long as nobody changes the JSON it was made of.
 */
public sealed interface JsonRpcMessage {

    /** Asks for an answer that bears the same {@code id}. */
    record Request(String method, ArrayNode params, JsonNode id) implements JsonRpcMessage {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("id", id);
            json.put("method", method);
            json.set("params", params);
            return json;
        }
    }

    /** Tells something that is not answered. */
    record Notification(String method, ArrayNode params) implements JsonRpcMessage {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.putNull("id");
            json.put("method", method);
            json.set("params", params);
            return json;
        }
    }

    /** The answer to a request that was carried out. */
    record Reply(JsonNode result, JsonNode id) implements JsonRpcMessage {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("id", id);
            json.set("result", result);
            json.putNull("error");
            return json;
        }
    }

    /** The answer to a request that was not; without a result, as Open vSwitch 3.1 sends it. */
    record Failure(JsonNode error, JsonNode id) implements JsonRpcMessage {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("id", id);
            json.set("error", error);
            return json;
        }
    }

    /** As JSON, its members in the order in which Open vSwitch sends them. */
    ObjectNode toJson();

    /** What Open vSwitch's logs call this kind of message. */
    default String kind() {
        return switch (this) {
            case Request _ -> "request";
            case Notification _ -> "notification";
            case Reply _ -> "reply";
            case Failure _ -> "error";
        };
    }

    /**
     * Reads a message.
     *
     * @throws BadMessageException when it is none
     */
    static JsonRpcMessage parse(JsonNode json) throws BadMessageException {
        if (!(json instanceof ObjectNode object)) {
            throw new BadMessageException("message is not a JSON object");
        }
        JsonNode method = object.get("method");
        if (method != null && !method.isString()) {
            throw new BadMessageException("method is not a JSON string");
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!Members.KNOWN.contains(member.getKey())) {
                throw new BadMessageException("message has unexpected member \"" + member.getKey() + "\"");
            }
        }
        JsonNode params = Members.present(object, "params");
        JsonNode result = Members.present(object, "result");
        JsonNode error = Members.present(object, "error");
        JsonNode id = Members.present(object, "id");
        if (params != null && !params.isArray()) {
            throw new BadMessageException("\"params\" must be JSON array");
        }
        if (result != null) {
            Members.none("reply", "method", method);
            Members.none("reply", "params", params);
            Members.none("reply", "error", error);
            return new Reply(result, Members.some("reply", "id", id));
        }
        if (error != null) {
            Members.none("error", "method", method);
            Members.none("error", "params", params);
            return new Failure(error, Members.some("error", "id", id));
        }
        String kind = id != null ? "request" : "notification";
        String name = Members.some(kind, "method", method).stringValue();
        ArrayNode arguments = (ArrayNode) Members.some(kind, "params", params);
        return id != null ? new Request(name, arguments, id) : new Notification(name, arguments);
    }

    /** The members of a message, and which of them it must have. */
    final class Members {
        private static final Set<String> KNOWN = Set.of("id", "method", "params", "result", "error");

        private Members() {}

        private static @Nullable JsonNode present(ObjectNode object, String name) {
            JsonNode member = object.get(name);
            return member == null || member.isNull() ? null : member;
        }

        private static void none(String kind, String name, @Nullable JsonNode member) throws BadMessageException {
            if (member != null) {
                throw new BadMessageException(kind + " must not have \"" + name + "\"");
            }
        }

        private static JsonNode some(String kind, String name, @Nullable JsonNode member) throws BadMessageException {
            if (member == null) {
                throw new BadMessageException(kind + " must have \"" + name + "\"");
            }
            return member;
        }
    }
}
