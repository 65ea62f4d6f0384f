package io.jvswitch.flowtable.key;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of {@link MatchField}s: names, numbers, prerequisites and forms as Open vSwitch's ovs-fields(7) and
 * OpenFlow 1.5.1, section 7.2.3.7, have them. One row a name; what a row does not say is taken from the
 * {@link FlowField}, which is maskable by bits, writable, and without prerequisite.
 */
final class MatchFields {

    static final List<MatchField> ALL;
    static final Map<String, MatchField> BY_NAME;
    static final Map<Long, MatchField> BY_OXM;

    private static final int REGISTERS = 32;

    private final List<MatchField> fields = new ArrayList<>();
    private final Set<FlowField> named = EnumSet.noneOf(FlowField.class);

    static {
        MatchFields table = new MatchFields();
        table.fill();
        table.nameTheRest();
        ALL = List.copyOf(table.fields);
        Map<String, MatchField> byName = new HashMap<>();
        Map<Long, MatchField> byOxm = new HashMap<>();
        for (MatchField field : ALL) {
            put(byName, field.label(), field);
            for (String alias : field.aliases()) {
                put(byName, alias, field);
            }
            for (OxmHeader header : field.headers()) {
                put(byOxm, oxmKey(header.oxmClass(), header.experimenter(), header.number()), field);
            }
        }
        BY_NAME = Collections.unmodifiableMap(byName);
        BY_OXM = Collections.unmodifiableMap(byOxm);
    }

    private MatchFields() {}

    private static <K> void put(Map<K, MatchField> map, K key, MatchField field) {
        MatchField other = map.put(key, field);
        if (other != null) {
            throw new IllegalStateException(key + " is " + other + " and " + field);
        }
    }

    static long oxmKey(int oxmClass, int experimenter, int number) {
        return (long) experimenter << 32 | (long) oxmClass << 16 | number;
    }

