package io.jvswitch.ovsdb.row;

import io.jvswitch.ovsdb.schema.AtomType;
import io.jvswitch.ovsdb.schema.BaseType;
import io.jvswitch.ovsdb.schema.ColumnType;
import io.jvswitch.ovsdb.schema.Datum;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A column that somebody reads or writes, with the Java type of what it holds. Constants of a consumer; a server whose
 * schema lacks such a column, or has another type for it, is told in the log, and rows then have the column's default.
 *
 * @param <T> {@link Long}, {@link Double}, {@link Boolean}, {@link String} or {@link UUID}; an {@link Optional} of it;
 *     a {@link List} of it, sorted; or a {@link Map}, sorted by its keys. All immutable
 */
public final class Column<T> {

    private final String name;
    private final ColumnType type;
    private final Function<Datum, T> reader;
    private final Function<T, JsonNode> writer;

    private Column(String name, ColumnType type, Function<Datum, T> reader, Function<T, JsonNode> writer) {
        this.name = name;
        this.type = type;
        this.reader = reader;
        this.writer = writer;
    }

    /** A column that always has one value. */
    public static <A> Column<A> one(String name, Class<A> atom) {
        AtomType key = atomType(atom);
        return new Column<>(name, type(key, null, 1, 1), datum -> atom.cast(datum.key(0)), key::write);
    }

    /** A column that has a value or none. */
    public static <A> Column<Optional<A>> optional(String name, Class<A> atom) {
        AtomType key = atomType(atom);
        return new Column<>(
                name,
                type(key, null, 0, 1),
                datum -> datum.size() == 0 ? Optional.empty() : Optional.of(atom.cast(datum.key(0))),
                value -> set(key, value.map(List::of).orElse(List.of())));
    }

    /** A column that has any number of values, sorted. */
    public static <A> Column<List<A>> set(String name, Class<A> atom) {
        AtomType key = atomType(atom);
        return new Column<>(
                name,
                type(key, null, 0, Integer.MAX_VALUE),
                datum -> {
                    List<A> atoms = new ArrayList<>(datum.size());
                    for (int i = 0; i < datum.size(); i++) {
                        atoms.add(atom.cast(datum.key(i)));
                    }
                    return Collections.unmodifiableList(atoms);
                },
                value -> set(key, value));
    }

    /** A column in which keys stand for values, sorted by the keys. */
    public static <K, V> Column<Map<K, V>> map(String name, Class<K> keyAtom, Class<V> valueAtom) {
        AtomType key = atomType(keyAtom);
        AtomType value = atomType(valueAtom);
        return new Column<>(
                name,
                type(key, value, 0, Integer.MAX_VALUE),
                datum -> {
                    Map<K, V> map = LinkedHashMap.newLinkedHashMap(datum.size());
                    for (int i = 0; i < datum.size(); i++) {
                        map.put(keyAtom.cast(datum.key(i)), valueAtom.cast(datum.value(i)));
                    }
                    return Collections.unmodifiableMap(map);
                },
                pairs -> map(key, value, pairs));
    }

    /** A column of text. */
    public static Column<String> string(String name) {
        return one(name, String.class);
    }

    /** A column of text that may be absent. */
    public static Column<Optional<String>> optionalString(String name) {
        return optional(name, String.class);
    }

    /** A column like {@code other_config}. */
    public static Column<Map<String, String>> stringMap(String name) {
        return map(name, String.class, String.class);
    }

    /** A column that names rows. */
    public static Column<List<UUID>> uuids(String name) {
        return set(name, UUID.class);
    }

    private static AtomType atomType(Class<?> atom) {
        for (AtomType type : AtomType.values()) {
            if (type.javaType() == atom) {
                return type;
            }
        }
        throw new IllegalArgumentException("no column has values of " + atom);
    }

    private static ColumnType type(AtomType key, @Nullable AtomType value, int min, int max) {
        return new ColumnType(base(key), value == null ? null : base(value), min, max);
    }

    private static BaseType base(AtomType type) {
        return new BaseType(type, List.of(), null, null, null);
    }

    private static JsonNode set(AtomType key, Collection<?> atoms) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Object atom : atoms) {
            array.add(key.write(atom));
        }
        return array.size() == 1
                ? array.get(0)
                : JsonNodeFactory.instance.arrayNode().add("set").add(array);
    }

    private static JsonNode map(AtomType key, AtomType value, Map<?, ?> pairs) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<?, ?> pair : pairs.entrySet()) {
            array.add(JsonNodeFactory.instance
                    .arrayNode()
                    .add(key.write(pair.getKey()))
                    .add(value.write(pair.getValue())));
        }
        return JsonNodeFactory.instance.arrayNode().add("map").add(array);
    }

    /** The column's name. */
    public String name() {
        return name;
    }

    /** What it is said to hold here; a server's schema may be narrower. */
    ColumnType type() {
        return type;
    }

    /** Whether what a schema says of the column can be read as what it is said to hold here. */
    boolean takes(ColumnType actual) {
        BaseType value = type.value();
        BaseType actualValue = actual.value();
        if (actual.key().type() != type.key().type()
                || (value == null) != (actualValue == null)
                || (value != null && actualValue != null && value.type() != actualValue.type())) {
            return false;
        }
        return actual.min() >= Math.min(type.min(), 1) && actual.max() <= type.max();
    }

    T read(Datum datum) {
        return reader.apply(datum);
    }

    /** The value as JSON (RFC 7047, section 5.1, {@code <value>}). */
    public JsonNode write(T value) {
        return writer.apply(value);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
