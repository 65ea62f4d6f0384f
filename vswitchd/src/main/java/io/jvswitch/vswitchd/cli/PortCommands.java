package io.jvswitch.vswitchd.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code port list|show|add|remove}. */
final class PortCommands {

    private PortCommands() {}

    @Command(name = "list", description = "List the ports.")
    static final class ListAll implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        ListAll(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", "/v1/ports", null, output.json);
        }
    }

    @Command(name = "show", description = "Show one port.")
    static final class Show implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "PORT", description = "Name of the port.")
        private String name = "";

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("GET", "/v1/ports/" + Console.encode(name), null, output.json);
        }
    }

    @Command(
            name = "add",
            description = {
                "Attach a port.",
                "It stays until the daemon ends or reloads its configuration; put it there to keep it."
            })
    static final class Add implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "PORT", description = "Name of the port and its device.")
        private String name = "";

        @Option(names = "--network", paramLabel = "NETWORK", description = "The port's network.")
        private @Nullable String network;

        @Option(
                names = "--vlan",
                paramLabel = "VLAN",
                description = "VLAN tag that the network's frames have on the port.")
        private @Nullable String vlan;

        @Option(
                names = "--vlans",
                paramLabel = "VLAN=NETWORK",
                split = ",",
                description = "A network by its VLAN tag on the port; several with commas, or by repeating.")
        private Map<String, String> vlans = new LinkedHashMap<>();

        @Option(
                names = "--trunks",
                paramLabel = "VLANS",
                split = ",",
                description = "VLANs that the guest may tag: numbers, ranges, or none.")
        private List<String> trunks = new ArrayList<>();

        @Option(
                names = "--vlan-protocol",
                paramLabel = "PROTOCOL",
                description = "802.1q or 802.1ad, for --vlan and --vlans.")
        private @Nullable String vlanProtocol;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                defaultValue = "tap",
                description = "tap, system or internal (default: ${DEFAULT-VALUE}).")
        private String kind = "";

        @Option(names = "--mac", paramLabel = "MAC", description = "The guest's MAC address; binds the port to it.")
        private @Nullable String mac;

        @Option(names = "--ip", paramLabel = "IP", description = "The guest's IP address; may be repeated.")
        private List<String> ips = new ArrayList<>();

        @Option(
                names = "--allowed-ips",
                paramLabel = "IP|PREFIX",
                split = ",",
                description = "More addresses that the guest may send from; several with commas, or by repeating.")
        private List<String> allowedIps = new ArrayList<>();

        @Option(
                names = "--router",
                paramLabel = "true|false",
                description = "Whether the guest routes: any source address, router advertisements.")
        private @Nullable String router;

        @Option(names = "--dhcp-server", paramLabel = "true|false", description = "Whether the guest may answer DHCP.")
        private @Nullable String dhcpServer;

        @Option(names = "--queues", paramLabel = "N", description = "Queues of the device.")
        private @Nullable String queues;

        @Option(
                names = "--offloads",
                paramLabel = "true|false",
                description = "Whether superframes and partial checksums cross between guest and switch.")
        private @Nullable String offloads;

        @Option(names = "--netns", paramLabel = "NETNS", description = "Network namespace that the device is in.")
        private @Nullable String netns;

        @Option(names = "--mtu", paramLabel = "BYTES", description = "MTU that the device gets.")
        private @Nullable String mtu;

        @Option(
                names = "--storm-control",
                paramLabel = "FRAMES",
                description =
                        "Broadcasts, multicasts and frames for unknown addresses that the port may send a second.")
        private @Nullable String stormControl;

        @Option(names = "--hostname", paramLabel = "NAME", description = "Host name that DHCP tells the guest.")
        private @Nullable String hostname;

        @Option(
                names = "--dhcp-relay",
                paramLabel = "true|false",
                description = "Whether the guest may relay the DHCP messages of other machines.")
        private @Nullable String dhcpRelay;

        @Option(
                names = "--device",
                paramLabel = "DEVICE",
                description = "Name of a system port's device, where it is not the port's.")
        private @Nullable String device;

        @Spec
        private @Nullable CommandSpec spec;

        Add(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            if (network == null && vlans.isEmpty()) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "Missing option: '--network=NETWORK' or '--vlans=VLAN=NETWORK'");
            }
            if (mac == null && !allowedIps.isEmpty()) {
                throw missingMac("whose guest '--allowed-ips' lets send from more addresses");
            }
            if (mac == null && !ips.isEmpty()) {
                throw missingMac("whose guest has the address of '--ip'");
            }
            if (mac == null && hostname != null) {
                throw missingMac("whose guest DHCP tells the name of '--hostname'");
            }
            JsonBody body = new JsonBody()
                    .add("name", name)
                    .add("kind", kind)
                    .add("network", network)
                    .add("vlan", vlan)
                    .add("vlans", vlans)
                    .add("trunks", trunks)
                    .add("vlan-protocol", vlanProtocol)
                    .add("mac", mac)
                    .add("ip", ips)
                    .add("allowed-ips", allowedIps)
                    .add("router", router)
                    .add("dhcp-server", dhcpServer)
                    .add("queues", queues)
                    .add("offloads", offloads)
                    .add("netns", netns)
                    .add("mtu", mtu)
                    .add("hostname", hostname)
                    .add("dhcp-relay", dhcpRelay)
                    .add("device", device)
                    .add("storm-control", stormControl);
            return console.print("POST", "/v1/ports", body.toString(), output.json);
        }

        private ParameterException missingMac(String why) {
            return new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "Missing option: '--mac=MAC', " + why);
        }
    }

    @Command(name = "remove", description = "Detach a port; a device that the switch made is removed.")
    static final class Remove implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ReadCommands.Output output = new ReadCommands.Output();

        @Parameters(paramLabel = "PORT", description = "Name of the port.")
        private String name = "";

        Remove(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            return console.print("DELETE", "/v1/ports/" + Console.encode(name), null, output.json);
        }
    }
}
