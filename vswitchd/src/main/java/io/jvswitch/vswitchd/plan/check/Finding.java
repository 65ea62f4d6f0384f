package io.jvswitch.vswitchd.plan.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a specification as a whole, each value being fine by itself.
 *
 * @param path key path of the value at fault
 * @param value the value, or null when the fault is that there is none
 * @param message what was expected
 * @param restsOn key paths of the other values that it follows from
 * @param reversed the same fault told of the value that it rests on, where that may as well be the one at fault;
 *     otherwise null
 */
public record Finding(
        String path,
        @Nullable String value,
        String message,
        List<String> restsOn,
        @Nullable Finding reversed) {

    /** A fault of one value only. */
    public Finding(String path, @Nullable String value, String message, List<String> restsOn) {
        this(path, value, message, restsOn, null);
    }

    /** The fault as it is to be told to somebody who has just changed the object at that path. */
    public Finding towards(String objectPath) {
        return reversed != null && !isWithin(path, objectPath) && isWithin(reversed.path, objectPath) ? reversed : this;
    }

    private static boolean isWithin(String path, String objectPath) {
        return path.equals(objectPath) || path.startsWith(objectPath + ".");
    }

    public Finding {
        restsOn = List.copyOf(restsOn);
    }
}
