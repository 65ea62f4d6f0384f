package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.check.Finding;
import io.jvswitch.vswitchd.plan.check.SpecChecks;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns each change by command into a new specification, so that the conductor only has to become what a specification
 * says. Every result passes the checks of a configuration file; of them those are made that the change can fail.
 *
 * <p>Pure functions; any thread. Each throws {@link ControlRefusedException} when the change makes no sense.
 */
public final class SpecChanges {

    private SpecChanges() {}

    /** With one port more. */
    public static SwitchSpec addPort(SwitchSpec spec, PortSpec port) {
        String object = "port " + port.name();
        if (spec.ports().containsKey(port.name())) {
            throw exists(object);
        }
        Map<String, PortSpec> ports = new LinkedHashMap<>(spec.ports());
        ports.put(port.name(), port);
        SwitchSpec next = spec.withPorts(ports);
        check(Surroundings.ofPort(next, port), object, "ports." + port.name());
        return next;
    }

    /** Without a port. */
    public static SwitchSpec removePort(SwitchSpec spec, String name) {
        Map<String, PortSpec> ports = new LinkedHashMap<>(spec.ports());
        if (ports.remove(name) == null) {
            throw noPort(name);
        }
        return spec.withPorts(ports);
    }

    /** With one network more. */
    public static SwitchSpec addNetwork(SwitchSpec spec, NetworkSpec network) {
        String object = "network " + network.name();
        if (spec.networks().containsKey(network.name())) {
            throw exists(object);
        }
        SwitchSpec next = replace(spec, network);
        check(Surroundings.ofNetwork(next, network.name()), object, "networks." + network.name());
        return next;
    }

    /** Without a network that has no ports. */
    public static SwitchSpec removeNetwork(SwitchSpec spec, String name) {
        Map<String, NetworkSpec> networks = new LinkedHashMap<>(spec.networks());
        if (networks.remove(name) == null) {
            throw noNetwork(name);
        }
        String ports = spec.ports().values().stream()
                .filter(port -> port.networks().contains(name))
                .map(PortSpec::name)
                .collect(Collectors.joining(", "));
        if (!ports.isEmpty()) {
            throw new ControlRefusedException(
                    Kind.CONFLICT,
                    "network " + name,
                    null,
                    "ports are attached to it: " + ports,
                    "remove them first with 'jvswitch port remove'");
        }
        return spec.withNetworks(networks);
    }

    /** With one VTEP more in a network's flood list. */
    public static SwitchSpec addRemote(SwitchSpec spec, String network, IpAddress remote) {
        NetworkSpec before = networkOf(spec, network);
        String object = "remote " + remote + " of network " + network;
        if (before.remotes().contains(remote)) {
            throw exists(object);
        }
        List<IpAddress> remotes = new ArrayList<>(before.remotes());
        remotes.add(remote);
        String path = "networks." + network + ".remotes[" + (remotes.size() - 1) + "]";
        SwitchSpec next = replace(spec, before.withRemotes(remotes));
        check(Surroundings.ofRemotes(next, network), object, path);
        return next;
    }

    /** With one VTEP less in a network's flood list. */
    public static SwitchSpec removeRemote(SwitchSpec spec, String network, IpAddress remote) {
        NetworkSpec before = networkOf(spec, network);
        List<IpAddress> remotes = new ArrayList<>(before.remotes());
        if (!remotes.remove(remote)) {
            throw new ControlRefusedException(
                    Kind.NOT_FOUND,
                    "remote " + remote + " of network " + network,
                    null,
                    "does not exist",
                    "see 'jvswitch network show'");
        }
        return replace(spec, before.withRemotes(remotes));
    }

    private static NetworkSpec networkOf(SwitchSpec spec, String name) {
        NetworkSpec network = spec.networks().get(name);
        if (network == null) {
            throw noNetwork(name);
        }
        return network;
    }

    /** With a host in a network; one with the same MAC address is replaced. */
    public static SwitchSpec addHost(SwitchSpec spec, String network, HostSpec host) {
        NetworkSpec before = networkOf(spec, network);
        List<HostSpec> hosts = new ArrayList<>(before.hosts());
        hosts.removeIf(other -> other.mac().equals(host.mac()));
        hosts.add(host);
        SwitchSpec next = replace(spec, before.withHosts(hosts));
        SwitchSpec part = Surroundings.ofHost(next, network);
        int last = networkOf(part, network).hosts().size() - 1;
        check(part, "host " + host.mac() + " of network " + network, "networks." + network + ".hosts[" + last + "]");
        return next;
    }

