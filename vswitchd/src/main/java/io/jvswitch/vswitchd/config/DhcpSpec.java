package io.jvswitch.vswitchd.config;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.List;

/**
 * The DHCP responder of a subnet.
 *
 * @param server its address (option 54); jvswitch also answers ARP for it
 * @param serverMac its MAC address; derived from the network's name and {@code server} when the configuration says nothing, so
 *     that every host shows guests the same one
 * @param pools addresses for guests without a reservation; empty for reservations only
 * @param lease how long a lease lasts
 */
public record DhcpSpec(IpAddress server, MacAddress serverMac, List<IpRange> pools, Duration lease) {

    public DhcpSpec {
        pools = List.copyOf(pools);
    }
}
