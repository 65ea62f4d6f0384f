package io.jvswitch.vswitchd.config.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration with errors: all of them, in the order of the file. Its message has one line each. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<ConfigError> errors;

    /** Of at least one error. */
    public ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** Everything that is wrong. */
    public List<ConfigError> errors() {
        return errors;
    }
}
