package io.jvswitch.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.action.Instructions;
import io.jvswitch.openflow.match.FixedMatch;
import io.jvswitch.openflow.match.OxmMatch;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole lines of flows, as dump-flows prints what Neutron's agent puts in, and as ovs-ofctl sees our bytes of them. */
final class FlowLineTest {

    private static final int FLOW_MOD_BYTES = 48;

    @ParameterizedTest
    @ValueSource(
            strings = {
                " cookie=0xeeee2142206cf35, priority=0 actions=goto_table:59",
                " cookie=0x0, actions=NORMAL",
                " cookie=0x1, table=23, idle_timeout=10, hard_timeout=20, send_flow_rem priority=0 actions=drop",
                " cookie=0x1, table=60, priority=3,in_port=1,dl_vlan=101 actions=set_field:4099->vlan_vid,goto_table:61",
                " cookie=0x1, table=71, priority=95,icmp6,reg5=0x4,in_port=4,icmp_type=136,nd_target=fe80::1"
                        + " actions=resubmit(,94)",
                " cookie=0x1, priority=70,ct_state=+est-rel+rpl,ct_zone=4,ct_mark=0,tcp,reg6=0x1,dl_dst=fa:16:3e:00:00:01,"
                        + "nw_src=10.0.0.0/24,tp_dst=0x1f90/0xfff0 actions=ct(commit,zone=NXM_NX_REG6[0..15]),strip_vlan,"
                        + "output:7",
                " cookie=0x1, arp,dl_vlan=2,arp_tpa=10.0.0.3,arp_op=1 actions="
                        + "load:0x2->NXM_OF_ARP_OP[],move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],IN_PORT",
                " cookie=0x1, table=10, priority=1 actions=learn(table=20,hard_timeout=300,priority=1,cookie=0x1,"
                        + "NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:0->NXM_OF_VLAN_TCI[],"
                        + "load:NXM_NX_TUN_ID[]->NXM_NX_TUN_ID[],output:OXM_OF_IN_PORT[]),output:1",
                " cookie=0x1, priority=2,tun_id=0x7b,tun_src=192.0.2.1,in_port=LOCAL actions=push_vlan:0x8100,"
                        + "write_metadata:0x1/0xf,goto_table:9",
            })
    void whatIsPrintedIsReadAgainAndIsTheSameInBytes(String line) throws FlowTextException, OpenFlowException {
        FlowLine flow = FlowLineParser.parse(line);
        assertEquals(line, flow.format());
        for (OpenFlowVersion version : List.of(OpenFlowVersion.V1_2, OpenFlowVersion.V1_3, OpenFlowVersion.V1_5)) {
            MessageWriter out = new MessageWriter();
            OxmMatch.writePadded(out, flow.match(), version, TunnelOptions.NONE);
            assertEquals(
                    flow.match(),
                    OxmMatch.readPadded(MessageReader.of(out.toByteArray()), TunnelOptions.NONE),
                    version.label());
        }
        MessageWriter nxm = new MessageWriter();
        OxmMatch.write(nxm, flow.match(), null, TunnelOptions.NONE);
        assertEquals(flow.match(), OxmMatch.read(MessageReader.of(nxm.toByteArray()), TunnelOptions.NONE));
    }

