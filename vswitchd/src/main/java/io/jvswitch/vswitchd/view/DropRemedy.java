package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.DropReason;

/**
 * What an operator can do about each {@link DropReason}. The sentences name this program's commands and configuration
 * keys, so they stand here and not with the reasons, which know neither.
 */
public final class DropRemedy {

    private DropRemedy() {}

    /** The remedy: one or more sentences. The compiler refuses a reason without one. */
    public static String of(DropReason reason) {
        return switch (reason) {
            case NO_BUFFER -> "Raise switch.pool-frames, or find the port that floods the worker with 'stats'.";
            case RX_TOO_LONG ->
                "Lower the device's MTU. A single one of a guest whose TCP sends superframes above 64 KB is sent "
                        + "again by it.";
            case RX_OVERRUN ->
                "Expected under overload; otherwise raise switch.workers, or find the port that keeps the worker busy "
                        + "with 'stats'.";
            case RX_DAMAGED ->
                "Something on the way damages packets: look at the NICs' error counters ('ethtool -S'), here and at "
                        + "the peers; 'nstat UdpInCsumErrors' (Udp6InCsumErrors) rises with it.";
            case RX_LOST ->
                "Check which of 'nstat UdpRcvbufErrors UdpInCsumErrors' (Udp6...) rises, then do what rx-overrun or "
                        + "rx-damaged says.";
            case RX_ERROR -> "Look at the device with 'ip -s link' and at the daemon's log.";
            case RX_OFFLOAD_UNKNOWN ->
                "Switch it off in the guest: 'ethtool -K eth0 ufo off' (kernels before 4.14), 'ethtool -K eth0 "
                        + "tx-sctp-segmentation off'.";
            case OFFLOAD_INVALID ->
                "The guest's driver is broken or hostile, or it leaves a tunnel of its own to be cut that is neither "
                        + "over UDP nor plain GRE ('ethtool -K' there, tx-ipxip4-segmentation and the like); see "
                        + "which port counts it with 'stats'.";
            case ETHERNET_TRUNCATED, VLAN_TRUNCATED ->
                "Nothing valid sends this; see which port counts it with 'stats'.";
            case VLAN_TOO_DEEP ->
                "Hostile: a known way around filters (VU#855201); see which port counts it with 'stats'.";
            case VLAN_NOT_CARRIED ->
                "Compare 'network', 'vlan', 'vlans' and 'trunks' of the ports with what the sender tags; 'trace' "
                        + "tells which port it is.";
            case SOURCE_MAC_INVALID -> "A broken or hostile sender; see which port counts it with 'stats'.";
            case BRIDGE_RESERVED, DESTINATION_RESERVED, RESPONDER_SILENT -> "Expected; nothing to do.";
            case ARP_TRUNCATED, ARP_INVALID -> "A broken sender; see which port counts it with 'stats'.";
            case IPV4_TRUNCATED -> "A broken sender or a cut capture replayed.";
            case IPV4_BAD_VERSION,
                    IPV6_TRUNCATED,
                    IPV6_BAD_VERSION,
                    TCP_TRUNCATED,
                    UDP_TRUNCATED,
                    SCTP_TRUNCATED,
                    ICMP_TRUNCATED -> "A broken sender.";
            case IPV4_BAD_HEADER_LENGTH, IPV6_BAD_EXTENSION, TCP_BAD_DATA_OFFSET, UDP_BAD_LENGTH, ND_INVALID ->
                "A broken or hostile sender.";
            case IPV4_BAD_TOTAL_LENGTH, IPV6_BAD_PAYLOAD_LENGTH ->
                "A broken or hostile sender, or something cut the frame on its way.";
            case IPV4_BAD_CHECKSUM ->
                "Damaged on its way, or a broken sender; packets that are only passed on keep their checksum.";
            case IPV4_TINY_FRAGMENT, IPV6_TINY_FRAGMENT -> "Hostile: a known way around filters.";
            case VXLAN_TRUNCATED -> "Something else sends to our UDP port 4789; see the underlay with tcpdump.";
            case VXLAN_NO_VNI -> "The peer speaks another dialect (VXLAN-GPE?); see the underlay with tcpdump.";
            case GRE_TRUNCATED, GENEVE_TRUNCATED, GENEVE_BAD_VERSION -> "A broken peer; see the underlay with tcpdump.";
            case GRE_BAD_VERSION -> "Not a peer of ours; see the underlay with tcpdump.";
            case GRE_BAD_FLAGS -> "A peer older than RFC 2784; see the underlay with tcpdump.";
            case GRE_BAD_PROTOCOL -> "The peer sends IP in GRE: make its tunnel an Ethernet one (gretap).";
            case GRE_BAD_CHECKSUM -> "Damage on the underlay; look at its error counters.";
            case SEGMENTS_UNKNOWN ->
                "Switch the sender's segmentation of it off ('ethtool -K DEVICE tx-sctp-segmentation off' on its "
                        + "host).";
            case GENEVE_CONTROL -> "The peer runs OAM over its tunnels (BFD, say): turn it off there.";
            case GENEVE_BAD_PROTOCOL -> "A peer of another kind; see the underlay with tcpdump.";
            case GENEVE_CRITICAL_OPTION -> "Configure the peer not to send it.";
            case TUNNEL_UNKNOWN_KEY -> "Add the network, or take this host out of the peer's flood list.";
            case TUNNEL_UNKNOWN_VTEP -> "Add it under remotes, or set allow-unknown-vteps on the network.";
            case TUNNEL_CE_NOT_ECT ->
                "The underlay is congested: look at the queues on its way ('tc -s qdisc'). The congested router "
                        + "should have dropped the packet: it, or the peer, takes packets for ECN-capable that are "
                        + "not.";
            case SPOOFED_MAC -> "Correct the port's mac in the configuration, or the guest.";
            case SPOOFED_IP ->
                "See what it may use with 'port show'; correct the port's ip or allowed-ips in the configuration, or "
                        + "the guest.";
            case DHCP_RELAY_SPOOF ->
                "Set dhcp-relay of the port if the guest is a relay agent; otherwise look into the guest.";
            case DHCP_SERVER_SPOOF -> "Stop the DHCP server in the guest, or set dhcp-server on its port.";
            case ROUTER_SPOOF -> "Stop the router in the guest (radvd and the like), or set router on its port.";
            case NO_NETWORK -> "Give the port a network.";
            case NO_DESTINATION -> "Expected on a network with one port; otherwise add ports or remotes.";
            case MPLS_TRUNCATED, NSH_TRUNCATED -> "A broken sender; see which port counts it with 'stats'.";
            case NSH_INVALID -> "A broken sender, or a rule that takes a header away that is not there.";
            case NOT_ETHERNET -> "Have the rule add an Ethernet header first (encap(ethernet)).";
            case TTL_EXPIRED -> "Expected of traceroute; otherwise packets are looping.";
            case METER -> "Expected above the meter's rate; raise it if it is right.";
            case SCTP_FRAGMENT -> "Let the sender keep to the path's MTU, or leave the ports of SCTP alone.";
            case NO_OUTPUT -> "Expected where a rule says so; otherwise 'trace' shows which rule or table it is.";
            case TRANSLATION_TOO_DEEP ->
                "Use 'trace' to find the loop: resubmits between tables, or patch ports between bridges.";
            case RECIRCULATION_TOO_DEEP -> "Use 'trace' to see which rules do it, and look for a loop.";
            case RECIRCULATION_LOST -> "Expected for some frames when a bridge or a port is removed.";
            case SAME_PORT -> "Expected after a flood by an outside switch; otherwise two guests use one MAC.";
            case FLOOD_QUEUE_FULL ->
                "Look at what the port sends with 'capture PORT': a loop behind it, or a guest that floods.";
            case STORM_CONTROL ->
                "Look at what the port sends with 'capture PORT': a loop behind it, or a guest that floods. If it is "
                        + "right, raise storm-control on its port.";
            case SPLIT_HORIZON -> "Make the peers' tunnels a full mesh.";
            case MIRROR_PORT -> "Expected when what listens at the mirror's output sends as well.";
            case PORTS_ISOLATED -> "Expected where ports are protected; otherwise change it for one of the two.";
            case BOND_MEMBER -> "Expected of copies that the switch at the other end floods to all members.";
            case BOND_REFLECTED -> "Expected after a flood by the switch at the other end of a bond.";
            case PORT_DOWN -> "See 'show' for what the port waits for.";
            case DEFECT -> "A defect of jvswitch; report it with the error in the daemon's log.";
            case TOO_BIG_ICMP_SENT ->
                "Expected once per path and sender; if it goes on, the guest ignores ICMP: lower its MTU to the "
                        + "network's, or its tunnel's where that is less ('network show').";
            case TOO_BIG_ICMPV6_SENT ->
                "Expected once per path and sender; if it goes on, the guest ignores ICMPv6: lower its MTU to the "
                        + "network's, or its tunnel's where that is less ('network show').";
            case TOO_BIG_SILENT, FRAGMENTATION_FAILED ->
                "Lower the MTU of the sender to the network's, or its tunnel's where that is less ('network show').";
            case SEGMENTATION_FAILED -> "Raise switch.pool-frames; see which port counts it with 'stats'.";
            case HEADROOM -> "A defect of jvswitch; report it with the output of 'flows'.";
            case TX_QUEUE_FULL -> "The receiver is slower than the sender: expected under overload.";
            case TX_TOO_BIG ->
                "The device's or route's MTU has just shrunk; it is learnt within a second. Otherwise compare the "
                        + "MTUs with 'network': a device that frames leave with a tag of 802.1ad needs 4 bytes more "
                        + "than the network ('ip link set eth1 mtu 1504').";
            case TX_UNREACHABLE -> "Check 'ip route get' for the VTEP's address on this host.";
            case TX_DEVICE_DOWN -> "Set it up: 'ip link set ... up', or start the guest.";
            case TX_DEVICE_GONE -> "It is attached again when it comes back; see 'show'.";
            case TX_REFUSED -> "Look at the daemon's log for the error, and at the host's firewall.";
            case CONDUCTOR_QUEUE_FULL ->
                "The guest of the port that counts it floods DHCP; others get their leases. Look at it with 'capture "
                        + "PORT --drops'.";
            case DHCP_INVALID -> "A broken client.";
        };
    }

    /** What was seen and what to do about it, as captures and traces show it: {@code label. Meaning. Remedy.} */
    public static String sentence(DropReason reason) {
        return reason.label() + ". " + reason.meaning() + " " + of(reason);
    }
}
