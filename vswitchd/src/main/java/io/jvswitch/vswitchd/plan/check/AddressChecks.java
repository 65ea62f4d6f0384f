package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks ports, and that in each network every MAC and IP address has one owner inside a subnet. */
final class AddressChecks {

    private static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10");

    private final SwitchSpec spec;
    private final List<Finding> findings;
    private final Map<String, Owners> owners = new HashMap<>();

    /**
     * Who has which address of a network.
     *
     * @param path of the key that says so
     * @param title how a message calls the owner
     * @param mac of a host elsewhere or of a port whose device somebody else makes, null for any other
     * @param elsewhere whether it is a host behind a VTEP
     */
    private record Owner(
            String path, String title, @Nullable MacAddress mac, boolean elsewhere) {

        Owner(String path, String title) {
            this(path, title, null, false);
        }

        Owner at(String otherPath) {
            return new Owner(otherPath, title, mac, elsewhere);
        }

        /**
         * Whether a port is the one guest's that the host entry tells of too: it migrates, and is wherever its device
         * is. A TAP of the switch's own is always here.
         */
        boolean mayBe(Owner host) {
            return host.elsewhere && !elsewhere && mac != null && mac.equals(host.mac);
        }
    }

    private static final class Owners {
        final Map<MacAddress, Owner> macs = new HashMap<>();
        final Map<IpAddress, Owner> ips = new HashMap<>();
    }

    private AddressChecks(SwitchSpec spec, List<Finding> findings) {
        this.spec = spec;
        this.findings = findings;
    }

    static void check(SwitchSpec spec, List<Finding> findings) {
        AddressChecks checks = new AddressChecks(spec, findings);
        spec.networks().values().forEach(checks::network);
        spec.ports().values().forEach(checks::port);
        spec.ports().values().forEach(checks::allowedIps);
    }

    /** Once every owner is known: an address that is another's must not be allowed, too. */
    private void allowedIps(PortSpec port) {
        Set<IpPrefix> seen = new HashSet<>();
        List<IpPrefix> allowed = port.guard().allowedIps();
        for (int i = 0; i < allowed.size(); i++) {
            IpPrefix prefix = allowed.get(i);
            String at = "ports." + port.name() + ".allowed-ips[" + i + "]";
            boolean one = prefix.equals(IpPrefix.of(prefix.network()));
            String expected = prefix.network().isMulticast()
                    ? "expected addresses that hosts can have, not a group's"
                    : one ? HostAddresses.expectedInsteadOf(prefix.network()) : HostAddresses.expectedInsteadOf(prefix);
            if (expected != null) {
                add(at, shown(prefix), expected);
            } else if (!seen.add(prefix)) {
                add(at, shown(prefix), "expected each once");
            } else if (one) {
                allowedAddress(port, prefix.network(), at);
            }
        }
    }

    /** What another guest or the switch has for sure is nobody else's; a wider prefix may well contain it. */
    private void allowedAddress(PortSpec port, IpAddress address, String at) {
        Owners owned = owners.get(port.network());
        Owner owner = owned == null ? null : owned.ips.get(address);
        if (owner == null || owner.path.startsWith("ports." + port.name() + ".") || owner.elsewhere) {
            return;
        }
        String text = address.toString();
        Finding reversed = new Finding(
                owner.path,
                text,
                "expected an address of its own: port " + port.name() + " may send from it, by its allowed-ips",
                List.of(at));
        findings.add(new Finding(
                at,
                text,
                "expected an address that nobody else has: " + owner.title + " has it in the same network",
                List.of(owner.path),
                reversed));
    }

    /** As it was written, where it is one address. */
    private static String shown(IpPrefix prefix) {
        boolean one = prefix.equals(IpPrefix.of(prefix.network()));
        return one ? prefix.network().toString() : prefix.toString();
    }

    private void network(NetworkSpec network) {
        Owners owned = new Owners();
        owners.put(network.name(), owned);
        String at = "networks." + network.name();
        for (int i = 0; i < network.subnets().size(); i++) {
            DhcpSpec dhcp = network.subnets().get(i).dhcp();
            if (dhcp != null) {
                String dhcpAt = at + ".subnets[" + i + "].dhcp";
                claimServer(owned, network, i, dhcp, dhcpAt + ".server");
                // Several subnets may share the server's MAC address: it is the same responder.
                owned.macs.putIfAbsent(dhcp.serverMac(), new Owner(dhcpAt + ".server-mac", "the DHCP server"));
            }
        }
        for (int i = 0; i < network.hosts().size(); i++) {
            HostSpec host = network.hosts().get(i);
            String hostAt = at + ".hosts[" + i + "]";
            Owner station = new Owner(hostAt + ".mac", "host " + host.mac(), host.mac(), true);
            claimMac(owned, host.mac(), station);
            for (int j = 0; j < host.ips().size(); j++) {
                Owner owner = station.at(hostAt + ".ip[" + j + "]");
                inSubnet(network, host.ips().get(j), owner.path);
                claimIp(owned, host.ips().get(j), owner);
            }
        }
    }

