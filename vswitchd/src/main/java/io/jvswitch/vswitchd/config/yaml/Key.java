package io.jvswitch.vswitchd.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A configuration key: its name, what it takes, its default and its documentation, in one place. The reader reads by
 * it, and the reference page is made of it.
 *
 * @param <T> what a value becomes
 */
final class Key<T> {

    /** How values stand in the file. */
    enum Shape {
        /** One scalar. */
        ONE,
        /** One scalar, or a list of them. */
        SOME,
        /** A mapping of names to scalars. */
        NAMED,
        /** A mapping with keys of its own. */
        SECTION,
        /** A list of such mappings. */
        SECTION_LIST,
        /** A mapping of names to such mappings. */
        SECTION_MAP
    }

    private final String name;
    private final Shape shape;
    private final @Nullable ValueType<T> type;
    private final @Nullable KeyTable table;
    private final boolean required;
    private final @Nullable T fallback;
    private final @Nullable String fallbackText;
    private final String doc;

    private Key(
            String name,
            Shape shape,
            @Nullable ValueType<T> type,
            @Nullable KeyTable table,
            boolean required,
            @Nullable T fallback,
            @Nullable String fallbackText,
            String doc) {
        this.name = name;
        this.shape = shape;
        this.type = type;
        this.table = table;
        this.required = required;
        this.fallback = fallback;
        this.fallbackText = fallbackText;
        this.doc = doc;
    }

    /** A scalar that must be there. */
    static <T> Key<T> required(String name, ValueType<T> type, String doc) {
        return new Key<>(name, Shape.ONE, type, null, true, null, null, doc);
    }

    /** A scalar that may be absent; {@code absent} says what that means. */
    static <T> Key<T> optional(String name, ValueType<T> type, String absent, String doc) {
        return new Key<>(name, Shape.ONE, type, null, false, null, absent, doc);
    }

    /** A scalar with a default. */
    static <T> Key<T> defaulted(String name, ValueType<T> type, T fallback, String fallbackText, String doc) {
        return new Key<>(name, Shape.ONE, type, null, false, fallback, fallbackText, doc);
    }

    /** One or several scalars; none when absent. */
    static <T> Key<T> some(String name, ValueType<T> type, String doc) {
        return new Key<>(name, Shape.SOME, type, null, false, null, "none", doc);
    }

    /** A mapping of names to scalars; empty when absent. */
    static <T> Key<T> named(String name, ValueType<T> type, String doc) {
        return new Key<>(name, Shape.NAMED, type, null, false, null, "none", doc);
    }

    /** A section, or several: which, says the shape. */
    static Key<Section> sections(String name, Shape shape, KeyTable table, boolean required, String doc) {
        return new Key<>(name, shape, null, table, required, null, required ? null : "none", doc);
    }

    String name() {
        return name;
    }

    Shape shape() {
        return shape;
    }

    ValueType<T> type() {
        if (type == null) {
            throw new IllegalStateException("key " + name + " is a section");
        }
        return type;
    }

    KeyTable table() {
        if (table == null) {
            throw new IllegalStateException("key " + name + " is not a section");
        }
        return table;
    }

    boolean isRequired() {
        return required;
    }

    T fallback() {
        if (fallback == null) {
            throw new IllegalStateException("key " + name + " has no default");
        }
        return fallback;
    }

    /** What the reference says of an absent key; null when it must not be absent. */
    @Nullable
    String fallbackText() {
        return fallbackText;
    }

    String doc() {
        return doc;
    }
}
