package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.conductor.bridge.Bridges;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.plan.PortSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the workers what has changed: notes the ports and networks that are not any more as the workers have them,
 * and makes the next
 * snapshot of those alone. Devices and DHCP servers follow what follows from it. The conductor's.
 */
final class Publisher {

    private final Networks networks;
    private final Bridges bridges;
    private final SnapshotBuilder builder;
    private final PortSizes sizes;
    private final Workers workers;
    private final Set<PortRuntime> ports = new LinkedHashSet<>();
    private final Set<PortRuntime> gonePorts = new LinkedHashSet<>();
    private final Set<NetworkRuntime> changed = new LinkedHashSet<>();
    private final Set<NetworkRuntime> gone = new LinkedHashSet<>();
    /** The networks that each port is published in. */
    private final Map<PortRuntime, Set<NetworkRuntime>> memberships = new HashMap<>();
    /** The ports that each network is published with. */
    private final Map<NetworkRuntime, Set<PortRuntime>> members = new HashMap<>();

    /** Ports that have come to a network, gone, or changed in it since the last snapshot, by their numbers. */
    private final Map<NetworkRuntime, Set<Integer>> touched = new HashMap<>();

    private final Map<NetworkRuntime, Integer> mtus = new HashMap<>();
    private boolean pathsChanged = true;
    private NormalBridge bridge = new NormalBridge(0, "networks", List.of(), List.of());
    private Snapshot snapshot;

    Publisher(Networks networks, Bridges bridges, SnapshotBuilder builder, PortSizes sizes, Workers workers) {
        this.bridges = bridges;
        this.networks = networks;
        this.builder = builder;
        this.sizes = sizes;
        this.workers = workers;
        snapshot = bridge.snapshot(0, List.of(bridge.underlay(TunnelTraffic.of(workers.count()))));
    }

    /** What the workers have. */
    Snapshot snapshot() {
        return snapshot;
    }

    /** The bridge of all networks, as the workers have it. */
    NormalBridge bridge() {
        return bridge;
    }

    /** A port is new, or something of it has changed. */
    void changed(PortRuntime port) {
        ports.add(port);
    }

    /** A port is no longer the switch's. */
    void gone(PortRuntime port) {
        ports.remove(port);
        gonePorts.add(port);
    }

    /** A network is new, or its specification has changed. */
    void changed(NetworkRuntime network) {
        gone.remove(network);
        changed.add(network);
    }

    /** A network is no longer the switch's. */
    void gone(NetworkRuntime network) {
        changed.remove(network);
        gone.add(network);
    }

    /** A VTEP that the configuration names is new, or the MTU of some path is another one. */
    void pathsChanged() {
        pathsChanged = true;
        builder.pathsChanged();
    }

    /** The networks that the port is published in. */
    Set<NetworkRuntime> networksOf(PortRuntime port) {
        return memberships.getOrDefault(port, Set.of());
    }

    private boolean isCurrent() {
        return ports.isEmpty()
                && gonePorts.isEmpty()
                && changed.isEmpty()
                && gone.isEmpty()
                && !pathsChanged
                && !builder.tunnelsChanged()
                && bridges.isCurrent();
    }

    /** Makes and publishes the next snapshot, if it would differ from the last one. */
    void publish() {
        if (isCurrent()) {
            return;
        }
        gonePorts.forEach(bridges::gone);
        ports.removeIf(this::isOfBridge);
        gonePorts.forEach(this::leaveNetworks);
        ports.forEach(this::joinNetworks);
        changed.removeAll(gone);
        followMtus();
        ports.forEach(this::fit);
        NormalBridge.Change change = bridge.change();
        Snapshot.Change next = snapshot.change();
        gonePorts.forEach(port -> {
            change.removePort(port.number());
            next.removePort(port.number());
        });
        gone.forEach(network -> change.removeNetwork(network.id()));
        changed.forEach(network -> change.put(builder.network(network)));
        ports.forEach(port -> {
            NetworkPort published = SnapshotBuilder.port(port, networks.byName());
            change.put(published);
            next.put(published.device(bridge.id()));
        });
        bridge = change.build();
        builder.putTunnels(next, snapshot, bridge);
        bridges.publish(next);
        snapshot = next.put(bridge).build(snapshot.version() + 1);
        changed.forEach(this::follow);
        gone.forEach(network -> {
            members.remove(network);
            mtus.remove(network);
            builder.gone(network);
        });
        ports.clear();
        gonePorts.clear();
        changed.clear();
        gone.clear();
        touched.clear();
        pathsChanged = false;
        bridges.published();
        workers.publish(snapshot);
    }

    /** Whether a port is a bridge's, which then makes of it what workers get. */
    private boolean isOfBridge(PortRuntime port) {
        if (bridges.has(port)) {
            bridges.changed(port);
            return true;
        }
        return false;
    }

    private void leaveNetworks(PortRuntime port) {
        for (NetworkRuntime network : networksOf(port)) {
            leave(port, network);
        }
        memberships.remove(port);
    }

    private void leave(PortRuntime port, NetworkRuntime network) {
        members.getOrDefault(network, Set.of()).remove(port);
        network.tables().remove(port.number());
        touch(port, network);
    }

    private void touch(PortRuntime port, NetworkRuntime network) {
        touched.computeIfAbsent(network, any -> new HashSet<>()).add(port.number());
        changed.add(network);
    }

    private void joinNetworks(PortRuntime port) {
        Set<NetworkRuntime> wanted = new LinkedHashSet<>();
        for (String name : port.spec().networks()) {
            NetworkRuntime network = networks.byName().get(name);
            if (network != null) {
                wanted.add(network);
            }
        }
        Set<NetworkRuntime> before = memberships.put(port, wanted);
        if (before != null) {
            before.stream().filter(network -> !wanted.contains(network)).forEach(network -> leave(port, network));
        }
        for (NetworkRuntime network : wanted) {
            members.computeIfAbsent(network, any -> new LinkedHashSet<>()).add(port);
            if (network.tables().put(port.number(), port.spec(), port.isPlace())) {
                touch(port, network);
            }
        }
    }

    /** A network's MTU follows its paths, and its ports' devices follow the network's. */
    private void followMtus() {
        for (NetworkRuntime network : pathsChanged ? List.copyOf(networks.all()) : List.copyOf(changed)) {
            builder.noteTunnelMtu(network);
            int mtu = builder.mtuBytes(network);
            Integer before = mtus.put(network, mtu);
            if (before == null || before != mtu) {
                changed.add(network);
                ports.addAll(members.getOrDefault(network, Set.of()));
            }
        }
    }

    private void fit(PortRuntime port) {
        port.setMtu(sizes.mtuBytes(port.spec()));
        port.limitSuperframes(sizes.superframeBytes(port.spec()));
        port.checkRoomForTag(sizes.taggedMtuBytes(port.spec()));
    }

    private void follow(NetworkRuntime network) {
        network.follow(bridge, touched.getOrDefault(network, Set.of()));
        network.dhcp().configureLater(network.spec(), builder.mtuBytes(network), () -> specsOf(network));
    }

    private List<PortSpec> specsOf(NetworkRuntime network) {
        return members.getOrDefault(network, Set.of()).stream()
                .map(PortRuntime::spec)
                .toList();
    }
}
