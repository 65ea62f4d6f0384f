package io.jvswitch.openflow.action;

/** What actions are called where one is spoken of. */
final class ActionNames {

    private ActionNames() {}

    static String of(OpenFlowAction action) {
        return switch (action) {
            case OpenFlowAction.Plain plain ->
                switch (plain) {
                    case STRIP_VLAN, POP_VLAN -> "strip_vlan";
                    case DEC_MPLS_TTL -> "dec_mpls_ttl";
                    case DEC_NSH_TTL -> "dec_nsh_ttl";
                    case POP_QUEUE -> "pop_queue";
                    case EXIT -> "exit";
                    case CT_CLEAR -> "ct_clear";
                    case CLEAR_ACTIONS -> "clear_actions";
                };
            case OpenFlowAction.Output _ -> "output";
            case OpenFlowAction.OutputReg _ -> "output_reg";
            case OpenFlowAction.OutputTruncated _ -> "output_trunc";
            case OpenFlowAction.Group _ -> "group";
            case OpenFlowAction.Controller _ -> "controller";
            case OpenFlowAction.Enqueue _ -> "enqueue";
            case OpenFlowAction.Bundle _ -> "bundle";
            case OpenFlowAction.SetVlanVid _ -> "set_vlan_vid";
            case OpenFlowAction.SetVlanPcp _ -> "set_vlan_pcp";
            case OpenFlowAction.PushVlan _ -> "push_vlan";
            case OpenFlowAction.SetEthSrc _ -> "mod_dl_src";
            case OpenFlowAction.SetEthDst _ -> "mod_dl_dst";
            case OpenFlowAction.SetIpv4Src _ -> "mod_nw_src";
            case OpenFlowAction.SetIpv4Dst _ -> "mod_nw_dst";
            case OpenFlowAction.SetIpDscp _ -> "mod_nw_tos";
            case OpenFlowAction.SetIpEcn _ -> "mod_nw_ecn";
            case OpenFlowAction.SetIpTtl _ -> "mod_nw_ttl";
            case OpenFlowAction.SetL4Src _ -> "mod_tp_src";
            case OpenFlowAction.SetL4Dst _ -> "mod_tp_dst";
            case OpenFlowAction.Move _ -> "move";
            case OpenFlowAction.SetField _ -> "set_field";
            case OpenFlowAction.StackPush _ -> "push";
            case OpenFlowAction.StackPop _ -> "pop";
            case OpenFlowAction.DecTtl _ -> "dec_ttl";
            case OpenFlowAction.SetMplsLabel _ -> "set_mpls_label";
            case OpenFlowAction.SetMplsTc _ -> "set_mpls_tc";
            case OpenFlowAction.SetMplsTtl _ -> "set_mpls_ttl";
            case OpenFlowAction.PushMpls _ -> "push_mpls";
            case OpenFlowAction.PopMpls _ -> "pop_mpls";
            case OpenFlowAction.SetTunnel _ -> "set_tunnel";
            case OpenFlowAction.SetQueue _ -> "set_queue";
            case OpenFlowAction.FinTimeout _ -> "fin_timeout";
            case OpenFlowAction.Resubmit _ -> "resubmit";
            case OpenFlowAction.Learn _ -> "learn";
            case OpenFlowAction.Conjunction _ -> "conjunction";
            case OpenFlowAction.Multipath _ -> "multipath";
            case OpenFlowAction.Note _ -> "note";
            case OpenFlowAction.Sample _ -> "sample";
            case OpenFlowAction.CloneActions _ -> "clone";
            case OpenFlowAction.Ct _ -> "ct";
            case OpenFlowAction.Nat _ -> "nat";
            case OpenFlowAction.Encap _ -> "encap";
            case OpenFlowAction.Decap _ -> "decap";
            case OpenFlowAction.CheckPacketLarger _ -> "check_pkt_larger";
            case OpenFlowAction.DeleteField _ -> "delete_field";
            case OpenFlowAction.Meter _ -> "meter";
            case OpenFlowAction.WriteMetadata _ -> "write_metadata";
            case OpenFlowAction.WriteActions _ -> "write_actions";
            case OpenFlowAction.GotoTable _ -> "goto_table";
        };
    }
}
