package io.jvswitch.vswitchd.cli;

/** A command that came to nothing. Its message is for the operator: what, and what to do. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    /** Of a command that was refused. */
    CommandFailure(String message) {
        this(message, Console.REFUSED);
    }

    private CommandFailure(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Of a command line that makes no sense. */
    static CommandFailure ofUsage(String message) {
        return new CommandFailure(message, Console.USAGE);
    }

    /** The exit status that it ends with. */
    int status() {
        return status;
    }
}
