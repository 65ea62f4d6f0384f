package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.PortGuardSpec;
import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.PortVlanSpec;
import io.jvswitch.vswitchd.plan.VlanRange;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;

/** The keys of a port. */
final class PortKeys {

    private static final Key<PortKind> KIND = Key.required(
            "kind",
            Values.choice(PortKind.class),
            "What the port is made of: `tap`, a TAP device that jvswitch creates and removes; `system`, an existing "
                    + "device (the TAP of a "
                    + "VM that QEMU or libvirt opened, a veth, a NIC), which may come and go; `internal`, a TAP "
                    + "that stays with the host, "
                    + "for the host's own address on the network.");
    private static final ValueType<Integer> VID = Values.number(1, VlanRange.LAST_VID);

    private static final Key<String> NETWORK = Key.optional(
            "network",
            Values.NETWORK_NAME,
            "an error, unless there are `vlans`",
            "Name of the network that the port belongs to. Beside `vlans` it is the network of untagged frames (the "
                    + "native VLAN); without "
                    + "it those are dropped.");
    private static final Key<Integer> VLAN = Key.optional(
            "vlan",
            VID,
            "untagged",
            "VLAN tag that the frames of `network` have on this port; untagged frames are then dropped. Within the "
                    + "network, and on its "
                    + "other ports, the tag is off.");
    private static final Key<String> VLANS = Key.named(
            "vlans",
            Values.NETWORK_NAME,
            "Further networks by their VLAN tag on this port, like `{10: blue, 20: red}`: a trunk. Frames with "
                    + "another tag are dropped "
                    + "(`vlan-not-carried`). A second tag behind it is the guests' own (QinQ).");
    private static final Key<VlanRange> TRUNKS = Key.some(
            "trunks",
            Values.VLANS,
            "VLANs that the guest may tag inside its network: each is a broadcast domain of its own there, in which "
                    + "the switch answers "
                    + "nothing itself, and tunnels carry the tag. All when absent; `none` for an access port. Not "
                    + "beside `vlan` or `vlans`.");
    private static final Key<Boolean> VLAN_PROTOCOL = Key.defaulted(
            "vlan-protocol",
            Values.SERVICE_TAG,
            false,
            "802.1q",
            "Kind of the tags of `vlan` and `vlans`: `802.1q` (0x8100) or `802.1ad` (0x88a8).");
    private static final Key<MacAddress> MAC = Key.optional(
            "mac",
            Values.UNICAST_MAC,
            "any; learned",
            "MAC address of the guest. It binds the port: frames from another address are dropped (`spoofed-mac`), "
                    + "and DHCP and ARP "
                    + "know the guest. A device that jvswitch made gets it, too.");
    private static final Key<IpAddress> IP = Key.some(
            "ip",
            Values.UNICAST_IP,
            "Addresses of the guest; needs `mac`. DHCP leases the IPv4 one to it, ARP is answered for them, and "
                    + "packets "
                    + "from other addresses are dropped (`spoofed-ip`): with an IPv4 address only, the guest's IPv6 "
                    + "goes no further than "
                    + "the link-local address that its MAC gives (EUI-64).");
    private static final Key<IpPrefix> ALLOWED_IPS = Key.some(
            "allowed-ips",
            Values.ADDRESSES,
            "Addresses and prefixes that the guest may send from besides `ip`; needs `mac`. Nothing is answered for "
                    + "them: `fe80::/10` for a "
                    + "guest that makes its link-local address otherwise (stable-privacy, Windows), `2001:db8::/64` "
                    + "for SLAAC, an address "
                    + "that several guests share, the addresses of containers within; `[0.0.0.0/0, \"::/0\"]` for "
                    + "any.");
    private static final Key<Boolean> ROUTER = Key.optional(
            "router",
            Values.FLAG,
            "no; the answers for it are as it says itself",
            "Whether the guest routes: then a bound port sends packets from any address, router advertisements and "
                    + "redirects "
                    + "(otherwise `router-spoof`), and neighbour solicitations for it are answered with the R flag.");
    private static final Key<Boolean> DHCP_SERVER = Key.defaulted(
            "dhcp-server",
            Values.FLAG,
            false,
            "false",
            "Whether a bound port's guest may send what DHCP servers send, v4 and v6 (otherwise `dhcp-server-spoof`).");
    private static final Key<Integer> QUEUES = Key.defaulted(
            "queues",
            Values.number(1, 64),
            1,
            "1",
            "Queues of the device; the guest's side decides whether it uses them.");
    private static final Key<Boolean> OFFLOADS = Key.defaulted(
            "offloads",
            Values.FLAG,
            true,
            "true",
            "Whether guest and switch leave checksums and segmentation to each other (superframes). `false` for a "
                    + "guest that reads frames "
                    + "with a program of its own, like a switch inside a VM or a packet socket. A `system` port "
                    + "uses what its device has: "
                    + "`ethtool -K`.");
    private static final Key<String> NETNS = Key.optional(
            "netns",
            Values.NETNS,
            "where the daemon runs",
            "Network namespace that a `system` port's device is in, or that the switch makes a device in: a name as "
                    + "of `ip netns`, or a "
                    + "path like `/proc/1234/ns/net`.");
    private static final Key<Integer> MTU = Key.optional(
            "mtu",
            Values.number(UnderlayKeys.MIN_MTU_BYTES, UnderlayKeys.MAX_MTU_BYTES),
            "the network's; a `system` device keeps its own",
            "MTU that the device gets, in bytes. Larger than the network's is of use only between ports of this "
                    + "switch.");
    private static final Key<Integer> STORM_CONTROL = Key.optional(
            "storm-control",
            Values.number(1, 10_000_000),
            "no limit",
            "How many broadcasts, multicasts and frames for unknown addresses the port may send into its networks a "
                    + "second, after a burst of a quarter of that, at least 32; others are dropped "
                    + "(`storm-control`). A superframe counts as one; ARP and DHCP that the switch answers do not "
                    + "count. Each worker counts for itself: a guest that spreads them over several queues may send "
                    + "that many times as many. It acts before the share of each cycle that all floods have.");
    private static final Key<String> HOSTNAME = Key.optional(
            "hostname", Values.DOMAIN_NAME, "none", "Host name that DHCP tells the guest (option 12); needs `mac`.");

