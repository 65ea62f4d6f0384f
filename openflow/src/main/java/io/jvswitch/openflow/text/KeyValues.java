package io.jvswitch.openflow.text;

/**
 * Takes apart a list of {@code key}, {@code key=value}, {@code key:value} and {@code key(value)}, with commas or blanks
 * between them. Parentheses in values belong together.
 */
final class KeyValues {

    private static final String SEPARATORS = ", \t\r\n";
    private static final String KEY_ENDS = ":=(" + SEPARATORS;

    private final String text;
    private int at;
    private String key = "";
    private String value = "";

    KeyValues(String text) {
        this.text = text;
    }

    /** Goes on to the next key; false when there is none. */
    boolean next() {
        while (at < text.length() && SEPARATORS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == text.length()) {
            return false;
        }
        int start = at;
        int end = start;
        while (end < text.length() && KEY_ENDS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        key = text.substring(start, end);
        char delimiter = end < text.length() ? text.charAt(end) : 0;
        at = Math.min(end + 1, text.length());
        switch (delimiter) {
            case ':', '=' -> takeValue(SEPARATORS);
            case '(' -> takeValue(")");
            default -> value = "";
        }
        return true;
    }

    private void takeValue(String ends) {
        int start = at;
        int end = valueEnd(start, ends);
        // (x)->y is one value.
        if (ends.equals(")") && text.startsWith(")->", end)) {
            end = valueEnd(end, SEPARATORS);
        }
        value = text.substring(start, end);
        at = Math.min(end + 1, text.length());
    }

    private int valueEnd(int from, String ends) {
        int end = from;
        int level = 0;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (level == 0 && ends.indexOf(c) >= 0) {
                return end;
            }
            if (c == '(') {
                level++;
            } else if (c == ')' && level > 0) {
                level--;
            }
            end++;
        }
        return end;
    }

    String key() {
        return key;
    }

    /** Empty without one. */
    String value() {
        return value;
    }
}
