package io.jvswitch.vswitchd.cli;

import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.control.http.NoAnswerException;
import io.jvswitch.vswitchd.demo.Demo;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands. Making one known to picocli costs milliseconds of reflection, so only those that the command line names
 * are made; all of them only for help.
 */
final class CommandTree {

    private static final List<String> COMMANDS = List.of(
            "run", "show", "port", "network", "host", "fdb", "flows", "arp", "leases", "drops", "stats", "top", "trace",
            "capture", "reload", "stop", "demo");

    /** Those that ask a daemon. */
    private static final List<String> ASKING = COMMANDS.stream()
            .filter(name -> !name.equals("run") && !name.equals("demo"))
            .toList();

    private CommandTree() {}

    @Command(
            name = "jvswitch",
            description = "A userspace virtual switch and VXLAN/GRE tunnel endpoint.",
            versionProvider = VersionText.class,
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Exit status: 0 done; 1 refused, or no daemon; 2 wrong usage or configuration.",
                "Each command that prints takes --json. 'jvswitch COMMAND --help' tells more.",
                "Also: 'jvswitch bench' runs the benchmarks."
            })
    static final class Root {
        private final Console console;

        Root(Console console) {
            this.console = console;
        }

        @Option(
                names = "--socket",
                paramLabel = "PATH",
                scope = ScopeType.INHERIT,
                description =
                        "Control socket of the daemon. Default: $JVSWITCH_SOCKET, else the only one in /run/jvswitch.")
        void socket(@Nullable Path path) {
            console.setSocket(path);
        }

        @SuppressWarnings("UnusedVariable") // picocli reads it
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Show help.")
        private boolean help;

        @SuppressWarnings("UnusedVariable")
        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Show the version.")
        private boolean version;
    }

    /** Read only when asked for. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"jvswitch " + Version.text()};
        }
    }

    @Command(name = "port", description = "List, show, attach and detach ports.", synopsisSubcommandLabel = "COMMAND")
    private static final class PortGroup {}

    @Command(
            name = "network",
            description = "List, show, add and remove networks, and change their flood lists.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class NetworkGroup {}

    @Command(
            name = "host",
            description = "List, add and remove hosts behind other VTEPs.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class HostGroup {}

    /** A command; a switch, and not a table of constructors, because that would load every class. */
    private static Object command(String name, Console console) {
        return switch (name) {
            case "run" -> new RunCommand(console);
            case "show" -> new ReadCommands.Show(console);
            case "port" -> new PortGroup();
            case "network" -> new NetworkGroup();
            case "host" -> new HostGroup();
            case "fdb" -> new ReadCommands.Fdb(console);
            case "flows" -> new ReadCommands.Flows(console);
            case "arp" -> new ReadCommands.Arp(console);
            case "leases" -> new ReadCommands.Leases(console);
            case "drops" -> new ReadCommands.Drops(console);
            case "stats" -> new ReadCommands.Stats(console);
            case "top" -> new ReadCommands.Top(console);
            case "trace" -> new DaemonCommands.Trace(console);
            case "capture" -> new CaptureCommand(console);
            case "reload" -> new DaemonCommands.Reload(console);
            case "stop" -> new DaemonCommands.Stop(console);
            case "demo" -> new Demo(console.out(), console.err());
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    /** The commands of a group, in the order of its help. */
    private static List<Object> subcommands(String group, Console console) {
        return switch (group) {
            case "port" ->
                List.of(
                        new PortCommands.ListAll(console),
                        new PortCommands.Show(console),
                        new PortCommands.Add(console),
                        new PortCommands.Remove(console));
            case "network" ->
                List.of(
                        new NetworkCommands.ListAll(console),
                        new NetworkCommands.Show(console),
                        new NetworkCommands.Add(console),
                        new NetworkCommands.Remove(console),
                        remotes(console));
            case "host" ->
                List.of(
                        new HostCommands.ListAll(console),
                        new HostCommands.Add(console),
                        new HostCommands.Remove(console));
            default -> List.of();
        };
    }

    private static CommandLine remotes(Console console) {
        return new CommandLine(new NetworkCommands.RemoteGroup())
                .addSubcommand(new NetworkCommands.RemoteAdd(console))
                .addSubcommand(new NetworkCommands.RemoteRemove(console));
    }

    /** Every command, for the reference. */
    static CommandLine all(Console console) {
        CommandLine root = new CommandLine(new Root(console));
        COMMANDS.forEach(name -> add(root, name, console));
        return root;
    }

    /**
     * Runs a command line.
     *
     * @param extra a command of the caller's beside the usual ones (tests), or null
     * @return the exit status
     */
    static int run(Console console, String[] arguments, @Nullable Object extra) {
        CommandLine root = new CommandLine(new Root(console));
        String named = named(arguments);
        for (String name : named == null ? COMMANDS : List.of(named)) {
            add(root, name, console);
        }
        if (extra != null) {
            String name = new CommandLine(extra).getCommandName();
            root.getCommandSpec().removeSubcommand(name);
            root.addSubcommand(extra);
        }
        root.registerConverter(Path.class, Console::file);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        root.setUsageHelpAutoWidth(true);
        root.setExecutionExceptionHandler((exception, line, parsed) -> {
            if (exception instanceof CommandFailure failure) {
                console.err().println("jvswitch: " + exception.getMessage());
                if (failure.status() == Console.USAGE) {
                    console.err().println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
                }
                return failure.status();
            }
            if (exception instanceof NoAnswerException) {
                console.err().println("jvswitch: " + exception.getMessage());
                return Console.REFUSED;
            }
            throw exception;
        });
        CommandLine.IExecutionStrategy last = new CommandLine.RunLast();
        root.setExecutionStrategy(parsed -> {
            if (console.isSocketGiven() && named != null && !ASKING.contains(named)) {
                CommandLine wrong = parsed.subcommand().commandSpec().commandLine();
                console.err()
                        .println("jvswitch: --socket names a daemon to ask, and '" + named + "' asks none"
                                + (named.equals("run")
                                        ? ": its own socket is switch.control-socket of the configuration"
                                        : ""));
                console.err().println("See '" + wrong.getCommandSpec().qualifiedName() + " --help'.");
                return Console.USAGE;
            }
            return last.execute(parsed);
        });
        root.setParameterExceptionHandler((exception, wrong) -> {
            console.err().println("jvswitch: " + exception.getMessage());
            CommandLine line = exception.getCommandLine();
            UnmatchedArgumentException.printSuggestions(exception, line.getErr());
            console.err().println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
            return Console.USAGE;
        });
        return root.execute(arguments);
    }

    /** The command that the arguments begin with, or null when it is none of the known. */
    private static @Nullable String named(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--socket")) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                return COMMANDS.contains(arguments[i]) ? arguments[i] : null;
            }
        }
        return null;
    }

    private static void add(CommandLine root, String name, Console console) {
        CommandLine line = new CommandLine(command(name, console));
        subcommands(name, console).forEach(line::addSubcommand);
        root.addSubcommand(name, line);
    }
}
