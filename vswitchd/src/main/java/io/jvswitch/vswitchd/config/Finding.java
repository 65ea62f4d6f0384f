package io.jvswitch.vswitchd.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a specification as a whole, each value being fine by itself.
 *
 * @param path key path of the value at fault
 * @param value the value, or null when the fault is that there is none
 * @param message what was expected
 * @param restsOn key paths of the other values that it follows from
 */
public record Finding(String path, @Nullable String value, String message, List<String> restsOn) {

    public Finding {
        restsOn = List.copyOf(restsOn);
    }
}
