package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.conductor.network.DhcpService;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.network.NetworkTables;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The networks that run, in the configuration's order. A name keeps its number when its network goes and comes. The
 * conductor's.
 */
final class Networks {

    private final Map<String, NetworkRuntime> networks = new LinkedHashMap<>();
    private final Map<Integer, NetworkRuntime> byId = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Underlay underlay;

    Networks(Underlay underlay) {
        this.underlay = underlay;
    }

    /** As they are at any time. */
    Map<String, NetworkRuntime> byName() {
        return Collections.unmodifiableMap(networks);
    }

    /** As they are at any time. */
    Collection<NetworkRuntime> all() {
        return byName().values();
    }

    /** The network of a snapshot's number, null when it has gone. */
    @Nullable
    NetworkRuntime numbered(int id) {
        return byId.get(id);
    }

    /** Opens what can fail (lease files) before anything changes; new networks are returned by name. */
    Map<String, NetworkRuntime> prepare(SwitchSpec next, IntFunction<String> portName, Moment now) {
        Map<String, NetworkRuntime> added = new HashMap<>();
        try {
            for (NetworkSpec wanted : next.networks().values()) {
                NetworkRuntime network = networks.get(wanted.name());
                if (network == null) {
                    int id = ids.computeIfAbsent(wanted.name(), name -> ids.size());
                    DhcpService dhcp = new DhcpService(wanted.name(), next.stateDir(), portName);
                    NetworkTables tables = new NetworkTables(address -> underlay.isLocal(address)
                            ? null
                            : underlay.vtep(address).number());
                    network = new NetworkRuntime(id, wanted, next.tuning().macTableSize(), dhcp, tables);
                    added.put(wanted.name(), network);
                }
                network.dhcp().prepare(wanted, now);
            }
            return added;
        } catch (ControlRefusedException e) {
            added.values().forEach(network -> network.dhcp().close());
            throw e;
        }
    }

    /**
     * Removes, adds and changes networks.
     *
     * @param prepared what {@link #prepare} returned for the same specification
     * @param publisher is told of each
     * @param changes gets a line for each
     */
    void become(SwitchSpec next, Map<String, NetworkRuntime> prepared, Publisher publisher, List<String> changes) {
        for (NetworkRuntime network : List.copyOf(networks.values())) {
            if (!next.networks().containsKey(network.spec().name())) {
                network.dhcp().close();
                networks.remove(network.spec().name());
                byId.remove(network.id());
                publisher.gone(network);
                changes.add("network " + network.spec().name() + " removed");
            }
        }
        next.networks().values().forEach(wanted -> adopt(wanted, prepared, publisher, changes));
    }

    private void adopt(
            NetworkSpec wanted, Map<String, NetworkRuntime> prepared, Publisher publisher, List<String> changes) {
        NetworkRuntime running = networks.get(wanted.name());
        if (running == null) {
            NetworkRuntime added = Objects.requireNonNull(prepared.get(wanted.name()));
            networks.put(wanted.name(), added);
            byId.put(added.id(), added);
            added.become(wanted);
            publisher.changed(added);
            changes.add("network " + wanted.name() + " added");
        } else if (!running.spec().equals(wanted)) {
            running.become(wanted);
            publisher.changed(running);
            changes.add("network " + wanted.name() + " changed");
        }
    }

    /** Puts them in that order. */
    void inOrder(Collection<String> order) {
        reorder(networks, order);
    }

    /** Puts a map's entries in that order. */
    static <V> void reorder(Map<String, V> map, Collection<String> order) {
        if (List.copyOf(map.keySet()).equals(List.copyOf(order))) {
            return;
        }
        for (String name : order) {
            V value = map.remove(name);
            if (value != null) {
                map.put(name, value);
            }
        }
    }
}
