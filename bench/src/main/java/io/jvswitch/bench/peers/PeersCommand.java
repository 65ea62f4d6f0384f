package io.jvswitch.bench.peers;

import io.jvswitch.bench.Machine;
import io.jvswitch.bench.ResultsDirectory;
import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./jvswitch bench peers}. Exit status 0 when everybody was measured, 1 when a peer dropped out or the machine
 * lacks what it takes, 2 for wrong usage.
 */
@Command(
        name = "peers",
        description = {
            "Measures jvswitch beside Open vSwitch, the Linux bridge and a bare C pump, in network namespaces. "
                    + "Needs root.",
            "Prints a table; writes JSON, SVG and a record in Markdown. docs/benchmarks/peers.md tells what each "
                    + "figure means."
        })
public final class PeersCommand implements Callable<Integer> {
    private static final int MEASURE_SECONDS = 1;
    /**
     * Many and short: where the scheduler puts two switches, a source and a sink on few cores makes a third of the
     * throughput, and a visit keeps it.
     */
    private static final int ROUNDS = 5;

    private static final int PACED_FRAMES_PER_SECOND = 20_000;
    private static final int IDLE_MS = 5_000;
    private static final int WARM_UP_MS = 200;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--quick", description = "One round of 1 s each: for a look, not for a record.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, 1 to 50 (default 5).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of each measurement, 1 to 600 (default 1).")
    private int seconds;

    @Option(names = "--rate", paramLabel = "N", description = "Frames a second of paced UDP (default 20000).")
    private int framesPerSecond = PACED_FRAMES_PER_SECOND;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SCENARIO",
            description = "vxlan, vxlan-tx-off, tap, veth, veth-vxlan; all without it.")
    private List<String> only = List.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "jvswitch, ovs, ovs-tso, bridge, pump; all without it.")
    private List<String> peers = List.of();

    @Option(
            names = "--measure",
            split = ",",
            paramLabel = "MEASURE",
            description = "tcp-1, tcp-1-back, tcp-4, tcp-4-back, udp-paced, udp-overload, latency, latency-loaded,"
                    + " allocation-udp, allocation-tcp, idle, memory, start; without it all but "
                    + "latency-loaded and allocation-*.")
    private List<String> measures = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the files go (default target/bench/peers-TIME).")
    private @Nullable Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli prints the text itself when it sees the option
    private boolean help;

    /** For picocli. */
    public PeersCommand() {}

    @Override
    public Integer call() throws IOException {
        PeersRun.Plan plan = plan();
        List<String> obstacles = new Obstacles().of(plan);
        if (!obstacles.isEmpty()) {
            obstacles.forEach(obstacle -> System.err.println("jvswitch bench peers: " + obstacle));
            return CommandLine.ExitCode.SOFTWARE;
        }
        Path directory = out != null ? out : defaultDirectory();
        Files.createDirectories(directory);
        System.out.println(Machine.line());
        long startNs = System.nanoTime();
        String loadBefore = loadAverage();
        Results results;
        String versions;
        try (Lab lab = new Lab("peers")) {
            try {
                versions = versions(lab, plan);
                results = new PeersRun(plan, lab, System.out).run();
            } catch (StepFailedException e) {
                if (!lab.isClosedSoon()) {
                    System.err.println("jvswitch bench peers: " + e.getMessage());
                }
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        String conditions =
                "jvswitch " + Version.text() + ", " + versions + ".\nLoad average " + loadBefore + " before the run.";
        write(results, plan, conditions, directory, (System.nanoTime() - startNs) / 1e9);
        return results.notes().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private PeersRun.Plan plan() {
        int measureSeconds = inRange("--seconds", seconds, quick ? 1 : MEASURE_SECONDS, 600);
        Set<Scenario> scenarios = chosen("--only", only, Scenario::of, EnumSet.allOf(Scenario.class));
        Set<PeerKind> kinds = chosen("--peers", peers, PeerKind::of, EnumSet.allOf(PeerKind.class));
        for (Scenario scenario : scenarios) {
            if (!only.isEmpty() && kinds.stream().noneMatch(kind -> kind.takesPartIn(scenario.layout()))) {
                throw new ParameterException(
                        commandLine(),
                        "--peers " + String.join(",", peers) + ": none of these takes part in " + scenario.label());
            }
        }
        return new PeersRun.Plan(
                scenarios,
                kinds,
                chosen("--measure", measures, Measure::of, Measure.usual()),
                inRange("--rounds", rounds, quick ? 1 : ROUNDS, 50),
                quick ? 1_000 : IDLE_MS,
                new Load.Options(
                        WARM_UP_MS,
                        measureSeconds * 1000,
                        inRange("--rate", framesPerSecond, PACED_FRAMES_PER_SECOND, 1_000_000)));
    }

    private int inRange(String option, int value, int orElse, int max) {
        boolean given = commandLine().getParseResult().hasMatchedOption(option);
        if (given && (value < 1 || value > max)) {
            throw new ParameterException(commandLine(), option + " " + value + ": expected 1 to " + max);
        }
        return given ? value : orElse;
    }

    private <T extends Enum<T>> Set<T> chosen(String option, List<String> labels, Function<String, T> of, Set<T> all) {
        if (labels.isEmpty()) {
            return all;
        }
        try {
            return EnumSet.copyOf(labels.stream().map(of).toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), option + ": " + e.getMessage());
        }
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the specification before it calls the command");
        }
        return spec.commandLine();
    }

    private static Path defaultDirectory() {
        String time = LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return ResultsDirectory.path().resolve("peers-" + time);
    }

    /** Of the programs that are compared, or that made one of them. */
    private static String versions(Lab lab, PeersRun.Plan plan) {
        String gcc = "gcc " + lab.run("gcc", "-dumpfullversion").strip();
        if (!plan.peers().contains(PeerKind.OVS) && !plan.peers().contains(PeerKind.OVS_TSO)) {
            return gcc;
        }
        return lab.run("ovs-vswitchd", "--version").lines().findFirst().orElse("ovs-vswitchd") + ", " + gcc;
    }

    /** Of the last one, five and fifteen minutes: whether the machine was quiet. */
    private static String loadAverage() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/loadavg")).split(" ", 4);
        return fields[0] + ", " + fields[1] + ", " + fields[2];
    }

    private void write(Results results, PeersRun.Plan plan, String conditions, Path directory, double elapsedSeconds)
            throws IOException {
        String command = "./jvswitch bench "
                + String.join(" ", commandLine().getParseResult().originalArgs());
        ResultsText text = new ResultsText(results);
        System.out.println();
        System.out.print(text.terminal());
        Files.writeString(directory.resolve("peers.json"), ResultsJson.of(results, Machine.line(), command));
        List<String> charts = ResultsCharts.write(results, directory);
        String head = """
                # jvswitch beside its peers, %s

                    %s

                Machine: %s.
                %s
                Medians of %d round(s) of %d s each, in parentheses the least and the greatest; paced UDP at %d frames a second; %.0f s in all.
                [peers.md](peers.md) tells how it is laid out and what each figure means; every sample of every round is in
                [peers.json](peers.json).
                """.formatted(
                        LocalDate.now(ZoneId.systemDefault()),
                        command,
                        Machine.line(),
                        conditions,
                        plan.rounds(),
                        plan.load().measureMs() / 1000,
                        plan.load().pacedFramesPerSecond(),
                        elapsedSeconds);
        Files.writeString(directory.resolve("record.md"), text.markdown(head, charts));
        System.out.printf("%n%.0f s; files are in %s%n", elapsedSeconds, directory);
    }
}
