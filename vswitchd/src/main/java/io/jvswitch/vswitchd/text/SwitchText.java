package io.jvswitch.vswitchd.text;

import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.vswitchd.view.MaySendView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.vswitchd.view.UnderlayView;
import io.jvswitch.vswitchd.view.VtepView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The switch, its networks and ports. */
public final class SwitchText {

    private SwitchText() {}

    /** The whole switch as a tree: networks with what belongs to them. */
    public static String show(SwitchView view) {
        StringBuilder text = new StringBuilder();
        text.append("switch ").append(view.name()).append(": jvswitch ").append(view.version());
        text.append(", pid ").append(view.pid()).append(", up ").append(Units.time(view.uptimeSeconds()));
        text.append(", ")
                .append(Units.plural(view.workers(), "worker"))
                .append(" on ")
                .append(view.reactor());
        text.append(", ").append(Units.plural(view.flows(), "flow")).append('\n');
        UnderlayView underlay = view.underlay();
        if (underlay != null) {
            underlay(text, underlay);
        }
        for (NetworkView network : view.networks()) {
            network(text, network);
            for (PortView port : view.ports()) {
                if (port.isOf(network.name())) {
                    port(text, port, port.vlanOf(network.name()));
                }
            }
            for (VtepView vtep : view.vteps()) {
                if (vtep.networks().contains(network.name())) {
                    text.append("        vtep ")
                            .append(vtep.address())
                            .append(": ")
                            .append(vtep.source());
                    text.append(vtep.pathMtuBytes() == 0 ? ", no route" : ", path mtu " + vtep.pathMtuBytes());
                    if (vtep.pathMtuBytes() < vtep.routeMtuBytes()) {
                        text.append(" by ICMP, ").append(vtep.routeMtuBytes()).append(" by route");
                    }
                    text.append("\n            ").append(traffic(vtep.traffic()));
                    text.append(vtep.networks().size() > 1 ? ", all networks\n" : "\n");
                }
            }
        }
        for (BridgeView bridge : view.bridges()) {
            bridge(text, bridge, view.ports());
        }
        return text.toString();
    }

    private static void bridge(StringBuilder text, BridgeView bridge, List<PortView> ports) {
        text.append("    bridge ").append(bridge.name()).append(": mac ").append(bridge.mac());
        text.append(String.format(", datapath id %016x, ", bridge.datapathId()));
        text.append(Units.plural(bridge.interfaces().size(), "interface")).append('\n');
        bridge.interfaces().stream()
                .sorted(Comparator.comparing(InterfaceView::name))
                .forEach(one -> {
                    Optional<PortView> port = ports.stream()
                            .filter(candidate -> candidate.number() == one.number())
                            .findFirst();
                    port.ifPresentOrElse(
                            found -> port(text, found, 0),
                            () -> text.append("        interface ")
                                    .append(one.name())
                                    .append('\n'));
                    if (one.error() != null) {
                        text.append("            ").append(one.error()).append('\n');
                    } else {
                        text.append("            openflow port ")
                                .append(one.openFlowPort())
                                .append('\n');
                    }
                });
    }

    private static void underlay(StringBuilder text, UnderlayView underlay) {
        text.append("    underlay ").append(underlay.localIp());
        if (underlay.device() != null) {
            text.append(" on ").append(underlay.device());
        }
        text.append(": ").append(state(underlay.state(), underlay.waitsFor()));
        if (underlay.mtuBytes() != 0) {
            text.append(", mtu ").append(underlay.mtuBytes());
        }
        text.append(", vxlan port ").append(underlay.udpPort());
        text.append(", ").append(Units.plural(underlay.sockets(), "socket"));
        offloads(text, underlay.offloads());
        text.append("\n        ").append(traffic(underlay.traffic())).append('\n');
    }

    private static void network(StringBuilder text, NetworkView network) {
        text.append("    network ").append(network.name()).append(": ").append(tunnel(network));
        text.append(", mtu ").append(network.mtuBytes());
        if (network.tunnelMtuBytes() > 0 && network.tunnelMtuBytes() < network.mtuBytes()) {
            text.append(" (tunnel ").append(network.tunnelMtuBytes()).append(')');
        }
        text.append(", macs ").append(network.macs()).append(" of ").append(network.macLimit());
        if (network.hosts() > 0) {
            text.append(", ").append(Units.plural(network.hosts(), "host"));
        }
        if (network.leases() > 0) {
            text.append(", ").append(Units.plural(network.leases(), "lease"));
        }
        for (String oddity : oddities(network)) {
            text.append(", ").append(oddity);
        }
        text.append('\n');
        for (NetworkView.SubnetView subnet : network.subnets()) {
            text.append("        subnet ").append(subnet.cidr());
            String separator = ": ";
            if (subnet.gateway() != null) {
                text.append(separator).append("gateway ").append(subnet.gateway());
                separator = ", ";
            }
            if (subnet.dhcpServer() != null) {
                text.append(separator).append("dhcp ").append(subnet.dhcpServer());
                if (subnet.pools().isEmpty()) {
                    text.append(", reservations only");
                } else {
                    text.append(", pool ").append(String.join(" ", subnet.pools()));
                    text.append(" (")
                            .append(subnet.poolFree())
                            .append(" of ")
                            .append(subnet.poolSize())
                            .append(" free)");
                }
            }
            text.append('\n');
        }
    }

