package io.jvswitch.vswitchd.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a configuration. Its text is
 * {@code file:line:column: key.path: value 'x': expected …}, the form that editors jump to.
 *
 * @param file name of the file (or {@code request} for a body sent to the control socket)
 * @param line counted from 1
 * @param column counted from 1
 * @param key path of the key, as {@code networks.blue.subnets[0].cidr}; empty for the file as a whole
 * @param value the value that was found, or null when there is none
 * @param message what was expected
 */
public record ConfigError(
        String file,
        int line,
        int column,
        String key,
        @Nullable String value,
        String message) {

    private static final int SHOWN_VALUE_CHARS = 80;
    private static final int SHOWN_KEY_CHARS = 240;
    private static final int SHOWN_MESSAGE_CHARS = 2_000;

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        text.append(':').append(line).append(':').append(column).append(": ");
        return text.append(withoutPlace()).toString();
    }

    /** The text without file, line and column: for what was not read from a file that somebody could open. */
    public String withoutPlace() {
        StringBuilder text = new StringBuilder();
        if (!key.isEmpty()) {
            text.append(shown(key, SHOWN_KEY_CHARS)).append(": ");
        }
        if (value != null) {
            text.append("value '").append(shown(value, SHOWN_VALUE_CHARS)).append("': ");
        }
        // The YAML parser quotes what it found as it is, a line break, too.
        return text.append(shown(message, SHOWN_MESSAGE_CHARS)).toString();
    }

    /** On one line, without control characters, and not endless. */
    private static String shown(String value, int mostChars) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (i == mostChars) {
                return text.append("...").toString();
            }
            if (c == '\n') {
                text.append("\\n");
            } else if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
