package io.jvswitch.vswitchd.plan;

import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole switch as configured. Immutable; the maps keep the file's order, and a switch that is made of another one
 * shares what is the same.
 *
 * @param name shown everywhere: in {@code show}, in logs and as a label of the metrics
 * @param workers data-path threads
 * @param controlSocket the Unix socket that the daemon serves
 * @param stateDir what survives a restart (DHCP leases) is kept here
 * @param tuning sizes and times with defaults
 * @param underlay null when no network has a tunnel
 * @param networks by name
 * @param ports by name; those of bridges stand with them
 * @param bridges as Open vSwitch has them, beside the networks
 */
public record SwitchSpec(
        String name,
        int workers,
        Path controlSocket,
        Path stateDir,
        TuningSpec tuning,
        @Nullable UnderlaySpec underlay,
        Map<String, NetworkSpec> networks,
        Map<String, PortSpec> ports,
        List<BridgeSpec> bridges) {

    public SwitchSpec {
        networks = InOrder.copyOf(networks);
        ports = InOrder.copyOf(ports);
        bridges = List.copyOf(bridges);
    }

    /** A switch without bridges. */
    public SwitchSpec(
            String name,
            int workers,
            Path controlSocket,
            Path stateDir,
            TuningSpec tuning,
            @Nullable UnderlaySpec underlay,
            Map<String, NetworkSpec> networks,
            Map<String, PortSpec> ports) {
        this(name, workers, controlSocket, stateDir, tuning, underlay, networks, ports, List.of());
    }

    /** The same switch with other networks. */
    public SwitchSpec withNetworks(Map<String, NetworkSpec> newNetworks) {
        return new SwitchSpec(name, workers, controlSocket, stateDir, tuning, underlay, newNetworks, ports, bridges);
    }

    /** The same switch with other ports. */
    public SwitchSpec withPorts(Map<String, PortSpec> newPorts) {
        return new SwitchSpec(name, workers, controlSocket, stateDir, tuning, underlay, networks, newPorts, bridges);
    }

    /** The same switch with other bridges. */
    public SwitchSpec withBridges(List<BridgeSpec> newBridges) {
        return new SwitchSpec(name, workers, controlSocket, stateDir, tuning, underlay, networks, ports, newBridges);
    }
}
