package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * What the configuration says of the port that a request came by.
 *
 * @param name the port's name, under which its clients' leases are counted, in the lease file too
 * @param ips the addresses that the port is bound to: its client gets the first IPv4 one in a subnet that is served, and
 *     no other. Empty for none
 */
public record DhcpPort(String name, List<IpAddress> ips) {

    public DhcpPort {
        ips = List.copyOf(ips);
    }
}
