package io.jvswitch.vswitchd.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a request's body. Every value is sent as text: the daemon reads it as it reads a configuration file, and its
 * errors are the same.
 */
final class JsonBody {

    private final StringBuilder text = new StringBuilder("{");

    /** Adds a value, unless it is null. */
    JsonBody add(String key, @Nullable Object value) {
        if (value != null) {
            key(key);
            quote(value.toString());
        }
        return this;
    }

    /** Adds a list, unless it is empty. */
    JsonBody add(String key, List<String> values) {
        if (!values.isEmpty()) {
            key(key);
            text.append('[');
            for (int i = 0; i < values.size(); i++) {
                if (i > 0) {
                    text.append(", ");
                }
                quote(values.get(i));
            }
            text.append(']');
        }
        return this;
    }

    /** Adds an object of these values, unless there are none. */
    JsonBody add(String key, Map<String, String> values) {
        if (!values.isEmpty()) {
            JsonBody object = new JsonBody();
            values.forEach(object::add);
            add(key, object, false);
        }
        return this;
    }

    /** Adds an object, or a list of one. */
    JsonBody add(String key, JsonBody object, boolean asList) {
        key(key);
        text.append(asList ? "[" : "").append(object).append(asList ? "]" : "");
        return this;
    }

    boolean isEmpty() {
        return text.length() == 1;
    }

    private void key(String key) {
        if (!isEmpty()) {
            text.append(", ");
        }
        quote(key);
        text.append(": ");
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
