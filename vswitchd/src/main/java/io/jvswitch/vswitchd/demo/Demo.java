package io.jvswitch.vswitchd.demo;

import io.jvswitch.vswitchd.plan.NetworkTunnel;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code demo}: tells the {@link Story} in a {@link Lab} of its own. Exit status 0 when every step worked,
 * 1 when one did not or the machine lacks what it takes, 2 for wrong usage.
 */
@Command(
        name = "demo",
        description = "Show the switch at work: two hosts and two VMs in network namespaces, a tunnel between them.")
public final class Demo implements Callable<Integer> {
    private static final int STATUS_FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--tunnel",
            paramLabel = "vxlan|gre",
            defaultValue = "vxlan",
            description = "How the hosts are joined: vxlan (the default) or gre.")
    private String tunnelLabel = NetworkTunnel.VXLAN.label();

    @Option(names = "--keep", description = "Leave everything running at the end, until Ctrl-C.")
    private boolean keep;

    private final PrintStream out;
    private final PrintStream err;

    /** Tells its story to {@code out}, and what went wrong to {@code err}. */
    public Demo(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        NetworkTunnel tunnel = tunnel();
        String obstacle = Privileges.obstacle();
        if (obstacle != null) {
            err.println("jvswitch: " + obstacle);
            return STATUS_FAILED;
        }
        Account account = new Account(out);
        try (Lab lab = new Lab("demo")) {
            lab.whenClosedAtExit(
                    () -> err.println("\njvswitch: interrupted; namespaces, devices, processes and files are removed"));
            try {
                new Story(lab, account, tunnel).tell();
                if (keep) {
                    waitForCtrlC(account);
                }
            } catch (StepFailedException e) {
                if (!lab.isClosedSoon()) {
                    err.println("jvswitch: step " + account.steps() + " of the demo failed: " + e.getMessage());
                    if (lab.hasLogs()) {
                        lab.keepDirectory();
                        err.println("The daemons' logs and configurations are in " + lab.directory());
                    }
                }
                return STATUS_FAILED;
            }
        }
        account.line("");
        account.line(String.format(
                Locale.ROOT,
                "All %d steps worked, in %.0f s. Namespaces, devices, processes and files are removed.",
                account.steps(),
                account.totalSeconds()));
        return 0;
    }

    private NetworkTunnel tunnel() {
        for (NetworkTunnel kind : NetworkTunnel.values()) {
            if (kind != NetworkTunnel.NONE && kind.label().equals(tunnelLabel)) {
                return kind;
            }
        }
        if (spec == null) {
            throw new IllegalStateException("picocli sets the specification before it calls the command");
        }
        throw new ParameterException(spec.commandLine(), "--tunnel '" + tunnelLabel + "': expected vxlan or gre");
    }

    private static void waitForCtrlC(Account account) {
        account.line("");
        account.line("Everything stays as it is until Ctrl-C; the commands above can be typed in another terminal.");
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
