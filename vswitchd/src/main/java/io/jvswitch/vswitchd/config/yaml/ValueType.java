package io.jvswitch.vswitchd.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * What a scalar may be.
 *
 * @param <T> what it becomes
 */
final class ValueType<T> {

    /** Turns text into a value. */
    interface Reader<T> {

        /**
         * The value, or null when the text is none.
         *
         * @throws IllegalArgumentException when there is more to say than the type's {@link #expected()}; the message
         *     is what was expected
         */
        @Nullable
        T read(String text);
    }

    private final String word;
    private final String expected;
    private final Reader<T> reader;

    ValueType(String word, String expected, Reader<T> reader) {
        this.word = word;
        this.expected = expected;
        this.reader = reader;
    }

    /** The type's name in the reference. */
    String word() {
        return word;
    }

    /** What a message says was expected. */
    String expected() {
        return expected;
    }

    Reader<T> reader() {
        return reader;
    }
}
