package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * What the configuration says of the port that a request came by.
 *
 * @param name the port's name, under which its clients' leases are counted, in the lease file too
 * @param ips the addresses that the port is bound to: its client gets the first IPv4 one in a subnet that is served,
 *     and no other. Empty for none
 * @param relays whether it may pass on what other machines ask: its guest is a relay agent (RFC 1542, RFC 3046), which
 *     is trusted to say who asks
 */
public record DhcpPort(String name, List<IpAddress> ips, boolean relays) {

    public DhcpPort {
        ips = List.copyOf(ips);
    }
}
