package io.jvswitch.bench.control;

import io.jvswitch.bench.Machine;
import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./jvswitch bench control}. Exit status 0 when everything was measured, 1 when a step failed, 2 for wrong
 * usage.
 */
@Command(
        name = "control",
        description = {
            "Measures the control plane of large configurations: start, stop, each kind of change,",
            "and DHCP and show meanwhile. Beside it Open vSwitch where the like can be done.",
            "Needs root; works in network namespaces of its own."
        })
public final class ControlCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "LAYOUT",
            description = "ports, remotes, hosts, ovs; all without it.")
    private List<String> only = List.of();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli prints the text itself when it sees the option
    private boolean help;

    /** For picocli. */
    public ControlCommand() {}

    @Override
    public Integer call() throws IOException {
        List<String> known = List.of("ports", "remotes", "hosts", "ovs");
        for (String layout : only) {
            if (!known.contains(layout) && spec != null) {
                throw new ParameterException(
                        spec.commandLine(), "--only: value '" + layout + "': expected one of " + known);
            }
        }
        System.out.println(Machine.line());
        System.out.println("jvswitch " + Version.text());
        System.out.println();
        try (Lab lab = new Lab("control")) {
            try {
                for (Layout layout : Layout.values()) {
                    if (isWanted(layout.name())) {
                        new LayoutRun(layout, lab, System.out).run();
                    }
                }
                if (isWanted("ovs")) {
                    new OpenVswitchControl(lab, System.out).run();
                }
                return CommandLine.ExitCode.OK;
            } catch (StepFailedException e) {
                lab.keepDirectory();
                System.err.println("jvswitch bench: " + e.getMessage() + "; logs are in " + lab.directory());
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
    }

    private boolean isWanted(String layout) {
        return only.isEmpty() || only.contains(layout.toLowerCase(Locale.ROOT));
    }
}
