package io.jvswitch.vswitchd.plan;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The DHCP responder of a subnet.
 *
 * @param server its address (option 54); jvswitch also answers ARP for it
 * @param serverMac its MAC address; derived from the network's name and {@code server} when the configuration says
 *     nothing, so that every host shows guests the same one
 * @param pools addresses for guests without a reservation; empty for reservations only
 * @param lease how long a lease lasts
 * @param boot what guests boot from, or null
 * @param options options that jvswitch knows by their number only
 * @param alwaysSend numbers of those among them that guests get whether they ask or not
 * @param ipv6OnlyWait how long guests that can do without IPv4 are to do without, or null not to tell them so
 */
public record DhcpSpec(
        IpAddress server,
        MacAddress serverMac,
        List<IpRange> pools,
        Duration lease,
        @Nullable DhcpBoot boot,
        List<DhcpOption> options,
        List<Integer> alwaysSend,
        @Nullable Duration ipv6OnlyWait) {

    public DhcpSpec {
        options = List.copyOf(options);
        alwaysSend = List.copyOf(alwaysSend);
        pools = List.copyOf(pools);
    }
}
