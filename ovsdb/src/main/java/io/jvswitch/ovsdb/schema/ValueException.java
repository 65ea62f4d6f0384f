package io.jvswitch.ovsdb.schema;

import tools.jackson.databind.JsonNode;

/** A value that its column's type does not take. */
public final class ValueException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_SHOWN_CHARS = 80;

    /** Says what is wrong with it. */
    public ValueException(String message) {
        super(message);
    }

    static String shortened(JsonNode json) {
        String text = json.toString();
        return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
    }
}
