package io.jvswitch.vswitchd.demo;

/**
 * A step of the demo, or of a benchmark that uses its {@link Lab}, did not do what it shows. The message says what was
 * expected, what came, and where to look.
 */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure whose message says it all. */
    public StepFailedException(String message) {
        super(message);
    }

    /** A failure with what the JDK said about it. */
    public StepFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
