package io.jvswitch.ovsdb.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The type of a column (RFC 7047, section 3.2, {@code <type>}): so many values, or so many pairs of key and value.
 *
 * @param key the values' type, or the keys'
 * @param value the type of what the keys stand for; null when the column is no map
 * @param min how many there are at least: 0 or 1
 * @param max how many there are at most; {@link Integer#MAX_VALUE} for "unlimited"
 */
public record ColumnType(BaseType key, @Nullable BaseType value, int min, int max) {

    static ColumnType parse(JsonNode json) throws SchemaException {
        if (json.isString()) {
            return new ColumnType(BaseType.parse(json), null, 1, 1);
        }
        JsonNode key = json.get("key");
        if (key == null) {
            throw new SchemaException("type without \"key\": " + ValueException.shortened(json));
        }
        JsonNode value = json.get("value");
        return new ColumnType(
                BaseType.parse(key),
                value == null ? null : BaseType.parse(value),
                count(json, "min"),
                count(json, "max"));
    }

    private static int count(JsonNode json, String member) throws SchemaException {
        JsonNode count = json.get(member);
        if (count == null) {
            return 1;
        }
        if (member.equals("max") && count.isString() && count.stringValue().equals("unlimited")) {
            return Integer.MAX_VALUE;
        }
        if (count.isInt() || count.isLong() && count.canConvertToInt()) {
            return count.intValue();
        }
        throw new SchemaException(member + " is not a number of values: " + count);
    }

    /** Whether keys stand for values. */
    public boolean isMap() {
        return value != null;
    }

    /** Whether there may be more than one: changes of such a column come as differences. */
    public boolean isComposite() {
        return max > 1;
    }

    /** As in messages: {@code optional string}, {@code set of uuid}, {@code map of string to integer}. */
    @Override
    public String toString() {
        if (value != null) {
            return "map of " + key.type() + " to " + value.type();
        }
        if (max > 1) {
            return "set of " + key.type();
        }
        return min == 0 ? "optional " + key.type() : key.type().toString();
    }
}