    private static final Key<Boolean> DHCP_RELAY = Key.defaulted(
            "dhcp-relay",
            Values.FLAG,
            false,
            "false",
            "Whether the guest is a DHCP relay agent: it may then ask for other machines, which get their addresses "
                    + "from the pool of the "
                    + "subnet that its giaddr is in. It is trusted to say who asks, and its clients may use up that "
                    + "pool. Otherwise "
                    + "what is relayed is dropped (`dhcp-relay-spoof`). Where its clients are in a network of this "
                    + "switch, too, its port "
                    + "there needs `dhcp-server`.");

    private static final Key<String> DEVICE = Key.optional(
            "device",
            Values.INTERFACE_NAME,
            "the port's name",
            "Name of a `system` port's device, where it differs from the port's: in different namespaces devices "
                    + "may share a name.");

    static final KeyTable TABLE = new KeyTable(
            "ports.NAME",
            "A port: the attachment of one guest. NAME is the device's name, too, at most "
                    + Values.INTERFACE_NAME_BYTES + " bytes. Also by `jvswitch port add`.",
            List.of(
                    KIND,
                    NETWORK,
                    MAC,
                    IP,
                    ALLOWED_IPS,
                    ROUTER,
                    DHCP_SERVER,
                    VLAN,
                    VLANS,
                    TRUNKS,
                    VLAN_PROTOCOL,
                    QUEUES,
                    OFFLOADS,
                    NETNS,
                    MTU,
                    HOSTNAME,
                    DHCP_RELAY,
                    DEVICE,
                    STORM_CONTROL));

    private PortKeys() {}

    static PortSpec read(Section section, String name) {
        PortKind kind = section.require(KIND, PortKind.TAP);
        Integer mtu = section.find(MTU);
        Integer stormControl = section.find(STORM_CONTROL);
        String network = section.find(NETWORK);
        Integer vlan = section.find(VLAN);
        if (!section.has(NETWORK) && !section.has(VLANS)) {
            section.missing(NETWORK, "expected the name of a network, or vlans");
        }
        PortVlanSpec vlans = new PortVlanSpec(
                vlan == null ? 0 : vlan, section.map(VLANS, VID), section.list(TRUNKS), section.get(VLAN_PROTOCOL));
        return new PortSpec(
                name,
                kind,
                network == null ? "" : network,
                section.find(MAC),
                section.list(IP),
                section.get(QUEUES),
                section.find(NETNS),
                mtu == null ? 0 : mtu,
                section.find(HOSTNAME),
                section.get(DHCP_RELAY),
                vlans,
                section.find(DEVICE),
                new PortGuardSpec(section.list(ALLOWED_IPS), section.find(ROUTER), section.get(DHCP_SERVER)),
                section.get(OFFLOADS),
                stormControl == null ? 0 : stormControl);
    }
}
