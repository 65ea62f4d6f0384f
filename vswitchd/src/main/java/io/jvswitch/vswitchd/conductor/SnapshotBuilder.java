package io.jvswitch.vswitchd.conductor;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.BridgeDomain;
import io.jvswitch.datapath.LocalPort;
import io.jvswitch.datapath.Locations;
import io.jvswitch.datapath.PortBinding;
import io.jvswitch.datapath.PortVlans;
import io.jvswitch.datapath.Snapshot;
import io.jvswitch.datapath.StationRole;
import io.jvswitch.datapath.Vtep;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.vswitchd.config.HostSpec;
import io.jvswitch.vswitchd.config.PortSpec;
import io.jvswitch.vswitchd.config.SubnetSpec;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/** Turns the conductor's state into the immutable object that workers translate against. The conductor's. */
final class SnapshotBuilder {

    /** The largest IP packet of a network that never leaves the host: Ethernet's. */
    private static final int LOCAL_MTU_BYTES = 1_500;

    private final VtepTable vteps;
    private final Underlay underlay;
    private long version;

    SnapshotBuilder(VtepTable vteps, Underlay underlay) {
        this.vteps = vteps;
        this.underlay = underlay;
    }

    Snapshot build(Collection<NetworkRuntime> networks, Collection<PortRuntime> ports) {
        List<LocalPort> localPorts = new ArrayList<>();
        List<BridgeDomain> domains = new ArrayList<>();
        Map<String, BridgeDomain> domainsByName = new HashMap<>();
        for (NetworkRuntime network : networks) {
            List<PortRuntime> members = ports.stream()
                    .filter(port ->
                            port.spec().networks().contains(network.spec().name()))
                    .toList();
            BridgeDomain domain = domain(network, members);
            domains.add(domain);
            domainsByName.put(domain.name(), domain);
        }
        for (PortRuntime port : ports) {
            localPorts.add(localPort(port, domainsByName));
        }
        return new Snapshot(++version, localPorts, domains, vteps.all());
    }

    private static LocalPort localPort(PortRuntime port, Map<String, BridgeDomain> domains) {
        PortSpec spec = port.spec();
        BridgeDomain untagged = spec.vlans().vlan() > 0 ? null : domains.get(spec.network());
        return new LocalPort(
                port.number(),
                spec.name(),
                untagged == null ? PortVlans.NONE : untagged.id(),
                binding(spec),
                port.deviceMtuBytes(),
                port.isPlace(),
                vlans(spec, domains));
    }

    private static PortBinding binding(PortSpec spec) {
        List<PortBinding.Prefix> addresses = new ArrayList<>();
        spec.ips().forEach(ip -> addresses.add(PortBinding.Prefix.of(ip)));
        spec.guard().allowedIps().forEach(all -> addresses.add(new PortBinding.Prefix(all.network(), all.length())));
        return new PortBinding(
                spec.mac() == null ? 0 : spec.mac().bits(),
                addresses,
                spec.guard().routes(),
                spec.guard().dhcpServer());
    }

    private static PortVlans vlans(PortSpec spec, Map<String, BridgeDomain> domains) {
        if (spec.vlans().tagged()) {
            Map<Integer, Integer> ids = new HashMap<>();
            spec.taggedNetworks().forEach((vid, network) -> {
                BridgeDomain domain = domains.get(network);
                if (domain != null) {
                    ids.put(vid, domain.id());
                }
            });
            return PortVlans.trunk(spec.vlans().serviceTag() ? EtherType.SERVICE_VLAN : EtherType.VLAN, ids);
        }
        if (spec.vlans().trunks().isEmpty()) {
            return PortVlans.any();
        }
        BitSet guests = new BitSet();
        spec.vlans().trunks().forEach(range -> guests.set(range.first(), range.last() + 1));
        return PortVlans.guest(guests);
    }

    private BridgeDomain domain(NetworkRuntime network, List<PortRuntime> members) {
        List<Integer> numbers = members.stream().map(PortRuntime::number).toList();
        List<Integer> flood = new ArrayList<>();
        for (IpAddress remote : network.spec().remotes()) {
            flood.add(vtep(remote).index());
        }
        Set<Integer> known = new LinkedHashSet<>(flood);
        Long2LongHashMap stations = new Long2LongHashMap(Locations.NONE);
        for (HostSpec host : network.spec().hosts()) {
            int index = vtep(host.vtep()).index();
            known.add(index);
            stations.put(host.mac().bits(), Locations.ofVtep(index));
        }
        for (PortRuntime port : members) {
            if (port.spec().mac() != null && port.isPlace()) {
                stations.put(port.spec().mac().bits(), port.number()); // the guest is here, whatever hosts say
            }
        }
        Set<Long> serviceMacs = new HashSet<>();
        for (SubnetSpec subnet : network.spec().subnets()) {
            if (subnet.dhcp() != null) {
                serviceMacs.add(subnet.dhcp().serverMac().bits());
            }
        }
        return new BridgeDomain(
                network.id(),
                network.spec().name(),
                network.tunnel(),
                network.spec().hasVni() ? network.spec().vni() : 0,
                network.keyed(),
                numbers,
                flood,
                known,
                network.spec().allowUnknownVteps(),
                network.spec().learning(),
                stations,
                neighbours(network, members),
                serviceMacs,
                !serviceMacs.isEmpty(),
                network.spec().tos(),
                mtuBytes(network),
                network.fdb(),
                roles(network, members));
    }

