package io.jvswitch.vswitchd;

import io.jvswitch.vswitchd.cli.CommandEntry;

/** The command {@code jvswitch}. */
public final class Main {

    private Main() {}

    /** Runs a command line and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(CommandEntry.run(arguments));
    }
}
