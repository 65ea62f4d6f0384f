package io.jvswitch.flowtable.key;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys and masks as text, in the manner of {@code ovs-appctl dpctl/dump-flows}: what a mask does not look at is left
 * out. {@link #parse} reads what {@link #of(FlowKey, FlowMask)} writes, whatever bits the mask has.
 */
public final class FlowText {

    private final FlowKey key;
    private final @Nullable FlowMask mask;
    private final StringBuilder text = new StringBuilder(160);
    private final Set<FlowField> shown = EnumSet.noneOf(FlowField.class);
    private boolean groupEmpty;

    private FlowText(FlowKey key, @Nullable FlowMask mask) {
        this.key = key;
        this.mask = mask;
    }

    /** The fields of a key that a mask looks at; without a mask those that the frame has. */
    public static String of(FlowKey key, @Nullable FlowMask mask) {
        FlowText writer = new FlowText(key, mask);
        writer.write();
        writer.writeOthers();
        return writer.text.toString();
    }

    /**
     * Reads a flow's text. A field that is not in it does not count, but for a key's that was written without a mask:
     * there it is 0.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static FlowMatch parse(String text) {
        return FlowTextParser.parse(text);
    }

    /** The fields that a mask looks at. */
    public static String of(FlowMask mask) {
        StringBuilder text = new StringBuilder();
        for (FlowField field : FlowField.values()) {
            if (mask.isWild(field)) {
                continue;
            }
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(field.label());
            if (!mask.isExact(field)) {
                text.append('/').append(maskText(field, mask));
            }
        }
        return text.toString();
    }

    private static String maskText(FlowField field, FlowMask mask) {
        if (field == FlowField.ETH_DST || field == FlowField.ETH_SRC) {
            return field.format(mask.get(field));
        }
        if (field.form() == FieldForm.IPV6) {
            return FieldForm.formatIpv6(mask.getHi(field), mask.get(field));
        }
        long hi = mask.getHi(field);
        String low = Long.toHexString(mask.get(field));
        return "0x" + (hi == 0 ? low : Long.toHexString(hi) + "0".repeat(16 - low.length()) + low);
    }

    private void write() {
        int ethType = key.ethType();
        int protocol = key.ipProto();
        one("recirc_id", FlowField.RECIRC_ID, true);
        one("ct_state", FlowField.CT_STATE, false);
        one("ct_zone", FlowField.CT_ZONE, false);
        one("ct_mark", FlowField.CT_MARK, false);
        one("ct_label", FlowField.CT_LABEL, false);
        open("ct_tuple");
        in("src", FlowField.CT_IP_SRC, false);
        in("dst", FlowField.CT_IP_DST, false);
        in("proto", FlowField.CT_IP_PROTO, false);
        in("tp_src", FlowField.CT_L4_SRC, false);
        in("tp_dst", FlowField.CT_L4_DST, false);
        close();
        open("tunnel");
        in("tun_id", FlowField.TUNNEL_ID, false);
        in("src", FlowField.TUNNEL_SRC, false);
        in("dst", FlowField.TUNNEL_DST, false);
        in("tos", FlowField.TUNNEL_TOS, false);
        in("ttl", FlowField.TUNNEL_TTL, false);
        in("gbp_id", FlowField.TUNNEL_GBP_ID, false);
        in("gbp_flags", FlowField.TUNNEL_GBP_FLAGS, false);
        in("flags", FlowField.TUNNEL_FLAGS, false);
        close();
        one("in_port", FlowField.IN_PORT, true);
        open("eth");
        in("src", FlowField.ETH_SRC, true);
        in("dst", FlowField.ETH_DST, true);
        close();
        vlan("vlan", FlowField.VLAN_TPID, FlowField.VLAN_TCI);
        vlan("inner_vlan", FlowField.VLAN_TPID_INNER, FlowField.VLAN_TCI_INNER);
        one("eth_type", FlowField.ETH_TYPE, true);
        open("mpls");
        in("label", FlowField.MPLS_LABEL, false);
        in("tc", FlowField.MPLS_TC, false);
        in("ttl", FlowField.MPLS_TTL, false);
        in("bos", FlowField.MPLS_BOS, false);
        in("lse1", FlowField.MPLS_LSE_1, false);
        in("lse2", FlowField.MPLS_LSE_2, false);
        close();
        open("nsh");
        in("flags", FlowField.NSH_FLAGS, false);
        in("ttl", FlowField.NSH_TTL, false);
        in("mdtype", FlowField.NSH_MDTYPE, false);
        in("np", FlowField.NSH_NP, false);
        in("spi", FlowField.NSH_SPI, false);
        in("si", FlowField.NSH_SI, false);
        in("c1", FlowField.NSH_C1, false);
        in("c2", FlowField.NSH_C2, false);
        in("c3", FlowField.NSH_C3, false);
        in("c4", FlowField.NSH_C4, false);
        close();
        if (ethType == EtherType.ARP) {
            open("arp");
            in("sip", FlowField.IP_SRC, true);
            in("tip", FlowField.IP_DST, true);
            in("op", FlowField.IP_PROTO, true);
            in("sha", FlowField.ARP_SHA, true);
            in("tha", FlowField.ARP_THA, true);
            close();
            return;
        }
        boolean ip = ethType == EtherType.IPV4 || ethType == EtherType.IPV6;
        open(ethType == EtherType.IPV6 ? "ipv6" : "ipv4");
        in("src", FlowField.IP_SRC, ip);
        in("dst", FlowField.IP_DST, ip);
        in("label", FlowField.IPV6_LABEL, ethType == EtherType.IPV6);
        in("proto", FlowField.IP_PROTO, ip);
        in(ethType == EtherType.IPV6 ? "tclass" : "tos", FlowField.IP_TOS, ip);
        in(ethType == EtherType.IPV6 ? "hlimit" : "ttl", FlowField.IP_TTL, ip);
        in("frag", FlowField.IP_FRAG, ip);
        close();
        boolean icmp = ip && (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6);
        boolean ports = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
        ports = ip && ports && key.ipFrag() != FlowField.FRAG_LATER;
        open(transportName(protocol));
        in(icmp ? "type" : "src", FlowField.L4_SRC, icmp || ports);
        in(icmp ? "code" : "dst", FlowField.L4_DST, icmp || ports);
        close();
        one("tcp_flags", FlowField.TCP_FLAGS, ports && protocol == IpProtocol.TCP);
        open("nd");
        in("target", FlowField.ND_TARGET, false);
        in("reserved", FlowField.ND_RESERVED, false);
        in("options_type", FlowField.ND_OPTIONS_TYPE, false);
        in("sll", FlowField.ARP_SHA, false);
        in("tll", FlowField.ARP_THA, false);
        close();
    }

    /** Whatever has no group above, by its own name: nothing that counts is hidden. */
    private void writeOthers() {
        for (FlowField field : FlowField.values()) {
            if (!shown.contains(field)) {
                one(field.label(), field, false);
            }
        }
    }

    private static String transportName(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> "tcp";
            case IpProtocol.UDP -> "udp";
            case IpProtocol.SCTP -> "sctp";
            case IpProtocol.ICMP -> "icmp";
            case IpProtocol.ICMPV6 -> "icmpv6";
            default -> "l4";
        };
    }

    private void vlan(String name, FlowField tpid, FlowField tci) {
        open(name);
        shown.add(tci);
        in("tpid", tpid, false);
        boolean exact = mask == null || mask.isExact(tci);
        if (exact && key.get(tci) != 0) {
            inText("vid", Long.toString(key.get(tci) & 0xfff));
            inText("pcp", Long.toString(key.get(tci) >>> 13));
            if ((key.get(tci) & FlowField.VLAN_PRESENT) == 0) {
                inText("cfi", "0");
            }
        } else if (mask != null) {
            in("tci", tci, false);
        }
        close();
    }

    /** A field in parentheses of its own. */
    private void one(String name, FlowField field, boolean always) {
        open(name);
        if (isShown(field, always)) {
            openGroup().append(valueText(field));
        }
        close();
    }

    private void open(String name) {
        if (!text.isEmpty()) {
            text.append(',');
        }
        text.append(name).append('(');
        groupEmpty = true;
    }

    /** Ends a group, and takes its name away when it stayed empty. */
    private void close() {
        if (groupEmpty) {
            int comma = Math.max(0, text.lastIndexOf(","));
            text.setLength(comma);
        } else {
            text.append(')');
        }
    }

    private StringBuilder openGroup() {
        if (!groupEmpty) {
            text.append(',');
        }
        groupEmpty = false;
        return text;
    }

    private void in(String name, FlowField field, boolean always) {
        if (isShown(field, always)) {
            openGroup().append(name).append('=').append(valueText(field));
        }
    }

    private void inText(String name, String value) {
        openGroup().append(name).append('=').append(value);
    }

    private boolean isShown(FlowField field, boolean always) {
        shown.add(field);
        if (mask != null) {
            return !mask.isWild(field);
        }
        return always || (key.get(field) | key.getHi(field)) != 0;
    }

    private String valueText(FlowField field) {
        long maskHi = mask == null ? -1L : mask.getHi(field);
        long maskLo = mask == null ? field.ones : mask.get(field);
        long hi = key.getHi(field) & maskHi;
        long lo = key.get(field) & maskLo;
        if (field.form() == FieldForm.ADDRESS) {
            return addressText(new MaskedValue(hi, lo, maskHi, maskLo));
        }
        String value = field.form() == FieldForm.IPV6 ? FieldForm.formatIpv6(hi, lo) : field.format(hi, lo);
        return mask == null || mask.isExact(field) ? value : value + "/" + maskText(field, mask);
    }

    /** An IPv4 address where all that tells it from an IPv6 one counts. */
    private static String addressText(MaskedValue address) {
        if (!FieldForm.isIpv4(address)) {
            return FieldForm.IPV6.format(128, address);
        }
        String value = IpAddress.ipv4ToString((int) address.lo());
        int bits = (int) address.maskLo();
        return bits == -1 ? value : value + "/" + IpAddress.ipv4ToString(bits);
    }
}
