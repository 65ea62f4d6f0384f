package io.jvswitch.flowtable.key;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;

/**
 * The fields of a {@link FlowKey}: everything that a translation may look at.
 *
 * <p>Values are unsigned numbers in host order, right-aligned in a {@code long}; the 128-bit fields have a high and a
 * low half. A field that the frame does not have reads as 0. IPv4 addresses are kept IPv4-mapped ({@code
 * ::ffff:a.b.c.d}), so that a prefix of an IPv4 address is counted from the 128-bit address's first bit: {@code /24} is
 * 120.
 *
 * <p>Names and value formats follow ovs-fields(7), where Open vSwitch has the field.
 *
 * <p>Each field lies in one 64-bit word of the key (two for 128-bit fields). Fields that frames have together share
 * words:
 *
 * <pre>
 *  word  63            48 47           32 31           16 15            0
 *   0   |            in_port             |           recirc_id           |
 *   1   |                     dl_dst                    |    dl_type     |
 *   2   |                     dl_src                    |    vlan_tci    |
 *   3   |   vlan_tpid    | vlan_tci_inner| vlan_tpid_inn.|    ct_zone     |
 *   4   | proto  | tos   |  ttl  | frag  |    tp_src      |    tp_dst      |
 *   5,6 |                     nw_src (high, low)                         |
 *   7,8 |                     nw_dst (high, low)                         |
 *   9   |   tcp_flags    |   tun_flags   |           ipv6_label           |
 *  10   |    nd_flags    |            arp_sha / nd_sll                    |
 *  11   |       0        |            arp_tha / nd_tll                    |
 * 12,13 |                     nd_target (high, low)                      |
 *  14   |                     tun_id                                     |
 * 15,16 |                     tun_src (high, low)                        |
 * 17,18 |                     tun_dst (high, low)                        |
 *  19   |            ct_state            |            ct_mark            |
 * 20,21 |                     ct_label (high, low)                       |
 * </pre>
 */
public enum FlowField {
    /** Number of the port that the frame came in by. */
    IN_PORT("in_port", Form.DECIMAL, 32, 0, 32),
    /** Recirculation id: 0 for a frame fresh from a port. */
    RECIRC_ID("recirc_id", Form.HEX, 32, 0, 0),
    /** VNI or GRE key of the tunnel that the frame came by. */
    TUNNEL_ID("tun_id", Form.HEX, 64, 14, 0),
    /** Outer source address: the remote VTEP. */
    TUNNEL_SRC("tun_src", Form.ADDRESS, 128, 16, 0),
    /** Outer destination address: our own. */
    TUNNEL_DST("tun_dst", Form.ADDRESS, 128, 18, 0),
    /** Flags of the tunnel code, see {@code Frame.tunnelFlags()}; 0 when not of a tunnel. */
    TUNNEL_FLAGS("tun_flags", Form.HEX, 16, 9, 32),
    /** Destination MAC. */
    ETH_DST("dl_dst", Form.MAC, 48, 1, 16),
    /** Source MAC. */
    ETH_SRC("dl_src", Form.MAC, 48, 2, 16),
    /** EtherType of the payload behind the tags; {@link #ETH_TYPE_NONE} for an 802.3 frame without one. */
    ETH_TYPE("dl_type", Form.HEX, 16, 1, 0),
    /** Outer VLAN tag's TCI with bit 0x1000 set; 0 when untagged. */
    VLAN_TCI("vlan_tci", Form.HEX, 16, 2, 0),
    /** Outer VLAN tag's TPID (0x8100 or 0x88a8); 0 when untagged. */
    VLAN_TPID("vlan_tpid", Form.HEX, 16, 3, 48),
    /** Inner VLAN tag's TCI with bit 0x1000 set; 0 with fewer than two tags. */
    VLAN_TCI_INNER("vlan_tci_inner", Form.HEX, 16, 3, 32),
    /** Inner VLAN tag's TPID; 0 with fewer than two tags. */
    VLAN_TPID_INNER("vlan_tpid_inner", Form.HEX, 16, 3, 16),
    /** IPv4 or IPv6 source, ARP sender protocol address. */
    IP_SRC("nw_src", Form.ADDRESS, 128, 6, 0),
    /** IPv4 or IPv6 destination, ARP target protocol address. */
    IP_DST("nw_dst", Form.ADDRESS, 128, 8, 0),
    /** IP protocol behind the extension headers (44 for a later IPv6 fragment); ARP: the opcode, 0 when above 255. */
    IP_PROTO("nw_proto", Form.DECIMAL, 8, 4, 56),
    /** IPv4 type of service or IPv6 traffic class, with the ECN bits. */
    IP_TOS("nw_tos", Form.DECIMAL, 8, 4, 48),
    /** IPv4 time to live or IPv6 hop limit. */
    IP_TTL("nw_ttl", Form.DECIMAL, 8, 4, 40),
    /** {@link #FRAG_NONE}, {@link #FRAG_FIRST} or {@link #FRAG_LATER}. */
    IP_FRAG("ip_frag", Form.FRAGMENT, 8, 4, 32),
    /** IPv6 flow label. */
    IPV6_LABEL("ipv6_label", Form.HEX, 20, 9, 0),
    /** TCP, UDP or SCTP source port; ICMP type. */
    L4_SRC("tp_src", Form.DECIMAL, 16, 4, 16),
    /** TCP, UDP or SCTP destination port; ICMP code. */
    L4_DST("tp_dst", Form.DECIMAL, 16, 4, 0),
    /** The twelve TCP flag bits. */
    TCP_FLAGS("tcp_flags", Form.HEX, 16, 9, 48),
    /** ARP sender hardware address, or the ND source link-layer address option. */
    ARP_SHA("arp_sha", Form.MAC, 48, 10, 0),
    /** ARP target hardware address, or the ND target link-layer address option. */
    ARP_THA("arp_tha", Form.MAC, 48, 11, 0),
    /**
     * Flags of a neighbour advertisement (R 0x8000, S 0x4000, O 0x2000): the upper half of Open vSwitch's {@code
     * nd_reserved}.
     */
    ND_FLAGS("nd_flags", Form.HEX, 16, 10, 48),
    /** Target of a neighbour solicitation or advertisement, or of a redirect. */
    ND_TARGET("nd_target", Form.ADDRESS, 128, 13, 0),
    /** Connection-tracking state bits. */
    CT_STATE("ct_state", Form.HEX, 32, 19, 32),
    /** Connection-tracking zone. */
    CT_ZONE("ct_zone", Form.DECIMAL, 16, 3, 0),
    /** Connection-tracking mark. */
    CT_MARK("ct_mark", Form.HEX, 32, 19, 0),
    /** Connection-tracking label. */
    CT_LABEL("ct_label", Form.HEX, 128, 21, 0);

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

