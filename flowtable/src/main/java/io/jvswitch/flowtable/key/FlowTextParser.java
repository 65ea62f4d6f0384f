package io.jvswitch.flowtable.key;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link FlowText} writes: groups in parentheses, {@code in_port(1),ipv4(src=10.0.0.0/255.0.0.0,proto=6)}. A
 * group has one value, or values by their names; which names a group knows is said here once.
 */
final class FlowTextParser {

    /** A tag's TCI has its bit {@link FlowField#VLAN_PRESENT} unless the text says {@code cfi=0}. */
    private static final long VID_MASK = 0xfff;

    private static final int PCP_SHIFT = 13;
    private static final long PCP_MASK = 0xe000;

    private static final Map<String, Map<String, FlowField>> GROUPS = new HashMap<>();
    private static final Map<String, FlowField> FIELDS = new HashMap<>();

    static {
        for (FlowField field : FlowField.values()) {
            FIELDS.put(field.label(), field);
        }
        FIELDS.put("eth_type", FlowField.ETH_TYPE);
        group("ct_tuple", "src", FlowField.CT_IP_SRC, "dst", FlowField.CT_IP_DST, "proto", FlowField.CT_IP_PROTO);
        group("ct_tuple", "tp_src", FlowField.CT_L4_SRC, "tp_dst", FlowField.CT_L4_DST);
        group("tunnel", "tun_id", FlowField.TUNNEL_ID, "src", FlowField.TUNNEL_SRC, "dst", FlowField.TUNNEL_DST);
        group("tunnel", "tos", FlowField.TUNNEL_TOS, "ttl", FlowField.TUNNEL_TTL, "flags", FlowField.TUNNEL_FLAGS);
        group("tunnel", "gbp_id", FlowField.TUNNEL_GBP_ID, "gbp_flags", FlowField.TUNNEL_GBP_FLAGS);
        group("eth", "src", FlowField.ETH_SRC, "dst", FlowField.ETH_DST);
        group("vlan", "tpid", FlowField.VLAN_TPID, "tci", FlowField.VLAN_TCI);
        group("inner_vlan", "tpid", FlowField.VLAN_TPID_INNER, "tci", FlowField.VLAN_TCI_INNER);
        group("mpls", "label", FlowField.MPLS_LABEL, "tc", FlowField.MPLS_TC, "ttl", FlowField.MPLS_TTL);
        group("mpls", "bos", FlowField.MPLS_BOS, "lse1", FlowField.MPLS_LSE_1, "lse2", FlowField.MPLS_LSE_2);
        group("nsh", "flags", FlowField.NSH_FLAGS, "ttl", FlowField.NSH_TTL, "mdtype", FlowField.NSH_MDTYPE);
        group("nsh", "np", FlowField.NSH_NP, "spi", FlowField.NSH_SPI, "si", FlowField.NSH_SI);
        group("nsh", "c1", FlowField.NSH_C1, "c2", FlowField.NSH_C2, "c3", FlowField.NSH_C3, "c4", FlowField.NSH_C4);
        group("arp", "sip", FlowField.IP_SRC, "tip", FlowField.IP_DST, "op", FlowField.IP_PROTO);
        group("arp", "sha", FlowField.ARP_SHA, "tha", FlowField.ARP_THA);
        for (String ip : List.of("ipv4", "ipv6")) {
            group(ip, "src", FlowField.IP_SRC, "dst", FlowField.IP_DST, "proto", FlowField.IP_PROTO);
            group(ip, "label", FlowField.IPV6_LABEL, "frag", FlowField.IP_FRAG);
            group(ip, "tos", FlowField.IP_TOS, "tclass", FlowField.IP_TOS);
            group(ip, "ttl", FlowField.IP_TTL, "hlimit", FlowField.IP_TTL);
        }
        for (String transport : List.of("tcp", "udp", "sctp", "icmp", "icmpv6", "l4")) {
            group(transport, "src", FlowField.L4_SRC, "dst", FlowField.L4_DST);
            group(transport, "type", FlowField.L4_SRC, "code", FlowField.L4_DST);
        }
        group("nd", "target", FlowField.ND_TARGET, "sll", FlowField.ARP_SHA, "tll", FlowField.ARP_THA);
        group("nd", "reserved", FlowField.ND_RESERVED, "options_type", FlowField.ND_OPTIONS_TYPE);
    }