    /** Subnets without room for a server may share one, which then has one MAC address. */
    private void claimServer(Owners owned, NetworkSpec network, int index, DhcpSpec dhcp, String at) {
        for (int i = 0; i < index; i++) {
            DhcpSpec earlier = network.subnets().get(i).dhcp();
            if (earlier != null && earlier.server().equals(dhcp.server())) {
                if (!earlier.serverMac().equals(dhcp.serverMac())) {
                    add(
                            at + "-mac",
                            dhcp.serverMac().toString(),
                            "expected " + earlier.serverMac() + ", as server " + dhcp.server()
                                    + " has it in another subnet of the same network",
                            "networks." + network.name() + ".subnets[" + i + "].dhcp.server-mac");
                }
                return;
            }
        }
        claimIp(owned, dhcp.server(), new Owner(at, "the DHCP server"));
    }

    private void port(PortSpec port) {
        String at = "ports." + port.name();
        MacAddress mac = port.mac();
        if (mac == null && !port.ips().isEmpty()) {
            add(at + ".mac", null, "missing: expected a MAC address beside ip");
        } else if (mac == null && !port.guard().allowedIps().isEmpty()) {
            add(at + ".mac", null, "missing: expected a MAC address beside allowed-ips");
        } else if (mac == null && port.hostname() != null) {
            add(at + ".mac", null, "missing: expected a MAC address beside hostname");
        }
        NetworkSpec network = spec.networks().get(port.network());
        Owners owned = owners.get(port.network());
        if (network == null || owned == null) {
            if (!port.network().isEmpty()) {
                add(at + ".network", port.network(), "expected the name of a network: " + known(spec), "networks");
            }
            return;
        }
        Owner station =
                new Owner(at + ".mac", "port " + port.name(), port.kind() == PortKind.SYSTEM ? mac : null, false);
        if (mac != null) {
            claimMac(owned, mac, station);
        }
        for (int i = 0; i < port.ips().size(); i++) {
            Owner owner = station.at(at + ".ip[" + i + "]");
            inSubnet(network, port.ips().get(i), owner.path);
            claimIp(owned, port.ips().get(i), owner);
        }
    }

    /** The networks that there are, for a message about one that is not. */
    static String known(SwitchSpec spec) {
        return spec.networks().isEmpty()
                ? "there is none"
                : String.join(", ", spec.networks().keySet());
    }

    private void inSubnet(NetworkSpec network, IpAddress ip, String at) {
        String expected = HostAddresses.expectedInsteadOf(ip);
        if (expected != null) {
            add(at, ip.toString(), expected);
            return;
        }
        List<String> cidrs = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < network.subnets().size(); i++) {
            IpPrefix cidr = network.subnets().get(i).cidr();
            paths.add("networks." + network.name() + ".subnets[" + i + "].cidr");
            if (cidr.contains(ip)) {
                if (SubnetChecks.isReserved(cidr, ip)) {
                    add(
                            at,
                            ip.toString(),
                            "expected an address other than the network's and the broadcast address of " + cidr,
                            paths.getLast());
                }
                return;
            }
            if (cidr.isIpv4() == ip.isIpv4()) {
                cidrs.add(cidr.toString());
            }
        }
        if (!cidrs.isEmpty() && !LINK_LOCAL.contains(ip)) {
            add(
                    at,
                    ip.toString(),
                    "expected an address inside a subnet of network '" + network.name() + "': "
                            + String.join(", ", cidrs),
                    paths.toArray(String[]::new));
        }
    }

    private void claimMac(Owners owned, MacAddress mac, Owner owner) {
        claim(owned.macs, mac, owner);
    }

    private void claimIp(Owners owned, IpAddress ip, Owner owner) {
        claim(owned.ips, ip, owner);
    }

    private <A> void claim(Map<A, Owner> owners, A address, Owner owner) {
        Owner earlier = owners.putIfAbsent(address, owner);
        if (earlier == null) {
            return;
        }
        if (owner.mayBe(earlier)) {
            owners.put(address, owner); // a further port is another guest's
        } else {
            claimedTwice(address.toString(), owner, earlier);
        }
    }

    private void claimedTwice(String address, Owner owner, Owner earlier) {
        Finding reversed = new Finding(earlier.path, address, claimedTwice(owner), List.of(owner.path));
        findings.add(new Finding(owner.path, address, claimedTwice(earlier), List.of(earlier.path), reversed));
    }

    private static String claimedTwice(Owner other) {
        return "expected an address of its own: " + other.title + " has it in the same network";
    }

    private void add(String path, @Nullable String value, String message, String... restsOn) {
        findings.add(new Finding(path, value, message, List.of(restsOn)));
    }
}
