package io.jvswitch.vswitchd.control;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.config.yaml.ConfigError;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import java.util.stream.Collectors;

/** Refusals of configuration files and requests that have errors: where each stands, and what was expected. */
public final class ConfigRefusals {

    private ConfigRefusals() {}

    /**
     * A configuration file with errors.
     *
     * @param object what was read
     * @param remedy what to do, one sentence
     */
    public static ControlRefusedException ofFile(String object, ConfigException cause, String remedy) {
        return refusal(object, cause, String.valueOf(cause.getMessage()), remedy);
    }

    /**
     * A request with errors; lines and columns of its body would say nothing to somebody who typed a command.
     *
     * @param object what the request is about, as {@code port tap-vm1}
     */
    public static ControlRefusedException ofRequest(String object, ConfigException cause) {
        String lines = cause.errors().stream()
                .map(error -> object + ": " + error.withoutPlace())
                .collect(Collectors.joining("\n"));
        return refusal(object, cause, lines, "nothing was changed");
    }

    private static ControlRefusedException refusal(String object, ConfigException cause, String lines, String remedy) {
        ConfigError first = cause.errors().getFirst();
        return ControlRefusedException.unreadable(
                object,
                lines,
                first.value(),
                first.key().isEmpty() ? first.message() : first.key() + ": " + first.message(),
                remedy,
                cause.errors().stream().map(ConfigError::toString).toList(),
                cause);
    }
}