    private final String text;
    private final FlowMatch match = FlowMatch.empty();

    private FlowTextParser(String text) {
        this.text = text;
    }

    private static void group(String name, Object... namesAndFields) {
        Map<String, FlowField> group = GROUPS.computeIfAbsent(name, _ -> new HashMap<>());
        for (int i = 0; i < namesAndFields.length; i += 2) {
            group.put((String) namesAndFields[i], (FlowField) namesAndFields[i + 1]);
        }
    }

    /** {@link FlowText#parse}. */
    static FlowMatch parse(String text) {
        FlowTextParser parser = new FlowTextParser(text);
        for (String item : parser.split(text)) {
            int open = item.indexOf('(');
            if (open < 1 || !item.endsWith(")")) {
                throw parser.refuse("'" + item + "' is not a group like in_port(1) or eth(src=02:00:00:00:00:01)");
            }
            parser.group(item.substring(0, open), item.substring(open + 1, item.length() - 1));
        }
        return parser.match;
    }

    private IllegalArgumentException refuse(String why) {
        return new IllegalArgumentException("flow '" + text + "': " + why);
    }

    /** Parts between commas that are not within parentheses. */
    private List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(list.substring(begin, i).trim());
                begin = i + 1;
            }
        }
        if (depth != 0) {
            throw refuse("a parenthesis has no other");
        }
        if (begin < list.length() || !parts.isEmpty()) {
            parts.add(list.substring(begin).trim());
        }
        return parts;
    }

    private void group(String name, String content) {
        Map<String, FlowField> group = GROUPS.get(name);
        if (group == null) {
            FlowField field = FIELDS.get(name);
            if (field == null) {
                throw refuse("there is no field '" + name + "'");
            }
            add(field, content);
            return;
        }
        FlowField tci = group.get("tci");
        boolean tagged = false;
        for (String item : split(content)) {
            int equals = item.indexOf('=');
            String part = equals < 0 ? item : item.substring(0, equals);
            String value = equals < 0 ? "" : item.substring(equals + 1);
            if (tci != null && addTag(tci, part, value)) {
                tagged = true;
            } else {
                add(fieldOf(name, part, group.get(part)), value);
            }
        }
        if (tci != null && tagged && (match.mask().get(tci) & FlowField.VLAN_PRESENT) == 0) {
            addBits(tci, FlowField.VLAN_PRESENT, FlowField.VLAN_PRESENT);
        }
    }

    private FlowField fieldOf(String group, String part, @Nullable FlowField field) {
        if (field == null) {
            throw refuse("'" + group + "' has no '" + part + "'");
        }
        return field;
    }

    /** The parts of a tag; false when it is none of them. */
    private boolean addTag(FlowField tci, String part, String value) {
        switch (part) {
            case "vid" -> addBits(tci, number(value, VID_MASK), VID_MASK);
            case "pcp" -> addBits(tci, number(value, PCP_MASK >>> PCP_SHIFT) << PCP_SHIFT, PCP_MASK);
            case "cfi" -> addBits(tci, number(value, 1) * FlowField.VLAN_PRESENT, FlowField.VLAN_PRESENT);
            default -> {
                return false;
            }
        }
        return true;
    }

    private long number(String value, long max) {
        MaskedValue number;
        try {
            number = FieldForm.DECIMAL.parse(value, Long.bitCount(max));
        } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
        return number.lo();
    }

    private void addBits(FlowField field, long value, long bits) {
        match.add(field, new MaskedValue(0, value, 0, bits));
    }

    private void add(FlowField field, String value) {
        try {
            match.add(field, field.form().parse(value, field.bits()));
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw new IllegalArgumentException("flow '" + text + "': " + field.label() + ": " + e.getMessage(), e);
        }
    }
}
