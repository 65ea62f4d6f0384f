package io.jvswitch.ovsdb.schema;

import java.util.Comparator;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The types of single values (RFC 7047, section 3.1, {@code <atomic-type>}), and how each stands in JSON. */
public enum AtomType {
    /** 64 bits with sign; {@link Long}. */
    INTEGER(Long.class, 0L, (a, b) -> Long.compare((Long) a, (Long) b)),
    /** {@link Double}. */
    REAL(Double.class, 0.0, (a, b) -> Double.compare((Double) a, (Double) b)),
    /** {@link Boolean}. */
    BOOLEAN(Boolean.class, false, (a, b) -> Boolean.compare((Boolean) a, (Boolean) b)),
    /** {@link String}. */
    STRING(String.class, "", (a, b) -> ((String) a).compareTo((String) b)),
    /** {@link UUID}, often a row's. */
    UUID(UUID.class, new UUID(0, 0), (a, b) -> {
        UUID left = (UUID) a;
        UUID right = (UUID) b;
        int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    });

    private static final int UUID_CHARS = 36;

    private final Class<?> javaType;

    // Immutable, which the types do not tell.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object defaultAtom;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Comparator<Object> order;

    AtomType(Class<?> javaType, Object defaultAtom, Comparator<Object> order) {
        this.javaType = javaType;
        this.defaultAtom = defaultAtom;
        this.order = order;
    }

    /** What a column that must have a value has when nobody gave one. */
    public Object defaultAtom() {
        return defaultAtom;
    }

    /** The order of a set's values and a map's keys. */
    public Comparator<Object> order() {
        return order;
    }

    /** The class of such a value. */
    public Class<?> javaType() {
        return javaType;
    }

    /** The type named in a schema. */
    static AtomType named(JsonNode json) throws SchemaException {
        for (AtomType type : values()) {
            if (json.isString() && json.stringValue().equals(type.toString())) {
                return type;
            }
        }
        throw new SchemaException(json + " is not an atomic-type");
    }

    /**
     * Reads a value.
     *
     * @throws ValueException when it is of another type
     */
    public Object read(JsonNode json) throws ValueException {
        switch (this) {
            case INTEGER -> {
                if (json.isIntegralNumber() && json.canConvertToLong()) {
                    return json.longValue();
                }
            }
            case REAL -> {
                if (json.isNumber()) {
                    return json.asDouble();
                }
            }
            case BOOLEAN -> {
                if (json.isBoolean()) {
                    return json.booleanValue();
                }
            }
            case STRING -> {
                if (json.isString()) {
                    return json.stringValue();
                }
            }
            case UUID -> {
                if (json.isArray()
                        && json.size() == 2
                        && json.get(0).isString()
                        && json.get(0).stringValue().equals("uuid")
                        && json.get(1).isString()) {
                    UUID uuid = uuid(json.get(1).stringValue());
                    if (uuid != null) {
                        return uuid;
                    }
                }
            }
        }
        throw new ValueException("expected " + this + ", got " + ValueException.shortened(json));
    }

    /** The UUID that a text in the usual form stands for, or null. */
    public static @Nullable UUID uuid(String text) {
        if (text.length() != UUID_CHARS) {
            return null;
        }
        try {
            return java.util.UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Writes a value of this type. */
    public JsonNode write(Object atom) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (this) {
            case INTEGER -> nodes.numberNode((long) (Long) atom);
            case REAL -> nodes.numberNode((double) (Double) atom);
            case BOOLEAN -> nodes.booleanNode((boolean) (Boolean) atom);
            case STRING -> nodes.stringNode((String) atom);
            case UUID -> nodes.arrayNode().add("uuid").add(atom.toString());
        };
    }

    /** As schemas have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
