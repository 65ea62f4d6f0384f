package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;

/**
 * A host behind another VTEP, known by configuration or command.
 *
 * @param network name of its network
 * @param mac its MAC address
 * @param ips its addresses
 * @param vtep where it lives
 */
public record HostView(String network, MacAddress mac, List<IpAddress> ips, IpAddress vtep) {

    public HostView {
        ips = List.copyOf(ips);
    }
}
