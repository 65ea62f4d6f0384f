package io.jvswitch.flowtable.key;

import java.util.stream.IntStream;

/**
 * The fields of a {@link FlowKey}: everything that a translation may look at, and where it lies in the key. One row a
 * field; whatever else needs a word or a shift takes it from here (the hot path by {@link FlowLayout}).
 *
 * <p>Values are unsigned numbers in host order, right-aligned in a {@code long}; the 128-bit fields have a high and a
 * low half. A field that the frame does not have reads as 0. IPv4 addresses are kept IPv4-mapped ({@code
 * ::ffff:a.b.c.d}), so that a prefix of an IPv4 address is counted from the 128-bit address's first bit: {@code /24} is
 * 120.
 *
 * <p>Names and value formats follow ovs-fields(7), where Open vSwitch has the field.
 *
 * <p>Each field lies in one 64-bit word of the key; a 128-bit field in two, the high half in the word before. Fields
 * that frames have together share words, so that a frame pays for few. The words, each with its fields and how many
 * bits they have at which shift:
 *
 * <pre>
 *      0  in_port 32@32 | recirc_id 32
 *      1  dl_dst 48@16 | dl_type 16
 *      2  dl_src 48@16 | vlan_tci 16
 *      3  vlan_tpid 16@48 | vlan_tci_inner 16@32 | vlan_tpid_inner 16@16
 *      4  nw_proto 8@56 | nw_tos 8@48 | nw_ttl 8@40 | ip_frag 8@32 | tp_src 16@16 | tp_dst 16
 *    5,6  nw_src 128
 *    7,8  nw_dst 128
 *      9  tcp_flags 16@48 | tun_flags 16@32 | ipv6_exthdr 9@20 | ipv6_label 20
 *     10  arp_sha 48
 *     11  arp_tha 48
 *  12,13  nd_target 128
 *     14  tun_id 64
 *  15,16  tun_src 128
 *  17,18  tun_dst 128
 *     19  ct_state 16@48 | ct_zone 16@32 | ct_mark 32
 *  20,21  ct_label 128
 *     22  nd_reserved 32@32 | nd_options_type 8@24 | pbb_isid 24
 *     23  mpls_label 20@44 | mpls_tc 3@41 | mpls_bos 1@40 | mpls_ttl 8@32 | mpls_lse1 32
 *     24  mpls_lse2 32@32
 *     25  nsh_flags 8@56 | nsh_ttl 8@48 | nsh_mdtype 8@40 | nsh_np 8@32 | nsh_spi 24@8 | nsh_si 8
 *     26  nsh_c1 32@32 | nsh_c2 32
 *     27  nsh_c3 32@32 | nsh_c4 32
 *     28  tun_ttl 8@56 | tun_tos 8@48 | tun_gbp_flags 8@40 | tun_gbp_id 16@16
 *     29  dp_hash 32@32 | packet_type 32
 *  30,31  ct_nw_src 128
 *  32,33  ct_nw_dst 128
 *     34  ct_nw_proto 8@32 | ct_tp_src 16@16 | ct_tp_dst 16
 *     35  metadata 64
 *     36  pkt_mark 32@32 | skb_priority 32
 *     37  conj_id 32@32 | actset_output 32
 *     38  reg0 32@32 | reg1 32
 *     39  reg2 32@32 | reg3 32
 *     40  reg4 32@32 | reg5 32
 *     41  reg6 32@32 | reg7 32
 *     42  reg8 32@32 | reg9 32
 *     43  reg10 32@32 | reg11 32
 *     44  reg12 32@32 | reg13 32
 *     45  reg14 32@32 | reg15 32
 *     46  reg16 32@32 | reg17 32
 *     47  reg18 32@32 | reg19 32
 *     48  reg20 32@32 | reg21 32
 *     49  reg22 32@32 | reg23 32
 *     50  reg24 32@32 | reg25 32
 *     51  reg26 32@32 | reg27 32
 *     52  reg28 32@32 | reg29 32
 *     53  reg30 32@32 | reg31 32
 *  64,65  tun_options0 128
 *  66,67  tun_options1 128
 *  68,69  tun_options2 128
 *  70,71  tun_options3 128
 *  72,73  tun_options4 128
 *  74,75  tun_options5 128
 *  76,77  tun_options6 128
 *  78,79  tun_options7 128
 *  80,81  tun_options8 128
 *  82,83  tun_options9 128
 *  84,85  tun_options10 128
 *  86,87  tun_options11 128
 *  88,89  tun_options12 128
 *  90,91  tun_options13 128
 *  92,93  tun_options14 128
 *  94,95  tun_options15 128
 * </pre>
 */
