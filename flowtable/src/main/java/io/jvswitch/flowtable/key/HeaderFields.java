package io.jvswitch.flowtable.key;

/** Rows of {@link MatchFields}: what is in a frame's headers. */
final class HeaderFields {

    private HeaderFields() {}

    static void fill(MatchFieldRows table) {
        table.row("eth_src", FlowField.ETH_SRC)
                .alias("dl_src")
                .needs(Prerequisite.ETHERNET)
                .nxm0(2)
                .basic(4, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("eth_dst", FlowField.ETH_DST)
                .alias("dl_dst")
                .needs(Prerequisite.ETHERNET)
                .nxm0(1)
                .basic(3, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("eth_type", FlowField.ETH_TYPE)
                .alias("dl_type")
                .exact()
                .readOnly()
                .needs(Prerequisite.ETHERNET)
                .nxm0(3)
                .basic(5, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("vlan_tci", FlowField.VLAN_TCI)
                .needs(Prerequisite.ETHERNET)
                .nxm0(4)
                .add();
        // With OFPVID_PRESENT (0x1000), which is where the key has it.
        table.row("vlan_vid", FlowField.VLAN_TCI)
                .part(0, 13)
                .form(FieldForm.HEX)
                .needs(Prerequisite.ETHERNET)
                .basic(6, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("vlan_pcp", FlowField.VLAN_TCI)
                .part(13, 3)
                .form(FieldForm.DECIMAL)
                .exact()
                .needs(Prerequisite.VLAN)
                .basic(7, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("mpls_label", FlowField.MPLS_LABEL)
                .exact()
                .needs(Prerequisite.MPLS)
                .basic(34, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("mpls_tc", FlowField.MPLS_TC)
                .exact()
                .needs(Prerequisite.MPLS)
                .basic(35, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("mpls_bos", FlowField.MPLS_BOS)
                .exact()
                .readOnly()
                .needs(Prerequisite.MPLS)
                .basic(36, OxmHeader.OPENFLOW_1_3)
                .add();
        table.row("mpls_ttl", FlowField.MPLS_TTL)
                .exact()
                .needs(Prerequisite.MPLS)
                .nxm1(30)
                .add();
        table.row("pbb_isid", FlowField.PBB_ISID)
                .bytes(3)
                .needs(Prerequisite.PBB)
                .basic(37, OxmHeader.OPENFLOW_1_3)
                .add();
        table.row("ip_src", FlowField.IP_SRC)
                .alias("nw_src")
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.IPV4)
                .nxm0(7)
                .basic(11, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("ip_dst", FlowField.IP_DST)
                .alias("nw_dst")
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.IPV4)
                .nxm0(8)
                .basic(12, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("ipv6_src", FlowField.IP_SRC)
                .form(FieldForm.IPV6)
                .needs(Prerequisite.IPV6)
                .nxm1(19)
                .basic(26, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("ipv6_dst", FlowField.IP_DST)
                .form(FieldForm.IPV6)
                .needs(Prerequisite.IPV6)
                .nxm1(20)
                .basic(27, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("ipv6_label", FlowField.IPV6_LABEL)
                .needs(Prerequisite.IPV6)
                .nxm1(27)
                .basic(28, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("ipv6_exthdr", FlowField.IPV6_EXTHDR)
                .readOnly()
                .needs(Prerequisite.IPV6)
                .basic(39, OxmHeader.OPENFLOW_1_3)
                .add();
        table.row("nw_proto", FlowField.IP_PROTO)
                .alias("ip_proto")
                .exact()
                .readOnly()
                .needs(Prerequisite.IP)
                .nxm0(6)
                .basic(10, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nw_tos", FlowField.IP_TOS)
                .exact()
                .needs(Prerequisite.IP)
                .nxm0(5)
                .add();
        table.row("ip_dscp", FlowField.IP_TOS)
                .part(2, 6)
                .exact()
                .needs(Prerequisite.IP)
                .basic(8, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nw_ecn", FlowField.IP_TOS)
                .part(0, 2)
                .alias("ip_ecn")
                .exact()
                .needs(Prerequisite.IP)
                .nxm1(28)
                .basic(9, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nw_ttl", FlowField.IP_TTL)
                .exact()
                .needs(Prerequisite.IP)
                .nxm1(29)
                .add();
        table.row("ip_frag", FlowField.IP_FRAG)
                .part(0, 2)
                .alias("nw_frag")
                .readOnly()
                .needs(Prerequisite.IP)
                .nxm1(26)
                .add();
        table.row("arp_op", FlowField.IP_PROTO)
                .bytes(2)
                .exact()
                .needs(Prerequisite.ARP)
                .nxm0(15)
                .basic(21, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("arp_spa", FlowField.IP_SRC)
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.ARP)
                .nxm0(16)
                .basic(22, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("arp_tpa", FlowField.IP_DST)
                .ipv4(MatchField.Mapping.MAPPED)
                .needs(Prerequisite.ARP)
                .nxm0(17)
                .basic(23, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("arp_sha", FlowField.ARP_SHA)
                .needs(Prerequisite.ARP)
                .nxm1(17)
                .basic(24, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("arp_tha", FlowField.ARP_THA)
                .needs(Prerequisite.ARP)
                .nxm1(18)
                .basic(25, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("tcp_src", FlowField.L4_SRC)
                .alias("tp_src")
                .needs(Prerequisite.TCP)
                .nxm0(9)
                .basic(13, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("tcp_dst", FlowField.L4_DST)
                .alias("tp_dst")
                .needs(Prerequisite.TCP)
                .nxm0(10)
                .basic(14, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("tcp_flags", FlowField.TCP_FLAGS)
                .part(0, 12)
                .form(FieldForm.TCP_FLAGS)
                .readOnly()
                .needs(Prerequisite.TCP)
                .nxm1(34)
                .onf(42, OxmHeader.OPENFLOW_1_3)
                .basic(42, OxmHeader.OPENFLOW_1_5)
                .add();
        table.row("udp_src", FlowField.L4_SRC)
                .needs(Prerequisite.UDP)
                .nxm0(11)
                .basic(15, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("udp_dst", FlowField.L4_DST)
                .needs(Prerequisite.UDP)
                .nxm0(12)
                .basic(16, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("sctp_src", FlowField.L4_SRC)
                .needs(Prerequisite.SCTP)
                .basic(17, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("sctp_dst", FlowField.L4_DST)
                .needs(Prerequisite.SCTP)
                .basic(18, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("icmp_type", FlowField.L4_SRC)
                .part(0, 8)
                .alias("icmpv4_type")
                .exact()
                .needs(Prerequisite.ICMPV4)
                .nxm0(13)
                .basic(19, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("icmp_code", FlowField.L4_DST)
                .part(0, 8)
                .alias("icmpv4_code")
                .exact()
                .needs(Prerequisite.ICMPV4)
                .nxm0(14)
                .basic(20, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("icmpv6_type", FlowField.L4_SRC)
                .part(0, 8)
                .exact()
                .needs(Prerequisite.ICMPV6)
                .nxm1(21)
                .basic(29, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("icmpv6_code", FlowField.L4_DST)
                .part(0, 8)
                .exact()
                .needs(Prerequisite.ICMPV6)
                .nxm1(22)
                .basic(30, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nd_target", FlowField.ND_TARGET)
                .needs(Prerequisite.ND)
                .nxm1(23)
                .basic(31, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nd_sll", FlowField.ARP_SHA)
                .needs(Prerequisite.ND_SOLICITATION)
                .nxm1(24)
                .basic(32, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nd_tll", FlowField.ARP_THA)
                .needs(Prerequisite.ND_ADVERTISEMENT)
                .nxm1(25)
                .basic(33, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("nd_reserved", FlowField.ND_RESERVED)
                .form(FieldForm.DECIMAL)
                .exact()
                .needs(Prerequisite.ND)
                .ericsson(1)
                .add();
        table.row("nd_options_type", FlowField.ND_OPTIONS_TYPE)
                .exact()
                .needs(Prerequisite.ND)
                .ericsson(2)
                .add();
        table.row("nsh_flags", FlowField.NSH_FLAGS)
                .needs(Prerequisite.NSH)
                .nsh(1)
                .add();
        table.row("nsh_mdtype", FlowField.NSH_MDTYPE)
                .exact()
                .readOnly()
                .needs(Prerequisite.NSH)
                .nsh(2)
                .add();
        table.row("nsh_np", FlowField.NSH_NP)
                .exact()
                .readOnly()
                .needs(Prerequisite.NSH)
                .nsh(3)
                .add();
        table.row("nsh_spi", FlowField.NSH_SPI)
                .alias("nsp")
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(4)
                .add();
        table.row("nsh_si", FlowField.NSH_SI)
                .alias("nsi")
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(5)
                .add();
        table.row("nsh_c1", FlowField.NSH_C1)
                .alias("nshc1")
                .needs(Prerequisite.NSH)
                .nsh(6)
                .add();
        table.row("nsh_c2", FlowField.NSH_C2)
                .alias("nshc2")
                .needs(Prerequisite.NSH)
                .nsh(7)
                .add();
        table.row("nsh_c3", FlowField.NSH_C3)
                .alias("nshc3")
                .needs(Prerequisite.NSH)
                .nsh(8)
                .add();
        table.row("nsh_c4", FlowField.NSH_C4)
                .alias("nshc4")
                .needs(Prerequisite.NSH)
                .nsh(9)
                .add();
        table.row("nsh_ttl", FlowField.NSH_TTL)
                .exact()
                .needs(Prerequisite.NSH)
                .nsh(10)
                .add();
    }
}
