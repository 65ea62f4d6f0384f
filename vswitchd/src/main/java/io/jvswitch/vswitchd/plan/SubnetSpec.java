package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An IP subnet of a network: what DHCP tells the guests.
 *
 * @param cidr the subnet
 * @param gateway default router, or null
 * @param dns name servers
 * @param domain domain name of the guests, or null
 * @param search domain search list
 * @param ntp time servers
 * @param routes classless static routes
 * @param dhcp the DHCP responder of the subnet, or null when jvswitch does not answer DHCP in it
 */
public record SubnetSpec(
        IpPrefix cidr,
        @Nullable IpAddress gateway,
        List<IpAddress> dns,
        @Nullable String domain,
        List<String> search,
        List<IpAddress> ntp,
        List<RouteSpec> routes,
        @Nullable DhcpSpec dhcp) {

    public SubnetSpec {
        dns = List.copyOf(dns);
        search = List.copyOf(search);
        ntp = List.copyOf(ntp);
        routes = List.copyOf(routes);
    }
}
