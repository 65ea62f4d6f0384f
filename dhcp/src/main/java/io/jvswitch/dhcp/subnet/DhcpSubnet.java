package io.jvswitch.dhcp.subnet;

import io.jvswitch.dhcp.DhcpResponder;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One IPv4 subnet that a {@link DhcpResponder} serves. Immutable; made by a {@link Builder}.
 *
 * <p>All addresses are IPv4. Addresses of ports and of hosts elsewhere belong in {@code reservations} or {@code
 * excluded}: the pool does not know about any others.
 *
 * @param network the subnet's lowest address
 * @param prefixLength bits of the prefix, 8 to 32
 * @param server our address (option 54, and the source of replies), neither the network's nor the broadcast address;
 *     inside the subnet, except for subnets of one or two addresses, which have no room for it
 * @param serverMac the MAC address that replies come from
 * @param gateway default router (option 3), or null; guests are told how to reach one outside the subnet
 * @param dns name servers (option 6)
 * @param domain domain name (option 15), or null
 * @param search domain search list (option 119)
 * @param ntp time servers (option 42)
 * @param routes static routes (options 121 and 249); the default route is added from {@code gateway}, as RFC 3442
 *     wants, and routes to a gateway and a server outside
 * @param mtuBytes the guests' MTU (option 26), 68 to 65535, or 0 to omit it
 * @param leaseSeconds how long a lease lasts (option 51), at least {@link #MIN_LEASE_SECONDS}; {@link #INFINITE_LEASE}
 *     forever
 * @param pools addresses for clients without a reservation, in ranges that do not overlap; network, broadcast, server
 *     and gateway address, reservations and exclusions are not given out
 * @param reservations what clients of certain MAC addresses get
 * @param excluded addresses that belong to others and are never given out from the pool
 * @param leasesPerPort how many addresses of the pools the clients on one port may hold at once; 0 for three quarters
 *     of them, or all but one if there are two or three
 * @param boot what clients boot from, or null
 * @param options options without a meaning to the server, for clients that ask for them
 * @param ipv6OnlyWaitSeconds how long clients that can do without IPv4 shall do without it (option 108), or 0 to omit
 *     the option
 */
public record DhcpSubnet(
        IpAddress network,
        int prefixLength,
        IpAddress server,
        MacAddress serverMac,
        @Nullable IpAddress gateway,
        List<IpAddress> dns,
        @Nullable String domain,
        List<String> search,
        List<IpAddress> ntp,
        List<Route> routes,
        int mtuBytes,
        long leaseSeconds,
        List<Range> pools,
        Map<MacAddress, Reservation> reservations,
        Set<IpAddress> excluded,
        int leasesPerPort,
        @Nullable DhcpBoot boot,
        List<DhcpOption> options,
        long ipv6OnlyWaitSeconds) {

    /** Option 51's value for a lease that never ends (RFC 2131, section 3.3). */
    public static final long INFINITE_LEASE = 0xffff_ffffL;
    /** Shorter leases would make clients renew continuously. */
    public static final long MIN_LEASE_SECONDS = 10;

    /** Prefixes of this length or longer have neither a network nor a broadcast address (RFC 3021). */
    static final int POINT_TO_POINT_BITS = 31;

    private static final int MIN_MTU_BYTES = 68;
    private static final int MAX_MTU_BYTES = 65_535;

    /**
     * A static route.
     *
     * @param to lowest address of the destination
     * @param prefixLength bits of its prefix, 0 to 32
     * @param via next hop, or 0.0.0.0 for a destination on the same link
     */
    public record Route(IpAddress to, int prefixLength, IpAddress via) {}

    /** Addresses from {@code first} to {@code last}, both included. */
    public record Range(IpAddress first, IpAddress last) {}

    /**
     * What the client of one MAC address gets.
     *
     * @param ip its address, or null for one from the pool
     * @param hostname its host name (option 12), or null
     * @param port name of the port that is bound to the MAC address: it does not apply to clients on other ports. Null
     *     for any port
     */
    public record Reservation(
            @Nullable IpAddress ip,
            @Nullable String hostname,
            @Nullable String port) {}

    /**
     * Checks the values against each other.
     *
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public DhcpSubnet {
        dns = List.copyOf(dns);
        search = List.copyOf(search);
        ntp = List.copyOf(ntp);
        routes = List.copyOf(routes);
        pools = List.copyOf(pools);
        reservations = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(reservations));
        excluded = Set.copyOf(excluded);
        options = List.copyOf(options);
        DhcpSubnetChecks.expect(prefixLength >= 8 && prefixLength <= 32, "prefix length", prefixLength, "8 to 32");
        DhcpSubnetChecks.expect(network.isIpv4(), "network", network, "an IPv4 address");
        int mask = -1 << 32 - prefixLength;
        DhcpSubnetChecks.expect((network.ipv4() & ~mask) == 0, "network", network, "no host bits for /" + prefixLength);
        DhcpSubnetChecks.expect(server.isIpv4(), "server", server, "an IPv4 address");
        if (prefixLength < POINT_TO_POINT_BITS) {
            DhcpSubnetChecks.usable("server", server, network, prefixLength);
        }
        if (gateway != null) {
            DhcpSubnetChecks.expect(gateway.isIpv4(), "gateway", gateway, "an IPv4 address");
            if (DhcpSubnetChecks.isInside(gateway, network, prefixLength)) {
                DhcpSubnetChecks.usable("gateway", gateway, network, prefixLength);
            }
        }
        DhcpSubnetChecks.ipv4("name server", dns);
        DhcpSubnetChecks.ipv4("time server", ntp);
        if (domain != null) {
            DhcpSubnetChecks.domainName("domain", domain);
        }
        search.forEach(name -> DhcpSubnetChecks.domainName("search domain", name));
        DhcpSubnetChecks.expect(
                mtuBytes == 0 || mtuBytes >= MIN_MTU_BYTES && mtuBytes <= MAX_MTU_BYTES,
                "MTU",
                mtuBytes,
                MIN_MTU_BYTES + " to " + MAX_MTU_BYTES + ", or 0");
        DhcpSubnetChecks.expect(
                leaseSeconds >= MIN_LEASE_SECONDS && leaseSeconds <= INFINITE_LEASE,
                "lease seconds",
                leaseSeconds,
                MIN_LEASE_SECONDS + " to " + INFINITE_LEASE);
        DhcpSubnetChecks.expect(
                ipv6OnlyWaitSeconds >= 0 && ipv6OnlyWaitSeconds <= INFINITE_LEASE,
                "IPv6-only wait seconds",
                ipv6OnlyWaitSeconds,
                "0 to " + INFINITE_LEASE);
        DhcpSubnetChecks.expect(leasesPerPort >= 0, "leases per port", leasesPerPort, "at least 0");
        routes.forEach(DhcpSubnetChecks::route);
        DhcpSubnetChecks.pools(network, prefixLength, pools);
        DhcpSubnetChecks.reservations(network, prefixLength, reservations);
    }

    /** The subnet mask, as in option 1. */
    public int mask() {
        return -1 << 32 - prefixLength;
    }

    /** The subnet's broadcast address, or 0 if it has none. */
    public int broadcastAddress() {
        return prefixLength < POINT_TO_POINT_BITS ? network.ipv4() | ~mask() : 0;
    }

    /** Whether an IPv4 address lies in the subnet. */
    public boolean contains(int ipv4) {
        return (ipv4 & mask()) == network.ipv4();
    }

    /**
     * A MAC address for the server of a subnet: locally administered and always the same for the same address, so that
     * guests see the same one on every host of a network and a guest that moves keeps a valid ARP cache.
     */
    public static MacAddress macFor(IpAddress server) {
        return new MacAddress(0x026a_0000_0000L | server.lo() & 0xffff_ffffL);
    }

    /**
     * Begins a subnet with a lease of one day and nothing else set.
     *
     * @param network lowest address
     * @param prefixLength bits of the prefix
     * @param server our address in it
     */
    public static Builder builder(IpAddress network, int prefixLength, IpAddress server) {
        return new Builder(network, prefixLength, server);
    }

    /** {@link #builder(IpAddress, int, IpAddress)} from text like {@code 10.0.0.0/24} and {@code 10.0.0.2}. */
    public static Builder builder(String cidr, String server) {
        String[] parts = cidr.split("/", -1);
        DhcpSubnetChecks.expect(parts.length == 2 && parts[1].matches("[0-9]{1,2}"), "network", cidr, "ADDRESS/LENGTH");
        return new Builder(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]), IpAddress.parse(server));
    }

    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }

    /** Collects the values of a subnet. */
    public static final class Builder {
        private static final long ONE_DAY_SECONDS = 86_400;

        private final IpAddress network;
        private final int prefixLength;
        private final IpAddress server;
        private @Nullable MacAddress serverMac;
        private @Nullable IpAddress gateway;
        private List<IpAddress> dns = List.of();
        private @Nullable String domain;
        private List<String> search = List.of();
        private List<IpAddress> ntp = List.of();
        private List<Route> routes = List.of();
        private int mtuBytes;
        private long leaseSeconds = ONE_DAY_SECONDS;
        private List<Range> pools = List.of();
        private final Map<MacAddress, Reservation> reservations = new LinkedHashMap<>();
        private Set<IpAddress> excluded = Set.of();
        private int leasesPerPort;
        private @Nullable DhcpBoot boot;
        private List<DhcpOption> options = List.of();
        private long ipv6OnlyWaitSeconds;

        private Builder(IpAddress network, int prefixLength, IpAddress server) {
            this.network = network;
            this.prefixLength = prefixLength;
            this.server = server;
        }

        /** MAC address of the replies; {@link DhcpSubnet#macFor} when not called. */
        public Builder serverMac(MacAddress mac) {
            serverMac = mac;
            return this;
        }

        public Builder gateway(@Nullable IpAddress router) {
            gateway = router;
            return this;
        }

        public Builder dns(List<IpAddress> servers) {
            dns = servers;
            return this;
        }

        public Builder domain(@Nullable String name) {
            domain = name;
            return this;
        }

        public Builder search(List<String> domains) {
            search = domains;
            return this;
        }

        public Builder ntp(List<IpAddress> servers) {
            ntp = servers;
            return this;
        }

        public Builder routes(List<Route> staticRoutes) {
            routes = staticRoutes;
            return this;
        }

        public Builder mtuBytes(int bytes) {
            mtuBytes = bytes;
            return this;
        }

        public Builder leaseSeconds(long seconds) {
            leaseSeconds = seconds;
            return this;
        }

        public Builder pools(List<Range> ranges) {
            pools = ranges;
            return this;
        }

        /** Adds a reservation; it replaces an earlier one for the MAC address. */
        public Builder reserve(MacAddress mac, @Nullable IpAddress ip, @Nullable String hostname) {
            return reserve(mac, ip, hostname, null);
        }

        /** Adds a reservation that applies only to a client on one port. */
        public Builder reserve(
                MacAddress mac, @Nullable IpAddress ip, @Nullable String hostname, @Nullable String port) {
            reservations.put(mac, new Reservation(ip, hostname, port));
            return this;
        }

        public Builder excluded(Set<IpAddress> addresses) {
            excluded = addresses;
            return this;
        }

        public Builder leasesPerPort(int leases) {
            leasesPerPort = leases;
            return this;
        }

        public Builder boot(@Nullable DhcpBoot what) {
            boot = what;
            return this;
        }

        public Builder options(List<DhcpOption> byNumber) {
            options = byNumber;
            return this;
        }

        public Builder ipv6OnlyWaitSeconds(long seconds) {
            ipv6OnlyWaitSeconds = seconds;
            return this;
        }

        /**
         * The subnet.
         *
         * @throws IllegalArgumentException naming the value that does not fit and what was expected
         */
        public DhcpSubnet build() {
            return new DhcpSubnet(
                    network,
                    prefixLength,
                    server,
                    serverMac != null ? serverMac : macFor(server),
                    gateway,
                    dns,
                    domain,
                    search,
                    ntp,
                    routes,
                    mtuBytes,
                    leaseSeconds,
                    pools,
                    reservations,
                    excluded,
                    leasesPerPort,
                    boot,
                    options,
                    ipv6OnlyWaitSeconds);
        }
    }
}
