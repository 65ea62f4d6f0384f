package io.jvswitch.wire;

import java.util.Locale;

/**
 * Why a frame was dropped: the switch's one catalogue. Each reason is counted per port, documented (the reference page
 * is made from this enum), and provoked by a test.
 *
 * <p>A reason says what was seen, as {@link #meaning()}, which is its documentation too; what an operator can do about
 * it, in terms of the program's commands, is for the program to say. Constants may be added anywhere, beside the others
 * of their stage; scripts use {@link #label()}.
 */
public enum DropReason {
    // Receive
    NO_BUFFER(Stage.RECEIVE, "The worker had no free frame buffer."),
    RX_TOO_LONG(Stage.RECEIVE, "The device delivered a frame longer than a frame buffer."),
    RX_OVERRUN(
            Stage.RECEIVE,
            "The kernel's buffer for the frames of a device, or of the underlay's socket, was full: they came faster "
                    + "than the worker took them."),
    RX_DAMAGED(
            Stage.RECEIVE,
            "A datagram of the underlay arrived with a wrong UDP checksum; the kernel counts those of all the host's "
                    + "UDP together."),
    RX_LOST(
            Stage.RECEIVE,
            "The kernel dropped a datagram of the underlay and does not tell why: a full buffer or a wrong checksum."),
    RX_ERROR(Stage.RECEIVE, "The device reported an error for a received frame."),
    RX_OFFLOAD_UNKNOWN(
            Stage.RECEIVE,
            "A superframe that packet sockets cannot describe (UFO of an old guest, SCTP segmentation), so that the "
                    + "kernel does not deliver it."),
    OFFLOAD_INVALID(
            Stage.RECEIVE,
            "The virtio-net header of a frame contradicts the frame (gso_size 0, headers beyond the frame, checksum "
                    + "field outside)."),
    // Ethernet and VLAN
    ETHERNET_TRUNCATED(Stage.ETHERNET, "Shorter than an Ethernet header (14 bytes)."),
    VLAN_TRUNCATED(Stage.ETHERNET, "A VLAN tag is cut short."),
    MPLS_TRUNCATED(Stage.ETHERNET, "An MPLS label stack entry is cut short."),
    NSH_TRUNCATED(Stage.ETHERNET, "A network service header (RFC 8300) is cut short."),
    NSH_INVALID(
            Stage.ETHERNET,
            "A network service header (RFC 8300) that was to be removed is missing or contradicts itself, or carries "
                    + "an unknown protocol."),
    VLAN_TOO_DEEP(
            Stage.ETHERNET,
            "More stacked VLAN tags, or SNAP headers between them, than the switch looks through to see what a "
                    + "receiver would see."),
    VLAN_NOT_CARRIED(
            Stage.ETHERNET,
            "The port that the frame came in by, or the one that it would leave by, does not carry its VLAN, or "
                    + "carries no untagged frames."),
    SOURCE_MAC_INVALID(Stage.ETHERNET, "The source MAC is a group address or all zeros."),
    BRIDGE_RESERVED(
            Stage.ETHERNET,
            "Sent to 01:80:c2:00:00:0x (spanning tree, LLDP, pause), which a bridge never forwards (IEEE 802.1Q)."),
    // ARP
    ARP_TRUNCATED(Stage.ARP, "An ARP packet is cut short (28 bytes for Ethernet and IPv4, RFC 826)."),
    ARP_INVALID(
            Stage.ARP,
            "An ARP packet with hardware or protocol types or lengths other than Ethernet's (or IEEE 802's) and "
                    + "IPv4's (RFC 826)."),
    // IPv4
    IPV4_TRUNCATED(Stage.IPV4, "An IPv4 header is cut short (RFC 791)."),
    IPV4_BAD_VERSION(Stage.IPV4, "EtherType 0x0800, but the version field is not 4."),
    IPV4_BAD_HEADER_LENGTH(Stage.IPV4, "IHL below 5 words or beyond the packet."),
    IPV4_BAD_TOTAL_LENGTH(Stage.IPV4, "Total length below the header's or beyond the frame."),
    IPV4_BAD_CHECKSUM(
            Stage.IPV4,
            "An IPv4 packet that had to be rebuilt (cut into fragments or segments) came with a wrong header "
                    + "checksum."),
    IPV4_TINY_FRAGMENT(
            Stage.IPV4,
            "A first fragment too short for its transport header, or one at offset 1 that would overwrite it (RFC "
                    + "1858)."),
    // IPv6
    IPV6_TRUNCATED(Stage.IPV6, "An IPv6 header is cut short (RFC 8200)."),
    IPV6_BAD_VERSION(Stage.IPV6, "EtherType 0x86dd, but the version field is not 6."),
    IPV6_BAD_PAYLOAD_LENGTH(Stage.IPV6, "Payload length beyond the frame."),
    IPV6_BAD_EXTENSION(Stage.IPV6, "An extension header is cut short, or the chain is longer than 8 headers."),
    IPV6_TINY_FRAGMENT(Stage.IPV6, "A first fragment without its whole header chain (RFC 7112)."),
    // Transport
    TCP_TRUNCATED(Stage.TRANSPORT, "A TCP header is cut short (RFC 9293)."),
    TCP_BAD_DATA_OFFSET(Stage.TRANSPORT, "TCP data offset below 5 words or beyond the packet."),
    UDP_TRUNCATED(Stage.TRANSPORT, "A UDP header is cut short (RFC 768)."),
    UDP_BAD_LENGTH(Stage.TRANSPORT, "UDP length below 8 or beyond the packet."),
    SCTP_TRUNCATED(Stage.TRANSPORT, "An SCTP common header is cut short (RFC 9260)."),
    ICMP_TRUNCATED(Stage.TRANSPORT, "An ICMP or ICMPv6 header is cut short (RFC 792, RFC 4443)."),
    ND_INVALID(
            Stage.TRANSPORT,
            "A neighbour discovery message that nodes must discard by RFC 4861 (hop limit, code, length, options, "
                    + "source) or RFC 6980 (fragments)."),
    // Tunnel
    VXLAN_TRUNCATED(Stage.TUNNEL, "A VXLAN header is cut short (8 bytes, RFC 7348)."),
    VXLAN_NO_VNI(Stage.TUNNEL, "The I flag of a VXLAN header is not set (RFC 7348, section 5)."),
    GRE_TRUNCATED(Stage.TUNNEL, "A GRE header is cut short (RFC 2784, RFC 2890)."),
    GRE_BAD_VERSION(Stage.TUNNEL, "GRE version other than 0 (version 1 is PPTP)."),
    GRE_BAD_FLAGS(Stage.TUNNEL, "GRE with the routing bit or a reserved bit that RFC 2784, section 2.3 forbids."),
    GRE_BAD_PROTOCOL(Stage.TUNNEL, "GRE that does not carry Ethernet (protocol 0x6558)."),
    GRE_BAD_CHECKSUM(Stage.TUNNEL, "The GRE checksum does not fit the payload."),
    SEGMENTS_UNKNOWN(
            Stage.TUNNEL,
            "The kernel merged packets inside a tunnel that are neither TCP nor UDP (SCTP, say), so that their "
                    + "boundaries are lost."),
    GENEVE_TRUNCATED(Stage.TUNNEL, "A Geneve header or its options are cut short (RFC 8926)."),
    GENEVE_BAD_VERSION(Stage.TUNNEL, "Geneve version other than 0."),
    GENEVE_CONTROL(
            Stage.TUNNEL,
            "A Geneve control packet (O bit), whose payload must not be forwarded (RFC 8926, section 3.4)."),
    GENEVE_BAD_PROTOCOL(Stage.TUNNEL, "Geneve that does not carry Ethernet (protocol 0x6558)."),
    GENEVE_CRITICAL_OPTION(
            Stage.TUNNEL, "A Geneve option that is marked critical and unknown here (RFC 8926, section 3.5)."),
    TUNNEL_UNKNOWN_KEY(Stage.TUNNEL, "No network here has this VNI or GRE key."),
    TUNNEL_UNKNOWN_VTEP(
            Stage.TUNNEL,
            "A tunnel frame from a VTEP that is neither a remote of the network nor of one of its hosts."),
    TUNNEL_CE_NOT_ECT(
            Stage.TUNNEL,
            "The outer header says that a router was congested (CE), but the packet inside is not ECN-capable (RFC "
                    + "6040, section 4.2)."),
    // Policy
    SPOOFED_MAC(
            Stage.POLICY,
            "The source MAC, or one in an ARP packet or a neighbour discovery message, is not the one that the port "
                    + "is bound to."),
    SPOOFED_IP(
            Stage.POLICY,
            "The source IP address, or one that an ARP packet or a neighbour discovery message claims, is not one "
                    + "that the port may use, or belongs to another station."),
    DHCP_RELAY_SPOOF(
            Stage.POLICY,
            "A guest sends DHCP requests as a relay agent (giaddr, option 82, or for another machine), and its port "
                    + "may not."),
    DHCP_SERVER_SPOOF(
            Stage.POLICY,
            "DHCP server messages (v4, v6) from a port that is bound to a guest, or into a network whose DHCP server "
                    + "is jvswitch."),
    ROUTER_SPOOF(
            Stage.POLICY, "Router advertisements or redirects (ICMP, ICMPv6) from a port that is bound to a guest."),
    // Forwarding
    NO_NETWORK(Stage.FORWARDING, "The port is not attached to a network."),
    NO_DESTINATION(Stage.FORWARDING, "A flooded frame had no other port and no tunnel to go to."),
    NOT_ETHERNET(
            Stage.FORWARDING,
            "A packet without an Ethernet header was to leave by a port, or to get or lose a VLAN tag, for which it "
                    + "needs one."),
    TTL_EXPIRED(
            Stage.FORWARDING, "The time to live (IP, MPLS, NSH) or hop limit was used up where it was to be lowered."),
    METER(Stage.FORWARDING, "Above the rate of the meter that a rule names."),
    SCTP_FRAGMENT(
            Stage.FORWARDING,
            "A rule sets a port in the first fragment of an SCTP packet, but the checksum covers the other fragments "
                    + "as well."),
    NO_OUTPUT(Stage.FORWARDING, "No rule or table sends the frame anywhere."),
    TRANSLATION_TOO_DEEP(
            Stage.FORWARDING,
            "Tables and patch ports lead the frame more than 64 levels deep, or through more than 4,096 steps: a "
                    + "loop."),
    RECIRCULATION_TOO_DEEP(Stage.FORWARDING, "Rules recirculate the frame, by 'ct' or a hash, more than 6 times."),
    RECIRCULATION_LOST(
            Stage.FORWARDING,
            "The bridge or port in which a recirculated frame was to continue has been removed meanwhile."),
    SAME_PORT(Stage.FORWARDING, "The destination is behind the port that the frame came by."),
    FLOOD_QUEUE_FULL(
            Stage.FORWARDING,
            "Broadcasts, multicasts or frames for unknown addresses come faster than they can be copied to all ports "
                    + "beside other traffic."),
    STORM_CONTROL(
            Stage.FORWARDING, "More broadcasts, multicasts or frames for unknown addresses than the port may send."),
    SPLIT_HORIZON(
            Stage.FORWARDING,
            "A frame from a tunnel whose destination is behind a tunnel: never forwarded, or it would loop."),
    PORT_DOWN(Stage.FORWARDING, "The port of destination is down or waits for its device."),
    MIRROR_PORT(
            Stage.FORWARDING,
            "The frame came in by a port that is the output of a mirror and nothing else, or its destination is "
                    + "there."),
    PORTS_ISOLATED(
            Stage.FORWARDING,
            "The ports of arrival and of destination are both protected: such ports exchange nothing with each other."),
    BOND_MEMBER(
            Stage.FORWARDING,
            "The frame came in by a member of a bond that does not accept it: a standby member, or one whose LACP has "
                    + "no partner."),
    BOND_REFLECTED(
            Stage.FORWARDING,
            "The frame came in by a bond, but its source is at another port: it left by one member and came back by "
                    + "another."),
    DESTINATION_RESERVED(
            Stage.FORWARDING, "Addressed to a service of the switch itself that does not answer this message."),
    RESPONDER_SILENT(
            Stage.FORWARDING,
            "A request that the ARP, ND or DHCP responder must not answer (an announcement of the sender's own "
                    + "address, say)."),
    DEFECT(Stage.FORWARDING, "An error of the switch itself while it worked on the frame's burst."),
    // MTU
    TOO_BIG_ICMP_SENT(
            Stage.MTU,
            "An IPv4 packet with DF too large for the path; the sender was told by ICMP \"fragmentation needed\" (RFC "
                    + "1191)."),
    TOO_BIG_ICMPV6_SENT(
            Stage.MTU,
            "An IPv6 packet too large for the path; the sender was told by ICMPv6 \"packet too big\" (RFC 8201)."),
    TOO_BIG_SILENT(
            Stage.MTU,
            "Larger than the path takes, and no ICMP error goes to its sender: errors are limited in their rate, or "
                    + "it is larger than the network's MTU and is not IP, is itself an error, or goes to a group (RFC "
                    + "1122 section 3.2.2; RFC 4443 section 2.4 allows \"packet too big\" for a group, but from an "
                    + "address of the switch's own, and it has none there)."),
    FRAGMENTATION_FAILED(
            Stage.MTU,
            "An IPv4 packet without DF could not be cut into fragments (no buffers, or options that do not fit)."),
    SEGMENTATION_FAILED(
            Stage.MTU, "A superframe could not be cut into segments (no buffers, or headers that do not parse)."),
    HEADROOM(Stage.MTU, "No headroom left for the outer headers."),
    // Transmit
    TX_QUEUE_FULL(Stage.TRANSMIT, "The device's transmit queue is full (EAGAIN, ENOBUFS)."),
    TX_TOO_BIG(Stage.TRANSMIT, "The kernel refused the frame as larger than the device's MTU (EMSGSIZE)."),
    TX_UNREACHABLE(Stage.TRANSMIT, "No route to the remote VTEP (ENETUNREACH, EHOSTUNREACH)."),
    TX_DEVICE_DOWN(Stage.TRANSMIT, "The device is down (EIO, ENETDOWN)."),
    TX_DEVICE_GONE(Stage.TRANSMIT, "The device was deleted."),
    TX_REFUSED(Stage.TRANSMIT, "The kernel refused the frame for another reason (EPERM by a firewall, EINVAL)."),
    // Conductor
    CONDUCTOR_QUEUE_FULL(
            Stage.CONDUCTOR,
            "The port's share of the control thread was used up: DHCP requests come faster than they are answered."),
    DHCP_INVALID(Stage.CONDUCTOR, "A DHCP message that cannot be parsed (RFC 2131, RFC 2132).");

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

    DropReason(Stage stage, String meaning) {
        this.stage = stage;
        this.meaning = meaning;
    }

    /** Where on its journey the frame was. */
    public Stage stage() {
        return stage;
    }

    /** What was seen: one sentence. */
    public String meaning() {
        return meaning;
    }

    /** The name that commands, JSON and metrics use: lower case with dashes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
