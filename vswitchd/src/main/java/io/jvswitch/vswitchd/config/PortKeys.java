package io.jvswitch.vswitchd.config;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The keys of a port. */
final class PortKeys {

    /** The kinds that this version can attach; the others are refused here and nowhere else. */
    private static final Set<PortKind> ATTACHABLE = EnumSet.of(PortKind.TAP);

    private static final ValueType<PortKind> KIND_VALUES = attachable();

    private static final Key<PortKind> KIND = Key.required(
            "kind",
            KIND_VALUES,
            "What the port is made of: `tap`, a TAP device that jvswitch creates and removes. A `system` port (an existing device) and "
                    + "an `internal` port (the host's own) are not supported by this version.");
    private static final Key<String> NETWORK =
            Key.required("network", Values.NETWORK_NAME, "Name of the network that the port belongs to.");
    private static final Key<MacAddress> MAC = Key.optional(
            "mac",
            Values.UNICAST_MAC,
            "any; learned",
            "MAC address of the guest. It binds the port: frames from another address are dropped (`spoofed-mac`), and DHCP and ARP "
                    + "know the guest. The device gets it, too.");
    private static final Key<IpAddress> IP = Key.some(
            "ip",
            Values.UNICAST_IP,
            "Addresses of the guest; needs `mac`. DHCP leases the IPv4 one to it, ARP is answered for them, and packets "
                    + "from other addresses are dropped (`spoofed-ip`).");
    private static final Key<Integer> QUEUES = Key.defaulted(
            "queues",
            Values.number(1, 64),
            1,
            "1",
            "Queues of the device; the guest's side decides whether it uses them.");
    private static final Key<String> NETNS = Key.optional(
            "netns",
            Values.NETNS,
            "where the daemon runs",
            "Network namespace that the device is moved to: a name as of `ip netns`, or a path like `/proc/1234/ns/net`.");
    private static final Key<Integer> MTU = Key.optional(
            "mtu",
            Values.number(UnderlayKeys.LEAST_MTU_BYTES, UnderlayKeys.MOST_MTU_BYTES),
            "the network's",
            "MTU of the device in bytes. Larger than the network's is of use only between ports of this switch.");
    private static final Key<String> HOSTNAME = Key.optional(
            "hostname", Values.DOMAIN_NAME, "none", "Host name that DHCP tells the guest (option 12); needs `mac`.");

    static final KeyTable TABLE = new KeyTable(
            "ports.NAME",
            "A port: the attachment of one guest. NAME is the device's name, at most " + Values.INTERFACE_NAME_BYTES
                    + " bytes. Also by `jvswitch port add`.",
            List.of(KIND, NETWORK, MAC, IP, QUEUES, NETNS, MTU, HOSTNAME));

    private PortKeys() {}

    private static ValueType<PortKind> attachable() {
        ValueType<PortKind> all = Values.choice(PortKind.class);
        return new ValueType<>(all.word(), all.expected(), text -> {
            PortKind kind = all.reader().read(text);
            if (kind != null && !ATTACHABLE.contains(kind)) {
                throw new IllegalArgumentException("this version attaches no such ports yet: expected tap");
            }
            return kind;
        });
    }

    static PortSpec read(Section section, String name) {
        Integer mtu = section.find(MTU);
        return new PortSpec(
                name,
                section.require(KIND, PortKind.TAP),
                section.require(NETWORK, ""),
                section.find(MAC),
                section.list(IP),
                section.get(QUEUES),
                section.find(NETNS),
                mtu == null ? 0 : mtu,
                section.find(HOSTNAME));
    }
}