    /** A flow mod of OpenFlow 1.3 around match and instructions, printed by ovs-ofctl. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "priority=3,tcp,in_port=1,vlan_tci=0x1000/0x1000,dl_src=00:00:00:00:00:01/01:00:00:00:00:01,"
                        + "nw_src=10.0.0.0/8,nw_tos=32,nw_ecn=1,nw_ttl=3,tp_src=80,tcp_flags=+syn-ack",
                "priority=3,udp6,ipv6_src=fe80::/64,ipv6_label=0x12345,tp_dst=53",
                "priority=3,icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1,nd_sll=00:00:00:00:00:02",
                "priority=3,ct_state=+trk,ct_mark=0x1/0xff,ct_label=0x1,ip,reg0=0x1,reg15=0x5/0xf,metadata=0x7",
                "priority=3,mpls,mpls_label=5,mpls_tc=1,mpls_bos=1",
                "priority=3,dl_vlan=5,dl_vlan_pcp=3",
                "priority=3,ip,nw_frag=later",
                "priority=3,arp,arp_spa=1.2.3.4,arp_tpa=1.2.3.5,arp_op=2,arp_sha=00:00:00:00:00:03",
                "priority=3,tun_id=0x5,tun_dst=192.0.2.7,in_port=LOCAL",
            })
    void ovsOfctlSeesTheSameMatch(String match) throws FlowTextException {
        OvsOfctl.require();
        FlowLine flow = FlowLineParser.parse(match + " actions=output:2,goto_table:7");
        MessageWriter out = new MessageWriter();
        out.u8(4).u8(14).u16(0).u32(1);
        out.u64(0)
                .u64(0)
                .u8(0)
                .u8(0)
                .u16(0)
                .u16(0)
                .u16(flow.priority())
                .u32(-1)
                .u32(-1)
                .u32(-1)
                .u16(0)
                .zeros(2);
        assertEquals(FLOW_MOD_BYTES, out.position());
        OxmMatch.writePadded(out, flow.match(), OpenFlowVersion.V1_3, TunnelOptions.NONE);
        Instructions.write(out, flow.actions(), OpenFlowVersion.V1_3, Instructions.FlowTraits.of(flow.match()));
        out.patchU16(2, out.position());
        assertEquals(
                "OFPT_FLOW_MOD (OF1.3) (xid=0x1): ADD " + match + " actions=output:2,goto_table:7\n",
                OvsOfctl.run(List.of(), "ofp-print", HexFormat.of().formatHex(out.toByteArray())));
    }

    /** The fixed structures, printed by ovs-ofctl after it has read and written them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp,in_port=1,dl_vlan=5,dl_src=00:00:00:00:00:01,nw_src=10.0.0.0/8,nw_tos=32,tp_dst=80",
                "in_port=LOCAL,vlan_tci=0x0000",
                "dl_vlan_pcp=3",
                "arp,arp_spa=10.0.0.1,arp_op=1"
            })
    void theFixedStructuresAreTheSame(String text) throws FlowTextException, OpenFlowException {
        OvsOfctl.require();
        FlowLine flow = FlowLineParser.parse(text + " actions=drop");
        MessageWriter old = new MessageWriter();
        FixedMatch.write10(old, flow.match());
        assertEquals(FixedMatch.BYTES_1_0, old.position());
        assertEquals(flow.match(), FixedMatch.read10(MessageReader.of(old.toByteArray())));
        assertEquals(
                text + "\n\n", OvsOfctl.run(List.of(HexFormat.of().formatHex(old.toByteArray())), "parse-ofp10-match"));
        MessageWriter out = new MessageWriter();
        FixedMatch.write11(out, flow.match());
        assertEquals(FixedMatch.BYTES_1_1, out.position());
        assertEquals(flow.match(), FixedMatch.read11(MessageReader.of(out.toByteArray())));
        assertEquals(
                text + "\n\n", OvsOfctl.run(List.of(HexFormat.of().formatHex(out.toByteArray())), "parse-ofp11-match"));
    }

    /** What ovs-ofctl says of a wrong flow, we say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "in_port=1",
                "actions=output:xyzzy",
                "actions=no_such_action",
                "actions=drop,output:1",
                "actions=resubmit(1,300)",
                "actions=resubmit(,)",
                "actions=set_field:1->no_such",
                "actions=set_field:1->eth_type",
                "actions=set_field:reg0",
                "actions=load:5->NXM_NX_REG0[0..1]",
                "actions=load:5->NXM_NX_REG0[3..1]",
                "actions=load:5->NXM_NX_REG0[40]",
                "actions=move:NXM_NX_REG0[]->NXM_OF_ETH_SRC[]",
                "actions=ct(force)",
                "actions=ct(nat(src,dst))",
                "actions=ct(xyz)",
                "actions=nat",
                "actions=conjunction(1,3/2)",
                "actions=conjunction(1,1/2),output:1",
                "actions=goto_table:1,output:1",
                "actions=set_vlan_vid:5000",
                "actions=push_vlan:0x800",
                "actions=controller(xyz=1)",
                "actions=learn(table=255)",
                "actions=sample(probability=0)",
                "actions=fin_timeout(xyz)",
                "actions=multipath(eth_src)",
                "actions=bundle(eth_src,0,hrw,ofport)",
                "actions=note:xx",
                "priority=70000,actions=drop",
                "cookie=1/1,actions=drop",
            })
    void errorsAreTheirs(String line) {
        OvsOfctl.require();
        FlowTextException ours = assertThrows(FlowTextException.class, () -> FlowLineParser.parse(line));
        assertEquals("ovs-ofctl: " + ours.getMessage() + "\n", OvsOfctl.run(List.of(), "parse-flow", line));
    }
}
