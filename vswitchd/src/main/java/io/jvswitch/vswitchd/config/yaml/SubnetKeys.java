package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** The keys of a network's {@code subnets} and of their {@code routes}. */
final class SubnetKeys {

    private static final Key<IpPrefix> CIDR = Key.required("cidr", Values.PREFIX, "The subnet, as `10.0.0.0/24`.");
    private static final Key<IpAddress> GATEWAY = Key.optional(
            "gateway",
            Values.UNICAST_IP,
            "none",
            "Default router of the guests (option 3). It may lie outside the subnet, or be link-local in"
                    + " IPv6: guests that understand option 121 or 249 are told that it is on their link.");
    private static final Key<IpAddress> DNS = Key.some("dns", Values.UNICAST_IP, "Name servers (option 6).");
    private static final Key<String> DOMAIN =
            Key.optional("domain", Values.DOMAIN_NAME, "none", "Domain name of the guests (option 15).");
    private static final Key<String> SEARCH =
            Key.some("search", Values.DOMAIN_NAME, "Domain search list (option 119).");
    private static final Key<IpAddress> NTP = Key.some("ntp", Values.UNICAST_IP, "Time servers (option 42).");

    private static final Key<IpPrefix> TO = Key.required("to", Values.PREFIX, "Destination, as `172.16.0.0/12`.");
    private static final Key<IpAddress> VIA = Key.required(
            "via",
            Values.IP,
            "Next hop on the guests' link: inside the subnet, the gateway, or what another route makes on-link;"
                    + " `0.0.0.0` for on-link.");
    static final KeyTable ROUTE_TABLE = new KeyTable(
            "networks.NAME.subnets[].routes[]",
            "A classless static route (options 121 and 249). The default route by `gateway` is added to them.",
            List.of(TO, VIA));

    private static final Key<Section> ROUTES = Key.sections(
            "routes", Key.Shape.SECTION_LIST, ROUTE_TABLE, false, "Static routes that DHCP tells the guests.");
    private static final Key<Section> DHCP =
            Key.sections("dhcp", Key.Shape.SECTION, DhcpKeys.TABLE, false, "Makes jvswitch answer DHCP in the subnet.");

    static final KeyTable TABLE = new KeyTable(
            "networks.NAME.subnets[]",
            "An IP subnet of the network: what DHCP tells guests, and where addresses of ports and hosts must lie.",
            List.of(CIDR, GATEWAY, DNS, DOMAIN, SEARCH, NTP, ROUTES, DHCP));

    private SubnetKeys() {}

    static SubnetSpec read(Section section, String network) {
        List<RouteSpec> routes = new ArrayList<>();
        for (Section route : section.sectionList(ROUTES)) {
            routes.add(new RouteSpec(route.require(TO, StandIns.PREFIX), route.require(VIA, StandIns.IP)));
        }
        Section dhcp = section.section(DHCP);
        return new SubnetSpec(
                section.require(CIDR, StandIns.PREFIX),
                section.find(GATEWAY),
                section.list(DNS),
                section.find(DOMAIN),
                section.list(SEARCH),
                section.list(NTP),
                routes,
                dhcp == null ? null : DhcpKeys.read(dhcp, network));
    }
}