    private void fill() {
        row("dp_hash", FlowField.DP_HASH).readOnly().nxm1(35).nicira(0).add();
        row("recirc_id", FlowField.RECIRC_ID)
                .form(FieldForm.DECIMAL)
                .exact()
                .readOnly()
                .nxm1(36)
                .add();
        row("packet_type", FlowField.PACKET_TYPE)
                .exact()
                .readOnly()
                .basic(44, OxmHeader.OPENFLOW_1_5)
                .add();
        row("conj_id", FlowField.CONJ_ID).exact().readOnly().nxm1(37).add();
        row("tun_id", FlowField.TUNNEL_ID)
                .alias("tunnel_id")
                .nxm1(16)
                .basic(38, OxmHeader.OPENFLOW_1_3)
                .add();
        row("tun_src", FlowField.TUNNEL_SRC)
                .ipv4(MatchField.Mapping.MAPPED_OR_NONE)
                .nxm1(31)
                .add();
        row("tun_dst", FlowField.TUNNEL_DST)
                .ipv4(MatchField.Mapping.MAPPED_OR_NONE)
                .nxm1(32)
                .add();
        row("tun_ipv6_src", FlowField.TUNNEL_SRC).form(FieldForm.IPV6).nxm1(109).add();
        row("tun_ipv6_dst", FlowField.TUNNEL_DST).form(FieldForm.IPV6).nxm1(110).add();
        row("tun_flags", FlowField.TUNNEL_FLAGS).nxm1(104).add();
        row("tun_ttl", FlowField.TUNNEL_TTL).exact().readOnly().add();
        row("tun_tos", FlowField.TUNNEL_TOS).exact().readOnly().add();
        row("tun_gbp_id", FlowField.TUNNEL_GBP_ID).nxm1(38).add();
        row("tun_gbp_flags", FlowField.TUNNEL_GBP_FLAGS).nxm1(39).add();
        row("metadata", FlowField.METADATA).basic(2, OxmHeader.OPENFLOW_1_2).add();
        // Of OpenFlow 1.0's 16-bit ports NXM has two bytes, OXM has four; what a number means is the bridge's business.
        row("in_port", FlowField.IN_PORT)
                .alias("in_port_oxm")
                .exact()
                .nxm0(0, 2)
                .basic(0, OxmHeader.OPENFLOW_1_2)
                .add();
        row("actset_output", FlowField.ACTSET_OUTPUT)
                .exact()
                .readOnly()
                .onf(43, OxmHeader.OPENFLOW_1_3)
                .basic(43, OxmHeader.OPENFLOW_1_5)
                .add();
        row("skb_priority", FlowField.SKB_PRIORITY).exact().readOnly().add();
        row("pkt_mark", FlowField.PKT_MARK).nxm1(33).add();
        row("ct_state", FlowField.CT_STATE)
                .form(FieldForm.CT_STATE)
                .bytes(4)
                .readOnly()
                .nxm1(105)
                .add();
        row("ct_zone", FlowField.CT_ZONE)
                .form(FieldForm.HEX)
                .exact()
                .readOnly()
                .nxm1(106)
                .add();
        row("ct_mark", FlowField.CT_MARK).nxm1(107).add();
        row("ct_label", FlowField.CT_LABEL).nxm1(108).add();
        row("ct_nw_proto", FlowField.CT_IP_PROTO)
                .exact()
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(119)
                .add();
        row("ct_nw_src", FlowField.CT_IP_SRC)
                .ipv4(MatchField.Mapping.MAPPED)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(120)
                .add();
        row("ct_nw_dst", FlowField.CT_IP_DST)
                .ipv4(MatchField.Mapping.MAPPED)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(121)
                .add();
        row("ct_ipv6_src", FlowField.CT_IP_SRC)
                .form(FieldForm.IPV6)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(122)
                .add();
        row("ct_ipv6_dst", FlowField.CT_IP_DST)
                .form(FieldForm.IPV6)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(123)
                .add();
        row("ct_tp_src", FlowField.CT_L4_SRC)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(124)
                .add();
        row("ct_tp_dst", FlowField.CT_L4_DST)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(125)
                .add();
        registers();
        row("eth_src", FlowField.ETH_SRC)
                .alias("dl_src")
                .needs(Prerequisite.ETHERNET)
                .nxm0(2)
                .basic(4, OxmHeader.OPENFLOW_1_2)
                .add();
        row("eth_dst", FlowField.ETH_DST)
                .alias("dl_dst")
                .needs(Prerequisite.ETHERNET)
                .nxm0(1)
                .basic(3, OxmHeader.OPENFLOW_1_2)
                .add();
        row("eth_type", FlowField.ETH_TYPE)
                .alias("dl_type")
                .exact()
                .readOnly()
                .needs(Prerequisite.ETHERNET)
                .nxm0(3)
                .basic(5, OxmHeader.OPENFLOW_1_2)
                .add();
        row("vlan_tci", FlowField.VLAN_TCI).needs(Prerequisite.ETHERNET).nxm0(4).add();
        // With OFPVID_PRESENT (0x1000), which is where the key has it.
        row("vlan_vid", FlowField.VLAN_TCI)
                .part(0, 13)
                .form(FieldForm.HEX)
                .needs(Prerequisite.ETHERNET)
                .basic(6, OxmHeader.OPENFLOW_1_2)
                .add();
        row("vlan_pcp", FlowField.VLAN_TCI)
                .part(13, 3)
                .form(FieldForm.DECIMAL)
                .exact()
                .needs(Prerequisite.VLAN)
                .basic(7, OxmHeader.OPENFLOW_1_2)
                .add();
        row("mpls_label", FlowField.MPLS_LABEL)
                .exact()
                .needs(Prerequisite.MPLS)
                .basic(34, OxmHeader.OPENFLOW_1_2)
                .add();
        row("mpls_tc", FlowField.MPLS_TC)
                .exact()
                .needs(Prerequisite.MPLS)
                .basic(35, OxmHeader.OPENFLOW_1_2)
                .add();
        row("mpls_bos", FlowField.MPLS_BOS)
                .exact()
                .readOnly()
                .needs(Prerequisite.MPLS)
                .basic(36, OxmHeader.OPENFLOW_1_3)
                .add();
        row("mpls_ttl", FlowField.MPLS_TTL)
                .exact()
                .needs(Prerequisite.MPLS)
                .nxm1(30)
                .add();
        row("pbb_isid", FlowField.PBB_ISID)
                .bytes(3)
                .needs(Prerequisite.PBB)
                .basic(37, OxmHeader.OPENFLOW_1_3)
                .add();
        row("ip_src", FlowField.IP_SRC)
                .alias("nw_src")
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.IPV4)
                .nxm0(7)
                .basic(11, OxmHeader.OPENFLOW_1_2)
                .add();
        row("ip_dst", FlowField.IP_DST)
                .alias("nw_dst")
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.IPV4)
                .nxm0(8)
                .basic(12, OxmHeader.OPENFLOW_1_2)
                .add();
        row("ipv6_src", FlowField.IP_SRC)
                .form(FieldForm.IPV6)
                .needs(Prerequisite.IPV6)
                .nxm1(19)
                .basic(26, OxmHeader.OPENFLOW_1_2)
                .add();
        row("ipv6_dst", FlowField.IP_DST)
                .form(FieldForm.IPV6)
                .needs(Prerequisite.IPV6)
                .nxm1(20)
                .basic(27, OxmHeader.OPENFLOW_1_2)
                .add();
        row("ipv6_label", FlowField.IPV6_LABEL)
                .needs(Prerequisite.IPV6)
                .nxm1(27)
                .basic(28, OxmHeader.OPENFLOW_1_2)
                .add();
        row("ipv6_exthdr", FlowField.IPV6_EXTHDR)
                .readOnly()
                .needs(Prerequisite.IPV6)
                .basic(39, OxmHeader.OPENFLOW_1_3)
                .add();
        row("nw_proto", FlowField.IP_PROTO)
                .alias("ip_proto")
                .exact()
                .readOnly()
                .needs(Prerequisite.IP)
                .nxm0(6)
                .basic(10, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nw_tos", FlowField.IP_TOS).exact().needs(Prerequisite.IP).nxm0(5).add();
        row("ip_dscp", FlowField.IP_TOS)
                .part(2, 6)
                .exact()
                .needs(Prerequisite.IP)
                .basic(8, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nw_ecn", FlowField.IP_TOS)
                .part(0, 2)
                .alias("ip_ecn")
                .exact()
                .needs(Prerequisite.IP)
                .nxm1(28)
                .basic(9, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nw_ttl", FlowField.IP_TTL).exact().needs(Prerequisite.IP).nxm1(29).add();
        row("ip_frag", FlowField.IP_FRAG)
                .part(0, 2)
                .alias("nw_frag")
                .readOnly()
                .needs(Prerequisite.IP)
                .nxm1(26)
                .add();
        row("arp_op", FlowField.IP_PROTO)
                .bytes(2)
                .exact()
                .needs(Prerequisite.ARP)
                .nxm0(15)
                .basic(21, OxmHeader.OPENFLOW_1_2)
                .add();
        row("arp_spa", FlowField.IP_SRC)
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.ARP)
                .nxm0(16)
                .basic(22, OxmHeader.OPENFLOW_1_2)
                .add();
        row("arp_tpa", FlowField.IP_DST)
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.ARP)
                .nxm0(17)
                .basic(23, OxmHeader.OPENFLOW_1_2)
                .add();
        row("arp_sha", FlowField.ARP_SHA)
                .needs(Prerequisite.ARP)
                .nxm1(17)
                .basic(24, OxmHeader.OPENFLOW_1_2)
                .add();
        row("arp_tha", FlowField.ARP_THA)
                .needs(Prerequisite.ARP)
                .nxm1(18)
                .basic(25, OxmHeader.OPENFLOW_1_2)
                .add();
        row("tcp_src", FlowField.L4_SRC)
                .alias("tp_src")
                .needs(Prerequisite.TCP)
                .nxm0(9)
                .basic(13, OxmHeader.OPENFLOW_1_2)
                .add();
        row("tcp_dst", FlowField.L4_DST)
                .alias("tp_dst")
                .needs(Prerequisite.TCP)
                .nxm0(10)
                .basic(14, OxmHeader.OPENFLOW_1_2)
                .add();
        row("tcp_flags", FlowField.TCP_FLAGS)
                .part(0, 12)
                .form(FieldForm.TCP_FLAGS)
                .readOnly()
                .needs(Prerequisite.TCP)
                .nxm1(34)
                .onf(42, OxmHeader.OPENFLOW_1_3)
                .basic(42, OxmHeader.OPENFLOW_1_5)
                .add();
        row("udp_src", FlowField.L4_SRC)
                .needs(Prerequisite.UDP)
                .nxm0(11)
                .basic(15, OxmHeader.OPENFLOW_1_2)
                .add();
        row("udp_dst", FlowField.L4_DST)
                .needs(Prerequisite.UDP)
                .nxm0(12)
                .basic(16, OxmHeader.OPENFLOW_1_2)
                .add();
        row("sctp_src", FlowField.L4_SRC)
                .needs(Prerequisite.SCTP)
                .basic(17, OxmHeader.OPENFLOW_1_2)
                .add();
        row("sctp_dst", FlowField.L4_DST)
                .needs(Prerequisite.SCTP)
                .basic(18, OxmHeader.OPENFLOW_1_2)
                .add();
        row("icmp_type", FlowField.L4_SRC)
                .part(0, 8)
                .alias("icmpv4_type")
                .exact()
                .needs(Prerequisite.ICMPV4)
                .nxm0(13)
                .basic(19, OxmHeader.OPENFLOW_1_2)
                .add();
        row("icmp_code", FlowField.L4_DST)
                .part(0, 8)
                .alias("icmpv4_code")
                .exact()
                .needs(Prerequisite.ICMPV4)
                .nxm0(14)
                .basic(20, OxmHeader.OPENFLOW_1_2)
                .add();
        row("icmpv6_type", FlowField.L4_SRC)
                .part(0, 8)
                .exact()
                .needs(Prerequisite.ICMPV6)
                .nxm1(21)
                .basic(29, OxmHeader.OPENFLOW_1_2)
                .add();
        row("icmpv6_code", FlowField.L4_DST)
                .part(0, 8)
                .exact()
                .needs(Prerequisite.ICMPV6)
                .nxm1(22)
                .basic(30, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nd_target", FlowField.ND_TARGET)
                .needs(Prerequisite.ND)
                .nxm1(23)
                .basic(31, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nd_sll", FlowField.ARP_SHA)
                .needs(Prerequisite.ND_SOLICITATION)
                .nxm1(24)
                .basic(32, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nd_tll", FlowField.ARP_THA)
                .needs(Prerequisite.ND_ADVERTISEMENT)
                .nxm1(25)
                .basic(33, OxmHeader.OPENFLOW_1_2)
                .add();
        row("nd_reserved", FlowField.ND_RESERVED)
                .form(FieldForm.DECIMAL)
                .exact()
                .needs(Prerequisite.ND)
                .ericsson(1)
                .add();
        row("nd_options_type", FlowField.ND_OPTIONS_TYPE)
                .exact()
                .needs(Prerequisite.ND)
                .ericsson(2)
                .add();
        row("nsh_flags", FlowField.NSH_FLAGS).needs(Prerequisite.NSH).nsh(1).add();
        row("nsh_mdtype", FlowField.NSH_MDTYPE)
                .exact()
                .readOnly()
                .needs(Prerequisite.NSH)
                .nsh(2)
                .add();
        row("nsh_np", FlowField.NSH_NP)
                .exact()
                .readOnly()
                .needs(Prerequisite.NSH)
                .nsh(3)
                .add();
        row("nsh_spi", FlowField.NSH_SPI)
                .alias("nsp")
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(4)
                .add();
        row("nsh_si", FlowField.NSH_SI)
                .alias("nsi")
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(5)
                .add();
        row("nsh_c1", FlowField.NSH_C1)
                .alias("nshc1")
                .needs(Prerequisite.NSH)
                .nsh(6)
                .add();
        row("nsh_c2", FlowField.NSH_C2)
                .alias("nshc2")
                .needs(Prerequisite.NSH)
                .nsh(7)
                .add();
        row("nsh_c3", FlowField.NSH_C3)
                .alias("nshc3")
                .needs(Prerequisite.NSH)
                .nsh(8)
                .add();
        row("nsh_c4", FlowField.NSH_C4)
                .alias("nshc4")
                .needs(Prerequisite.NSH)
                .nsh(9)
                .add();
        row("nsh_ttl", FlowField.NSH_TTL)
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(10)
                .add();
    }

    private void registers() {
        for (int i = 0; i < REGISTERS; i++) {
            Row row = row("reg" + i, FlowField.reg(i));
            // Nicira's class had numbers for sixteen; those of the others begin with 17.
            (i < 16 ? row.nxm1(i) : row.nicira(i + 1)).add();
        }
        for (int i = 0; i < REGISTERS / 2; i++) {
            row("xreg" + i, FlowField.reg(2 * i + 1))
                    .part(0, 64)
                    .packetRegister(i)
                    .add();
        }
        for (int i = 0; i < REGISTERS / 4; i++) {
            Row row = row("xxreg" + i, FlowField.reg(4 * i + 3)).part(0, 128);
            (i < 4 ? row.nxm1(111 + i) : row.nicira(29 + i)).add();
        }
    }

    /** Fields that OpenFlow does not know have their own names, so that every field can be written and read. */
    private void nameTheRest() {
        for (FlowField field : FlowField.values()) {
            if (!named.contains(field)) {
                row(field.label(), field).readOnly().add();
            }
        }
    }

    private Row row(String name, FlowField field) {
        return new Row(name, field);
    }

    /** A row being written. */
    private final class Row {
        private final List<String> names = new ArrayList<>();
        private final FlowField field;
        private final List<OxmHeader> headers = new ArrayList<>();
        private int shift;
        private int bits;
        private int bytes;
        private FieldForm form;
        private MatchField.Maskable maskable = MatchField.Maskable.BITWISE;
        private boolean writable = true;
        private Prerequisite prerequisite = Prerequisite.NONE;
        private MatchField.Mapping mapping = MatchField.Mapping.PLAIN;

        Row(String name, FlowField field) {
            names.add(name);
            this.field = field;
            shift = field.shift;
            form = field.form();
            setBits(field.bits());
        }

        /** The width, and with it the smallest size of a number on the wire that holds it. */
        private void setBits(int width) {
            bits = width;
            bytes = width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 48 ? 6 : width / 8;
        }

        Row alias(String name) {
            names.add(name);
            return this;
        }

        /** A part of the field, or what begins with its last bit and is wider. */
        Row part(int from, int width) {
            shift = field.shift + from;
            setBits(width);
            return this;
        }

        /** An IPv4 address in the lower 32 bits of a field for both kinds. */
        Row ipv4(MatchField.Mapping newMapping) {
            mapping = newMapping;
            form = FieldForm.IPV4;
            return part(0, 32);
        }

        Row form(FieldForm newForm) {
            form = newForm;
            return this;
        }

        /** Size on the wire, where it is not the smallest. */
        Row bytes(int size) {
            bytes = size;
            return this;
        }

        /** Cannot be masked. */
        Row exact() {
            maskable = MatchField.Maskable.NO;
            return this;
        }

        Row readOnly() {
            writable = false;
            return this;
        }

        Row needs(Prerequisite newPrerequisite) {
            prerequisite = newPrerequisite;
            return this;
        }

        private Row header(int oxmClass, int experimenter, int number, int size, int version) {
            headers.add(new OxmHeader(oxmClass, experimenter, number, size, version));
            return this;
        }

        Row nxm0(int number) {
            return nxm0(number, bytes);
        }

        Row nxm0(int number, int size) {
            return header(OxmHeader.NXM_0, 0, number, size, OxmHeader.OPENFLOW_1_0);
        }

        Row nxm1(int number) {
            return header(OxmHeader.NXM_1, 0, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row ericsson(int number) {
            return header(OxmHeader.ERICSSON, 0, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row basic(int number, int version) {
            return header(OxmHeader.OPENFLOW_BASIC, 0, number, bytes, version);
        }

        Row packetRegister(int number) {
            return header(OxmHeader.PACKET_REGISTERS, 0, number, bytes, OxmHeader.OPENFLOW_1_3);
        }

        Row nicira(int number) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.NICIRA, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row onf(int number, int version) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.ONF, number, bytes, version);
        }

        Row nsh(int number) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.NSH, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        void add() {
            named.add(field);
            fields.add(new MatchField(
                    names, field, shift, bits, form, maskable, writable, prerequisite, mapping, headers));
        }
    }
}
