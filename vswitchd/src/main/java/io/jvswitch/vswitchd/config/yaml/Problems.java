package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.check.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong with one file, and remembers where each key's value stands. */
final class Problems {

    /** Nobody reads more, and a hostile request could have a million. */
    static final int MAX_ERRORS = 1_000;

    private final String file;
    private final List<ConfigError> errors = new ArrayList<>();
    /** Errors beyond {@link #MAX_ERRORS}. */
    private int more;

    private final Map<String, Place> places = new HashMap<>();
    private final Set<String> broken = new HashSet<>();

    private record Place(int line, int column) {}

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** Remembers where the value of a key stands. */
    void place(String path, int line, int column) {
        places.put(path, new Place(line, column));
    }

    /** Reports a value at a known place. */
    void report(String path, int line, int column, @Nullable String value, String message) {
        add(new ConfigError(file, line, column, path, value, message));
        broken.add(path);
        // Items that could not be read are left out, so those behind them are not where the file has them.
        broken.add(withoutIndex(path));
    }

    /** Reports what only the whole shows, unless something it rests on is already reported. */
    void report(Finding finding) {
        if (isBroken(finding.path()) || finding.restsOn().stream().anyMatch(this::isBroken)) {
            return;
        }
        Place place = placeOf(finding.path());
        // A list of one may be written without brackets.
        boolean bare = finding.path().endsWith("[0]") && !places.containsKey(finding.path());
        String shown = bare ? withoutIndex(finding.path()) : finding.path();
        add(new ConfigError(file, place.line, place.column, shown, finding.value(), finding.message()));
    }

    /** Whether what is found from now on is only counted. */
    boolean isFull() {
        return errors.size() == MAX_ERRORS;
    }

    private void add(ConfigError error) {
        if (isFull()) {
            more++;
        } else {
            errors.add(error);
        }
    }

    private boolean isBroken(String path) {
        return broken.contains(path) || broken.contains(withoutIndex(path));
    }

    private static String withoutIndex(String path) {
        int bracket = path.lastIndexOf('[');
        // a misspelt key may end with a bracket that nothing opened
        return path.endsWith("]") && bracket >= 0 ? path.substring(0, bracket) : path;
    }

    /** Where the value stands, or else the nearest thing around it. */
    private Place placeOf(String path) {
        String at = path;
        while (true) {
            Place place = places.get(at);
            if (place != null) {
                return place;
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (cut < 0) {
                return new Place(1, 1);
            }
            at = at.substring(0, cut);
        }
    }

    /** What was reported, in the order of the file. */
    List<ConfigError> errors() {
        List<ConfigError> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column));
        if (more > 0) {
            ConfigError last = sorted.getLast();
            sorted.add(new ConfigError(file, last.line(), last.column(), "", null, "and " + more + " errors more"));
        }
        return sorted;
    }
}
