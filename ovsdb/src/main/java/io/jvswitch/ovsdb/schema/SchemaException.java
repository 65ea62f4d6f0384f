package io.jvswitch.ovsdb.schema;

/** A schema that cannot be read; the text says where. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1;

    SchemaException(String message) {
        super(message);
    }
}
