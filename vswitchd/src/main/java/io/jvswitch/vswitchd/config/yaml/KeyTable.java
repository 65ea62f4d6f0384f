package io.jvswitch.vswitchd.config.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one kind of section.
 *
 * @param title where the section stands, as {@code networks.NAME.subnets[]}
 * @param doc what it is, for the reference
 * @param keys in the order of the reference
 */
record KeyTable(String title, String doc, List<Key<?>> keys) {

    /** No key is half as long; comparing a word of megabytes would take gigabytes. */
    private static final int MAX_MISSPELT_CHARS = 64;

    KeyTable {
        keys = List.copyOf(keys);
    }

    boolean has(String name) {
        return keys.stream().anyMatch(key -> key.name().equals(name));
    }

    /** The known name that {@code wrong} was most likely meant to be, or null. */
    @Nullable
    String nearest(String wrong) {
        if (wrong.length() > MAX_MISSPELT_CHARS) {
            return null;
        }
        String best = null;
        int bestDistance = Math.max(1, wrong.length() / 3) + 1;
        for (Key<?> key : keys) {
            int distance = distance(wrong.toLowerCase(java.util.Locale.ROOT).replace('_', '-'), key.name());
            if (distance < bestDistance) {
                bestDistance = distance;
                best = key.name();
            }
        }
        return best;
    }

    /** Edits between two words, a swap of neighbours counted as one (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
