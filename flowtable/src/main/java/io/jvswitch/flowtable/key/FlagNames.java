package io.jvswitch.flowtable.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a field's bits, from the lowest on: {@code syn|ack} where all bits count, {@code +syn-ack} where some
 * do.
 */
record FlagNames(List<String> names) {

    /**
     * The flags by their names.
     *
     * @param byNumbers written instead when a bit that counts has no name
     */
    String format(int bits, MaskedValue value, String byNumbers) {
        boolean exact = value.isExact(bits);
        if ((exact ? value.lo() : value.maskLo()) >>> names.size() != 0) {
            return byNumbers;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            boolean set = (value.lo() >>> i & 1) != 0;
            if (exact && set) {
                text.append(text.isEmpty() ? "" : "|").append(names.get(i));
            } else if (!exact && (value.maskLo() >>> i & 1) != 0) {
                text.append(set ? '+' : '-').append(names.get(i));
            }
        }
        return text.isEmpty() ? "0" : text.toString();
    }

    /** Null when the text is of numbers. */
    @Nullable
    MaskedValue parse(String text, int bits) {
        if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
            return null;
        }
        long value = 0;
        long mask = 0;
        boolean masked = text.charAt(0) == '+' || text.charAt(0) == '-';
        int at = 0;
        while (at < text.length()) {
            boolean set = text.charAt(at) != '-';
            int from = masked ? at + 1 : at;
            int end = from;
            while (end < text.length() && "+-|".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            String name = text.substring(from, end);
            int index = names.indexOf(name);
            if (index < 0 || index >= bits) {
                throw new IllegalArgumentException(
                        "'" + text + "' has a flag '" + name + "': must be of " + String.join(", ", names));
            }
            mask |= 1L << index;
            value |= set ? 1L << index : 0;
            at = masked ? end : end + 1;
        }
        return masked ? new MaskedValue(0, value, 0, mask) : MaskedValue.exact(0, value, bits);
    }
}
