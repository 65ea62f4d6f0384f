package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.PortBinding;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.network.NetworkTables;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.Vtep;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Ipv6Header;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Turns the conductor's state into the immutable object that workers translate against. The conductor's. */
final class SnapshotBuilder {

    /** The largest IP packet of a network that never leaves the host: Ethernet's. */
    private static final int LOCAL_MTU_BYTES = 1_500;

    private final VtepTable vteps;
    private final Underlay underlay;
    private final Map<NetworkRuntime, Size> sizes = new HashMap<>();

    /**
     * How large a network's packets may be, which every port of it is asked for.
     *
     * @param spec of the network, as it was when this was reckoned
     * @param vteps that it knew then, by their tunnel ports' numbers
     * @param guestBytes {@link #mtuBytes}
     */
    private record Size(NetworkSpec spec, Set<Integer> vteps, int guestBytes) {}

    SnapshotBuilder(VtepTable vteps, Underlay underlay) {
        this.vteps = vteps;
        this.underlay = underlay;
    }

    /** Whether tunnel ports differ from those of the last snapshot. */
    boolean tunnelsChanged() {
        return vteps.hasChanged();
    }

    /**
     * Puts the tunnel ports that differ from the last snapshot's into the next one.
     *
     * @param before the last one
     */
    void putTunnels(Snapshot.Change next, Snapshot before, NormalBridge bridge) {
        List<Integer> changed = vteps.takeChanged();
        for (int number : changed) {
            Vtep vtep = vteps.at(number);
            // an address may have come to another number: nobody else may have it when it gets there
            if (vtep == null
                    || before.port(number) instanceof Port.Tunnel old
                            && !vtep.address().equals(old.remote())) {
                next.removePort(number);
            }
        }
        for (int number : changed) {
            Vtep vtep = vteps.at(number);
            if (vtep != null) {
                next.put(bridge.vtep(number, vtep.address(), vtep.udpPort(), vtep.pathMtuBytes(), vtep.traffic()));
            }
        }
    }

    /**
     * A port, as workers see it.
     *
     * @param networks those that there are, by name
     */
    static NetworkPort port(PortRuntime port, Map<String, NetworkRuntime> networks) {
        PortSpec spec = port.spec();
        NetworkRuntime untagged = spec.vlans().vlan() > 0 ? null : networks.get(spec.network());
        return new NetworkPort(
                port.number(),
                spec.name(),
                untagged == null ? PortVlans.NONE : untagged.id(),
                binding(spec),
                port.deviceMtuBytes(),
                port.isPlace(),
                vlans(spec, networks),
                spec.stormControl());
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

    private static PortVlans vlans(PortSpec spec, Map<String, NetworkRuntime> networks) {
        if (spec.vlans().tagged()) {
            Map<Integer, Integer> ids = new HashMap<>();
            spec.taggedNetworks().forEach((vid, name) -> {
                NetworkRuntime network = networks.get(name);
                if (network != null) {
                    ids.put(vid, network.id());
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

    /** A network, as workers see it. */
    Network network(NetworkRuntime network) {
        NetworkTables tables = network.tables();
        Set<Long> serviceMacs = new HashSet<>();
        for (SubnetSpec subnet : network.spec().subnets()) {
            if (subnet.dhcp() != null) {
                serviceMacs.add(subnet.dhcp().serverMac().bits());
            }
        }
        return new Network(
                network.id(),
                network.spec().name(),
                network.tunnel(),
                network.spec().hasVni() ? network.spec().vni() : 0,
                network.keyed(),
                tables.ports(),
                tables.flood(),
                tables.knownVteps(),
                network.spec().allowUnknownVteps(),
                network.spec().learning(),
                tables.stations(),
                tables.neighbours(),
                serviceMacs,
                !serviceMacs.isEmpty(),
                network.spec().tos(),
                mtuBytes(network),
                network.fdb(),
                tables.roles(),
                NetworkOptions.SERVED);
    }

    /**
     * The largest IP packet that guests of the network may send: what fits every tunnel by its route, unless the
     * configuration says less, and never less than IPv6 needs (RFC 8200, section 5), below which Linux ends IPv6 on a
     * device. What a path takes for a while does not count: {@link #tunnelMtuBytes}.
     */
    @SuppressWarnings("ReferenceEquality") // what has not changed is the same object, however large
    int mtuBytes(NetworkRuntime network) {
        Size known = sizes.get(network);
        Set<Integer> vteps = network.tables().knownVteps();
        if (known == null || known.spec() != network.spec() || known.vteps() != vteps) {
            known = new Size(network.spec(), vteps, guestMtuBytes(network));
            sizes.put(network, known);
        }
        return known.guestBytes();
    }

    /** The MTU of some path or of the underlay is another one. */
    void pathsChanged() {
        sizes.clear();
    }

    /** A network has gone. */
    void gone(NetworkRuntime network) {
        sizes.remove(network);
    }

    private int guestMtuBytes(NetworkRuntime network) {
        TunnelKind kind = network.tunnel();
        int configured = network.spec().mtuBytes();
        if (kind == null) {
            return configured > 0 ? configured : LOCAL_MTU_BYTES;
        }
        int most = innerMtuBytes(network, kind, leastPathBytes(network, underlay::routeMtuBytes));
        return configured > 0 && configured < most ? configured : Math.max(most, Ipv6Header.MIN_MTU_BYTES);
    }

    /** Has a network say where its tunnels take less, by their routes, than its guests may send. */
    void noteTunnelMtu(NetworkRuntime network) {
        TunnelKind kind = network.tunnel();
        if (kind != null) {
            int tunnel = innerMtuBytes(network, kind, leastPathBytes(network, underlay::routeMtuBytes));
            network.noteTunnelMtu(
                    tunnel,
                    mtuBytes(network),
                    EffectiveMtu.overheadBytes(
                            kind, network.keyed(), !underlay.localIp().isIpv4()));
        }
    }

    /** The largest IP packet that crosses every tunnel of the network in one piece now, 0 without one. */
    int tunnelMtuBytes(NetworkRuntime network) {
        TunnelKind kind = network.tunnel();
        return kind == null
                ? 0
                : Math.min(
                        mtuBytes(network), innerMtuBytes(network, kind, leastPathBytes(network, Vtep::pathMtuBytes)));
    }

    private int innerMtuBytes(NetworkRuntime network, TunnelKind kind, int pathMtuBytes) {
        return EffectiveMtu.of(kind, network.keyed(), !underlay.localIp().isIpv4(), pathMtuBytes);
    }

    /** The device's own MTU counts as well, but for the loopback device's when remotes tell more. */
    private int leastPathBytes(NetworkRuntime network, ToIntFunction<Vtep> mtu) {
        int least = Integer.MAX_VALUE;
        for (int number : network.tables().knownVteps()) {
            Vtep vtep = vteps.at(number);
            least = vtep == null ? least : Math.min(least, mtu.applyAsInt(vtep));
        }
        boolean known = least < Integer.MAX_VALUE;
        return known && underlay.isOnLoopback() ? least : Math.min(least, underlay.mtuBytes());
    }
}
