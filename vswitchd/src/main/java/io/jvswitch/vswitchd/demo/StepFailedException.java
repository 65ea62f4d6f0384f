package io.jvswitch.vswitchd.demo;

/** A step of the demo did not do what it shows. The message says what was expected, what came, and where to look. */
final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StepFailedException(String message) {
        super(message);
    }

    StepFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
