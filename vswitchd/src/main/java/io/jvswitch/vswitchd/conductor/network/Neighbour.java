package io.jvswitch.vswitchd.conductor.network;

import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;

/**
 * Something that the ARP and neighbour-discovery responder answers for.
 *
 * @param role whether it routes, as far as that is known
 * @param source why it is known, in the words of {@link io.jvswitch.vswitchd.view.NeighbourView}
 * @param where the local port's name, the VTEP, or {@code switch}
 */
public record Neighbour(IpAddress ip, MacAddress mac, StationRole role, String source, String where) {}