    /** What is not as usual. */
    private static List<String> oddities(NetworkView network) {
        List<String> oddities = new ArrayList<>();
        if (!network.tos().equals("0")) {
            oddities.add("tos " + network.tos());
        }
        if (!network.ecn().equals("normal")) {
            oddities.add("ecn " + network.ecn());
        }
        if (!network.learning()) {
            oddities.add("no learning from the tunnel");
        }
        if (network.allowUnknownVteps()) {
            oddities.add("unknown vteps allowed");
        }
        if (!network.arpResponder()) {
            oddities.add("no arp responder");
        }
        if (network.macEvictions() > 0) {
            oddities.add(Units.plural(network.macEvictions(), "mac eviction"));
        }
        return oddities;
    }

    private static String tunnel(NetworkView network) {
        Long vni = network.vni();
        return switch (network.tunnel()) {
            case "vxlan" -> "vxlan vni " + vni;
            case "gre" -> vni == null ? "gre without key" : "gre key " + vni;
            default -> "no tunnel";
        };
    }

    private static void port(StringBuilder text, PortView port, int vlan) {
        text.append("        port ")
                .append(port.name())
                .append(" (")
                .append(port.number())
                .append("): ");
        text.append(port.kind()).append(", ").append(state(port.state(), port.waitsFor()));
        if (vlan != 0) {
            text.append(", vlan ").append(vlan);
        } else if (!port.vlans().isEmpty()) {
            text.append(", untagged");
        }
        if (!port.trunks().isEmpty()) {
            text.append(", trunks ").append(String.join(",", port.trunks()));
        }
        if (port.device() != null) {
            text.append(", device ").append(port.device());
        }
        if (port.mtuBytes() != 0) {
            text.append(", mtu ").append(port.mtuBytes());
        }
        if (port.queues() > 1) {
            text.append(", ").append(port.queues()).append(" queues");
        }
        if (port.netns() != null) {
            text.append(", netns ").append(port.netns());
        }
        if (port.mac() != null) {
            text.append(", mac ").append(port.mac());
        }
        if (!port.ips().isEmpty()) {
            text.append(", ip ").append(join(port.ips()));
        }
        if (port.stormControlPerSecond() != null) {
            text.append(", storm-control ").append(port.stormControlPerSecond());
        }
        offloads(text, port.offloads());
        if (port.maySend() != null) {
            text.append("\n            may send ").append(maySend(port.maySend()));
        }
        if (port.warning() != null) {
            text.append("\n            warning: ").append(port.warning());
        }
        text.append("\n            ").append(traffic(port.traffic())).append('\n');
    }

    private static String maySend(MaySendView may) {
        StringBuilder text = new StringBuilder();
        text.append("from ").append(may.addresses().isEmpty() ? "any address" : join(may.addresses()));
        if (!may.claims().equals(may.addresses())) {
            text.append(", claims ").append(join(may.claims()));
        }
        if (may.routerAdvertisements()) {
            text.append(", as a router");
        }
        if (may.dhcpServer()) {
            text.append(", as a dhcp server");
        }
        if (may.dhcpRelay()) {
            text.append(", as a dhcp relay");
        }
        return text.toString();
    }

    private static void offloads(StringBuilder text, List<String> offloads) {
        if (!offloads.isEmpty()) {
            text.append(", offloads ").append(String.join(" ", offloads));
        }
    }

    private static String state(PortState state, @Nullable String waitsFor) {
        return waitsFor == null ? state.label() : state.label() + " (" + waitsFor + ")";
    }

    /** Counters in one line. */
    static String traffic(TrafficView traffic) {
        return "rx " + Units.plural(traffic.rxFrames(), "frame") + " " + Units.bytes(traffic.rxBytes()) + ", tx "
                + Units.plural(traffic.txFrames(), "frame") + " " + Units.bytes(traffic.txBytes()) + ", dropped "
                + traffic.dropFrames();
    }

    private static String traffic(TunnelTrafficView traffic) {
        return "rx " + Units.plural(traffic.rxFrames(), "frame") + " " + Units.bytes(traffic.rxBytes()) + ", tx "
                + Units.plural(traffic.txFrames(), "frame") + " " + Units.bytes(traffic.txBytes());
    }

