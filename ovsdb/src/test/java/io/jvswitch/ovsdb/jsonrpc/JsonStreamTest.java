package io.jvswitch.ovsdb.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonStreamTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int LIMIT = 1 << 24;

    private static List<JsonNode> feed(JsonStream stream, byte[] bytes, int piece) throws JsonSyntaxException {
        List<JsonNode> values = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += piece) {
            stream.feed(bytes, at, Math.min(bytes.length, at + piece), values::add);
        }
        return values;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void valuesStandBackToBackInPiecesOfAnyLength() throws JsonSyntaxException {
        String[] texts = {
            "{}",
            "[]",
            "{\"a\":[1,-2.5e3,true,false,null,\"}]\\\"\\\\\u00e4\\u20ac\"],\"b\":{\"c\":9223372036854775807}}",
            "[[[]],{\"\":\"\"}]",
            "{\"big\":123456789012345678901234567890}"
        };
        byte[] bytes = utf8(String.join("", texts) + " \n" + String.join("\t\r\n ", texts));
        for (int piece = 1; piece <= bytes.length; piece++) {
            JsonStream stream = new JsonStream(LIMIT);
            List<JsonNode> values = feed(stream, bytes, piece);
            assertEquals(2 * texts.length, values.size());
            for (int i = 0; i < values.size(); i++) {
                assertEquals(
                        MAPPER.readTree(texts[i % texts.length]).toString(),
                        values.get(i).toString());
            }
            assertFalse(stream.isInsideValue());
        }
    }

    @Test
    void everyCutWaitsForTheRest() throws JsonSyntaxException {
        byte[] bytes = utf8("{\"id\":0,\"method\":\"x\\u00e4\",\"params\":[true,null,-1.5]}");
        for (int cut = 1; cut < bytes.length; cut++) {
            JsonStream stream = new JsonStream(LIMIT);
            List<JsonNode> values = new ArrayList<>();
            stream.feed(bytes, 0, cut, values::add);
            assertTrue(values.isEmpty());
            assertTrue(stream.isInsideValue());
            stream.feed(bytes, cut, bytes.length, values::add);
            assertEquals(1, values.size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "1", "\"a\"", "}", "{abc", "{\"a\" 1", "{]", "[}", "[1 2]", "{\"a\":1,}", "[\u0001]", "[01]"
            })
    void whatIsNoJsonIsRefused(String text) {
        JsonStream stream = new JsonStream(LIMIT);
        JsonSyntaxException refused =
                assertThrows(JsonSyntaxException.class, () -> feed(stream, utf8(text), text.length()));
        assertFalse(String.valueOf(refused.getMessage()).contains("\n"), refused::getMessage);
    }

    @Test
    void depthAndLengthHaveBounds() throws JsonSyntaxException {
        String deepest = "[".repeat(JsonStream.MAX_DEPTH) + "]".repeat(JsonStream.MAX_DEPTH);
        assertEquals(1, feed(new JsonStream(LIMIT), utf8(deepest), 7).size());
        JsonSyntaxException deep = assertThrows(
                JsonSyntaxException.class, () -> feed(new JsonStream(LIMIT), utf8("[" + deepest + "]"), 7));
        assertTrue(String.valueOf(deep.getMessage()).contains("limit"), deep::getMessage);
        byte[] hundred = utf8("[\"" + "x".repeat(96) + "\"]");
        assertEquals(
                2,
                feed(new JsonStream(100), utf8(new String(hundred, StandardCharsets.UTF_8).repeat(2)), 9)
                        .size());
        assertThrows(JsonSyntaxException.class, () -> feed(new JsonStream(99), hundred, 9));
    }

    /** In pieces of one read each, ten megabytes take a fraction of a second; if each were scanned anew, minutes. */
    @Test
    void aLargeValueInManyPieces() throws JsonSyntaxException {
        StringBuilder text = new StringBuilder("{\"rows\":[");
        for (int i = 0; i < 200_000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"interface")
                    .append(i)
                    .append("\",\"ofport\":1}");
        }
        List<JsonNode> values =
                feed(new JsonStream(LIMIT), utf8(text.append("]}").toString()), 512);
        assertEquals(200_000, values.getFirst().get("rows").size());
    }

    @Test
    void randomChangesOfMessagesNeverDoAnythingElse() {
        RandomGenerator random = Seed.random(JsonStreamTest.class);
        byte[] good = utf8(
                "{\"id\":0,\"method\":\"update3\",\"params\":[[\"monid\",\"x\"],{\"T\":{\"u\":{\"insert\":{}}}}]}");
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                for (JsonNode value : feed(new JsonStream(LIMIT), bytes, 1 + random.nextInt(bytes.length))) {
                    JsonRpcMessage.parse(value);
                }
            } catch (JsonSyntaxException | BadMessageException e) {
                refused++;
            }
        }
        assertTrue(refused > 0);
    }
}
