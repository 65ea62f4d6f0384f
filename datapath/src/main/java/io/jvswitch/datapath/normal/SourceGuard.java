package io.jvswitch.datapath.normal;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;
import org.jspecify.annotations.Nullable;

/**
 * What a port may say above its MAC address, in its network's own VLAN: which addresses it sends from, which it claims
 * in ARP and neighbour discovery, and whether it may be a router or a DHCP server.
 *
 * <p>A port that is not bound may say all, but not that another station's configured address is at its MAC.
 */
final class SourceGuard {

    private static final int DHCP_SERVER_PORT = 67;
    private static final int DHCP_CLIENT_PORT = 68;
    private static final int DHCPV6_CLIENT_PORT = 546;
    /** No ICMPv6 type. */
    private static final int NONE = -1;

    private SourceGuard() {}

    /** Null when the frame may go on. */
    static @Nullable DropReason check(NormalStep step, NetworkPort port) {
        return switch ((int) step.key().get(FlowField.ETH_TYPE)) {
            case EtherType.IPV4 -> ipv4(step, port);
            case EtherType.IPV6 -> ipv6(step, port);
            case EtherType.ARP -> arp(step, port);
            default -> null;
        };
    }

    // ---- IPv4 ----

    private static @Nullable DropReason ipv4(NormalStep step, NetworkPort port) {
        FlowReader key = step.key();
        PortBinding binding = port.binding();
        boolean mayServe =
                binding.isDhcpServer() || !binding.isBound() && !step.network().dhcp();
        // whatever its source port: clients take it by its destination. Ordinary traffic needs to show a few bits only.
        if (!mayServe
                && key.is(FlowField.IP_PROTO, IpProtocol.UDP)
                && key.isByPrefix(FlowField.L4_DST, DHCP_CLIENT_PORT)) {
            return DropReason.DHCP_SERVER_SPOOF;
        }
        if (!binding.isBound() || binding.isRouter()) {
            return null;
        }
        if (key.is(FlowField.IP_PROTO, IpProtocol.ICMP)) {
            int type = (int) key.get(FlowField.L4_SRC);
            if (type == IcmpHeader.TYPE_REDIRECT || type == IcmpHeader.TYPE_ROUTER_ADVERTISEMENT) {
                return DropReason.ROUTER_SPOOF;
            }
        }
        if (!binding.hasAddresses()) {
            return null;
        }
        // without an IPv4 address of its own it may have one by DHCP
        boolean allowed = binding.bindsIpv4()
                ? binding.permitsIpv4(key, FlowField.IP_SRC) || isDhcpClient(key)
                : !isAnothers(step, 0, key.get(FlowField.IP_SRC), binding.mac());
        // A client that renews an address which is not its own any more learns that by the server's NAK only.
        allowed = allowed || Responders.isForDhcpServer(step);
        return allowed ? null : spoofed(step, port, "source address", FlowField.IP_SRC);
    }

    private static boolean isDhcpClient(FlowReader key) {
        return (int) key.get(FlowField.IP_SRC) == 0
                && key.is(FlowField.IP_PROTO, IpProtocol.UDP)
                && key.is(FlowField.L4_DST, DHCP_SERVER_PORT);
    }

    private static @Nullable DropReason arp(NormalStep step, NetworkPort port) {
        FlowReader key = step.key();
        PortBinding binding = port.binding();
        long senderMac = key.get(FlowField.ARP_SHA);
        if (binding.isBound() && senderMac != binding.mac()) {
            return spoofedMac(step, port, senderMac);
        }
        boolean request = key.is(FlowField.IP_PROTO, ArpPacket.OPERATION_REQUEST);
        int sender = (int) key.get(FlowField.IP_SRC);
        if (sender == 0 && request) {
            return null; // RFC 5227: a probe's sender address is 0
        }
        if (request && asksForService(step, senderMac, sender)) {
            return null;
        }
        boolean bound = binding.bindsIpv4();
        if (bound && !binding.permitsIpv4(key, FlowField.IP_SRC)) {
            return spoofed(step, port, "ARP sender", FlowField.IP_SRC);
        }
        // RFC 5227: the responder tells who announces another's address that it is taken
        boolean announcement = request && sender == (int) key.get(FlowField.IP_DST) && !binding.hasAddresses();
        return !announcement && isAnothers(step, 0, IpAddress.mappedLo(sender), senderMac)
                ? spoofed(step, port, "ARP sender", FlowField.IP_SRC)
                : null;
    }

    /**
     * Whether it asks for an address of the switch's own: then the answer goes to the asker and nobody else hears of
     * the sender. A DHCP client whose address was taken away asks so, to renew it.
     */
    private static boolean asksForService(NormalStep step, long senderMac, int sender) {
        int target = (int) step.key().get(FlowField.IP_DST);
        long holder = step.network().neighbours().macOfIpv4(target);
        return holder != NeighbourTable.UNKNOWN
                && holder != senderMac
                && target != sender
                && step.network().isServiceMac(holder);
    }

