package io.jvswitch.bench;

import io.jvswitch.bench.control.ControlCommand;
import io.jvswitch.bench.datapath.StopsCommand;
import io.jvswitch.bench.peers.PeersCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./jvswitch bench}: the JMH benchmarks by name. Benchmarks of the whole system are subcommands.
 *
 * <p>Exit status 0, 1 when a benchmark failed, 2 for a usage error.
 */
@Command(
        name = "jvswitch bench",
        subcommands = {ControlCommand.class, FlowTableSuite.class, PeersCommand.class, StopsCommand.class},
        description = "Runs JMH benchmarks with the gc profiler; prints a table and writes JSON to target/bench/.")
public final class BenchMain implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            description = "Part of a benchmark's package, class or method name, in any case; all without one.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "One fork and short iterations: for a look, not for a record.")
    private boolean quick;

    @Option(names = "--list", description = "Print the names of the benchmarks that would run.")
    private boolean list;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli prints the text itself when it sees the option
    private boolean help;

    private BenchMain() {}

    /** Runs the command line and ends the JVM with its exit status. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        JmhRun run = new JmhRun(names, quick);
        List<String> found = run.find();
        if (found.isEmpty()) {
            System.err.println("jvswitch bench: no benchmark is named like "
                    + (names.isEmpty() ? "anything" : String.join(" or ", names)) + "; --list shows them all");
            return CommandLine.ExitCode.USAGE;
        }
        if (list) {
            found.forEach(name -> System.out.println(TableFormat.shortName(name)));
            return CommandLine.ExitCode.OK;
        }
        return run.run(System.out) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
