package io.jvswitch.vswitchd.cli;

/** A command that came to nothing. Its message is for the operator: what, and what to do. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    CommandFailure(String message) {
        super(message);
    }
}
