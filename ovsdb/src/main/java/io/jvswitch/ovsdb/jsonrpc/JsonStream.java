package io.jvswitch.ovsdb.jsonrpc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes JSON objects and arrays from a stream in which they stand back to back, with or without white space between
 * them (RFC 7047, section 4). Bytes come in pieces of any size; each is looked at once, however many pieces a value
 * has.
 *
 * <p>After a {@link JsonSyntaxException} the stream cannot be used any more. One thread.
 */
public final class JsonStream {

    /** The deepest nesting that Open vSwitch's parser takes. */
    static final int MAX_DEPTH = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(1 << 16)
                    .build())
            .build();

    private final int maxValueBytes;
    private final Deque<JsonNode> open = new ArrayDeque<>();
    private @Nullable JsonParser parser;
    private @Nullable String member;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private int valueBytes;

    /** A stream none of whose values may be longer than {@code maxValueBytes}. */
    public JsonStream(int maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    /** Whether a value has begun and not ended. */
    public boolean isInsideValue() {
        return depth > 0;
    }

    /**
     * Takes a piece of the stream.
     *
     * @param bytes the piece, which must not change during the call
     * @param begin index of its first byte
     * @param end index behind its last byte
     * @param sink is given each value that ends in the piece
     * @throws JsonSyntaxException when it is not JSON, too deep or too long
     */
    public void feed(byte[] bytes, int begin, int end, Consumer<JsonNode> sink) throws JsonSyntaxException {
        int at = begin;
        while (at < end) {
            if (depth == 0) {
                at = skipSpace(bytes, at, end);
                if (at == end) {
                    return;
                }
                start(bytes[at]);
            }
            int stop = endOfValue(bytes, at, end);
            valueBytes += stop - at;
            if (valueBytes > maxValueBytes) {
                throw new JsonSyntaxException("input exceeds maximum length of " + maxValueBytes + " bytes");
            }
            parse(bytes, at, stop, sink);
            at = stop;
        }
    }

    private static int skipSpace(byte[] bytes, int begin, int end) {
        int at = begin;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private void start(byte first) throws JsonSyntaxException {
        if (first != '{' && first != '[') {
            throw new JsonSyntaxException("syntax error at beginning of input");
        }
        parser = FACTORY.createNonBlockingByteArrayParser(ObjectReadContext.empty());
        member = null;
        valueBytes = 0;
        inString = false;
        escaped = false;
    }

    /**
     * The index behind the value's last byte, or {@code end} when it goes on; {@link #depth} is 0 in the first case.
     */
    private int endOfValue(byte[] bytes, int begin, int end) {
        for (int at = begin; at < end; at++) {
            byte c = bytes[at];
            if (inString) {
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        return end;
    }

    private void parse(byte[] bytes, int begin, int end, Consumer<JsonNode> sink) throws JsonSyntaxException {
        JsonParser current = parser;
        if (current == null) {
            throw new IllegalStateException("the stream was closed by an error");
        }
        try {
            ((ByteArrayFeeder) current.nonBlockingInputFeeder()).feedInput(bytes, begin, end);
            for (JsonToken token = current.nextToken();
                    token != JsonToken.NOT_AVAILABLE && token != null;
                    token = current.nextToken()) {
                JsonNode complete = take(token, current);
                if (complete != null) {
                    parser = null;
                    current.close();
                    sink.accept(complete);
                    return;
                }
            }
        } catch (StreamConstraintsException e) {
            throw new JsonSyntaxException("input exceeds a limit: " + firstSentence(e.getOriginalMessage()), e);
        } catch (JacksonException e) {
            throw new JsonSyntaxException(
                    "byte " + Math.max(0, e.getLocation().getByteOffset()) + ": " + e.getOriginalMessage(), e);
        }
        if (depth == 0) {
            throw new JsonSyntaxException("brackets do not match");
        }
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(", from");
        return end < 0 ? text : text.substring(0, end);
    }

    /** Puts a token where it belongs; gives the whole value when it was the last one. */
    private @Nullable JsonNode take(JsonToken token, JsonParser current) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (token) {
            case START_OBJECT -> open.push(attach(nodes.objectNode()));
            case START_ARRAY -> open.push(attach(nodes.arrayNode()));
            case END_OBJECT, END_ARRAY -> {
                JsonNode ended = open.pop();
                return open.isEmpty() ? ended : null;
            }
            case PROPERTY_NAME -> member = current.currentName();
            case VALUE_STRING -> attach(nodes.stringNode(current.getString()));
            case VALUE_NUMBER_INT ->
                attach(
                        switch (current.getNumberType()) {
                            case INT, LONG -> nodes.numberNode(current.getLongValue());
                            default -> nodes.numberNode(current.getBigIntegerValue());
                        });
            case VALUE_NUMBER_FLOAT -> attach(nodes.numberNode(current.getDoubleValue()));
            case VALUE_TRUE -> attach(nodes.booleanNode(true));
            case VALUE_FALSE -> attach(nodes.booleanNode(false));
            case VALUE_NULL -> attach(nodes.nullNode());
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw new IllegalStateException("unexpected " + token);
        }
        return null;
    }

    private <T extends JsonNode> T attach(T node) {
        JsonNode parent = open.peek();
        if (parent instanceof ObjectNode object && member != null) {
            object.set(member, node);
            member = null;
        } else if (parent instanceof ArrayNode array) {
            array.add(node);
        }
        return node;
    }
}
