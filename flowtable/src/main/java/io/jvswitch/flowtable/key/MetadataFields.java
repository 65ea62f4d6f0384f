package io.jvswitch.flowtable.key;

/** Rows of {@link MatchFields}: what comes with a frame or is noted about it, but is not in its headers. */
final class MetadataFields {

    private static final int REGISTERS = 32;

    private MetadataFields() {}

    static void fill(MatchFieldRows table) {
        table.row("dp_hash", FlowField.DP_HASH).readOnly().nxm1(35).nicira(0).add();
        table.row("recirc_id", FlowField.RECIRC_ID)
                .form(FieldForm.DECIMAL)
                .exact()
                .readOnly()
                .nxm1(36)
                .add();
        table.row("packet_type", FlowField.PACKET_TYPE)
                .exact()
                .readOnly()
                .basic(44, OxmHeader.OPENFLOW_1_5)
                .add();
        table.row("conj_id", FlowField.CONJ_ID).exact().readOnly().nxm1(37).add();
        table.row("tun_id", FlowField.TUNNEL_ID)
                .alias("tunnel_id")
                .nxm1(16)
                .basic(38, OxmHeader.OPENFLOW_1_3)
                .add();
        table.row("tun_src", FlowField.TUNNEL_SRC)
                .ipv4(MatchField.Mapping.MAPPED_OR_NONE)
                .nxm1(31)
                .add();
        table.row("tun_dst", FlowField.TUNNEL_DST)
                .ipv4(MatchField.Mapping.MAPPED_OR_NONE)
                .nxm1(32)
                .add();
        table.row("tun_ipv6_src", FlowField.TUNNEL_SRC)
                .form(FieldForm.IPV6)
                .nxm1(109)
                .add();
        table.row("tun_ipv6_dst", FlowField.TUNNEL_DST)
                .form(FieldForm.IPV6)
                .nxm1(110)
                .add();
        table.row("tun_flags", FlowField.TUNNEL_FLAGS).nxm1(104).add();
        table.row("tun_ttl", FlowField.TUNNEL_TTL).exact().readOnly().add();
        table.row("tun_tos", FlowField.TUNNEL_TOS).exact().readOnly().add();
        table.row("tun_gbp_id", FlowField.TUNNEL_GBP_ID).nxm1(38).add();
        table.row("tun_gbp_flags", FlowField.TUNNEL_GBP_FLAGS).nxm1(39).add();
        table.row("metadata", FlowField.METADATA)
                .basic(2, OxmHeader.OPENFLOW_1_2)
                .add();
        // Of OpenFlow 1.0's 16-bit ports NXM has two bytes, OXM has four; what a number means is the bridge's business.
        table.row("in_port", FlowField.IN_PORT)
                .alias("in_port_oxm")
                .exact()
                .nxm0(0, 2)
                .basic(0, OxmHeader.OPENFLOW_1_2)
                .add();
        table.row("actset_output", FlowField.ACTSET_OUTPUT)
                .exact()
                .readOnly()
                .onf(43, OxmHeader.OPENFLOW_1_3)
                .basic(43, OxmHeader.OPENFLOW_1_5)
                .add();
        table.row("skb_priority", FlowField.SKB_PRIORITY).exact().readOnly().add();
        table.row("pkt_mark", FlowField.PKT_MARK).nxm1(33).add();
        table.row("ct_state", FlowField.CT_STATE)
                .form(FieldForm.CT_STATE)
                .bytes(4)
                .readOnly()
                .nxm1(105)
                .add();
        table.row("ct_zone", FlowField.CT_ZONE)
                .form(FieldForm.HEX)
                .exact()
                .readOnly()
                .nxm1(106)
                .add();
        table.row("ct_mark", FlowField.CT_MARK).nxm1(107).add();
        table.row("ct_label", FlowField.CT_LABEL).nxm1(108).add();
        table.row("ct_nw_proto", FlowField.CT_IP_PROTO)
                .exact()
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(119)
                .add();
        table.row("ct_nw_src", FlowField.CT_IP_SRC)
                .ipv4(MatchField.Mapping.MAPPED)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(120)
                .add();
        table.row("ct_nw_dst", FlowField.CT_IP_DST)
                .ipv4(MatchField.Mapping.MAPPED)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(121)
                .add();
        table.row("ct_ipv6_src", FlowField.CT_IP_SRC)
                .form(FieldForm.IPV6)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(122)
                .add();
        table.row("ct_ipv6_dst", FlowField.CT_IP_DST)
                .form(FieldForm.IPV6)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(123)
                .add();
        table.row("ct_tp_src", FlowField.CT_L4_SRC)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(124)
                .add();
        table.row("ct_tp_dst", FlowField.CT_L4_DST)
                .readOnly()
                .needs(Prerequisite.CT)
                .nxm1(125)
                .add();
        registers(table);
    }

    private static void registers(MatchFieldRows table) {
        for (int i = 0; i < REGISTERS; i++) {
            MatchFieldRows.Row row = table.row("reg" + i, FlowField.reg(i));
            // Nicira's class had numbers for sixteen; those of the others begin with 17.
            (i < 16 ? row.nxm1(i) : row.nicira(i + 1)).add();
        }
        for (int i = 0; i < REGISTERS / 2; i++) {
            table.row("xreg" + i, FlowField.reg(2 * i + 1))
                    .part(0, 64)
                    .packetRegister(i)
                    .add();
        }
        for (int i = 0; i < REGISTERS / 4; i++) {
            MatchFieldRows.Row row =
                    table.row("xxreg" + i, FlowField.reg(4 * i + 3)).part(0, 128);
            (i < 4 ? row.nxm1(111 + i) : row.nicira(29 + i)).add();
        }
    }
}
