package io.jvswitch.vswitchd.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;

/** The reference page of the commands: each one's own help. */
public final class CommandsReference {

    private CommandsReference() {}

    /** The page below its heading. */
    public static String body() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine root = CommandTree.all(new Console(nowhere, nowhere, Path.of("/run/jvswitch"), null));
        StringBuilder page = new StringBuilder();
        page.append("```\n").append(help(root)).append("```\n");
        for (CommandLine command : root.getSubcommands().values()) {
            if (command.getSubcommands().isEmpty()) {
                section(page, command);
            } else {
                sections(page, command);
            }
        }
        return page.toString();
    }

    /** Of a group's commands, and of those of the groups in it. */
    private static void sections(StringBuilder page, CommandLine group) {
        for (CommandLine command : group.getSubcommands().values()) {
            if (command.getSubcommands().isEmpty()) {
                section(page, command);
            } else {
                sections(page, command);
            }
        }
    }

    private static void section(StringBuilder page, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName().substring("jvswitch ".length());
        page.append("\n## ")
                .append(name)
                .append("\n\n```\n")
                .append(help(command))
                .append("```\n");
    }

    private static String help(CommandLine command) {
        return command.setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .getUsageMessage(CommandLine.Help.Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .reduce("", (text, line) -> text + line + "\n");
    }
}
