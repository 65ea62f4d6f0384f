package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.IpRange;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks one subnet: families, what must lie inside, and what a pool must leave out. */
final class SubnetChecks {

    /** Shorter than this, an IPv4 subnet has a network and a broadcast address (RFC 3021). */
    private static final int POINT_TO_POINT_BITS = 31;

    /** The largest subnet whose pool the DHCP responder keeps in memory. */
    private static final int LARGEST_DHCP_SUBNET_BITS = 8;

    /** Addresses that fit one DHCP option of 255 bytes. */
    private static final int MAX_OPTION_ADDRESSES = 63;

    private final String at;
    private final String cidrAt;
    private final SubnetSpec subnet;
    private final List<Finding> findings;

    SubnetChecks(String at, SubnetSpec subnet, List<Finding> findings) {
        this.at = at;
        this.cidrAt = at + ".cidr";
        this.subnet = subnet;
        this.findings = findings;
    }

    void run() {
        String expected = HostAddresses.expectedInsteadOf(subnet.cidr());
        if (expected != null) {
            add(cidrAt, subnet.cidr().toString(), expected);
            return;
        }
        IpAddress gateway = subnet.gateway();
        if (gateway != null) {
            gateway(at + ".gateway", gateway);
        }
        family(at + ".dns", subnet.dns());
        family(at + ".ntp", subnet.ntp());
        for (int i = 0; i < subnet.routes().size(); i++) {
            route(at + ".routes[" + i + "]", subnet.routes().get(i));
        }
        DhcpSpec dhcp = subnet.dhcp();
        if (dhcp == null) {
            return;
        }
        String dhcpAt = at + ".dhcp";
        if (!subnet.cidr().isIpv4()) {
            add(dhcpAt, null, "expected none, as " + subnet.cidr() + " is an IPv6 subnet: DHCPv6 is not supported");
            return;
        }
        int length = subnet.cidr().length();
        if (length < LARGEST_DHCP_SUBNET_BITS) {
            add(dhcpAt, null, "expected none, as " + subnet.cidr() + " is larger than a /" + LARGEST_DHCP_SUBNET_BITS);
            return;
        }
        optionFits(at + ".dns", subnet.dns());
        optionFits(at + ".ntp", subnet.ntp());
        dhcpServer(dhcpAt + ".server", dhcp.server());
        if (dhcp.server().equals(gateway)) {
            add(
                    dhcpAt + ".server",
                    dhcp.server().toString(),
                    "expected an address other than the gateway's: jvswitch answers ARP for it",
                    at + ".gateway");
        }
        if (dhcp.boot() != null) {
            boot(dhcpAt + ".boot", dhcp.boot());
        }
        for (int i = 0; i < dhcp.alwaysSend().size(); i++) {
            int code = dhcp.alwaysSend().get(i);
            if (dhcp.options().stream().noneMatch(option -> option.code() == code)) {
                String path = dhcpAt + ".always-send[" + i + "]";
                add(path, Integer.toString(code), "expected a number among options", dhcpAt + ".options");
            }
        }
        for (int i = 0; i < dhcp.pools().size(); i++) {
            pool(dhcpAt + ".pool", i, dhcp);
        }
    }

    /** What guests are told to ask: anywhere, but some host's. */
    private void server(String path, IpAddress address, boolean ipv4) {
        String expected = HostAddresses.expectedInsteadOf(address);
        if (address.isIpv4() != ipv4) {
            add(path, address.toString(), "expected an " + (ipv4 ? "IPv4" : "IPv6") + " address");
        } else if (expected != null) {
            add(path, address.toString(), expected);
        }
    }

    /** A file that is no URL is some server's. */
    private void boot(String path, DhcpBoot boot) {
        if (boot.nextServer() != null) {
            server(path + ".next-server", boot.nextServer(), true);
            return;
        }
        bootFile(path + ".file", boot.file(), path);
        bootFile(path + ".ipxe-file", boot.ipxeFile(), path);
        boot.filesByArchitecture().forEach((type, file) -> bootFile(path + ".files." + type, file, path));
    }

    private void bootFile(String path, @Nullable String file, String bootAt) {
        if (file != null && !file.contains("://")) {
            add(path, file, "expected a URL, or a next-server to load the file from", bootAt + ".next-server");
        }
    }

