package io.jvswitch.ovsdb.schema;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a column holds in one row: atoms, or pairs of atoms, in the order of {@link AtomType#order}. Immutable.
 *
 * @see AtomType for the Java types of atoms
 */
public final class Datum {

    private static final Object[] NONE = {};

    private final Object[] keys;
    /** Beside each key; null when the column is no map. */
    private final Object @Nullable [] values;

    private Datum(Object[] keys, Object @Nullable [] values) {
        this.keys = keys;
        this.values = values;
    }

    /** What a column holds when nobody said otherwise (RFC 7047, section 5.2.1). */
    public static Datum defaultOf(ColumnType type) {
        if (type.value() != null) {
            return new Datum(NONE, NONE);
        }
        return new Datum(
                type.min() == 0 ? NONE : new Object[] {type.key().type().defaultAtom()}, null);
    }

    /** How many atoms or pairs. */
    public int size() {
        return keys.length;
    }

    /** An atom of a set, or a key of a map. */
    public Object key(int index) {
        return keys[index];
    }

    /** What a key stands for. */
    public Object value(int index) {
        if (values == null) {
            throw new IllegalStateException("no map");
        }
        return values[index];
    }

    /**
     * Reads what a row has in a column (RFC 7047, section 5.1, {@code <value>}).
     *
     * @throws ValueException when the column's type does not take it
     */
    public static Datum read(ColumnType type, JsonNode json) throws ValueException {
        Datum datum = readDifference(type, json);
        if (datum.size() < type.min() || datum.size() > type.max()) {
            throw new ValueException(datum.size() + " values where " + type + " takes "
                    + (type.min() == type.max()
                            ? String.valueOf(type.min())
                            : type.min() + " to " + (type.max() == Integer.MAX_VALUE ? "any number" : type.max())));
        }
        return datum;
    }

    private static Datum readDifference(ColumnType type, JsonNode json) throws ValueException {
        BaseType valueType = type.value();
        if (valueType != null) {
            JsonNode pairs = tagged(json, "map");
            if (pairs == null) {
                throw new ValueException("expected " + type + ", got " + ValueException.shortened(json));
            }
            Map<Object, Object> map = new TreeMap<>(type.key().type().order());
            for (JsonNode pair : pairs.values()) {
                if (!pair.isArray() || pair.size() != 2) {
                    throw new ValueException("expected a pair, got " + ValueException.shortened(pair));
                }
                if (map.put(type.key().read(pair.get(0)), valueType.read(pair.get(1))) != null) {
                    throw new ValueException("map contains duplicate key " + ValueException.shortened(pair.get(0)));
                }
            }
            return new Datum(map.keySet().toArray(), map.values().toArray());
        }
        Collection<JsonNode> elements = elements(json);
        Object[] keys = new Object[elements.size()];
        int count = 0;
        for (JsonNode element : elements) {
            keys[count++] = type.key().read(element);
        }
        Arrays.sort(keys, type.key().type().order());
        for (int i = 1; i < keys.length; i++) {
            if (keys[i].equals(keys[i - 1])) {
                throw new ValueException("set contains duplicate value " + keys[i]);
            }
        }
        return new Datum(keys, null);
    }

    /** The elements of {@code ["set", [...]]}; a value that stands alone is a set of one. */
    static Collection<JsonNode> elements(JsonNode json) {
        JsonNode set = tagged(json, "set");
        return set == null ? List.of(json) : set.values();
    }

    private static @Nullable JsonNode tagged(JsonNode json, String tag) {
        return json.isArray()
                        && json.size() == 2
                        && json.get(0).isString()
                        && json.get(0).stringValue().equals(tag)
                        && json.get(1).isArray()
                ? json.get(1)
                : null;
    }

    /**
     * This datum after a change as {@code update2} and {@code update3} have it (ovsdb-server(7), "Update2
     * Notification"): in a set what was there goes and what was not comes; in a map a pair that was there goes, and any
     * other takes its key's place. Where there is at most one value it is the new one.
     *
     * @throws ValueException when the type does not take the difference, or its outcome
     */
    public Datum apply(ColumnType type, JsonNode json) throws ValueException {
        if (!type.isComposite()) {
            return read(type, json);
        }
        Datum difference = readDifference(type, json);
        Map<Object, Object> merged = new TreeMap<>(type.key().type().order());
        for (int i = 0; i < keys.length; i++) {
            merged.put(keys[i], values == null ? keys[i] : values[i]);
        }
        for (int i = 0; i < difference.keys.length; i++) {
            Object key = difference.keys[i];
            Object value = difference.values == null ? key : difference.values[i];
            if (value.equals(merged.get(key))) {
                merged.remove(key);
            } else {
                merged.put(key, value);
            }
        }
        if (merged.size() < type.min() || merged.size() > type.max()) {
            throw new ValueException("a difference leaves " + merged.size() + " values in " + type);
        }
        return new Datum(
                merged.keySet().toArray(),
                values == null ? null : merged.values().toArray());
    }

    /** As {@code <value>}. */
    public JsonNode write(ColumnType type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        AtomType keyType = type.key().type();
        BaseType valueType = type.value();
        if (valueType != null && values != null) {
            ArrayNode pairs = nodes.arrayNode();
            for (int i = 0; i < keys.length; i++) {
                pairs.add(nodes.arrayNode()
                        .add(keyType.write(keys[i]))
                        .add(valueType.type().write(values[i])));
            }
            return nodes.arrayNode().add("map").add(pairs);
        }
        if (keys.length == 1) {
            return keyType.write(keys[0]);
        }
        ArrayNode atoms = nodes.arrayNode();
        for (Object key : keys) {
            atoms.add(keyType.write(key));
        }
        return nodes.arrayNode().add("set").add(atoms);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Datum datum && Arrays.equals(keys, datum.keys) && Arrays.equals(values, datum.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keys) * 31 + Arrays.hashCode(values);
    }

    /** For logs: {@code [a, b]} or {@code {k=v}}. */
    @Override
    public String toString() {
        if (values == null) {
            return keys.length == 1 ? String.valueOf(keys[0]) : Arrays.toString(keys);
        }
        Map<Object, Object> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i], values[i]);
        }
        return map.toString();
    }
}