    /** {@link #VLAN_TCI}: set when there is a tag, in the place of the drop-eligible bit. */
    public static final int VLAN_PRESENT = 0x1000;

    /** How many 64-bit words a key has at most. */
    static final int WORDS = 22;

    private enum Form {
        DECIMAL,
        HEX,
        MAC,
        ADDRESS,
        FRAGMENT
    }

    private final String label;
    private final Form form;
    private final int bits;
    /** The word that holds the field, or the low half of a 128-bit field, whose high half is the word before. */
    public final int word;
    /** How far left the field lies in its word. */
    final int shift;
    /** As many ones as the field (or its low half) has bits, not shifted. */
    final long ones;

    FlowField(String label, Form form, int bits, int word, int shift) {
        this.label = label;
        this.form = form;
        this.bits = bits;
        this.word = word;
        this.shift = shift;
        this.ones = bits >= 64 ? -1L : (1L << bits) - 1;
    }

    /** Width in bits. */
    public int bits() {
        return bits;
    }

    /** Whether the field has a high half. */
    public boolean isWide() {
        return bits == 128;
    }

    /** The field's name as Open vSwitch spells it. */
    public String label() {
        return label;
    }

    /** A value of a field of at most 64 bits (or with an empty high half) as text. */
    public String format(long value) {
        return format(0, value);
    }

    /** A value as an operator writes it: a port in decimal, a MAC with colons, an address as an address. */
    public String format(long hi, long lo) {
        return switch (form) {
            case DECIMAL -> Long.toUnsignedString(lo);
            case HEX -> hex(hi, lo);
            case MAC -> MacAddress.toString(lo);
            case ADDRESS -> (hi | lo) == 0 && this != ND_TARGET ? "0.0.0.0" : IpAddress.toString(hi, lo);
            case FRAGMENT ->
                switch ((int) lo) {
                    case FRAG_NONE -> "no";
                    case FRAG_FIRST -> "first";
                    case FRAG_LATER -> "later";
                    default -> "0x" + Long.toHexString(lo);
                };
        };
    }

    private String hex(long hi, long lo) {
        if (hi != 0) {
            String low = Long.toHexString(lo);
            return "0x" + Long.toHexString(hi) + "0".repeat(16 - low.length()) + low;
        }
        if (lo == 0) {
            return "0";
        }
        String digits = Long.toHexString(lo);
        int width = this == ETH_TYPE || this == VLAN_TCI || this == VLAN_TCI_INNER || this == VLAN_TPID ? 4 : 1;
        return "0x" + "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