    /** Without a host of a network. */
    public static SwitchSpec removeHost(SwitchSpec spec, String network, MacAddress mac) {
        NetworkSpec before = networkOf(spec, network);
        List<HostSpec> hosts = new ArrayList<>(before.hosts());
        if (!hosts.removeIf(host -> host.mac().equals(mac))) {
            throw new ControlRefusedException(
                    Kind.NOT_FOUND,
                    "host " + mac + " of network " + network,
                    null,
                    "does not exist",
                    "see 'jvswitch host list'");
        }
        return replace(spec, before.withHosts(hosts));
    }

    /**
     * Refuses a reload that would change what only a restart can.
     *
     * @param running what the switch is now
     * @param wanted what it is to become
     */
    public static void requireReloadable(SwitchSpec running, SwitchSpec wanted) {
        List<String> changed = new ArrayList<>();
        note(changed, "switch.name", running.name(), wanted.name());
        note(changed, "switch.workers", running.workers(), wanted.workers());
        note(changed, "switch.control-socket", running.controlSocket(), wanted.controlSocket());
        note(changed, "switch.state-dir", running.stateDir(), wanted.stateDir());
        note(changed, "sizes and times of switch", running.tuning(), wanted.tuning());
        note(changed, "underlay", running.underlay(), wanted.underlay());
        if (!changed.isEmpty()) {
            throw new ControlRefusedException(
                    Kind.CONFLICT,
                    String.join(", ", changed),
                    null,
                    "cannot change while the switch runs",
                    "put the old " + (changed.size() == 1 ? "value" : "values")
                            + " back, or restart the daemon; nothing was changed");
        }
    }

    private static void note(List<String> changed, String key, @Nullable Object running, @Nullable Object wanted) {
        if (!Objects.equals(running, wanted)) {
            changed.add(key);
        }
    }

    private static SwitchSpec replace(SwitchSpec spec, NetworkSpec network) {
        Map<String, NetworkSpec> networks = new LinkedHashMap<>(spec.networks());
        networks.put(network.name(), network);
        return spec.withNetworks(networks);
    }

    /** Refuses what the checks of a file find in the part of a specification that a change can contradict. */
    private static void check(SwitchSpec part, String object, String path) {
        List<Finding> findings = SpecChecks.check(part).stream()
                .map(finding -> finding.towards(path))
                .toList();
        if (findings.isEmpty()) {
            return;
        }
        String what = findings.stream()
                .map(finding -> key(finding.path(), path) + finding.message())
                .collect(Collectors.joining("; "));
        throw new ControlRefusedException(
                Kind.CONFLICT, object, findings.getFirst().value(), what, "nothing was changed");
    }

    /** The key within the object, with a colon; a path elsewhere is given whole. */
    private static String key(String path, String objectPath) {
        if (path.equals(objectPath)) {
            return "";
        }
        return (path.startsWith(objectPath + ".") ? path.substring(objectPath.length() + 1) : path) + ": ";
    }

    private static ControlRefusedException exists(String object) {
        return new ControlRefusedException(
                Kind.CONFLICT, object, null, "exists already", "remove it first, or choose another name");
    }

    /** There is no such port. */
    public static ControlRefusedException noPort(String name) {
        return new ControlRefusedException(
                Kind.NOT_FOUND, "port " + name, null, "does not exist", "see 'jvswitch port list'");
    }

    /** There is no such network. */
    public static ControlRefusedException noNetwork(String name) {
        return new ControlRefusedException(
                Kind.NOT_FOUND, "network " + name, null, "does not exist", "see 'jvswitch network list'");
    }

    /** The port's name, if {@code port} is null or names one of the switch's ports or the underlay. */
    public static @Nullable String requirePort(SwitchSpec spec, @Nullable String port) {
        if (port != null && !port.equals("underlay") && !spec.ports().containsKey(port)) {
            throw noPort(port);
        }
        return port;
    }
}
