package io.jvswitch.dhcp.subnet;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which values a {@link DhcpSubnet} may have; each check throws an {@link IllegalArgumentException} that names it. */
final class DhcpSubnetChecks {

    private static final int MAX_TEXT_BYTES = 253;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int MAX_ADDRESSES = 63;

    private DhcpSubnetChecks() {}

    static void route(DhcpSubnet.Route route) {
        expect(route.to().isIpv4() && route.via().isIpv4(), "route", route, "IPv4 addresses");
        expect(route.prefixLength() >= 0 && route.prefixLength() <= 32, "route", route, "a prefix length of 0 to 32");
        int mask = route.prefixLength() == 0 ? 0 : -1 << 32 - route.prefixLength();
        expect((route.to().ipv4() & ~mask) == 0, "route", route, "a destination without host bits");
    }

    static void pools(IpAddress network, int prefixLength, List<DhcpSubnet.Range> pools) {
        for (int i = 0; i < pools.size(); i++) {
            DhcpSubnet.Range pool = pools.get(i);
            inside("pool", pool.first(), network, prefixLength);
            inside("pool", pool.last(), network, prefixLength);
            expect(pool.first().compareTo(pool.last()) <= 0, "pool", pool, "a first address not above the last");
            for (DhcpSubnet.Range other : pools.subList(0, i)) {
                boolean apart =
                        pool.last().compareTo(other.first()) < 0 || other.last().compareTo(pool.first()) < 0;
                expect(apart, "pool", pool, "no address of " + other);
            }
        }
    }

    static void reservations(
            IpAddress network, int prefixLength, Map<MacAddress, DhcpSubnet.Reservation> reservations) {
        Map<IpAddress, MacAddress> owners = new HashMap<>();
        reservations.forEach((mac, reservation) -> {
            if (reservation.ip() != null) {
                usable("reservation of " + mac, reservation.ip(), network, prefixLength);
                MacAddress other = owners.put(reservation.ip(), mac);
                expect(
                        other == null,
                        "reservation of " + mac,
                        reservation.ip(),
                        "an address not reserved for " + other);
            }
            if (reservation.hostname() != null) {
                domainName("host name of " + mac, reservation.hostname());
            }
        });
    }

    static void ipv4(String what, List<IpAddress> addresses) {
        expect(addresses.size() <= MAX_ADDRESSES, what + "s", addresses.size(), "at most " + MAX_ADDRESSES);
        addresses.forEach(address -> expect(address.isIpv4(), what, address, "an IPv4 address"));
    }

    static void inside(String what, IpAddress address, IpAddress network, int prefixLength) {
        expect(
                isInside(address, network, prefixLength),
                what,
                address,
                "an address of " + network + "/" + prefixLength);
    }

    static boolean isInside(IpAddress address, IpAddress network, int prefixLength) {
        return address.isIpv4() && (address.ipv4() & -1 << 32 - prefixLength) == network.ipv4();
    }

    /** Inside the subnet, and neither the network nor the broadcast address, which a /31 does not have (RFC 3021). */
    static void usable(String what, IpAddress address, IpAddress network, int prefixLength) {
        inside(what, address, network, prefixLength);
        int host = address.ipv4() & ~(-1 << 32 - prefixLength);
        boolean taken =
                prefixLength < DhcpSubnet.POINT_TO_POINT_BITS && (host == 0 || host == ~(-1 << 32 - prefixLength));
        expect(!taken, what, address, "neither the network's nor the broadcast address");
    }

    static void domainName(String what, String name) {
        boolean good = !name.isEmpty() && name.length() <= MAX_TEXT_BYTES;
        for (String label : name.split("\\.", -1)) {
            good &= !label.isEmpty() && label.length() <= MAX_LABEL_BYTES && label.matches("[A-Za-z0-9_-]+");
        }
        expect(good, what, "'" + name + "'", "a domain name like lab.example.com");
    }

    static void expect(boolean good, String what, Object value, String expected) {
        if (!good) {
            throw new IllegalArgumentException("DHCP subnet: " + what + " " + value + ": expected " + expected);
        }
    }
}
