package io.jvswitch.vswitchd.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code network list|show|add|remove|remote}. */
final class NetworkCommands {

    private NetworkCommands() {}

    @Command(name = "list", description = "List the networks.")
    static final class ListAll implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        ListAll(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", "/v1/networks", null, output.json);
        }
    }

    @Command(name = "show", description = "Show one network.")
    static final class Show implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "NETWORK", description = "Name of the network.")
        private String name = "";

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", "/v1/networks/" + Console.encode(name), null, output.json);
        }
    }

    @Command(
            name = "add",
            description = {
                "Add a network, with at most one subnet.",
                "It stays until the daemon ends or reloads its configuration; put it there to keep it."
            })
    static final class Add implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "NETWORK", description = "Name of the network.")
        private String name = "";

        @Option(
                names = "--tunnel",
                paramLabel = "KIND",
                required = true,
                description = "vxlan, gre, or none for a network of this host.")
        private String tunnel = "";

        @Option(names = "--vni", paramLabel = "N", description = "VXLAN VNI or GRE key.")
        private @Nullable String vni;

        @Option(names = "--remote", paramLabel = "IP", description = "VTEP to flood to; may be repeated.")
        private List<String> remotes = new ArrayList<>();

        @Option(names = "--mtu", paramLabel = "BYTES", description = "MTU of the guests instead of the computed one.")
        private @Nullable String mtu;

        @Option(
                names = "--tos",
                paramLabel = "TOS",
                description = "DSCP of the outer headers: inherit, or the octet, as 0xb8.")
        private @Nullable String tos;

        @Option(
                names = "--ecn",
                paramLabel = "MODE",
                description = "normal copies ECN to the outer headers, compatibility does not.")
        private @Nullable String ecn;

        @Option(names = "--no-learning", description = "Do not learn MAC addresses from the tunnel.")
        private boolean noLearning;

        @Option(names = "--allow-unknown-vteps", description = "Take frames from any VTEP.")
        private boolean allowUnknownVteps;

        @Option(names = "--no-arp-responder", description = "Do not answer ARP and ND for known hosts.")
        private boolean noArpResponder;

        @Option(names = "--subnet", paramLabel = "CIDR", description = "IP subnet of the network.")
        private @Nullable String cidr;

        @Option(names = "--gateway", paramLabel = "IP", description = "Default router of the subnet.")
        private @Nullable String gateway;

        @Option(names = "--dns", paramLabel = "IP", description = "Name server; may be repeated.")
        private List<String> dns = new ArrayList<>();

        @Option(
                names = "--dhcp-server",
                paramLabel = "IP",
                description = "Answer DHCP in the subnet from this address.")
        private @Nullable String dhcpServer;

        @Option(names = "--pool", paramLabel = "FIRST-LAST", description = "DHCP pool; may be repeated.")
        private List<String> pools = new ArrayList<>();

        @Option(names = "--lease", paramLabel = "TIME", description = "Lease time, as 12h.")
        private @Nullable String lease;

        @Option(names = "--next-server", paramLabel = "IP", description = "TFTP server that guests boot from.")
        private @Nullable String nextServer;

        @Option(names = "--boot-file", paramLabel = "FILE", description = "File or URL that guests boot.")
        private @Nullable String bootFile;

        @Option(
                names = "--ipxe-file",
                paramLabel = "FILE",
                description = "File or URL for guests that are iPXE already.")
        private @Nullable String ipxeFile;

        @Option(
                names = "--dhcp-option",
                paramLabel = "CODE=TYPE:VALUE",
                description = "DHCP option by number, as 252=text:http://wpad/wpad.dat; may be repeated.")
        private Map<String, String> dhcpOptions = new LinkedHashMap<>();

        Add(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            JsonBody body = new JsonBody()
                    .add("name", name)
                    .add("tunnel", tunnel)
                    .add("vni", vni)
                    .add("remotes", remotes)
                    .add("mtu", mtu)
                    .add("tos", tos)
                    .add("ecn", ecn)
                    .add("learning", noLearning ? "false" : null)
                    .add("allow-unknown-vteps", allowUnknownVteps ? "true" : null)
                    .add("arp-responder", noArpResponder ? "false" : null);
            JsonBody dhcp =
                    new JsonBody().add("server", dhcpServer).add("pool", pools).add("lease", lease);
            JsonBody boot = new JsonBody()
                    .add("next-server", nextServer)
                    .add("file", bootFile)
                    .add("ipxe-file", ipxeFile);
            if (!boot.isEmpty()) {
                dhcp.add("boot", boot, false);
            }
            dhcp.add("options", dhcpOptions);
            JsonBody subnet =
                    new JsonBody().add("cidr", cidr).add("gateway", gateway).add("dns", dns);
            if (!dhcp.isEmpty()) {
                subnet.add("dhcp", dhcp, false);
            }
            if (!subnet.isEmpty()) {
                body.add("subnets", subnet, true);
            }
            return console.print("POST", "/v1/networks", body.toString(), output.json);
        }
    }

    @Command(name = "remove", description = "Remove a network without ports.")
    static final class Remove implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "NETWORK", description = "Name of the network.")
        private String name = "";

        Remove(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("DELETE", "/v1/networks/" + Console.encode(name), null, output.json);
        }
    }

    @Command(
            name = "remote",
            description = "Change a network's flood list while frames flow.",
            synopsisSubcommandLabel = "COMMAND")
    static final class RemoteGroup {}

    @Command(
            name = "add",
            description = {
                "Add a VTEP to a network's flood list.",
                "It stays until the daemon ends or reloads its configuration; put it there to keep it."
            })
    static final class RemoteAdd implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(index = "0", paramLabel = "NETWORK", description = "Name of the network.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "IP", description = "The VTEP's address.")
        private String ip = "";

        RemoteAdd(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            String path = "/v1/networks/" + Console.encode(name) + "/remotes";
            return console.print("POST", path, new JsonBody().add("ip", ip).toString(), output.json);
        }
    }

    @Command(
            name = "remove",
            description = {
                "Take a VTEP from a network's flood list; what it sends is dropped then, unless a host lives behind "
                        + "it.",
                "A reload brings it back, if the configuration still has it."
            })
    static final class RemoteRemove implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(index = "0", paramLabel = "NETWORK", description = "Name of the network.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "IP", description = "The VTEP's address.")
        private String ip = "";

        RemoteRemove(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            String path = "/v1/networks/" + Console.encode(name) + "/remotes/" + Console.encode(ip);
            return console.print("DELETE", path, null, output.json);
        }
    }
}
