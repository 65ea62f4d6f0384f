package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options that are the same forevery client of a subnet, ready to be copied into replies. Immutable.
 */
final class SubnetOptions {

    /**
     * What a client without a parameter request list gets, in this order. Routes and search list are only for clients
     * that ask for them: others would have no use for such long options.
     */
    private static final int[] DEFAULT_CODES = {
        OptionCode.ROUTER,
        OptionCode.DNS,
        OptionCode.HOSTNAME,
        OptionCode.DOMAIN,
        OptionCode.BROADCAST_ADDRESS,
        OptionCode.NTP
    };

    private final byte[] @Nullable [] byCode = new byte[256][];
    private final int[] always;

    SubnetOptions(DhcpSubnet subnet) {
        IpAddress gateway = subnet.gateway();
        put(OptionCode.SUBNET_MASK, OptionEncoding.addresses(List.of(IpAddress.ofIpv4(subnet.mask()))));
        if (gateway != null) {
            put(OptionCode.ROUTER, OptionEncoding.addresses(List.of(gateway)));
        }
        put(OptionCode.DNS, OptionEncoding.addresses(subnet.dns()));
        if (subnet.domain() != null) {
            byCode[OptionCode.DOMAIN] = OptionEncoding.option(OptionCode.DOMAIN, subnet.domain());
        }
        if (subnet.mtuBytes() != 0) {
            put(OptionCode.MTU, OptionEncoding.uint16(subnet.mtuBytes()));
        }
        if (subnet.broadcastAddress() != 0) {
            put(
                    OptionCode.BROADCAST_ADDRESS,
                    OptionEncoding.addresses(List.of(IpAddress.ofIpv4(subnet.broadcastAddress()))));
        }
        put(OptionCode.NTP, OptionEncoding.addresses(subnet.ntp()));
        put(OptionCode.DOMAIN_SEARCH, OptionEncoding.searchList(subnet.search()));
        DhcpBoot boot = subnet.boot();
        if (boot != null && boot.nextServer() != null) {
            put(OptionCode.TFTP_ADDRESSES, OptionEncoding.addresses(List.of(boot.nextServer())));
            byCode[OptionCode.TFTP_SERVER] = OptionEncoding.option(
                    OptionCode.TFTP_SERVER, boot.nextServer().toString());
        }
        if (boot != null && boot.serverName() != null) {
            byCode[OptionCode.TFTP_SERVER] = OptionEncoding.option(OptionCode.TFTP_SERVER, boot.serverName());
        }
        if (subnet.ipv6OnlyWaitSeconds() > 0) {
            put(OptionCode.IPV6_ONLY, OptionEncoding.uint32(subnet.ipv6OnlyWaitSeconds()));
        }
        subnet.options().forEach(option -> byCode[option.code()] = option.encoded());
        always = subnet.options().stream()
                .filter(DhcpOption::always)
                .mapToInt(DhcpOption::code)
                .toArray();
        List<DhcpSubnet.Route> onLink = outside(subnet);
        if (!subnet.routes().isEmpty() || !onLink.isEmpty()) {
            byte[] routes = OptionEncoding.classlessRoutes(withDefaultRoute(onLink, subnet.routes(), gateway));
            put(OptionCode.CLASSLESS_ROUTES, routes);
            put(OptionCode.MICROSOFT_ROUTES, routes);
        }
    }

    /**
     * Routes to a gateway and a server that are on the link but not in the subnet: without them a client's kernel
     * refuses a default route via such a gateway, and the client cannot renew with such a server. They must be
     * installed first.
     */
    private static List<DhcpSubnet.Route> outside(DhcpSubnet subnet) {
        List<DhcpSubnet.Route> routes = new ArrayList<>();
        for (IpAddress neighbour : Arrays.asList(subnet.gateway(), subnet.server())) {
            if (neighbour != null
                    && !subnet.contains(neighbour.ipv4())
                    && subnet.routes().stream().noneMatch(route -> isOnLink(route, neighbour))) {
                routes.add(new DhcpSubnet.Route(neighbour, 32, IpAddress.ofIpv4(0)));
            }
        }
        return routes;
    }

    private static boolean isOnLink(DhcpSubnet.Route route, IpAddress neighbour) {
        int mask = route.prefixLength() == 0 ? 0 : -1 << 32 - route.prefixLength();
        return route.via().ipv4() == 0
                && (neighbour.ipv4() & mask) == route.to().ipv4();
    }

    /** A client that gets option 121 ignores option 3 (RFC 3442), so the default route must be in the list. */
    private static List<DhcpSubnet.Route> withDefaultRoute(
            List<DhcpSubnet.Route> onLink, List<DhcpSubnet.Route> routes, @Nullable IpAddress gateway) {
        List<DhcpSubnet.Route> all = new ArrayList<>(onLink);
        all.addAll(routes);
        boolean given = routes.stream().anyMatch(route -> route.prefixLength() == 0);
        if (gateway != null && !given) {
            all.add(new DhcpSubnet.Route(IpAddress.ofIpv4(0), 0, gateway));
        }
        return all;
    }

    private void put(int code, byte[] value) {
        if (value.length > 0) {
            byCode[code] = OptionEncoding.option(code, value);
        }
    }

    /** The encoded option, or null when the subnet does not have it. */
    byte @Nullable [] get(int code) {
        return byCode[code];
    }

    /** Number of options that clients get whether they ask or not. */
    int alwaysCount() {
        return always.length;
    }

    int always(int index) {
        return always[index];
    }

    /** Number of options for clients that do not say which they want. */
    static int defaultCount() {
        return DEFAULT_CODES.length;
    }

    /** Code of the option at {@code index} for clients that do not say which they want. */
    static int defaultCode(int index) {
        return DEFAULT_CODES[index];
    }
}
