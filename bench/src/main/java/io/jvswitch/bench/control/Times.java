package io.jvswitch.bench.control;

import java.util.List;
import java.util.Locale;

/**
 * How long the like of something took.
 *
 * @param count how many were measured
 */
record Times(int count, long medianNs, long mostNs) {

    static Times of(List<Long> eachNs) {
        if (eachNs.isEmpty()) {
            return new Times(0, 0, 0);
        }
        List<Long> sorted = eachNs.stream().sorted().toList();
        return new Times(sorted.size(), sorted.get(sorted.size() / 2), sorted.getLast());
    }

    static String ms(long ns) {
        return String.format(Locale.ROOT, "%.1f ms", ns / 1e6);
    }

    @Override
    public String toString() {
        return count == 0
                ? "-"
                : count == 1 ? ms(mostNs) : ms(medianNs) + ", at most " + ms(mostNs) + " (" + count + ")";
    }
}
