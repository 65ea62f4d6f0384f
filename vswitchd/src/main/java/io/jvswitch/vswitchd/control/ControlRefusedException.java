package io.jvswitch.vswitchd.control;

import io.jvswitch.vswitchd.config.ConfigError;
import io.jvswitch.vswitchd.config.ConfigException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command that the switch does not carry out. Nothing was changed.
 *
 * <p>Becomes an HTTP status and a JSON error at the socket, and exit status 1 with its message at the command line.
 */
public final class ControlRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why, in terms of HTTP. */
    public enum Kind {
        /** The request makes no sense: 400. */
        INVALID(400),
        /** What it names does not exist: 404. */
        NOT_FOUND(404),
        /** It contradicts what is there, or the host refused it: 409. */
        CONFLICT(409),
        /** Not now: starting, stopping, or the conductor's queue is full: 503. */
        UNAVAILABLE(503);

        private final int httpStatus;

        Kind(int httpStatus) {
            this.httpStatus = httpStatus;
        }

        /** The HTTP status code. */
        public int httpStatus() {
            return httpStatus;
        }
    }

    private final Kind kind;
    private final String what;
    private final String object;
    private final @Nullable String value;
    private final String remedy;
    private final transient List<String> errors;

    /**
     * Says everything an operator needs.
     *
     * @param kind which status it becomes
     * @param object what it is about, as {@code port tap-vm1}
     * @param value the value that was refused, or null
     * @param what what is wrong, without the object and value, as {@code network does not exist}
     * @param remedy what to do, one sentence
     */
    public ControlRefusedException(Kind kind, String object, @Nullable String value, String what, String remedy) {
        super(object + ": " + (value == null ? "" : "value '" + value + "': ") + what + "; " + remedy);
        this.kind = kind;
        this.what = what;
        this.object = object;
        this.value = value;
        this.remedy = remedy;
        this.errors = List.of();
    }

    private ControlRefusedException(String object, ConfigException cause, String lines, String remedy) {
        super(lines + "\n" + object + ": refused; " + remedy, cause);
        this.kind = Kind.INVALID;
        this.object = object;
        this.remedy = remedy;
        this.errors = cause.errors().stream().map(ConfigError::toString).toList();
        ConfigError first = cause.errors().getFirst();
        this.what = first.key().isEmpty() ? first.message() : first.key() + ": " + first.message();
        this.value = first.value();
    }

    /**
     * A configuration file with errors.
     *
     * @param object what was read
     * @param remedy what to do, one sentence
     */
    public static ControlRefusedException ofFile(String object, ConfigException cause, String remedy) {
        return new ControlRefusedException(object, cause, String.valueOf(cause.getMessage()), remedy);
    }

    /**
     * A request with errors; lines and columns of its body would say nothing to somebody who typed a command.
     *
     * @param object what the request is about, as {@code port tap-vm1}
     */
    static ControlRefusedException ofRequest(String object, ConfigException cause) {
        String lines = cause.errors().stream()
                .map(error -> object + ": " + error.withoutPlace())
                .collect(Collectors.joining("\n"));
        return new ControlRefusedException(object, cause, lines, "nothing was changed");
    }

    /** Which status it becomes. */
    public Kind kind() {
        return kind;
    }

    /** What is wrong. */
    public String what() {
        return what;
    }

    /** What it is about. */
    public String object() {
        return object;
    }

    /** The value that was refused, or null. */
    public @Nullable String value() {
        return value;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }

    /** Every error of a configuration, a line each; empty for other refusals. */
    public List<String> errors() {
        return errors;
    }
}
