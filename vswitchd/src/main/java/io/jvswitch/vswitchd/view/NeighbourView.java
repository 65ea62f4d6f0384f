package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the ARP and neighbour-discovery responder answers.
 *
 * @param network name of the network
 * @param ip the address asked for
 * @param mac the answer
 * @param router whether its holder routes, which the answer tells; null when nobody has said: then none is given for a
 *     link-local address
 * @param source why it is known: {@code port} (a port's binding), {@code host} (a host entry), {@code lease} (a DHCP
 *     lease), or {@code switch} (a DHCP server's own address)
 * @param where name of the local port, text of the VTEP, or {@code switch}
 */
public record NeighbourView(
        String network,
        IpAddress ip,
        MacAddress mac,
        @Nullable Boolean router,
        String source,
        String where) {}
