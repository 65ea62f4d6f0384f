package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * What the configuration says about the port on which a request arrived.
 *
 * @param name the port's name, to which its clients' leases are accounted, also in the lease file
 * @param ips the addresses that the port is bound to: its client gets the first IPv4 address that is in a served
 *     subnet, and no other. Empty if it is not bound
 * @param relays whether it may pass on requests of other machines: its guest is a relay agent (RFC 1542, RFC 3046),
 *     which is trusted to identify the clients
 */
public record DhcpPort(String name, List<IpAddress> ips, boolean relays) {

    public DhcpPort {
        ips = List.copyOf(ips);
    }
}
