package io.jvswitch.vswitchd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code host list|add|remove}. */
final class HostCommands {

    private HostCommands() {}

    @Command(name = "list", description = "List hosts behind other VTEPs.")
    static final class ListAll implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "NETWORK", arity = "0..1", description = "Only this network's.")
        private @Nullable String network;

        ListAll(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", Console.with("/v1/hosts", "network", network), null, output.json);
        }
    }

    @Command(
            name = "add",
            description = {
                "Tell who lives behind which VTEP, or that it moved.",
                "It stays until the daemon ends or reloads its configuration; put it there to keep it."
            })
    static final class Add implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "NETWORK", description = "Name of the network.")
        private String network = "";

        @Option(names = "--mac", paramLabel = "MAC", required = true, description = "The host's MAC address.")
        private String mac = "";

        @Option(names = "--ip", paramLabel = "IP", description = "The host's IP address; may be repeated.")
        private List<String> ips = new ArrayList<>();

        @Option(names = "--vtep", paramLabel = "IP", required = true, description = "The VTEP it lives behind.")
        private String vtep = "";

        @Option(names = "--router", paramLabel = "true|false", description = "Whether the host routes.")
        private @Nullable String router;

        Add(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonBody body = new JsonBody()
                    .add("network", network)
                    .add("mac", mac)
                    .add("ip", ips)
                    .add("vtep", vtep)
                    .add("router", router);
            return console.print("POST", "/v1/hosts", body.toString(), output.json);
        }
    }

    @Command(name = "remove", description = "Forget a host.")
    static final class Remove implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(index = "0", paramLabel = "NETWORK", description = "Name of the network.")
        private String network = "";

        @Parameters(index = "1", paramLabel = "MAC", description = "The host's MAC address.")
        private String mac = "";

        Remove(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            String path = "/v1/hosts/" + Console.encode(network) + "/" + Console.encode(mac);
            return console.print("DELETE", path, null, output.json);
        }
    }
}
