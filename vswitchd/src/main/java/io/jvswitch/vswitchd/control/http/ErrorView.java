package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as JSON.
 *
 * @param error what is wrong
 * @param object what it is about
 * @param value the value that was refused, or null
 * @param remedy what to do
 * @param errors every error of a configuration or request, each {@code file:line:column: key: value: what was
 *     expected}; null when there is only the one
 */
record ErrorView(
        String error,
        String object,
        @Nullable String value,
        String remedy,
        @Nullable List<String> errors) {

    static ErrorView of(ControlRefusedException refusal) {
        return new ErrorView(
                refusal.what(),
                refusal.object(),
                refusal.value(),
                refusal.remedy(),
                refusal.errors().isEmpty() ? null : refusal.errors());
    }
}