    /** Anywhere on the link: inside the subnet or not, as a link-local one is. */
    private void gateway(String path, IpAddress address) {
        String expected = HostAddresses.expectedInsteadOf(address);
        if (address.isIpv4() != subnet.cidr().isIpv4()) {
            add(path, address.toString(), "expected an " + familyOfSubnet() + " address");
        } else if (expected != null) {
            add(path, address.toString(), expected);
        } else {
            notReserved(path, address);
        }
    }

    /** Inside the subnet, unless that has no room for it. */
    private void dhcpServer(String path, IpAddress address) {
        if (!address.isIpv4()) {
            add(path, address.toString(), "expected an IPv4 address");
        } else if (!subnet.cidr().contains(address) && subnet.cidr().length() < POINT_TO_POINT_BITS) {
            add(path, address.toString(), "expected an address inside " + subnet.cidr());
        } else {
            notReserved(path, address);
        }
    }

    private void notReserved(String path, IpAddress address) {
        if (subnet.cidr().contains(address) && isReserved(subnet.cidr(), address)) {
            add(
                    path,
                    address.toString(),
                    "expected an address other than the network's and the broadcast address of " + subnet.cidr());
        }
    }

    /** Whether it is the network's own or the broadcast address. */
    static boolean isReserved(IpPrefix cidr, IpAddress address) {
        return cidr.isIpv4()
                && cidr.length() < POINT_TO_POINT_BITS
                && (address.equals(cidr.network()) || address.equals(cidr.last()));
    }

    private void optionFits(String path, List<IpAddress> addresses) {
        if (addresses.size() > MAX_OPTION_ADDRESSES) {
            add(path, null, "expected at most " + MAX_OPTION_ADDRESSES + " addresses, as many as DHCP can tell");
        }
    }

    private void family(String path, List<IpAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            server(path + "[" + i + "]", addresses.get(i), subnet.cidr().isIpv4());
        }
    }

    private String familyOfSubnet() {
        return "IPv" + (subnet.cidr().isIpv4() ? 4 : 6);
    }

    private void route(String path, RouteSpec route) {
        if (route.to().isIpv4() != subnet.cidr().isIpv4()) {
            add(path + ".to", route.to().toString(), "expected an " + familyOfSubnet() + " prefix");
        }
        boolean onLink = route.via().isUnspecified()
                && route.via().isIpv4() == subnet.cidr().isIpv4();
        if (!onLink && !isReachable(route.via())) {
            add(
                    path + ".via",
                    route.via().toString(),
                    "expected an address inside " + subnet.cidr()
                            + ", the gateway, one that another route makes on-link, or "
                            + (subnet.cidr().isIpv4() ? "0.0.0.0" : "::") + " for on-link",
                    at + ".gateway");
        }
    }

    /** Whether guests can reach it without a router. */
    private boolean isReachable(IpAddress nextHop) {
        return subnet.cidr().contains(nextHop)
                || nextHop.equals(subnet.gateway())
                || subnet.routes().stream()
                        .anyMatch(route ->
                                route.via().isUnspecified() && route.to().contains(nextHop));
    }

    private void pool(String path, int index, DhcpSpec dhcp) {
        IpRange pool = dhcp.pools().get(index);
        IpPrefix cidr = subnet.cidr();
        String poolAt = path + "[" + index + "]";
        if (!cidr.contains(pool.first()) || !cidr.contains(pool.last())) {
            add(poolAt, pool.toString(), "expected a range inside " + cidr);
            return;
        }
        boolean reserved =
                cidr.length() < POINT_TO_POINT_BITS && (pool.contains(cidr.network()) || pool.contains(cidr.last()));
        if (reserved) {
            add(poolAt, pool.toString(), "expected a range without the network's and the broadcast address of " + cidr);
        }
        if (pool.contains(dhcp.server())) {
            add(poolAt, pool.toString(), "expected a range without dhcp.server " + dhcp.server(), at + ".dhcp.server");
        }
        IpAddress gateway = subnet.gateway();
        if (gateway != null && pool.contains(gateway)) {
            add(poolAt, pool.toString(), "expected a range without the gateway " + gateway, at + ".gateway");
        }
        for (int i = 0; i < index; i++) {
            if (pool.overlaps(dhcp.pools().get(i))) {
                add(
                        poolAt,
                        pool.toString(),
                        "expected a range apart from " + dhcp.pools().get(i));
            }
        }
    }

    private void add(String path, @Nullable String value, String message, String... alsoRestsOn) {
        List<String> restsOn = new java.util.ArrayList<>(List.of(alsoRestsOn));
        restsOn.add(cidrAt);
        findings.add(new Finding(path, value, message, restsOn));
    }
}
