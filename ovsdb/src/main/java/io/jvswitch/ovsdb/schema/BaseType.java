package io.jvswitch.ovsdb.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The type of a set's values or of a map's keys or values (RFC 7047, section 3.2, {@code <base-type>}).
 *
 * @param type its atoms' type
 * @param allowed the only atoms that are allowed; empty when all are
 * @param min the smallest number or the shortest length of a string, in characters; null when there is no limit
 * @param max the largest number or the longest string
 * @param refTable the table whose rows it names; only with {@link AtomType#UUID}
 */
public record BaseType(
        AtomType type,
        List<Object> allowed,
        @Nullable Number min,
        @Nullable Number max,
        @Nullable String refTable) {

    /** With a copy of the list. */
    public BaseType {
        allowed = List.copyOf(allowed);
    }

    static BaseType parse(JsonNode json) throws SchemaException {
        if (!json.isObject()) {
            return new BaseType(AtomType.named(json), List.of(), null, null, null);
        }
        JsonNode name = json.get("type");
        if (name == null) {
            throw new SchemaException("base-type without \"type\": " + ValueException.shortened(json));
        }
        AtomType type = AtomType.named(name);
        List<Object> allowed = new ArrayList<>();
        JsonNode enumeration = json.get("enum");
        if (enumeration != null) {
            for (JsonNode atom : Datum.elements(enumeration)) {
                try {
                    allowed.add(type.read(atom));
                } catch (ValueException e) {
                    throw new SchemaException("enum: " + e.getMessage());
                }
            }
        }
        JsonNode table = json.get("refTable");
        return new BaseType(
                type,
                allowed,
                limit(json, type == AtomType.STRING ? "minLength" : type == AtomType.REAL ? "minReal" : "minInteger"),
                limit(json, type == AtomType.STRING ? "maxLength" : type == AtomType.REAL ? "maxReal" : "maxInteger"),
                table != null && table.isString() ? table.stringValue() : null);
    }

    private static @Nullable Number limit(JsonNode json, String member) throws SchemaException {
        JsonNode limit = json.get(member);
        if (limit == null) {
            return null;
        }
        if (!limit.isNumber()) {
            throw new SchemaException(member + " is not a number: " + limit);
        }
        return limit.isIntegralNumber() ? (Number) limit.longValue() : (Number) limit.doubleValue();
    }

    /**
     * Reads a value that is of this type and within its limits.
     *
     * @throws ValueException when it is not
     */
    public Object read(JsonNode json) throws ValueException {
        Object atom = type.read(json);
        if (!allowed.isEmpty() && !allowed.contains(atom)) {
            throw new ValueException(text(atom) + " is not one of the allowed values ("
                    + String.join(", ", allowed.stream().map(BaseType::text).toList()) + ")");
        }
        switch (atom) {
            case String string -> {
                int length = string.codePointCount(0, string.length());
                if (min != null && length < min.longValue()) {
                    throw new ValueException(
                            "\"" + string + "\" length " + length + " is less than minimum allowed length " + min);
                }
                if (max != null && length > max.longValue()) {
                    throw new ValueException(
                            "\"" + string + "\" length " + length + " is greater than maximum allowed length " + max);
                }
            }
            case Long number -> {
                if ((min != null && number < min.longValue()) || (max != null && number > max.longValue())) {
                    throw outOfRange(atom);
                }
            }
            case Double number -> {
                if ((min != null && number < min.doubleValue()) || (max != null && number > max.doubleValue())) {
                    throw outOfRange(atom);
                }
            }
            default -> {}
        }
        return atom;
    }

    private ValueException outOfRange(Object atom) {
        String range = min != null && max != null
                ? "in the valid range " + min + " to " + max + " (inclusive)"
                : min != null
                        ? "greater than or equal to minimum allowed value " + min
                        : "less than or equal to maximum allowed value " + max;
        return new ValueException(atom + " is not " + range);
    }

    private static String text(Object atom) {
        return atom instanceof String ? "\"" + atom + "\"" : String.valueOf(atom);
    }
}
