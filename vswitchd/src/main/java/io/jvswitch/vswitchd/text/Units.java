package io.jvswitch.vswitchd.text;

import java.util.Locale;

/** Numbers with units, short enough for a column. Decimal prefixes, as in network rates. */
public final class Units {

    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Units() {}

    /** A count: exact up to 99,999, then with a prefix and three digits. */
    public static String count(double value) {
        return value < 99_999.5 ? Long.toString(Math.round(value)) : scaled(value, "");
    }

    /** Bytes. */
    public static String bytes(long value) {
        return value < 1000 ? value + " B" : scaled((double) value, " ") + "B";
    }

    /** A rate in bits a second. */
    public static String bitRate(double bitsPerSecond) {
        return scaled(bitsPerSecond, " ") + "bit/s";
    }

    private static String scaled(double value, String gap) {
        int prefix = 0;
        double rest = value;
        while (rest >= 999.5 && prefix < PREFIXES.length - 1) {
            rest /= 1000;
            prefix++;
        }
        String format = rest >= 99.95 || prefix == 0 ? "%.0f" : rest >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, rest) + gap + PREFIXES[prefix];
    }

    /** A length of time: its two largest units. */
    public static String time(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + rest(seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + rest(seconds % 3_600 / 60, "m");
        }
        return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3_600, "h");
    }

    private static String rest(long count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }

    /** A short time. */
    public static String nanos(long ns) {
        if (ns < 1_000) {
            return ns + " ns";
        }
        if (ns < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f us", ns / 1e3);
        }
        return ns < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f ms", ns / 1e6)
                : String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }

    /** A share, 0 to 1, in percent. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", share * 100);
    }

    /** A number with its noun, in the plural where it is due. */
    public static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