public enum FlowField implements KeyBits {
    /** Number of the port that the frame came in by. */
    IN_PORT("in_port", FieldForm.DECIMAL, 32, 0, 32, LookupStage.METADATA),
    /** Recirculation id: 0 for a frame fresh from a port. */
    RECIRC_ID("recirc_id", FieldForm.HEX, 32, 0, 0, LookupStage.METADATA),
    /** Name space and type of what the frame begins with; 0 for Ethernet, which is all that ports deliver. */
    PACKET_TYPE("packet_type", FieldForm.PACKET_TYPE, 32, 29, 0, LookupStage.METADATA),
    /** Hash that the data path computed before it recirculated the frame; 0 without one. */
    DP_HASH("dp_hash", FieldForm.HEX, 32, 29, 32, LookupStage.METADATA),
    /** VNI or GRE key of the tunnel that the frame came by. */
    TUNNEL_ID("tun_id", FieldForm.HEX, 64, 14, 0, LookupStage.METADATA),
    /** Outer source address: the remote VTEP. */
    TUNNEL_SRC("tun_src", FieldForm.ADDRESS, 128, 16, 0, LookupStage.METADATA),
    /** Outer destination address: our own. */
    TUNNEL_DST("tun_dst", FieldForm.ADDRESS, 128, 18, 0, LookupStage.METADATA),
    /** Flags of the tunnel code, see {@code Frame.tunnelFlags()}; 0 when not of a tunnel. */
    TUNNEL_FLAGS("tun_flags", FieldForm.HEX, 16, 9, 32, LookupStage.METADATA),
    /** Outer time to live or hop limit; of a superframe the first segment's. */
    TUNNEL_TTL("tun_ttl", FieldForm.DECIMAL, 8, 28, 56, LookupStage.METADATA),
    /** Outer type of service or traffic class, as it arrived. */
    TUNNEL_TOS("tun_tos", FieldForm.DECIMAL, 8, 28, 48, LookupStage.METADATA),
    /** Group policy id of VXLAN's group policy extension; 0 without it. */
    TUNNEL_GBP_ID("tun_gbp_id", FieldForm.DECIMAL, 16, 28, 16, LookupStage.METADATA),
    /** Flags of VXLAN's group policy extension: not to be learnt from (0x40), policy applied (0x08). */
    TUNNEL_GBP_FLAGS("tun_gbp_flags", FieldForm.HEX, 8, 28, 40, LookupStage.METADATA),
    /** Destination MAC. */
    ETH_DST("dl_dst", FieldForm.MAC, 48, 1, 16, LookupStage.L2),
    /** Source MAC. */
    ETH_SRC("dl_src", FieldForm.MAC, 48, 2, 16, LookupStage.L2),
    /** EtherType of the payload behind the tags; {@link #ETH_TYPE_NONE} for an 802.3 frame without one. */
    ETH_TYPE("dl_type", FieldForm.HEX4, 16, 1, 0, LookupStage.L2),
    /** Outer VLAN tag's TCI with bit 0x1000 set; 0 when untagged. */
    VLAN_TCI("vlan_tci", FieldForm.HEX4, 16, 2, 0, LookupStage.L2),
    /** Outer VLAN tag's TPID (0x8100 or 0x88a8); 0 when untagged. */
    VLAN_TPID("vlan_tpid", FieldForm.HEX4, 16, 3, 48, LookupStage.L2),
    /** Inner VLAN tag's TCI with bit 0x1000 set; 0 with fewer than two tags. */
    VLAN_TCI_INNER("vlan_tci_inner", FieldForm.HEX4, 16, 3, 32, LookupStage.L2),
    /** Inner VLAN tag's TPID; 0 with fewer than two tags. */
    VLAN_TPID_INNER("vlan_tpid_inner", FieldForm.HEX, 16, 3, 16, LookupStage.L2),
    /** Label of the outermost MPLS label stack entry. */
    MPLS_LABEL("mpls_label", FieldForm.DECIMAL, 20, 23, 44, LookupStage.L2),
    /** Traffic class of the outermost MPLS label stack entry. */
    MPLS_TC("mpls_tc", FieldForm.DECIMAL, 3, 23, 41, LookupStage.L2),
    /** Bottom-of-stack bit of the outermost MPLS label stack entry. */
    MPLS_BOS("mpls_bos", FieldForm.DECIMAL, 1, 23, 40, LookupStage.L2),
    /** Time to live of the outermost MPLS label stack entry. */
    MPLS_TTL("mpls_ttl", FieldForm.DECIMAL, 8, 23, 32, LookupStage.L2),
    /** The second MPLS label stack entry, whole; 0 where the stack has fewer. */
    MPLS_LSE_1("mpls_lse1", FieldForm.HEX, 32, 23, 0, LookupStage.L2),
    /** The third MPLS label stack entry, whole; 0 where the stack has fewer. */
    MPLS_LSE_2("mpls_lse2", FieldForm.HEX, 32, 24, 32, LookupStage.L2),
    /** Service instance of a provider backbone bridge's header (IEEE 802.1ah), whose EtherType is 0x88e7. */
    PBB_ISID("pbb_isid", FieldForm.HEX, 24, 22, 0, LookupStage.L2),
    /** IPv4 or IPv6 source, ARP sender protocol address. */
    IP_SRC("nw_src", FieldForm.ADDRESS, 128, 6, 0, LookupStage.L3),
    /** IPv4 or IPv6 destination, ARP target protocol address. */
    IP_DST("nw_dst", FieldForm.ADDRESS, 128, 8, 0, LookupStage.L3),
    /** IP protocol behind the extension headers (44 for a later IPv6 fragment); ARP: the opcode, 0 when above 255. */
    IP_PROTO("nw_proto", FieldForm.DECIMAL, 8, 4, 56, LookupStage.L3),
    /** IPv4 type of service or IPv6 traffic class, with the ECN bits. */
    IP_TOS("nw_tos", FieldForm.DECIMAL, 8, 4, 48, LookupStage.L3),
    /** IPv4 time to live or IPv6 hop limit. */
    IP_TTL("nw_ttl", FieldForm.DECIMAL, 8, 4, 40, LookupStage.L3),
    /** {@link #FRAG_NONE}, {@link #FRAG_FIRST} or {@link #FRAG_LATER}. */
    IP_FRAG("ip_frag", FieldForm.FRAGMENT, 8, 4, 32, LookupStage.L3),
    /** IPv6 flow label. */
    IPV6_LABEL("ipv6_label", FieldForm.HEX, 20, 9, 0, LookupStage.L3),
    /** Which IPv6 extension headers there are, by the bits of {@link ExtensionHeaders}; 0 without any. */
    IPV6_EXTHDR("ipv6_exthdr", FieldForm.HEX, 9, 9, 20, LookupStage.L3),
    /** TCP, UDP or SCTP source port; ICMP type. */
    L4_SRC("tp_src", FieldForm.DECIMAL, 16, 4, 16, LookupStage.L4),
    /** TCP, UDP or SCTP destination port; ICMP code. */
    L4_DST("tp_dst", FieldForm.DECIMAL, 16, 4, 0, LookupStage.L4),
    /** The twelve TCP flag bits. */
    TCP_FLAGS("tcp_flags", FieldForm.HEX, 16, 9, 48, LookupStage.L4),
    /** ARP sender hardware address, or the ND source link-layer address option. */
    ARP_SHA("arp_sha", FieldForm.MAC, 48, 10, 0, LookupStage.L3),
    /** ARP target hardware address, or the ND target link-layer address option. */
    ARP_THA("arp_tha", FieldForm.MAC, 48, 11, 0, LookupStage.L3),
    /**
     * The word behind the checksum of a neighbour solicitation or advertisement: the flags R (0x80000000), S
     * (0x40000000) and O (0x20000000), and reserved bits.
     */
    ND_RESERVED("nd_reserved", FieldForm.HEX, 32, 22, 32, LookupStage.L3),
    /**
     * Type of the first link-layer address option of a neighbour solicitation or advertisement (1: source, 2: target).
     */
    ND_OPTIONS_TYPE("nd_options_type", FieldForm.DECIMAL, 8, 22, 24, LookupStage.L3),
    /** Target of a neighbour solicitation or advertisement, or of a redirect. */
    ND_TARGET("nd_target", FieldForm.IPV6, 128, 13, 0, LookupStage.L3),
    /** Connection-tracking state bits. */
    CT_STATE("ct_state", FieldForm.HEX, 16, 19, 48, LookupStage.METADATA),
    /** Connection-tracking zone. */
    CT_ZONE("ct_zone", FieldForm.DECIMAL, 16, 19, 32, LookupStage.METADATA),
    /** Connection-tracking mark. */
    CT_MARK("ct_mark", FieldForm.HEX, 32, 19, 0, LookupStage.METADATA),
    /** Connection-tracking label. */
    CT_LABEL("ct_label", FieldForm.HEX, 128, 21, 0, LookupStage.METADATA),
    /** Source address of the connection's first packet; 0 when not tracked. */
    CT_IP_SRC("ct_nw_src", FieldForm.ADDRESS, 128, 31, 0, LookupStage.L3),
    /** Destination address of the connection's first packet; 0 when not tracked. */
    CT_IP_DST("ct_nw_dst", FieldForm.ADDRESS, 128, 33, 0, LookupStage.L3),
    /** IP protocol of the connection's first packet. */
    CT_IP_PROTO("ct_nw_proto", FieldForm.DECIMAL, 8, 34, 32, LookupStage.METADATA),
    /** Source port, or ICMP type, of the connection's first packet. */
    CT_L4_SRC("ct_tp_src", FieldForm.DECIMAL, 16, 34, 16, LookupStage.L4),
    /** Destination port, or ICMP code, of the connection's first packet. */
    CT_L4_DST("ct_tp_dst", FieldForm.DECIMAL, 16, 34, 0, LookupStage.L4),
    /** Flags of the network service header (RFC 8300): O (2), and reserved bits. */
    NSH_FLAGS("nsh_flags", FieldForm.DECIMAL, 8, 25, 56, LookupStage.L4),
    /** Time to live of the network service header. */
    NSH_TTL("nsh_ttl", FieldForm.DECIMAL, 8, 25, 48, LookupStage.L4),
    /** Metadata type of the network service header. */
    NSH_MDTYPE("nsh_mdtype", FieldForm.DECIMAL, 8, 25, 40, LookupStage.L4),
    /** Next protocol of the network service header. */
    NSH_NP("nsh_np", FieldForm.DECIMAL, 8, 25, 32, LookupStage.L4),
    /** Service path identifier of the network service header. */
    NSH_SPI("nsh_spi", FieldForm.HEX, 24, 25, 8, LookupStage.L4),
    /** Service index of the network service header. */
    NSH_SI("nsh_si", FieldForm.DECIMAL, 8, 25, 0, LookupStage.L4),
    /** Context header 1 of a network service header of metadata type 1. */
    NSH_C1("nsh_c1", FieldForm.HEX, 32, 26, 32, LookupStage.L4),
    /** Context header 2 of a network service header of metadata type 1. */
    NSH_C2("nsh_c2", FieldForm.HEX, 32, 26, 0, LookupStage.L4),
    /** Context header 3 of a network service header of metadata type 1. */
    NSH_C3("nsh_c3", FieldForm.HEX, 32, 27, 32, LookupStage.L4),
    /** Context header 4 of a network service header of metadata type 1. */
    NSH_C4("nsh_c4", FieldForm.HEX, 32, 27, 0, LookupStage.L4),
    /** The first 16 of the 256 bytes that a {@link TunnelOptions} map gives to tunnel options; the others follow. */
    TUNNEL_OPTIONS_0("tun_options0", FieldForm.HEX, 128, 65, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_1("tun_options1", FieldForm.HEX, 128, 67, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_2("tun_options2", FieldForm.HEX, 128, 69, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_3("tun_options3", FieldForm.HEX, 128, 71, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_4("tun_options4", FieldForm.HEX, 128, 73, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_5("tun_options5", FieldForm.HEX, 128, 75, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_6("tun_options6", FieldForm.HEX, 128, 77, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_7("tun_options7", FieldForm.HEX, 128, 79, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_8("tun_options8", FieldForm.HEX, 128, 81, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_9("tun_options9", FieldForm.HEX, 128, 83, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_10("tun_options10", FieldForm.HEX, 128, 85, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_11("tun_options11", FieldForm.HEX, 128, 87, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_12("tun_options12", FieldForm.HEX, 128, 89, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_13("tun_options13", FieldForm.HEX, 128, 91, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_14("tun_options14", FieldForm.HEX, 128, 93, 0, LookupStage.METADATA),
    TUNNEL_OPTIONS_15("tun_options15", FieldForm.HEX, 128, 95, 0, LookupStage.METADATA),
    /** What one table tells the next (OpenFlow 1.1 and later). */
    METADATA("metadata", FieldForm.HEX, 64, 35, 0, LookupStage.METADATA, Region.PIPELINE),
    /** Mark that goes with the packet to the kernel. Frames arrive without one. */
    PKT_MARK("pkt_mark", FieldForm.HEX, 32, 36, 32, LookupStage.METADATA, Region.PIPELINE),
    /** Priority that picks the queue of the port of departure. */
    SKB_PRIORITY("skb_priority", FieldForm.HEX, 32, 36, 0, LookupStage.METADATA, Region.PIPELINE),
    /** Conjunction whose clauses all matched. */
    CONJ_ID("conj_id", FieldForm.DECIMAL, 32, 37, 32, LookupStage.METADATA, Region.PIPELINE),
    /** Port of the action set's output action. */
    ACTSET_OUTPUT("actset_output", FieldForm.DECIMAL, 32, 37, 0, LookupStage.METADATA, Region.PIPELINE),
    /** Register 0; the others follow. */
    REG0("reg0", FieldForm.HEX, 32, 38, 32, LookupStage.METADATA, Region.PIPELINE),
    REG1("reg1", FieldForm.HEX, 32, 38, 0, LookupStage.METADATA, Region.PIPELINE),
    REG2("reg2", FieldForm.HEX, 32, 39, 32, LookupStage.METADATA, Region.PIPELINE),
    REG3("reg3", FieldForm.HEX, 32, 39, 0, LookupStage.METADATA, Region.PIPELINE),
    REG4("reg4", FieldForm.HEX, 32, 40, 32, LookupStage.METADATA, Region.PIPELINE),
    REG5("reg5", FieldForm.HEX, 32, 40, 0, LookupStage.METADATA, Region.PIPELINE),
    REG6("reg6", FieldForm.HEX, 32, 41, 32, LookupStage.METADATA, Region.PIPELINE),
    REG7("reg7", FieldForm.HEX, 32, 41, 0, LookupStage.METADATA, Region.PIPELINE),
    REG8("reg8", FieldForm.HEX, 32, 42, 32, LookupStage.METADATA, Region.PIPELINE),
    REG9("reg9", FieldForm.HEX, 32, 42, 0, LookupStage.METADATA, Region.PIPELINE),
    REG10("reg10", FieldForm.HEX, 32, 43, 32, LookupStage.METADATA, Region.PIPELINE),
    REG11("reg11", FieldForm.HEX, 32, 43, 0, LookupStage.METADATA, Region.PIPELINE),
    REG12("reg12", FieldForm.HEX, 32, 44, 32, LookupStage.METADATA, Region.PIPELINE),
    REG13("reg13", FieldForm.HEX, 32, 44, 0, LookupStage.METADATA, Region.PIPELINE),
    REG14("reg14", FieldForm.HEX, 32, 45, 32, LookupStage.METADATA, Region.PIPELINE),
    REG15("reg15", FieldForm.HEX, 32, 45, 0, LookupStage.METADATA, Region.PIPELINE),
    REG16("reg16", FieldForm.HEX, 32, 46, 32, LookupStage.METADATA, Region.PIPELINE),
    REG17("reg17", FieldForm.HEX, 32, 46, 0, LookupStage.METADATA, Region.PIPELINE),
    REG18("reg18", FieldForm.HEX, 32, 47, 32, LookupStage.METADATA, Region.PIPELINE),
    REG19("reg19", FieldForm.HEX, 32, 47, 0, LookupStage.METADATA, Region.PIPELINE),
    REG20("reg20", FieldForm.HEX, 32, 48, 32, LookupStage.METADATA, Region.PIPELINE),
    REG21("reg21", FieldForm.HEX, 32, 48, 0, LookupStage.METADATA, Region.PIPELINE),
    REG22("reg22", FieldForm.HEX, 32, 49, 32, LookupStage.METADATA, Region.PIPELINE),
    REG23("reg23", FieldForm.HEX, 32, 49, 0, LookupStage.METADATA, Region.PIPELINE),
    REG24("reg24", FieldForm.HEX, 32, 50, 32, LookupStage.METADATA, Region.PIPELINE),
    REG25("reg25", FieldForm.HEX, 32, 50, 0, LookupStage.METADATA, Region.PIPELINE),
    REG26("reg26", FieldForm.HEX, 32, 51, 32, LookupStage.METADATA, Region.PIPELINE),
    REG27("reg27", FieldForm.HEX, 32, 51, 0, LookupStage.METADATA, Region.PIPELINE),
    REG28("reg28", FieldForm.HEX, 32, 52, 32, LookupStage.METADATA, Region.PIPELINE),
    REG29("reg29", FieldForm.HEX, 32, 52, 0, LookupStage.METADATA, Region.PIPELINE),
    REG30("reg30", FieldForm.HEX, 32, 53, 32, LookupStage.METADATA, Region.PIPELINE),
    REG31("reg31", FieldForm.HEX, 32, 53, 0, LookupStage.METADATA, Region.PIPELINE);

    /** Who may know a field. */
    public enum Region {
        /** What a frame brings with it, in its bytes or from where it was: may be in a megaflow. */
        FRAME,
        /**
         * What only a translation knows: 0 (or what a frozen translation has left) when it begins, whatever the frame,
         * so that reading it looks at nothing of the frame. No megaflow has such a bit.
         */
        PIPELINE
    }

    /** {@link #IP_FRAG}: not a fragment. */
    public static final int FRAG_NONE = 0;
    /** {@link #IP_FRAG}: the fragment at offset 0. */
    public static final int FRAG_FIRST = 1;
    /** {@link #IP_FRAG}: a fragment at another offset; it has no transport header. */
    public static final int FRAG_LATER = 3;

    /**
     * {@link #ETH_TYPE} of an 802.3 frame whose payload has no EtherType, as in Open vSwitch ({@code dl_type=0x05ff}).
     */
    public static final int ETH_TYPE_NONE = 0x05ff;

    /**
     * {@link #PACKET_TYPE}, or'ed with the EtherType of a packet that has no Ethernet header: name space 1 (OpenFlow
     * 1.5.1, section 7.2.3.11). That of Ethernet is 0.
     */
    public static final int PACKET_TYPE_WITHOUT_ETHERNET = 1 << 16;

    /** {@link #VLAN_TCI}: set when there is a tag, in the place of the drop-eligible bit. */
    public static final int VLAN_PRESENT = 0x1000;

    private static final FlowField[] REGISTERS = registers();

    private final String label;
    private final FieldForm form;
    private final int bits;
    private final LookupStage stage;
    private final Region region;
    /** The word that holds the field, or the low half of a 128-bit field, whose high half is the word before. */
    public final int word;
    /** How far left the field lies in its word. */
    final int shift;
    /** As many ones as the field (or its low half) has bits, not shifted. */
    final long ones;

    FlowField(String label, FieldForm form, int bits, int word, int shift, LookupStage stage) {
        this(label, form, bits, word, shift, stage, Region.FRAME);
    }

    FlowField(String label, FieldForm form, int bits, int word, int shift, LookupStage stage, Region region) {
        this.label = label;
        this.form = form;
        this.bits = bits;
        this.word = word;
        this.shift = shift;
        this.stage = stage;
        this.region = region;
        this.ones = bits >= 64 ? -1L : (1L << bits) - 1;
    }

    /** One of the 32 registers. */
    public static FlowField reg(int number) {
        if (number < 0 || number >= REGISTERS.length) {
            throw new IllegalArgumentException(
                    "there is no register " + number + ": they are 0 to " + (REGISTERS.length - 1));
        }
        return REGISTERS[number];
    }

    private static FlowField[] registers() {
        return IntStream.range(0, 32).mapToObj(i -> valueOf("REG" + i)).toArray(FlowField[]::new);
    }

    @Override
    public int bits() {
        return bits;
    }

    @Override
    public int word() {
        return word;
    }

    @Override
    public int shift() {
        return shift;
    }

    @Override
    public long ones() {
        return ones;
    }

    /** When a rule look-up comes to the field. */
    public LookupStage stage() {
        return stage;
    }

    @Override
    public Region region() {
        return region;
    }

    @Override
    public String label() {
        return label;
    }

    /** How values are written. */
    public FieldForm form() {
        return form;
    }

    /** A value of a field of at most 64 bits (or with an empty high half) as text. */
    public String format(long value) {
        return format(0, value);
    }

    /** A value as an operator writes it: a port in decimal, a MAC with colons, an address as an address. */
    public String format(long hi, long lo) {
        return form.format(hi, lo);
    }
}
