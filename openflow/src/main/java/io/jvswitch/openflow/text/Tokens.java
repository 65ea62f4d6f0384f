package io.jvswitch.openflow.text;

import org.jspecify.annotations.Nullable;

/** Words between any of some characters, as C's {@code strtok_r}. */
final class Tokens {

    private final String text;
    private final String separators;
    private int at;

    Tokens(String text, String separators) {
        this.text = text;
        this.separators = separators;
    }

    /** The next word, or null. */
    @Nullable
    String next() {
        return next(separators);
    }

    /** The next word between any of other characters, or null. */
    @Nullable
    String next(String ends) {
        while (at < text.length() && ends.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == text.length()) {
            return null;
        }
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        at = Math.min(at + 1, text.length());
        return word;
    }
}