    /** Ports as a table. */
    public static String ports(List<PortView> ports) {
        Table table = new Table(
                "PORT", ">NO", "NETWORK", "KIND", "STATE", ">MTU", "MAC", "IP", ">RX FRAMES", ">TX FRAMES", ">DROPPED");
        for (PortView port : ports) {
            table.row(
                    port.name(),
                    port.number(),
                    networks(port),
                    port.kind(),
                    port.state().label(),
                    port.mtuBytes() == 0 ? "" : port.mtuBytes(),
                    orEmpty(port.mac()),
                    join(port.ips()),
                    port.traffic().rxFrames(),
                    port.traffic().txFrames(),
                    port.traffic().dropFrames());
        }
        StringBuilder text = new StringBuilder(table.toString());
        for (PortView port : ports) {
            if (port.waitsFor() != null) {
                text.append(port.name())
                        .append(": ")
                        .append(state(port.state(), port.waitsFor()))
                        .append('\n');
            }
            if (port.warning() != null) {
                text.append(port.name()).append(": ").append(port.warning()).append('\n');
            }
        }
        return text.toString();
    }

    /** One port in full. */
    public static String port(PortView port) {
        StringBuilder text = new StringBuilder();
        line(text, "port", port.name() + " (number " + port.number() + ")");
        line(text, "kind", port.kind());
        line(text, "network", networks(port));
        if (!port.trunks().isEmpty()) {
            line(text, "trunks", String.join(",", port.trunks()));
        }
        if (port.device() != null) {
            line(text, "device", port.device());
        }
        line(text, "state", state(port.state(), port.waitsFor()));
        if (port.warning() != null) {
            line(text, "warning", port.warning());
        }
        line(text, "mac", port.mac() == null ? "any" : port.mac().toString());
        line(text, "ip", port.ips().isEmpty() ? "any" : join(port.ips()));
        line(text, "may send", port.maySend() == null ? "anything" : maySend(port.maySend()));
        if (port.stormControlPerSecond() != null) {
            line(text, "floods", "at most " + port.stormControlPerSecond() + " frames a second (storm-control)");
        }
        line(text, "mtu", port.mtuBytes() == 0 ? "not known yet" : Integer.toString(port.mtuBytes()));
        line(text, "queues", Integer.toString(port.queues()));
        if (port.netns() != null) {
            line(text, "netns", port.netns());
        }
        line(text, "offloads", port.offloads().isEmpty() ? "none" : String.join(" ", port.offloads()));
        line(text, "received", frames(port.traffic().rxFrames(), port.traffic().rxBytes()));
        line(text, "sent", frames(port.traffic().txFrames(), port.traffic().txBytes()));
        long drops = port.traffic().dropFrames();
        line(
                text,
                "dropped",
                Units.plural(drops, "frame") + (drops == 0 ? "" : ", see 'jvswitch drops --port " + port.name() + "'"));
        TrafficView did = port.traffic();
        line(
                text,
                "answered",
                did.arpReplies() + " arp, " + did.ndReplies() + " nd, " + did.tooBigAnswered() + " too big");
        line(text, "adapted", did.mssClamped() + " mss clamped, " + did.fragmented() + " fragmented");
        line(
                text,
                "besides",
                did.createdFrames() + " frames created, " + did.mergedFrames() + " merged, " + did.handedOverFrames()
                        + " to the dhcp server");
        return text.toString();
    }

    /** Its networks, each tagged one behind its tag: {@code green,10=blue}. */
    static String networks(PortView port) {
        List<String> all = new ArrayList<>();
        if (port.network() != null && !port.vlans().containsValue(port.network())) {
            all.add(port.network());
        }
        port.vlans().forEach((vid, network) -> all.add(vid + "=" + network));
        return String.join(",", all);
    }

    private static String frames(long frames, long bytes) {
        return Units.plural(frames, "frame") + ", " + Units.bytes(bytes);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name)
                .append(' ')
                .append(" ".repeat(9 - name.length()))
                .append(value)
                .append('\n');
    }

    /** Networks as a table. */
    public static String networks(List<NetworkView> networks) {
        Table table = new Table(
                "NETWORK", "TUNNEL", ">VNI/KEY", ">MTU", ">PORTS", ">HOSTS", ">MACS", ">LEASES", "SUBNETS", "REMOTES");
        for (NetworkView network : networks) {
            table.row(
                    network.name(),
                    network.tunnel(),
                    orEmpty(network.vni()),
                    network.mtuBytes(),
                    network.ports().size(),
                    network.hosts(),
                    network.macs(),
                    network.leases(),
                    network.subnets().stream().map(NetworkView.SubnetView::cidr).collect(Collectors.joining(",")),
                    join(network.remotes()));
        }
        return table.toString();
    }

    /** One network in full. */
    public static String network(NetworkView network) {
        StringBuilder text = new StringBuilder();
        network(text, network);
        if (!network.remotes().isEmpty()) {
            text.append("        remotes ").append(join(network.remotes())).append('\n');
        }
        if (!network.ports().isEmpty()) {
            text.append("        ports ")
                    .append(String.join(",", network.ports()))
                    .append('\n');
        }
        return text.toString().replaceAll("(?m)^    ", "");
    }

    static String join(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static String orEmpty(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
