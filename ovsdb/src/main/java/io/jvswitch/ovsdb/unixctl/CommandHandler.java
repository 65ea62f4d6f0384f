package io.jvswitch.ovsdb.unixctl;

import java.util.List;

/** Carries out a command. */
@FunctionalInterface
public interface CommandHandler {

    /**
     * Carries it out, or begins to.
     *
     * @param arguments as many as the command was registered for
     * @param reply where the answer goes, which may come later
     */
    void handle(List<String> arguments, CommandReply reply);
}
