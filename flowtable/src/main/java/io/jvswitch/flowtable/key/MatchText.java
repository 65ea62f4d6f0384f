package io.jvswitch.flowtable.key;

import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule's match as {@code ovs-ofctl} prints it, {@code tcp,in_port=1,nw_src=10.0.0.0/8,tp_dst=80}; empty for a match
 * that all frames agree with. {@link #parse} reads it again.
 *
 * <p>Order, names and forms are those of Open vSwitch 3.1, so that texts can be compared. A port is a number here: names
 * of ports are the bridge's. What OpenFlow has no name for (an inner tag, a mask that a field does not take) follows at
 * the end by the name of the {@link FlowField}, and is not read again where OpenFlow does not permit its mask.
 */
public final class MatchText {

    private static final int VID_MASK = 0xfff;
    private static final int PCP_SHIFT = 13;
    private static final int PCP_MASK = 0xe000;
    private static final int DSCP_MASK = 0xfc;
    private static final int ECN_MASK = 0x3;
    private static final int NO_PROTOCOL = -1;

    /**
     * A word for an EtherType, or for that and a protocol.
     *
     * @param protocol {@link #NO_PROTOCOL} when it says nothing of it
     */
    private record Word(String text, int ethType, int protocol) {}

    /** Of words that mean the same, the first is written. */
    private static final List<Word> WORDS = List.of(
            new Word("icmp", EtherType.IPV4, IpProtocol.ICMP),
            new Word("tcp", EtherType.IPV4, IpProtocol.TCP),
            new Word("udp", EtherType.IPV4, IpProtocol.UDP),
            new Word("sctp", EtherType.IPV4, IpProtocol.SCTP),
            new Word("ip", EtherType.IPV4, NO_PROTOCOL),
            new Word("ip4", EtherType.IPV4, NO_PROTOCOL),
            new Word("ipv4", EtherType.IPV4, NO_PROTOCOL),
            new Word("icmp6", EtherType.IPV6, IpProtocol.ICMPV6),
            new Word("tcp6", EtherType.IPV6, IpProtocol.TCP),
            new Word("udp6", EtherType.IPV6, IpProtocol.UDP),
            new Word("sctp6", EtherType.IPV6, IpProtocol.SCTP),
            new Word("ipv6", EtherType.IPV6, NO_PROTOCOL),
            new Word("ip6", EtherType.IPV6, NO_PROTOCOL),
            new Word("arp", EtherType.ARP, NO_PROTOCOL),
            new Word("rarp", EtherType.RARP, NO_PROTOCOL),
            new Word("mpls", EtherType.MPLS_UNICAST, NO_PROTOCOL),
            new Word("mplsm", EtherType.MPLS_MULTICAST, NO_PROTOCOL));

    /**
     * A name that is written.
     *
     * @param name what {@code ovs-ofctl} writes, which is not always the name that messages' fields have
     */
    private record Column(String name, MatchField field) {}

    private static final List<Column> METADATA = columns(
            "pkt_mark recirc_id dp_hash conj_id skb_priority actset_output ct_state ct_zone ct_mark ct_label ct_nw_src"
                    + " ct_ipv6_src ct_nw_dst ct_ipv6_dst ct_nw_proto ct_tp_src ct_tp_dst packet_type");
    private static final List<Column> TUNNEL_AND_PORT =
            columns("tun_id tun_src tun_dst tun_ipv6_src tun_ipv6_dst tun_gbp_id tun_gbp_flags tun_tos tun_ttl"
                    + " tun_flags metadata in_port");
    private static final List<Column> ETHERNET = columns("dl_src dl_dst");
    private static final List<Column> NETWORK =
            columns("ipv6_src ipv6_dst ipv6_label arp_spa arp_tpa nsh_flags nsh_ttl nsh_mdtype nsh_np nsh_spi nsh_si"
                    + " nsh_c1 nsh_c2 nsh_c3 nsh_c4 nw_src nw_dst arp_op nw_proto arp_sha arp_tha");
    private static final List<Column> BELOW =
            columns("nw_ttl mpls_label mpls_tc mpls_ttl mpls_bos mpls_lse1 mpls_lse2 pbb_isid ipv6_exthdr nw_frag"
                    + " icmp_type icmp_code icmp_type=icmpv6_type icmp_code=icmpv6_code nd_target nd_sll nd_tll"
                    + " nd_reserved nd_options_type tp_src tp_dst tp_src=udp_src tp_dst=udp_dst tp_src=sctp_src"
                    + " tp_dst=sctp_dst tcp_flags");

    private final FlowKey key;
    /** What has not been written yet. */
    private final FlowMask rest = new FlowMask();

    private final FlowMask mask;
    private final StringBuilder text = new StringBuilder(80);

    private MatchText(FlowKey key, FlowMask mask) {
        this.key = key;
        this.mask = mask;
        rest.copyFrom(mask);
    }

    private static List<Column> columns(String names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names.split(" ", -1)) {
            int equals = name.indexOf('=');
            MatchField field = MatchField.of(name.substring(equals + 1));
            if (field == null) {
                throw new IllegalStateException("no field is called " + name);
            }
            columns.add(new Column(equals < 0 ? name : name.substring(0, equals), field));
        }
        return columns;
    }

    /** The text of a match. */
    public static String format(FlowMatch match) {
        return format(match.key(), match.mask());
    }

    /**
     * The text of a match.
     *
     * @param key the values; bits that do not count are not looked at
     */
    public static String format(FlowKey key, FlowMask mask) {
        MatchText writer = new MatchText(key, mask);
        writer.write();
        return writer.text.toString();
    }

    private void write() {
        write(METADATA);
        writeType();
        for (int i = 0; i < 32; i++) {
            MatchField register = MatchField.of("reg" + i);
            if (register != null) {
                write(new Column(register.label(), register));
            }
        }
        write(TUNNEL_AND_PORT);
        writeTag();
        write(ETHERNET);
        if (rest.isExact(FlowField.ETH_TYPE)) {
            item("dl_type", hex(key.ethType(), 4));
            wrote(FlowField.ETH_TYPE);
        }
        write(NETWORK);
        writeTrafficClass();
        write(BELOW);
        for (FlowField field : FlowField.values()) {
            if (!rest.isWild(field)) {
                writeRest(field);
            }
        }
    }

    private void writeType() {
        boolean protocol = mask.isExact(FlowField.IP_PROTO);
        for (Word word : WORDS) {
            boolean whole = word.protocol == NO_PROTOCOL || protocol && key.ipProto() == word.protocol;
            if (mask.isExact(FlowField.ETH_TYPE) && key.ethType() == word.ethType && whole) {
                append(word.text);
                wrote(FlowField.ETH_TYPE);
                if (word.protocol != NO_PROTOCOL) {
                    wrote(FlowField.IP_PROTO);
                }
                return;
            }
        }
    }

    private void writeTag() {
        int bits = (int) mask.get(FlowField.VLAN_TCI);
        int tci = (int) key.get(FlowField.VLAN_TCI) & bits;
        if (bits == 0) {
            return;
        }
        boolean vid = (bits & VID_MASK) == VID_MASK;
        boolean pcp = (bits & PCP_MASK) == PCP_MASK;
        boolean whole = (vid || (bits & VID_MASK) == 0) && (pcp || (bits & PCP_MASK) == 0) && (vid || pcp);
        if ((tci & FlowField.VLAN_PRESENT) != 0 && whole) {
            if (vid) {
                item("dl_vlan", Integer.toString(tci & VID_MASK));
            }
            if (pcp) {
                item("dl_vlan_pcp", Integer.toString(tci >>> PCP_SHIFT));
            }
        } else {
            item("vlan_tci", hex(tci, 4) + (bits == 0xffff ? "" : "/" + hex(bits, 4)));
        }
        wrote(FlowField.VLAN_TCI);
    }

    /** DSCP, in the place that it has in the byte, and ECN. */
    private void writeTrafficClass() {
        if (!Prerequisite.IP.holds(key, mask)) {
            return;
        }
        int bits = (int) rest.get(FlowField.IP_TOS);
        int value = (int) key.get(FlowField.IP_TOS);
        if ((bits & DSCP_MASK) == DSCP_MASK) {
            item("nw_tos", Integer.toString(value & DSCP_MASK));
            rest.andNot(new FlowMask().bits(FlowField.IP_TOS, DSCP_MASK));
        }
        if ((bits & ECN_MASK) == ECN_MASK) {
            item("nw_ecn", Integer.toString(value & ECN_MASK));
            rest.andNot(new FlowMask().bits(FlowField.IP_TOS, ECN_MASK));
        }
    }

    private void write(List<Column> columns) {
        columns.forEach(this::write);
    }

    private void write(Column column) {
        MatchField field = column.field;
        MaskedValue value = field.matched(key, rest);
        if (value.isWild() || !field.permits(value) || !field.prerequisite().holds(key, mask)) {
            return;
        }
        // What the field's own text would say besides must be so, or another name follows.
        FlowMatch said = FlowMatch.empty();
        field.match(said.key(), said.mask(), value);
        if (!mask.covers(said.mask())
                || !said.key().equalsUnder(said.mask(), key)
                || field.form() == FieldForm.IPV4 && asksForMore(field, said.mask())) {
            return;
        }
        item(column.name, valueText(column.name, field, value));
        rest.andNot(said.mask());
    }

    /** Whether more of an address counts than an IPv4 one has: it may be an IPv6 address, of which this is the end. */
    private boolean asksForMore(MatchField field, FlowMask said) {
        int word = field.word();
        return (rest.words[word] & ~said.words[word] | rest.words[word - 1] & ~said.words[word - 1]) != 0;
    }

    /** Some numbers of few bits are decimal while all bits count, and padded while not. */
    private static String valueText(String name, MatchField field, MaskedValue value) {
        boolean exact = value.isExact(field.bits());
        return switch (name) {
            case "ipv6_label" -> hex(value.lo(), 5) + (exact ? "" : "/" + hex(value.maskLo(), 5));
            case "ct_zone" -> exact ? Long.toString(value.lo()) : field.format(value);
            case "nsh_flags" -> exact ? Long.toString(value.lo()) : hex(value.lo(), 2) + "/" + hex(value.maskLo(), 2);
            case "tun_gbp_id", "tp_src", "tp_dst", "ct_tp_src", "ct_tp_dst" ->
                exact ? field.format(value) : hexes(value);
            case "recirc_id" -> hexOrZero(value.lo());
            case "conj_id", "actset_output" -> Long.toString(value.lo());
            default -> field.format(value);
        };
    }

    private static String hexes(MaskedValue value) {
        return hex(value.lo(), 1) + "/" + hex(value.maskLo(), 1);
    }

    private static String hexOrZero(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0x" + "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** What is left of a field: by a name that fits all of it. */
    private void writeRest(FlowField field) {
        long hi = rest.getHi(field);
        long lo = rest.get(field);
        MaskedValue value = new MaskedValue(key.getHi(field) & hi, key.get(field) & lo, hi, lo);
        String name = switch (field) {
            case IP_SRC -> "ipv6_src";
            case IP_DST -> "ipv6_dst";
            case TUNNEL_SRC -> "tun_ipv6_src";
            case TUNNEL_DST -> "tun_ipv6_dst";
            case CT_IP_SRC -> "ct_ipv6_src";
            case CT_IP_DST -> "ct_ipv6_dst";
            default -> field.label();
        };
        FieldForm form = field.form() == FieldForm.ADDRESS ? FieldForm.IPV6 : field.form();
        item(name, form.format(field.bits(), value));
    }

    private void wrote(FlowField field) {
        rest.andNot(new FlowMask().exact(field));
    }

    private void item(String name, String value) {
        append(name).append('=').append(value);
    }

    private StringBuilder append(String item) {
        if (!text.isEmpty()) {
            text.append(',');
        }
        return text.append(item);
    }

    // ---- reading ----

    /**
     * Reads a match: items between commas (or blanks, as ovs-ofctl takes them), each a word for a kind of packet or a
     * field with a value. It is not asked whether the prerequisites of the fields are there.
     *
     * @throws IllegalArgumentException naming the item and what is wrong with it
     */
    public static FlowMatch parse(String text) {
        FlowMatch match = FlowMatch.empty();
        for (String item : items(text)) {
            int equals = item.indexOf('=');
            if (equals < 0) {
                parseWord(item, match);
            } else {
                parse(
                        item.substring(0, equals).trim(),
                        item.substring(equals + 1).trim(),
                        match);
            }
        }
        return match;
    }

    /** Parts between commas and blanks that are not within parentheses. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && (c == ',' || Character.isWhitespace(c))) {
                flush(item, items);
            } else {
                item.append(c);
            }
        }
        flush(item, items);
        return items;
    }

    private static void flush(StringBuilder item, List<String> items) {
        if (!item.isEmpty()) {
            items.add(item.toString());
            item.setLength(0);
        }
    }

    private static void parseWord(String text, FlowMatch match) {
        for (Word word : WORDS) {
            if (word.text.equals(text)) {
                match.add(FlowField.ETH_TYPE, MaskedValue.exact(0, word.ethType, FlowField.ETH_TYPE.bits()));
                if (word.protocol != NO_PROTOCOL) {
                    match.add(FlowField.IP_PROTO, MaskedValue.exact(0, word.protocol, FlowField.IP_PROTO.bits()));
                }
                return;
            }
        }
        throw new IllegalArgumentException("field " + text + " missing value");
    }

    private static void parse(String name, String value, FlowMatch match) {
        switch (name) {
            case "dl_vlan" -> parseVlan(value, match);
            case "dl_vlan_pcp" -> {
                MaskedValue pcp = number(name, value, 3);
                addTag(match, FlowField.VLAN_PRESENT | pcp.lo() << PCP_SHIFT, FlowField.VLAN_PRESENT | PCP_MASK);
            }
            case "nw_tos" -> {
                MaskedValue tos = number(name, value, 8);
                match.add(FlowField.IP_TOS, new MaskedValue(0, tos.lo() & DSCP_MASK, 0, DSCP_MASK));
            }
            default -> {
                MatchField field = MatchField.of(name);
                if (field == null) {
                    throw new IllegalArgumentException("unknown keyword " + name);
                }
                field.match(match.key(), match.mask(), field.parse(value));
            }
        }
    }

    /** A VLAN; 0xffff stands for no tag (OpenFlow 1.0, section 5.2.3). */
    private static void parseVlan(String value, FlowMatch match) {
        MaskedValue vid = number("dl_vlan", value, 16);
        if (vid.lo() == 0xffff) {
            addTag(match, 0, FlowField.VLAN_PRESENT | VID_MASK);
        } else if (vid.lo() <= VID_MASK) {
            addTag(match, FlowField.VLAN_PRESENT | vid.lo(), FlowField.VLAN_PRESENT | VID_MASK);
        } else {
            throw new IllegalArgumentException("dl_vlan: '" + value + "' is no VLAN: must be 0 to 4095, or 0xffff");
        }
    }

    private static MaskedValue number(String name, String value, int bits) {
        try {
            MaskedValue number = FieldForm.DECIMAL.parse(value, bits);
            if (number.isExact(bits)) {
                return number;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(value + ": invalid mask for field " + name);
    }

    private static void addTag(FlowMatch match, long value, long bits) {
        match.add(FlowField.VLAN_TCI, new MaskedValue(0, value, 0, bits));
    }
}