    /**
     * Of all stations that have said something, or of whom configuration says it: as a host or as a port, when it is
     * both.
     */
    private static Long2LongHashMap roles(NetworkRuntime network, Collection<PortRuntime> members) {
        Long2LongHashMap roles = new Long2LongHashMap(StationRole.UNKNOWN.code());
        for (HostSpec host : network.spec().hosts()) {
            put(roles, host.mac(), roleOf(network, host));
        }
        for (PortRuntime port : members) {
            PortSpec spec = port.spec();
            if (spec.mac() != null) {
                put(roles, spec.mac(), roleOf(network, spec.guard().router(), spec.mac(), spec.ips()));
            }
        }
        return roles;
    }

    private static void put(Long2LongHashMap roles, MacAddress mac, StationRole role) {
        if (role.isConfigured() || role != StationRole.UNKNOWN && !roles.containsKey(mac.bits())) {
            roles.put(mac.bits(), role.code());
        }
    }

    /** Whether a host routes, as far as that is known. */
    static StationRole roleOf(NetworkRuntime network, HostSpec host) {
        return roleOf(network, host.router(), host.mac(), host.ips());
    }

    private static StationRole roleOf(
            NetworkRuntime network, @Nullable Boolean configured, MacAddress mac, List<IpAddress> ips) {
        if (configured != null) {
            return StationRole.configured(configured);
        }
        for (SubnetSpec subnet : network.spec().subnets()) {
            if (subnet.gateway() != null && ips.contains(subnet.gateway())) {
                return StationRole.configured(true);
            }
        }
        return network.learntRole(mac.bits());
    }

    private Vtep vtep(IpAddress address) {
        return vteps.of(address, underlay.pathMtuBytes(address));
    }

    /** Everything that the switch answers ARP and neighbour solicitations for; the later source wins. */
    static List<Neighbour> neighboursOf(NetworkRuntime network, Collection<PortRuntime> members) {
        List<Neighbour> all = new ArrayList<>();
        Long2LongHashMap roles = roles(network, members);
        if (network.spec().arpResponder()) {
            for (HostSpec host : network.spec().hosts()) {
                StationRole role = StationRole.of((int) roles.get(host.mac().bits()));
                for (IpAddress ip : host.ips()) {
                    all.add(new Neighbour(
                            ip, host.mac(), role, "host", host.vtep().toString()));
                }
            }
            for (PortRuntime port : members) {
                MacAddress mac = port.spec().mac();
                if (mac != null && port.isPlace()) {
                    StationRole role = StationRole.of((int) roles.get(mac.bits()));
                    for (IpAddress ip : port.spec().ips()) {
                        all.add(new Neighbour(ip, mac, role, "port", port.spec().name()));
                    }
                }
            }
        }
        Set<IpAddress> servers = new HashSet<>();
        for (SubnetSpec subnet : network.spec().subnets()) {
            if (subnet.dhcp() != null && servers.add(subnet.dhcp().server())) {
                all.add(new Neighbour(
                        subnet.dhcp().server(),
                        subnet.dhcp().serverMac(),
                        StationRole.configured(false),
                        "switch",
                        "switch"));
            }
        }
        return all;
    }

    private static NeighbourTable neighbours(NetworkRuntime network, List<PortRuntime> members) {
        NeighbourTable.Builder table = NeighbourTable.builder();
        for (Neighbour neighbour : neighboursOf(network, members)) {
            table.add(neighbour.ip(), neighbour.mac(), neighbour.role().kind());
        }
        return table.build();
    }

    /** The largest IP packet that fits every tunnel of the network, unless the configuration says a smaller one. */
    int mtuBytes(NetworkRuntime network) {
        TunnelKind kind = network.tunnel();
        int most = kind == null ? LOCAL_MTU_BYTES : tunnelMtuBytes(network, kind);
        int configured = network.spec().mtuBytes();
        return configured > 0 && (kind == null || configured < most) ? configured : most;
    }

    private int tunnelMtuBytes(NetworkRuntime network, TunnelKind kind) {
        boolean ipv6 = !underlay.localIp().isIpv4();
        int path = underlay.mtuBytes();
        Set<IpAddress> remotes = new LinkedHashSet<>(network.spec().remotes());
        network.spec().hosts().forEach(host -> remotes.add(host.vtep()));
        for (IpAddress remote : remotes) {
            path = Math.min(path, vtep(remote).pathMtuBytes());
        }
        return EffectiveMtu.of(kind, network.keyed(), ipv6, path);
    }
}
