package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subnets that a responder serves, and which of them a request concerns. Immutable; allocates nothing.
 */
final class ServedSubnets {

    private final List<ServedSubnet> all;

    ServedSubnets(List<DhcpSubnet> configured) {
        all = configured.stream().map(ServedSubnet::new).toList();
    }

    List<ServedSubnet> all() {
        return all;
    }

    /** The subnet of an address that the requesting client may have, or null. */
    @Nullable
    ServedSubnet subnetOf(int address, DhcpRequest request) {
        for (int i = 0; i < all.size(); i++) {
            ServedSubnet subnet = all.get(i);
            if (subnet.contains(address) && isOnLink(subnet, request)) {
                return subnet;
            }
        }
        return null;
    }

    /** Behind a relay only the relay's subnet is there; without one, all subnets of the network are. */
    static boolean isOnLink(ServedSubnet subnet, DhcpRequest request) {
        return request.giaddr == 0 || subnet.contains(request.linkAddress);
    }

    /** The first subnet that the client may be in, or null. */
    @Nullable
    ServedSubnet firstSubnet(DhcpRequest request) {
        for (int i = 0; i < all.size(); i++) {
            if (isOnLink(all.get(i), request)) {
                return all.get(i);
            }
        }
        return null;
    }

    /**
     * The address that is the client's because its port is bound to it: if there are several, the first in a subnet
     * that the client may be in. 0 for a port that is bound to no IPv4 address, and for clients behind a relay.
     */
    int bindingIp(DhcpPort port, DhcpRequest request) {
        if (request.relayed) {
            return 0;
        }
        int first = 0;
        for (int i = 0; i < port.ips().size(); i++) {
            IpAddress ip = port.ips().get(i);
            if (!ip.isIpv4()) {
                continue;
            }
            if (subnetOf(ip.ipv4(), request) != null) {
                return ip.ipv4();
            }
            first = first == 0 ? ip.ipv4() : first;
        }
        return first; // in no subnet: the client gets nothing
    }

    /** What is configured for the client's MAC address in a subnet that it may be in, or null. */
    ServedSubnet.@Nullable Fixed fixed(DhcpRequest request) {
        for (int i = 0; i < all.size(); i++) {
            ServedSubnet.Fixed fixed = all.get(i).fixed(request.mac);
            if (fixed != null && isOnLink(all.get(i), request) && !(request.relayed && fixed.port() != null)) {
                return fixed;
            }
        }
        return null;
    }

    /**
     * Whether a MAC address belongs to another port by configuration: its leases are not for others who claim to have
     * it.
     */
    boolean isOtherPorts(long mac, DhcpPort port) {
        for (int i = 0; i < all.size(); i++) {
            ServedSubnet.Fixed fixed = all.get(i).fixed(mac);
            if (fixed != null && fixed.port() != null && !fixed.port().equals(port.name())) {
                return true;
            }
        }
        return false;
    }

    /** The pool that an address is of, or null. */
    @Nullable
    AddressPool poolOf(int address) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).pool().contains(address)) {
                return all.get(i).pool();
            }
        }
        return null;
    }

    /** The subnet whose server has this address, or null. */
    @Nullable
    ServedSubnet withServer(int address) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).server() == address) {
                return all.get(i);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
