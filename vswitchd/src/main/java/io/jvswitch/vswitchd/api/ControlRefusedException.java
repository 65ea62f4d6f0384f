package io.jvswitch.vswitchd.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that the switch does not carry out. Nothing was changed.
 */
public final class ControlRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** The request makes no sense. */
        INVALID,
        /** What it names does not exist. */
        NOT_FOUND,
        /** It contradicts what is there, or the host refused it. */
        CONFLICT,
        /** Not now: starting, stopping, or the conductor's queue is full. */
        UNAVAILABLE
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
     * @param kind why
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

    private ControlRefusedException(
            String message,
            String object,
            @Nullable String value,
            String what,
            String remedy,
            List<String> errors,
            Exception cause) {
        super(message, cause);
        this.kind = Kind.INVALID;
        this.object = object;
        this.value = value;
        this.what = what;
        this.remedy = remedy;
        this.errors = List.copyOf(errors);
    }

    /**
     * A plan that could not be read: it has errors, of which there may be many.
     *
     * @param object what was read, or what the request is about
     * @param lines every error as a person is to read it, a line each
     * @param value the value that the first one is about, or null
     * @param what the first one, without the object and value
     * @param remedy what to do, one sentence
     * @param errors every error as a program is to read it
     * @param cause what the reader said
     */
    public static ControlRefusedException unreadable(
            String object,
            String lines,
            @Nullable String value,
            String what,
            String remedy,
            List<String> errors,
            Exception cause) {
        return new ControlRefusedException(
                lines + "\n" + object + ": refused; " + remedy, object, value, what, remedy, errors, cause);
    }

    /** Why. */
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

    /** Whether it lists errors of a plan; the last line of its message then sums them up. */
    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** Every error of a configuration, a line each; empty for other refusals. */
    public List<String> errors() {
        return errors;
    }
}
