package io.jvswitch.wire;

import java.util.Locale;

/**
 * Why a frame was dropped: the switch's one catalogue. Each reason is counted per port, documented (the reference page
 * is made from this enum), and provoked by a test.
 *
 * <p>A reason says what was seen and what an operator can do. Constants may be added anywhere; scripts use
 * {@link #label()}.
 */
public enum DropReason {
    // Receive
    /** The worker had no free frame buffer. */
    NO_BUFFER(
            Stage.RECEIVE,
            "The worker had no free frame buffer.",
            "Raise switch.pool-frames, or find the port that floods the worker with 'stats'."),
    /** The device delivered a frame longer than a frame buffer. */
    RX_TOO_LONG(
            Stage.RECEIVE,
            "The device delivered a frame longer than a frame buffer.",
            "Lower the device's MTU. A single one of a guest whose TCP sends superframes above 64 KB is sent again "
                    + "by it."),
    /**
     * The kernel's buffer for the frames of a device, or of the underlay's socket, was full: they came faster than the
     * worker took them.
     */
    RX_OVERRUN(
            Stage.RECEIVE,
            "The kernel's buffer for the frames of a device, or of the underlay's socket, was full: they came "
                    + "faster than the worker took them.",
            "Expected under overload; otherwise raise switch.workers, or find the port that keeps the worker busy "
                    + "with 'stats'."),
    /**
     * A datagram of the underlay arrived with a wrong UDP checksum; the kernel counts those of all the host's UDP
     * together.
     */
    RX_DAMAGED(
            Stage.RECEIVE,
            "A datagram of the underlay arrived with a wrong UDP checksum; the kernel counts those of all the "
                    + "host's UDP together.",
            "Something on the way damages packets: look at the NICs' error counters ('ethtool -S'), here and at the "
                    + "peers; 'nstat "
                    + "UdpInCsumErrors' (Udp6InCsumErrors) goes along."),
    /** The kernel dropped a datagram of the underlay and does not tell why: a full buffer or a wrong checksum. */
    RX_LOST(
            Stage.RECEIVE,
            "The kernel dropped a datagram of the underlay and does not tell why: a full buffer or a wrong checksum.",
            "See which of 'nstat UdpRcvbufErrors UdpInCsumErrors' (Udp6...) rises, and go by rx-overrun or "
                    + "rx-damaged."),
    /** The device reported an error for a received frame. */
    RX_ERROR(
            Stage.RECEIVE,
            "The device reported an error for a received frame.",
            "Look at the device with 'ip -s link' and at the daemon's log."),
    /**
     * A superframe of a kind that a packet socket has no words for, so that the kernel keeps it: UFO of an old guest,
     * SCTP's.
     */
    RX_OFFLOAD_UNKNOWN(
            Stage.RECEIVE,
            "A superframe of a kind that a packet socket has no words for, so that the kernel keeps it: UFO of an "
                    + "old guest, SCTP's.",
            "Switch it off in the guest: 'ethtool -K eth0 ufo off' (kernels before 4.14), 'ethtool -K eth0 "
                    + "tx-sctp-segmentation off'."),
    /**
     * The virtio-net header of a frame contradicts the frame (gso_size 0, headers beyond the frame, checksum field
     * outside).
     */
    OFFLOAD_INVALID(
            Stage.RECEIVE,
            "The virtio-net header of a frame contradicts the frame (gso_size 0, headers beyond the frame, checksum "
                    + "field outside).",
            "The guest's driver is broken or hostile, or it leaves a tunnel of its own to be cut that is neither "
                    + "over UDP nor plain GRE ('ethtool -K' there, tx-ipxip4-segmentation and the like); see which "
                    + "port counts it with 'stats'."),
    // Ethernet and VLAN
    /** Shorter than an Ethernet header (14 bytes). */
    ETHERNET_TRUNCATED(
            Stage.ETHERNET,
            "Shorter than an Ethernet header (14 bytes).",
            "Nothing valid sends this; see which port counts it with 'stats'."),
    /** A VLAN tag is cut short. */
    VLAN_TRUNCATED(
            Stage.ETHERNET,
            "A VLAN tag is cut short.",
            "Nothing valid sends this; see which port counts it with 'stats'."),
    /**
     * More tags in front of each other, or SNAP headers between them, than the switch looks through to see what a
     * receiver would.
     */
    VLAN_TOO_DEEP(
            Stage.ETHERNET,
            "More tags in front of each other, or SNAP headers between them, than the switch looks through to see "
                    + "what a receiver would.",
            "Hostile: a known way around filters (VU#855201); see which port counts it with 'stats'."),
    /** The frame's VLAN tag, or its absence, is none that the port carries (or not to the destination's port). */
    VLAN_NOT_CARRIED(
            Stage.ETHERNET,
            "The frame's VLAN tag, or its absence, is none that the port carries (or not to the destination's port).",
            "Compare 'network', 'vlan', 'vlans' and 'trunks' of the ports with what the sender tags; 'trace' tells "
                    + "which port it is."),
    /** The source MAC is a group address or all zeros. */
    SOURCE_MAC_INVALID(
            Stage.ETHERNET,
            "The source MAC is a group address or all zeros.",
            "A broken or hostile sender; see which port counts it with 'stats'."),
    /** Sent to 01:80:c2:00:00:0x (spanning tree, LLDP, pause), which a bridge never forwards (IEEE 802.1Q). */
    BRIDGE_RESERVED(
            Stage.ETHERNET,
            "Sent to 01:80:c2:00:00:0x (spanning tree, LLDP, pause), which a bridge never forwards (IEEE 802.1Q).",
            "Expected; nothing to do."),
    // ARP
    /** An ARP packet is cut short (28 bytes for Ethernet and IPv4, RFC 826). */
    ARP_TRUNCATED(
            Stage.ARP,
            "An ARP packet is cut short (28 bytes for Ethernet and IPv4, RFC 826).",
            "A broken sender; see which port counts it with 'stats'."),
    /**
     * An ARP packet with hardware or protocol types or lengths other than Ethernet's (or IEEE 802's) and IPv4's (RFC
     * 826).
     */
    ARP_INVALID(
            Stage.ARP,
            "An ARP packet with hardware or protocol types or lengths other than Ethernet's (or IEEE 802's) and "
                    + "IPv4's (RFC 826).",
            "A broken sender; see which port counts it with 'stats'."),
    // IPv4
    /** An IPv4 header is cut short (RFC 791). */
    IPV4_TRUNCATED(Stage.IPV4, "An IPv4 header is cut short (RFC 791).", "A broken sender or a cut capture replayed."),
    /** EtherType 0x0800, but the version field is not 4. */
    IPV4_BAD_VERSION(Stage.IPV4, "EtherType 0x0800, but the version field is not 4.", "A broken sender."),
    /** IHL below 5 words or beyond the packet. */
    IPV4_BAD_HEADER_LENGTH(Stage.IPV4, "IHL below 5 words or beyond the packet.", "A broken or hostile sender."),
    /** Total length below the header's or beyond the frame. */
    IPV4_BAD_TOTAL_LENGTH(
            Stage.IPV4,
            "Total length below the header's or beyond the frame.",
            "A broken or hostile sender, or something cut the frame on its way."),
    /** An IPv4 packet that had to be rebuilt (cut into fragments or segments) came with a wrong header checksum. */
    IPV4_BAD_CHECKSUM(
            Stage.IPV4,
            "An IPv4 packet that had to be rebuilt (cut into fragments or segments) came with a wrong header checksum.",
            "Damaged on its way, or a broken sender; packets that are only passed on keep their checksum."),
    /** A first fragment too short for its transport header, or one at offset 1 that would overwrite it (RFC 1858). */
    IPV4_TINY_FRAGMENT(
            Stage.IPV4,
            "A first fragment too short for its transport header, or one at offset 1 that would overwrite it (RFC "
                    + "1858).",
            "Hostile: a known way around filters."),
    // IPv6
    /** An IPv6 header is cut short (RFC 8200). */
    IPV6_TRUNCATED(Stage.IPV6, "An IPv6 header is cut short (RFC 8200).", "A broken sender."),
    /** EtherType 0x86dd, but the version field is not 6. */
    IPV6_BAD_VERSION(Stage.IPV6, "EtherType 0x86dd, but the version field is not 6.", "A broken sender."),
    /** Payload length beyond the frame. */
    IPV6_BAD_PAYLOAD_LENGTH(
            Stage.IPV6,
            "Payload length beyond the frame.",
            "A broken or hostile sender, or something cut the frame on its way."),
    /** An extension header is cut short, or the chain is longer than 8 headers. */
    IPV6_BAD_EXTENSION(
            Stage.IPV6,
            "An extension header is cut short, or the chain is longer than 8 headers.",
            "A broken or hostile sender."),
    /** A first fragment without its whole header chain (RFC 7112). */
    IPV6_TINY_FRAGMENT(
            Stage.IPV6,
            "A first fragment without its whole header chain (RFC 7112).",
            "Hostile: a known way around filters."),
    // Transport
    /** A TCP header is cut short (RFC 9293). */
    TCP_TRUNCATED(Stage.TRANSPORT, "A TCP header is cut short (RFC 9293).", "A broken sender."),
    /** TCP data offset below 5 words or beyond the packet. */
    TCP_BAD_DATA_OFFSET(
            Stage.TRANSPORT, "TCP data offset below 5 words or beyond the packet.", "A broken or hostile sender."),
    /** A UDP header is cut short (RFC 768). */
    UDP_TRUNCATED(Stage.TRANSPORT, "A UDP header is cut short (RFC 768).", "A broken sender."),
    /** UDP length below 8 or beyond the packet. */
    UDP_BAD_LENGTH(Stage.TRANSPORT, "UDP length below 8 or beyond the packet.", "A broken or hostile sender."),
    /** An SCTP common header is cut short (RFC 9260). */
    SCTP_TRUNCATED(Stage.TRANSPORT, "An SCTP common header is cut short (RFC 9260).", "A broken sender."),
    /** An ICMP or ICMPv6 header is cut short (RFC 792, RFC 4443). */
    ICMP_TRUNCATED(Stage.TRANSPORT, "An ICMP or ICMPv6 header is cut short (RFC 792, RFC 4443).", "A broken sender."),
    /**
     * A neighbour-discovery message that RFC 4861 tells nodes to discard (hop limit, code, length, options, source) or
     * RFC 6980 (fragments).
     */
    ND_INVALID(
            Stage.TRANSPORT,
            "A neighbour-discovery message that RFC 4861 tells nodes to discard (hop limit, code, length, options, "
                    + "source) or RFC 6980 (fragments).",
            "A broken or hostile sender."),
    // Tunnel
    /** A VXLAN header is cut short (8 bytes, RFC 7348). */
    VXLAN_TRUNCATED(
            Stage.TUNNEL,
            "A VXLAN header is cut short (8 bytes, RFC 7348).",
            "Something else sends to our UDP port 4789; see the underlay with tcpdump."),
    /** The I flag of a VXLAN header is not set (RFC 7348, section 5). */
    VXLAN_NO_VNI(
            Stage.TUNNEL,
            "The I flag of a VXLAN header is not set (RFC 7348, section 5).",
            "The peer speaks another dialect (VXLAN-GPE?); see the underlay with tcpdump."),
    /** A GRE header is cut short (RFC 2784, RFC 2890). */
    GRE_TRUNCATED(
            Stage.TUNNEL,
            "A GRE header is cut short (RFC 2784, RFC 2890).",
            "A broken peer; see the underlay with tcpdump."),
    /** GRE version other than 0 (version 1 is PPTP). */
    GRE_BAD_VERSION(
            Stage.TUNNEL,
            "GRE version other than 0 (version 1 is PPTP).",
            "Not a peer of ours; see the underlay with tcpdump."),
    /** GRE with the routing bit or a reserved bit that RFC 2784, section 2.3 forbids. */
    GRE_BAD_FLAGS(
            Stage.TUNNEL,
            "GRE with the routing bit or a reserved bit that RFC 2784, section 2.3 forbids.",
            "A peer older than RFC 2784; see the underlay with tcpdump."),
    /** GRE that does not carry Ethernet (protocol 0x6558). */
    GRE_BAD_PROTOCOL(
            Stage.TUNNEL,
            "GRE that does not carry Ethernet (protocol 0x6558).",
            "The peer sends IP in GRE: make its tunnel an Ethernet one (gretap)."),
    /** The GRE checksum does not fit the payload. */
    GRE_BAD_CHECKSUM(
            Stage.TUNNEL,
            "The GRE checksum does not fit the payload.",
            "Damage on the underlay; look at its error counters."),
    /** The kernel merged packets inside a tunnel whose boundaries cannot be found again: neither TCP nor UDP (SCTP). */
    SEGMENTS_UNKNOWN(
            Stage.TUNNEL,
            "The kernel merged packets inside a tunnel whose boundaries cannot be found again: neither TCP nor UDP "
                    + "(SCTP).",
            "Switch the sender's segmentation of it off ('ethtool -K DEVICE tx-sctp-segmentation off' on its host)."),
    /** A Geneve header or its options are cut short (RFC 8926). */
    GENEVE_TRUNCATED(
            Stage.TUNNEL,
            "A Geneve header or its options are cut short (RFC 8926).",
            "A broken peer; see the underlay with tcpdump."),
    /** Geneve version other than 0. */
    GENEVE_BAD_VERSION(Stage.TUNNEL, "Geneve version other than 0.", "A broken peer; see the underlay with tcpdump."),
    /** A Geneve control packet (O bit), whose payload must not be forwarded (RFC 8926, section 3.4). */
    GENEVE_CONTROL(
            Stage.TUNNEL,
            "A Geneve control packet (O bit), whose payload must not be forwarded (RFC 8926, section 3.4).",
            "The peer runs OAM over its tunnels (BFD, say): turn it off there."),
    /** Geneve that does not carry Ethernet (protocol 0x6558). */
    GENEVE_BAD_PROTOCOL(
            Stage.TUNNEL,
            "Geneve that does not carry Ethernet (protocol 0x6558).",
            "A peer of another kind; see the underlay with tcpdump."),
    /** A Geneve option that is marked critical and unknown here (RFC 8926, section 3.5). */
    GENEVE_CRITICAL_OPTION(
            Stage.TUNNEL,
            "A Geneve option that is marked critical and unknown here (RFC 8926, section 3.5).",
            "Configure the peer not to send it."),
    /** No network here has this VNI or GRE key. */
    TUNNEL_UNKNOWN_KEY(
            Stage.TUNNEL,
            "No network here has this VNI or GRE key.",
            "Add the network, or take this host out of the peer's flood list."),
    /** A tunnel frame from a VTEP that is neither a remote of the network nor of one of its hosts. */
    TUNNEL_UNKNOWN_VTEP(
            Stage.TUNNEL,
            "A tunnel frame from a VTEP that is neither a remote of the network nor of one of its hosts.",
            "Add it under remotes, or set allow-unknown-vteps on the network."),
    /**
     * The outer header says that a router was congested (CE), but the packet inside is not ECN-capable (RFC 6040,
     * section 4.2).
     */
    TUNNEL_CE_NOT_ECT(
            Stage.TUNNEL,
            "The outer header says that a router was congested (CE), but the packet inside is not ECN-capable (RFC "
                    + "6040, section 4.2).",
            "The underlay is congested: look at the queues on its way ('tc -s qdisc'). The drop is what its router "
                    + "should have "
                    + "done: it or the peer calls packets ECN-capable that are not."),
    // Policy
    /**
     * The source MAC, or one that an ARP packet or a neighbour-discovery message tells, is not the one that the port is
     * bound to.
     */
    SPOOFED_MAC(
            Stage.POLICY,
            "The source MAC, or one that an ARP packet or a neighbour-discovery message tells, is not the one that "
                    + "the port is bound to.",
            "Correct the port's mac in the configuration, or the guest."),
    /**
     * The source IP address, or one that an ARP packet or a neighbour-discovery message claims, is none that the port
     * may use, or another station's.
     */
    SPOOFED_IP(
            Stage.POLICY,
            "The source IP address, or one that an ARP packet or a neighbour-discovery message claims, is none that "
                    + "the port may use, or another station's.",
            "See what it may use with 'port show'; correct the port's ip or allowed-ips in the configuration, or "
                    + "the guest."),
    /**
     * A guest sends DHCP requests as a relay agent (giaddr, option 82, or for another machine), and its port may not.
     */
    DHCP_RELAY_SPOOF(
            Stage.POLICY,
            "A guest sends DHCP requests as a relay agent (giaddr, option 82, or for another machine), and its port "
                    + "may not.",
            "Set dhcp-relay of the port if the guest is a relay agent; otherwise look into the guest."),
    /**
     * DHCP server messages (v4, v6) from a port that is bound to a guest, or into a network whose DHCP server is
     * jvswitch.
     */
    DHCP_SERVER_SPOOF(
            Stage.POLICY,
            "DHCP server messages (v4, v6) from a port that is bound to a guest, or into a network whose DHCP "
                    + "server is jvswitch.",
            "Stop the DHCP server in the guest, or set dhcp-server on its port."),
    /** Router advertisements or redirects (ICMP, ICMPv6) from a port that is bound to a guest. */
    ROUTER_SPOOF(
            Stage.POLICY,
            "Router advertisements or redirects (ICMP, ICMPv6) from a port that is bound to a guest.",
            "Stop the router in the guest (radvd and the like), or set router on its port."),
    // Forwarding
    /** The port is not attached to a network. */
    NO_NETWORK(Stage.FORWARDING, "The port is not attached to a network.", "Give the port a network."),
    /** A flooded frame had no other port and no tunnel to go to. */
    NO_DESTINATION(
            Stage.FORWARDING,
            "A flooded frame had no other port and no tunnel to go to.",
            "Expected on a network with one port; otherwise add ports or remotes."),
    /** The destination is behind the port that the frame came by. */
    SAME_PORT(
            Stage.FORWARDING,
            "The destination is behind the port that the frame came by.",
            "Expected after a flood by an outside switch; otherwise two guests use one MAC."),
    /**
     * Broadcasts, multicasts or frames for unknown addresses come faster than they can be copied to all ports beside
     * other traffic.
     */
    FLOOD_QUEUE_FULL(
            Stage.FORWARDING,
            "Broadcasts, multicasts or frames for unknown addresses come faster than they can be copied to all "
                    + "ports beside other traffic.",
            "Look at what the port sends with 'capture PORT': a loop behind it, or a guest that floods."),
    /** More broadcasts, multicasts or frames for unknown addresses than the port may send. */
    STORM_CONTROL(
            Stage.FORWARDING,
            "More broadcasts, multicasts or frames for unknown addresses than the port may send.",
            "Look at what the port sends with 'capture PORT': a loop behind it, or a guest that floods. If it is "
                    + "right, raise storm-control on its port."),
    /** A frame from a tunnel whose destination is behind a tunnel: never forwarded, or it would loop. */
    SPLIT_HORIZON(
            Stage.FORWARDING,
            "A frame from a tunnel whose destination is behind a tunnel: never forwarded, or it would loop.",
            "Make the peers' tunnels a full mesh."),
    /** The port of destination is down or waits for its device. */
    PORT_DOWN(
            Stage.FORWARDING,
            "The port of destination is down or waits for its device.",
            "See 'show' for what the port waits for."),
    /** Addressed to a service of the switch itself that does not answer this message. */
    DESTINATION_RESERVED(
            Stage.FORWARDING,
            "Addressed to a service of the switch itself that does not answer this message.",
            "Expected; nothing to do."),
    /**
     * A request that the ARP, ND or DHCP responder must not answer (an announcement of the sender's own address, say).
     */
    RESPONDER_SILENT(
            Stage.FORWARDING,
            "A request that the ARP, ND or DHCP responder must not answer (an announcement of the sender's own "
                    + "address, say).",
            "Expected; nothing to do."),
    /** An error of the switch itself while it worked on the frame's burst. */
    DEFECT(
            Stage.FORWARDING,
            "An error of the switch itself while it worked on the frame's burst.",
            "A defect of jvswitch; report it with the error in the daemon's log."),
    // MTU
    /** An IPv4 packet with DF too large for the path; the sender was told by ICMP "fragmentation needed" (RFC 1191). */
    TOO_BIG_ICMP_SENT(
            Stage.MTU,
            "An IPv4 packet with DF too large for the path; the sender was told by ICMP \"fragmentation needed\" "
                    + "(RFC 1191).",
            "Expected once per path and sender; if it goes on, the guest ignores ICMP: lower its MTU to the "
                    + "network's, or its tunnel's where that is less ('network show')."),
    /** An IPv6 packet too large for the path; the sender was told by ICMPv6 "packet too big" (RFC 8201). */
    TOO_BIG_ICMPV6_SENT(
            Stage.MTU,
            "An IPv6 packet too large for the path; the sender was told by ICMPv6 \"packet too big\" (RFC 8201).",
            "Expected once per path and sender; if it goes on, the guest ignores ICMPv6: lower its MTU to the "
                    + "network's, or its tunnel's where that is less ('network show')."),
    /**
     * Larger than the path takes, and no ICMP error goes to its sender: errors are limited in their rate, or it is
     * larger than the network's MTU and is not IP, is itself an error, or goes to a group (RFC 1122 section 3.2.2; RFC
     * 4443 section 2.4 allows "packet too big" for a group, but from an address of the switch's own, and it has none
     * there).
     */
    TOO_BIG_SILENT(
            Stage.MTU,
            "Larger than the path takes, and no ICMP error goes to its sender: errors are limited in their rate, or "
                    + "it is larger than the network's MTU and is not IP, is itself an error, or goes to a group "
                    + "(RFC 1122 section 3.2.2; RFC 4443 section 2.4 allows \"packet too big\" for a group, but "
                    + "from an address of the switch's own, and it has none there).",
            "Lower the MTU of the sender to the network's, or its tunnel's where that is less ('network show')."),
    /** An IPv4 packet without DF could not be cut into fragments (no buffers, or options that do not fit). */
    FRAGMENTATION_FAILED(
            Stage.MTU,
            "An IPv4 packet without DF could not be cut into fragments (no buffers, or options that do not fit).",
            "Lower the MTU of the sender to the network's, or its tunnel's where that is less ('network show')."),
    /** A superframe could not be cut into segments (no buffers, or headers that do not parse). */
    SEGMENTATION_FAILED(
            Stage.MTU,
            "A superframe could not be cut into segments (no buffers, or headers that do not parse).",
            "Raise switch.pool-frames; see which port counts it with 'stats'."),
    /** No headroom left for the outer headers. */
    HEADROOM(
            Stage.MTU,
            "No headroom left for the outer headers.",
            "A defect of jvswitch; report it with the output of 'flows'."),
    // Transmit
    /** The device's transmit queue is full (EAGAIN, ENOBUFS). */
    TX_QUEUE_FULL(
            Stage.TRANSMIT,
            "The device's transmit queue is full (EAGAIN, ENOBUFS).",
            "The receiver is slower than the sender: expected under overload."),
    /** The kernel refused the frame as larger than the device's MTU (EMSGSIZE). */
    TX_TOO_BIG(
            Stage.TRANSMIT,
            "The kernel refused the frame as larger than the device's MTU (EMSGSIZE).",
            "The device's or route's MTU has just shrunk; it is learnt within a second. Otherwise compare the MTUs "
                    + "with 'network': a device that frames leave with a tag of 802.1ad needs 4 bytes more than the "
                    + "network ('ip link set eth1 mtu 1504')."),
    /** No route to the remote VTEP (ENETUNREACH, EHOSTUNREACH). */
    TX_UNREACHABLE(
            Stage.TRANSMIT,
            "No route to the remote VTEP (ENETUNREACH, EHOSTUNREACH).",
            "Check 'ip route get' for the VTEP's address on this host."),
    /** The device is down (EIO, ENETDOWN). */
    TX_DEVICE_DOWN(
            Stage.TRANSMIT,
            "The device is down (EIO, ENETDOWN).",
            "Set it up: 'ip link set ... up', or start the guest."),
    /** The device was deleted. */
    TX_DEVICE_GONE(Stage.TRANSMIT, "The device was deleted.", "It is attached again when it comes back; see 'show'."),
    /** The kernel refused the frame for another reason (EPERM by a firewall, EINVAL). */
    TX_REFUSED(
            Stage.TRANSMIT,
            "The kernel refused the frame for another reason (EPERM by a firewall, EINVAL).",
            "Look at the daemon's log for the error, and at the host's firewall."),
    // Conductor
    /** The port's share of the control thread was used up: DHCP requests come faster than they are answered. */
    CONDUCTOR_QUEUE_FULL(
            Stage.CONDUCTOR,
            "The port's share of the control thread was used up: DHCP requests come faster than they are answered.",
            "The guest of the port that counts it floods DHCP; others get their leases. Look at it with 'capture "
                    + "PORT --drops'."),
    /** A DHCP message that cannot be parsed (RFC 2131, RFC 2132). */
    DHCP_INVALID(Stage.CONDUCTOR, "A DHCP message that cannot be parsed (RFC 2131, RFC 2132).", "A broken client.");

    /** How far a frame had come when it was dropped; the reference page's sections. */
    public enum Stage {
        RECEIVE,
        ETHERNET,
        ARP,
        IPV4,
        IPV6,
        TRANSPORT,
        TUNNEL,
        POLICY,
        FORWARDING,
        MTU,
        TRANSMIT,
        CONDUCTOR
    }

    private final Stage stage;
    private final String meaning;
    private final String remedy;

    DropReason(Stage stage, String meaning, String remedy) {
        this.stage = stage;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** Where on its journey the frame was. */
    public Stage stage() {
        return stage;
    }

    /** What was seen: one sentence. */
    public String meaning() {
        return meaning;
    }

    /** What an operator can do: one sentence. */
    public String remedy() {
        return remedy;
    }

    /** The name that commands, JSON and metrics use: lower case with dashes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
