package io.jvswitch.ovsdb.unixctl;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that a daemon answers. {@code list-commands} and {@code version} are among them from the beginning, and
 * are answered on the server's own thread, however busy the daemon is. Any thread.
 */
public final class Commands {

    /** For {@link #register}: so many arguments as the caller likes. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger("ovs.unixctl");

    record Command(
            @Nullable String usage, int minArguments, int maxArguments, Executor executor, CommandHandler handler) {}

    private final Map<String, Command> commands = new ConcurrentSkipListMap<>();

    /**
     * Commands of a program.
     *
     * @param version what {@code version} says, as {@code ovs-vswitchd (Open vSwitch) 3.1.0}
     */
    public Commands(String version) {
        register("list-commands", "", 0, 0, Runnable::run, (_, reply) -> reply.done(list()));
        register("version", "", 0, 0, Runnable::run, (_, reply) -> reply.done(version));
    }

    /**
     * Adds a command.
     *
     * @param usage what {@code list-commands} shows of its arguments; null hides it there
     * @param minArguments fewer are refused
     * @param maxArguments more are refused
     * @param executor where the handler is called
     * @throws IllegalStateException when there is one of that name
     */
    public void register(
            String name,
            @Nullable String usage,
            int minArguments,
            int maxArguments,
            Executor executor,
            CommandHandler handler) {
        if (commands.putIfAbsent(name, new Command(usage, minArguments, maxArguments, executor, handler)) != null) {
            throw new IllegalStateException("command " + name + " is registered twice");
        }
    }

    private String list() {
        StringBuilder text = new StringBuilder("The available commands are:\n");
        commands.forEach((name, command) -> {
            if (command.usage != null) {
                text.append(String.format("  %-23s %s\n", name, command.usage));
            }
        });
        return text.toString();
    }

    /** Finds a command and checks how it is called; answers itself when that is wrong. */
    void run(String name, List<String> arguments, boolean areStrings, CommandReply reply) {
        Command command = commands.get(name);
        if (command == null) {
            reply.refused(
                    "\"" + name + "\" is not a valid command (use \"list-commands\" to see a list of valid commands)");
        } else if (arguments.size() < command.minArguments) {
            reply.refused("\"" + name + "\" command requires at least " + command.minArguments + " arguments");
        } else if (arguments.size() > command.maxArguments) {
            reply.refused("\"" + name + "\" command takes at most " + command.maxArguments + " arguments");
        } else if (!areStrings) {
            reply.refused("\"" + name + "\" command has non-string argument");
        } else {
            command.executor.execute(() -> handle(name, command, arguments, reply));
        }
    }

    /** A defect of one command costs one answer, and no thread. */
    private static void handle(String name, Command command, List<String> arguments, CommandReply reply) {
        try {
            command.handler.handle(arguments, reply);
        } catch (RuntimeException e) {
            LOG.error("command {} failed", name, e);
            try {
                reply.refused("\"" + name + "\" command failed: " + e);
            } catch (IllegalStateException _) {
                // It had answered before it failed.
            }
        }
    }
}
