package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of a traced frame whose description leaves addresses out: what its sender would put in, as far as the
 * switch knows. What had to be made up is noted.
 */
final class TraceStations {

    private static final MacAddress UNBOUND = new MacAddress(0x0200_0000_0001L);
    /** Stands for a MAC address that only an ARP reply of a stranger could tell. */
    private static final MacAddress STRANGER = new MacAddress(0x0200_00ff_fffeL);

    private static final long IPV4_GROUP = 0x0100_5e00_0000L;
    private static final long IPV6_GROUP = 0x3333_0000_0000L;
    private static final int LIMITED_BROADCAST = -1;

    private final @Nullable MacAddress senderMac;
    private final List<IpAddress> senderIps;
    private final @Nullable NetworkView network;
    private final List<NeighbourView> neighbours;
    private final List<String> notes = new ArrayList<>();

    private TraceStations(
            @Nullable MacAddress senderMac,
            List<IpAddress> senderIps,
            @Nullable NetworkView network,
            List<NeighbourView> neighbours) {
        this.senderMac = senderMac;
        this.senderIps = senderIps;
        this.network = network;
        this.neighbours = neighbours;
    }

    /** The sender is the guest of a port. */
    static TraceStations at(PortView port, @Nullable String network, List<NetworkView> networks) {
        NetworkView view = networks.stream()
                .filter(candidate -> candidate.name().equals(network))
                .findFirst()
                .orElse(null);
        return new TraceStations(port.mac(), port.ips(), view, List.of());
    }

    /** The same sender, with what ARP answers. */
    TraceStations knowing(List<NeighbourView> all) {
        return new TraceStations(senderMac, senderIps, network, ofNetwork(network, all));
    }

    /** The sender is a host behind a VTEP: the first that is known there. */
    static TraceStations behind(TraceInput.Arrival arrival, List<NetworkView> networks, List<NeighbourView> all) {
        Long id = arrival.id() == NetworkSpec.NO_VNI ? null : arrival.id();
        NetworkView network = networks.stream()
                .filter(candidate ->
                        candidate.tunnel().equals(arrival.kind().label()) && Objects.equals(candidate.vni(), id))
                .findFirst()
                .orElse(null);
        List<NeighbourView> neighbours = ofNetwork(network, all);
        String vtep = arrival.vtep().toString();
        List<NeighbourView> there = neighbours.stream()
                .filter(neighbour -> neighbour.where().equals(vtep))
                .toList();
        if (there.isEmpty()) {
            return new TraceStations(null, List.of(), network, neighbours);
        }
        MacAddress mac = there.getFirst().mac();
        List<IpAddress> ips = there.stream()
                .filter(neighbour -> neighbour.mac().equals(mac))
                .map(NeighbourView::ip)
                .toList();
        return new TraceStations(mac, ips, network, neighbours);
    }

    private static List<NeighbourView> ofNetwork(@Nullable NetworkView network, List<NeighbourView> all) {
        return all.stream()
                .filter(neighbour -> network != null && neighbour.network().equals(network.name()))
                .toList();
    }

    /** What was made up so far, a sentence each. */
    List<String> notes() {
        return notes;
    }

    /** The sender's address of a family, or the unspecified one. */
    IpAddress sourceIp(boolean ipv6) {
        return senderIps.stream()
                .filter(ip -> ip.isIpv4() != ipv6)
                .findFirst()
                .orElse(ipv6 ? new IpAddress(0, 0) : IpAddress.ofIpv4(0));
    }

    /** The sender's MAC address. */
    MacAddress sourceMac(IpAddress source) {
        if (senderIps.contains(source) && senderMac != null) {
            return senderMac;
        }
        // a binding holds for whatever the guest claims; behind a VTEP another address is another host's
        return senderMac != null && neighbour(source).isEmpty()
                ? senderMac
                : neighbour(source).orElse(UNBOUND);
    }

    private Optional<MacAddress> neighbour(IpAddress ip) {
        return neighbours.stream()
                .filter(neighbour -> neighbour.ip().equals(ip))
                .findFirst()
                .map(NeighbourView::mac);
    }

    /** The MAC address that the sender would use for a destination: a group's, the host's, or its gateway's. */
    MacAddress destinationMac(IpAddress ip) {
        if (ip.isMulticast()) {
            return new MacAddress(
                    ip.isIpv4() ? IPV4_GROUP | ip.ipv4() & 0x7f_ffff : IPV6_GROUP | ip.lo() & 0xffff_ffffL);
        }
        Optional<MacAddress> known = neighbour(ip);
        if (known.isPresent()) {
            return known.get();
        }
        List<NetworkView.SubnetView> subnets = network == null
                ? List.of()
                : network.subnets().stream()
                        .filter(subnet -> prefix(subnet).isIpv4() == ip.isIpv4())
                        .toList();
        boolean near = subnets.stream().anyMatch(subnet -> prefix(subnet).contains(ip));
        if (isBroadcast(ip, subnets)) {
            return new MacAddress(MacAddress.BROADCAST);
        }
        IpAddress gateway = near ? null : gateway(subnets);
        if (gateway == null) {
            notes.add("who has " + ip + " is not known here: " + STRANGER
                    + " stands for the MAC address that an answer to ARP or ND" + " would tell; give it as dmac=");
            return STRANGER;
        }
        Optional<MacAddress> router = neighbour(gateway);
        notes.add(ip + " is in no subnet of the network: goes to its gateway " + gateway
                + (router.isPresent()
                        ? ""
                        : ", whose MAC address is not known here: " + STRANGER + " stands for it; give it as dmac="));
        return router.orElse(STRANGER);
    }

    private static boolean isBroadcast(IpAddress ip, List<NetworkView.SubnetView> subnets) {
        return ip.isIpv4()
                && (ip.ipv4() == LIMITED_BROADCAST
                        || subnets.stream()
                                .anyMatch(subnet -> prefix(subnet).last().equals(ip)));
    }

    private static @Nullable IpAddress gateway(List<NetworkView.SubnetView> subnets) {
        return subnets.stream()
                .map(NetworkView.SubnetView::gateway)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static IpPrefix prefix(NetworkView.SubnetView subnet) {
        return IpPrefix.parse(subnet.cidr());
    }
}
