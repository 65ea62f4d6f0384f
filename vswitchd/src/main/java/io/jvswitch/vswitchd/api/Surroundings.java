package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a specification that one changed thing can contradict: as the rest was right before, it need not be
 * checked again, and a host more in a network of 10,000 costs what one in a small network does. Pure functions.
 */
final class Surroundings {

    private Surroundings() {}

    /**
     * What a host of a network, which is the last of its hosts, can contradict. It is the last of its network's there,
     * too.
     */
    static SwitchSpec ofHost(SwitchSpec spec, String network) {
        NetworkSpec whole = Objects.requireNonNull(spec.networks().get(network));
        HostSpec host = whole.hosts().getLast();
        List<HostSpec> hosts = new ArrayList<>();
        for (HostSpec other : whole.hosts()) {
            if (shares(other.mac(), other.ips(), host.mac(), host.ips())) {
                hosts.add(other);
            }
        }
        Map<String, PortSpec> ports = new LinkedHashMap<>();
        for (PortSpec port : spec.ports().values()) {
            if (port.network().equals(network) && shares(port.mac(), port.ips(), host.mac(), host.ips())) {
                ports.put(port.name(), port);
            }
        }
        return spec.withNetworks(Map.of(network, whole.withHosts(hosts))).withPorts(ports);
    }

    private static boolean shares(
            @Nullable MacAddress mac, List<IpAddress> ips, @Nullable MacAddress otherMac, List<IpAddress> otherIps) {
        return mac != null && mac.equals(otherMac) || !Collections.disjoint(ips, otherIps);
    }

    /** Whether a port names one of the addresses among those that it may send from besides. */
    private static boolean mayUse(PortSpec port, List<IpAddress> ips) {
        return ips.stream().anyMatch(ip -> port.guard().allowedIps().contains(IpPrefix.of(ip)));
    }

    /** What a port can contradict. */
    static SwitchSpec ofPort(SwitchSpec spec, PortSpec port) {
        Set<String> own = port.networks();
        Map<String, NetworkSpec> networks = new LinkedHashMap<>();
        for (NetworkSpec network : spec.networks().values()) {
            List<HostSpec> hosts = new ArrayList<>();
            if (own.contains(network.name())) {
                for (HostSpec host : network.hosts()) {
                    if (shares(host.mac(), host.ips(), port.mac(), port.ips())) {
                        hosts.add(host);
                    }
                }
            }
            networks.put(network.name(), network.withRemotes(List.of()).withHosts(hosts));
        }
        Map<String, PortSpec> ports = new LinkedHashMap<>();
        for (PortSpec other : spec.ports().values()) {
            boolean sameDevice = other.deviceName().equals(port.deviceName());
            boolean sameNetwork = !other.network().isEmpty() && other.network().equals(port.network());
            boolean sameAddress = shares(other.mac(), other.ips(), port.mac(), port.ips())
                    || mayUse(other, port.ips())
                    || mayUse(port, other.ips());
            if (sameDevice || sameNetwork && sameAddress) {
                ports.put(other.name(), other);
            }
        }
        ports.put(port.name(), port);
        return spec.withNetworks(networks).withPorts(ports);
    }

    /** What a network can contradict that has no ports yet, or other remotes than before. */
    static SwitchSpec ofNetwork(SwitchSpec spec, String name) {
        Map<String, NetworkSpec> networks = new LinkedHashMap<>();
        for (NetworkSpec network : spec.networks().values()) {
            networks.put(
                    network.name(),
                    network.name().equals(name)
                            ? network
                            : network.withRemotes(List.of()).withHosts(List.of()));
        }
        return spec.withNetworks(networks).withPorts(Map.of());
    }

    /** What the remotes of a network can contradict. */
    static SwitchSpec ofRemotes(SwitchSpec spec, String network) {
        NetworkSpec whole = Objects.requireNonNull(spec.networks().get(network));
        return spec.withNetworks(Map.of(network, whole.withHosts(List.of()))).withPorts(Map.of());
    }
}
