package io.jvswitch.vswitchd.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands for the daemon as a whole. */
final class DaemonCommands {

    private DaemonCommands() {}

    @Command(
            name = "reload",
            description = {
                "Make the switch what its configuration file says now: all or nothing. SIGHUP does the same.",
                "What was added by commands and is not in the file is removed."
            })
    static final class Reload implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        Reload(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("POST", "/v1/reload", null, output.json);
        }
    }

    @Command(name = "stop", description = "Stop the daemon and wait until it has removed what it created.")
    static final class Stop implements Callable<Integer> {
        private static final long PAUSE_MS = 20;
        private static final int MAX_TIMEOUT_S = 86_400;

        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
        private int timeoutS;

        Stop(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (timeoutS < 1 || timeoutS > MAX_TIMEOUT_S) {
                throw CommandFailure.ofUsage("--timeout: value '" + timeoutS + "': expected a number 1 to "
                        + MAX_TIMEOUT_S + "; the daemon was not stopped");
            }
            Path socket = console.socket();
            int status = console.print("POST", "/v1/stop", null, output.json);
            long startNs = System.nanoTime();
            while (status == Console.DONE && Files.exists(socket)) {
                if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(timeoutS)) {
                    throw new CommandFailure(
                            "the daemon at " + socket + " did not end within " + timeoutS + " s: see its log");
                }
                Thread.sleep(PAUSE_MS);
            }
            return status;
        }
    }

    @Command(
            name = "trace",
            description = {
                "Say what would happen to a frame that comes in by a port or a tunnel, and why: also to its size "
                        + "and its MSS. Nothing is"
                        + " sent or learned.",
                "What a description leaves out is taken from the port's binding and from what the switch knows of dst.",
                "From the underlay: jvswitch trace underlay vtep=192.0.2.2 vni=42 udp dst=10.0.0.11"
            })
    static final class Trace implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(
                index = "0",
                paramLabel = "PORT",
                description = "The port that the frame comes in by; underlay for a tunnel.")
        private String port = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "FRAME",
                description = {
                    "The frame in hexadecimal digits, or a description:",
                    "[arp|icmp|tcp|udp] dst=IP [src=IP] [sport=N] [dport=N] [vlan=N] [smac=MAC] [dmac=MAC] [tos=N] "
                            + "[ttl=N] [df=0|1]"
                            + " [mss=BYTES] [size=BYTES]",
                    "From underlay also vtep=IP [vni=N] [tunnel=vxlan|gre] [outer-tos=N], beside hexadecimal digits "
                            + "too."
                })
        private List<String> frame = new ArrayList<>();

        Trace(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonBody body = new JsonBody().add("port", port).add("frame", String.join(" ", frame));
            return console.print("POST", "/v1/trace", body.toString(), output.json);
        }
    }
}
