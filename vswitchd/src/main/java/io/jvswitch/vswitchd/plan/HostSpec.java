package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host (a VM, a container) that lives behind another VTEP: frames to it go straight there, and ARP and neighbour
 * solicitations for it are answered here.
 *
 * @param mac its MAC address, unique in the network
 * @param ips its IPv4 and IPv6 addresses; may be empty, then nothing is answered for it
 * @param vtep where it lives
 * @param router whether it routes, as its neighbour advertisements must say; null when that is not said
 */
public record HostSpec(
        MacAddress mac,
        List<IpAddress> ips,
        IpAddress vtep,
        @Nullable Boolean router) {

    public HostSpec {
        ips = List.copyOf(ips);
    }

    /** A host that may or may not route. */
    public HostSpec(MacAddress mac, List<IpAddress> ips, IpAddress vtep) {
        this(mac, ips, vtep, null);
    }
}