    // ---- IPv6 ----

    private static @Nullable DropReason ipv6(NormalStep step, NetworkPort port) {
        FlowReader key = step.key();
        PortBinding binding = port.binding();
        int type = key.is(FlowField.IP_PROTO, IpProtocol.ICMPV6) ? (int) key.get(FlowField.L4_SRC) : NONE;
        boolean routes = type == Icmpv6Header.TYPE_ROUTER_ADVERTISEMENT || type == Icmpv6Header.TYPE_REDIRECT;
        if (routes && binding.isBound() && !binding.isRouter()) {
            return DropReason.ROUTER_SPOOF;
        }
        if (NeighbourDiscovery.isMessage(type)) {
            DropReason refused = neighbourDiscovery(step, port, type);
            if (refused != null) {
                return refused;
            }
        }
        if (!binding.isBound()) {
            return null;
        }
        if (!binding.isDhcpServer()
                && key.is(FlowField.IP_PROTO, IpProtocol.UDP)
                && key.isByPrefix(FlowField.L4_DST, DHCPV6_CLIENT_PORT)) {
            return DropReason.DHCP_SERVER_SPOOF;
        }
        boolean allowed = binding.isRouter()
                || !binding.hasAddresses()
                || binding.permitsIpv6(key, FlowField.IP_SRC)
                || isUnspecified(key) && needsNoAddress(type);
        return allowed ? null : spoofed(step, port, "source address", FlowField.IP_SRC);
    }

    private static boolean isUnspecified(FlowReader key) {
        return (key.getHi(FlowField.IP_SRC) | key.get(FlowField.IP_SRC)) == 0;
    }

    /**
     * What a node sends before it has an address: duplicate address detection, and for that the groups it joins (RFC
     * 3590).
     */
    private static boolean needsNoAddress(int type) {
        return type == Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION
                || type == Icmpv6Header.TYPE_MLD_REPORT
                || type == Icmpv6Header.TYPE_MLD_DONE
                || type == Icmpv6Header.TYPE_MLDV2_REPORT;
    }

    /**
     * Who is said to have which address: the source address by the source option, the target by the target option or
     * the frame.
     */
    private static @Nullable DropReason neighbourDiscovery(NormalStep step, NetworkPort port, int type) {
        FlowReader key = step.key();
        PortBinding binding = port.binding();
        long sourceMac = key.get(FlowField.ARP_SHA);
        long targetMac = key.get(FlowField.ARP_THA);
        boolean redirect = type == Icmpv6Header.TYPE_REDIRECT;
        if (binding.isBound()) {
            long wrong = sourceMac != 0 && sourceMac != binding.mac() ? sourceMac : 0;
            wrong = !redirect && targetMac != 0 && targetMac != binding.mac() ? targetMac : wrong;
            if (wrong != 0) {
                return spoofedMac(step, port, wrong);
            }
        }
        if (sourceMac != 0 && isAnothers(step, key.getHi(FlowField.IP_SRC), key.get(FlowField.IP_SRC), sourceMac)) {
            return spoofed(step, port, "source address", FlowField.IP_SRC);
        }
        boolean advertisement = type == Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT;
        boolean probe = type == Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION && isUnspecified(key);
        boolean foreign =
                (advertisement || probe) && binding.hasAddresses() && !binding.permitsIpv6(key, FlowField.ND_TARGET);
        long claimant = targetMac != 0 ? targetMac : key.get(FlowField.ETH_SRC);
        return foreign
                        || advertisement
                                && isAnothers(
                                        step, key.getHi(FlowField.ND_TARGET), key.get(FlowField.ND_TARGET), claimant)
                ? spoofed(step, port, "target", FlowField.ND_TARGET)
                : null;
    }

    // ---- both ----

    /** Whether configuration says that another MAC has the address. */
    private static boolean isAnothers(NormalStep step, long hi, long lo, long mac) {
        long holder = step.network().neighbours().macOf(hi, lo);
        return holder != NeighbourTable.UNKNOWN && holder != mac;
    }

    private static DropReason spoofed(NormalStep step, NetworkPort port, String what, FlowField address) {
        if (step.tracing()) {
            FlowReader key = step.key();
            String text = IpAddress.toString(key.getHi(address), key.get(address));
            step.say(
                    port.binding().hasAddresses()
                            ? what + " " + text + " is none of port " + port.name() + "'s (" + port.binding() + ")"
                            : what + " " + text + " is another station's");
        }
        return DropReason.SPOOFED_IP;
    }

    private static DropReason spoofedMac(NormalStep step, NetworkPort port, long mac) {
        if (step.tracing()) {
            step.say("MAC " + MacAddress.toString(mac) + " inside is not port " + port.name() + "'s "
                    + MacAddress.toString(port.binding().mac()));
        }
        return DropReason.SPOOFED_MAC;
    }
}
