package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.conductor.underlay.Vtep;
import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.vswitchd.view.FdbView;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A network's MAC table as operators see it: what is configured, then what was learnt. */
public final class FdbViews {

    private FdbViews() {}

    public static List<FdbView> of(SwitchState state, NetworkRuntime network, long nowNs) {
        String name = network.spec().name();
        List<FdbView> views = new ArrayList<>();
        Set<MacAddress> here = new HashSet<>();
        for (PortRuntime port : state.membersOf(network)) {
            MacAddress mac = port.spec().mac();
            if (mac != null && port.isPlace()) {
                here.add(mac);
                views.add(new FdbView(name, mac, port.spec().name(), null, "port", null));
            }
        }
        for (HostSpec host : network.spec().hosts()) {
            if (!here.contains(host.mac()) && !state.underlay().isLocal(host.vtep())) {
                views.add(new FdbView(name, host.mac(), null, host.vtep(), "host", null));
            }
        }
        network.spec().subnets().stream()
                .map(SubnetSpec::dhcp)
                .filter(Objects::nonNull)
                .map(DhcpSpec::serverMac)
                .distinct()
                .forEach(mac -> views.add(new FdbView(name, mac, null, null, "switch", null)));
        network.fdb().forEach((mac, vlan, location, lastSeenNs, isStatic) -> {
            long ageSeconds = TimeUnit.NANOSECONDS.toSeconds(Math.max(0, nowNs - lastSeenNs));
            views.add(new FdbView(
                    name,
                    new MacAddress(mac),
                    portAt(state, location),
                    vtepAt(state, location),
                    "learned",
                    ageSeconds));
        });
        return views;
    }

    /** How many {@link #of} would tell of, without making them. */
    static int count(NetworkRuntime network) {
        long servers = network.spec().subnets().stream()
                .filter(subnet -> subnet.dhcp() != null)
                .count();
        return network.tables().stations().size()
                + (int) servers
                + network.fdb().size();
    }

    private static @Nullable String portAt(SwitchState state, int location) {
        if (Locations.isTunnel(location)) {
            return null;
        }
        PortRuntime port = state.port(location);
        return port == null ? null : port.spec().name();
    }

    private static @Nullable IpAddress vtepAt(SwitchState state, int location) {
        Vtep vtep = Locations.isTunnel(location) ? state.vteps().at(location) : null;
        return vtep == null ? null : vtep.address();
    }
}
