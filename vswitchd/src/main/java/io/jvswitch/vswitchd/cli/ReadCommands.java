package io.jvswitch.vswitchd.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that only look. */
final class ReadCommands {

    private ReadCommands() {}

    /** The option that all commands with output have. */
    static final class Output {
        @Option(names = "--json", description = "Print JSON.")
        boolean json;
    }

    @Command(
            name = "show",
            description = "Show the switch, its underlay, networks, ports and VTEPs, and what they wait for.")
    static final class Show implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", "/v1/show", null, output.json);
        }
    }

    @Command(name = "fdb", description = "Show MAC tables: who is behind which port or VTEP.")
    static final class Fdb implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Parameters(paramLabel = "NETWORK", arity = "0..1", description = "Only this network's.")
        private @Nullable String network;

        Fdb(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", Console.with("/v1/fdb", "network", network), null, output.json);
        }
    }

    @Command(name = "flows", description = "Show the megaflows, one a line: match, actions, counters.")
    static final class Flows implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Option(
                names = "--port",
                paramLabel = "PORT",
                description = "Only those of frames from this port; 'underlay' for tunnels.")
        private @Nullable String port;

        Flows(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", Console.with("/v1/flows", "port", port), null, output.json);
        }
    }

    @Command(name = "arp", description = "Show what ARP requests and neighbour solicitations are answered with.")
    static final class Arp implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Parameters(paramLabel = "NETWORK", arity = "0..1", description = "Only this network's.")
        private @Nullable String network;

        Arp(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", Console.with("/v1/arp", "network", network), null, output.json);
        }
    }

    @Command(name = "leases", description = "Show DHCP leases.")
    static final class Leases implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Parameters(paramLabel = "NETWORK", arity = "0..1", description = "Only this network's.")
        private @Nullable String network;

        Leases(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", Console.with("/v1/leases", "network", network), null, output.json);
        }
    }

    @Command(name = "drops", description = "Show what was dropped, by port and reason, and what to do about it.")
    static final class Drops implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Mixin
        private Watch watch = new Watch();

        @Option(names = "--port", paramLabel = "PORT", description = "Only this port's; 'underlay' for tunnels.")
        private @Nullable String port;

        @Option(names = "--all", description = "Reasons that never occurred, too.")
        private boolean all;

        Drops(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws InterruptedException {
            String path = Console.with("/v1/drops", "port", port);
            if (watch.isOn() && !output.json) {
                return watch.run(console, new RateScreens.Drops(console, path));
            }
            return watch.repeat(
                    () -> console.print("GET", Console.with(path, "all", all ? "true" : null), null, output.json));
        }
    }

    @Command(name = "stats", description = "Show counters of each queue of each port, and of each worker.")
    static final class Stats implements Callable<Integer> {
        private final Console console;

        @Mixin
        private Output output = new Output();

        @Mixin
        private Watch watch = new Watch();

        Stats(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (watch.isOn() && !output.json) {
                return watch.run(console, new RateScreens.Stats(console));
            }
            return watch.repeat(() -> console.print("GET", "/v1/stats", null, output.json));
        }
    }

    @Command(
            name = "top",
            description = "Show rates of all ports and workers, refreshed each second, until interrupted.")
    static final class Top implements Callable<Integer> {
        private final Console console;

        @Option(names = "--json", description = "Print JSON: at each refresh a line with one object.")
        private boolean json;

        @Mixin
        private Watch.Timing timing = new Watch.Timing();

        Top(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws InterruptedException {
            return timing.run(console, new RateScreens.Top(console, json));
        }
    }
}
