package io.jvswitch.openflow.text;

import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.EncapProperty;
import io.jvswitch.openflow.action.LearnSpec;
import io.jvswitch.openflow.action.NatRange;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.OpenFlowAction.Controller;
import io.jvswitch.openflow.action.OpenFlowAction.Learn;
import io.jvswitch.openflow.action.OpenFlowAction.Nat;
import io.jvswitch.openflow.action.OpenFlowAction.Sample;
import io.jvswitch.openflow.action.SetFields;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.Subfield;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.HexFormat;
import java.util.List;

/** Writes actions as {@code ovs-ofctl} does (ovs-actions(7)); {@link ActionParser} reads them again. */
public final class ActionText {

    private static final int DEFAULT_PRIORITY = 0x8000;

    private final StringBuilder out;

    private ActionText(StringBuilder out) {
        this.out = out;
    }

    /** Actions with commas between them, {@code drop} for none. */
    public static String format(List<OpenFlowAction> actions) {
        StringBuilder out = new StringBuilder();
        append(out, actions);
        return out.toString();
    }

    /** The same behind what is written already. */
    public static void append(StringBuilder out, List<OpenFlowAction> actions) {
        new ActionText(out).list(actions);
    }

    private void list(List<OpenFlowAction> actions) {
        if (actions.isEmpty()) {
            out.append("drop");
        }
        for (int i = 0; i < actions.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            one(actions.get(i));
        }
    }

    private void one(OpenFlowAction action) {
        switch (action) {
            case OpenFlowAction.Plain plain -> plain(plain);
            case OpenFlowAction.Output output -> output(output);
            case OpenFlowAction.OutputReg output -> out.append("output:").append(output.source());
            case OpenFlowAction.OutputTruncated output ->
                out.append("output(port=")
                        .append(ReservedPorts.format(output.port()))
                        .append(",max_len=")
                        .append(Integer.toUnsignedString(output.maxBytes()))
                        .append(')');
            case OpenFlowAction.Group group -> named("group:", Integer.toUnsignedString(group.id()));
            case Controller controller -> controller(controller);
            case OpenFlowAction.Enqueue enqueue ->
                out.append("enqueue:")
                        .append(ReservedPorts.format(enqueue.port()))
                        .append(':')
                        .append(Integer.toUnsignedString(enqueue.queue()));
            case OpenFlowAction.Bundle bundle -> bundle(bundle);
            case OpenFlowAction.SetVlanVid set -> named(set.push() ? "mod_vlan_vid:" : "set_vlan_vid:", set.vid());
            case OpenFlowAction.SetVlanPcp set -> named(set.push() ? "mod_vlan_pcp:" : "set_vlan_pcp:", set.pcp());
            case OpenFlowAction.PushVlan push -> named("push_vlan:", Numbers.hex(push.etherType()));
            case OpenFlowAction.SetEthSrc set -> named("mod_dl_src:", MacAddress.toString(set.mac()));
            case OpenFlowAction.SetEthDst set -> named("mod_dl_dst:", MacAddress.toString(set.mac()));
            case OpenFlowAction.SetIpv4Src set -> named("mod_nw_src:", IpAddress.ipv4ToString(set.address()));
            case OpenFlowAction.SetIpv4Dst set -> named("mod_nw_dst:", IpAddress.ipv4ToString(set.address()));
            case OpenFlowAction.SetIpDscp set -> named("mod_nw_tos:", set.tos());
            case OpenFlowAction.SetIpEcn set -> named("mod_nw_ecn:", set.ecn());
            case OpenFlowAction.SetIpTtl set -> named("mod_nw_ttl:", set.ttl());
            case OpenFlowAction.SetL4Src set -> named("mod_tp_src:", set.port());
            case OpenFlowAction.SetL4Dst set -> named("mod_tp_dst:", set.port());
            case OpenFlowAction.Move move ->
                out.append("move:").append(move.source()).append("->").append(move.destination());
            case OpenFlowAction.SetField set -> setField(set);
            case OpenFlowAction.StackPush push -> out.append("push:").append(push.source());
            case OpenFlowAction.StackPop pop -> out.append("pop:").append(pop.destination());
            case OpenFlowAction.DecTtl dec -> decTtl(dec);
            case OpenFlowAction.SetMplsLabel set ->
                named("set_mpls_label(", set.label()).append(')');
            case OpenFlowAction.SetMplsTc set ->
                named("set_mpls_tc(", set.trafficClass()).append(')');
            case OpenFlowAction.SetMplsTtl set ->
                named("set_mpls_ttl(", set.ttl()).append(')');
            case OpenFlowAction.PushMpls push -> named("push_mpls:", Numbers.hex4(push.etherType()));
            case OpenFlowAction.PopMpls pop -> named("pop_mpls:", Numbers.hex4(pop.etherType()));
            case OpenFlowAction.SetTunnel set -> {
                boolean wide = set.wide() || set.id() >>> Integer.SIZE != 0;
                named(wide ? "set_tunnel64:" : "set_tunnel:", Numbers.hex(set.id()));
            }
            case OpenFlowAction.SetQueue set -> named("set_queue:", Integer.toUnsignedString(set.queue()));
            case OpenFlowAction.FinTimeout fin -> {
                out.append("fin_timeout(");
                optional("idle_timeout=", fin.idleTimeout());
                optional("hard_timeout=", fin.hardTimeout());
                close();
            }
            case OpenFlowAction.Resubmit resubmit -> resubmit(resubmit);
            case Learn learn -> learn(learn);
            case OpenFlowAction.Conjunction conjunction ->
                out.append("conjunction(")
                        .append(Integer.toUnsignedString(conjunction.id()))
                        .append(',')
                        .append(conjunction.clause() + 1)
                        .append('/')
                        .append(conjunction.clauses())
                        .append(')');
            case OpenFlowAction.Multipath multipath -> multipath(multipath);
            case OpenFlowAction.Note note -> named("note:", dotted(note.bytes()));
            case Sample sample -> sample(sample);
            case OpenFlowAction.CloneActions clone -> nested("clone(", clone.actions());
            case OpenFlowAction.Ct ct -> ct(ct);
            case Nat nat -> nat(nat);
            case OpenFlowAction.Encap encap -> encap(encap);
            case OpenFlowAction.Decap decap -> decap(decap);
            case OpenFlowAction.CheckPacketLarger check ->
                out.append("check_pkt_larger(")
                        .append(check.bytes())
                        .append(")->")
                        .append(check.destination());
            case OpenFlowAction.DeleteField delete ->
                named("delete_field:", delete.field().label());
            case OpenFlowAction.Meter meter -> named("meter:", Integer.toUnsignedString(meter.id()));
            case OpenFlowAction.WriteMetadata write -> {
                named("write_metadata:", Numbers.hex(write.value()));
                if (write.mask() != -1L) {
                    named("/", Numbers.hex(write.mask()));
                }
            }
            case OpenFlowAction.WriteActions write -> nested("write_actions(", write.actions());
            case OpenFlowAction.GotoTable table -> named("goto_table:", table.table());
        }
    }

    private StringBuilder named(String name, int value) {
        return out.append(name).append(value);
    }

    private StringBuilder named(String name, String value) {
        return out.append(name).append(value);
    }

    private void optional(String name, int value) {
        if (value != 0) {
            out.append(name).append(value).append(',');
        }
    }

    /** Ends a list in parentheses, whose last comma is taken away. */
    private void close() {
        if (out.charAt(out.length() - 1) == ',') {
            out.setLength(out.length() - 1);
        }
        out.append(')');
    }

    private void nested(String name, List<OpenFlowAction> actions) {
        out.append(name);
        list(actions);
        out.append(')');
    }

    static String dotted(Octets bytes) {
        return HexFormat.ofDelimiter(".").formatHex(bytes.toByteArray());
    }

    private void plain(OpenFlowAction.Plain plain) {
        out.append(
                switch (plain) {
                    case STRIP_VLAN -> "strip_vlan";
                    case POP_VLAN -> "pop_vlan";
                    case DEC_MPLS_TTL -> "dec_mpls_ttl";
                    case DEC_NSH_TTL -> "dec_nsh_ttl";
                    case POP_QUEUE -> "pop_queue";
                    case EXIT -> "exit";
                    case CT_CLEAR -> "ct_clear";
                    case CLEAR_ACTIONS -> "clear_actions";
                });
    }

    private void output(OpenFlowAction.Output output) {
        if (output.port() < ReservedPorts.MAX) {
            out.append("output:");
        }
        out.append(ReservedPorts.format(output.port()));
        if (output.port() == ReservedPorts.CONTROLLER) {
            named(":", output.maxBytes());
        }
    }

    private void controller(Controller controller) {
        if (controller.isPlain()) {
            named("CONTROLLER:", controller.maxBytes());
            return;
        }
        out.append("controller(");
        if (controller.reason() != Controller.REASON_ACTION) {
            named("reason=", Words.reason(controller.reason())).append(',');
        }
        if (controller.maxBytes() != Controller.ALL_BYTES) {
            named("max_len=", controller.maxBytes()).append(',');
        }
        optional("id=", controller.controllerId());
        if (controller.userdata().length() > 0) {
            named("userdata=", dotted(controller.userdata())).append(',');
        }
        if (controller.pause()) {
            out.append("pause,");
        }
        if (controller.meterId() != Controller.NO_METER) {
            named("meter_id=", Integer.toUnsignedString(controller.meterId())).append(',');
        }
        close();
    }

    private void bundle(OpenFlowAction.Bundle bundle) {
        out.append(bundle.destination() == null ? "bundle(" : "bundle_load(")
                .append(Words.hashFields(bundle.fields()))
                .append(',')
                .append(bundle.basis())
                .append(',')
                .append(Words.bundleAlgorithm(bundle.algorithm()))
                .append(",ofport,");
        if (bundle.destination() != null) {
            out.append(bundle.destination()).append(',');
        }
        out.append("members:");
        for (int i = 0; i < bundle.members().size(); i++) {
            out.append(i == 0 ? "" : ",")
                    .append(ReservedPorts.format(bundle.members().get(i)));
        }
        out.append(')');
    }

    private void setField(OpenFlowAction.SetField set) {
        if (set.form() != OpenFlowAction.SetFieldForm.LOAD) {
            out.append("set_field:")
                    .append(FieldText.format(set.field(), set.value(), set.mask()))
                    .append("->")
                    .append(set.field().label());
            return;
        }
        String separator = "";
        for (Subfield part : SetFields.parts(set)) {
            out.append(separator)
                    .append("load:")
                    .append(Numbers.hex(set.value().bits(part.offset(), part.bits())))
                    .append("->")
                    .append(part);
            separator = ",";
        }
    }

    private void decTtl(OpenFlowAction.DecTtl dec) {
        out.append("dec_ttl");
        if (dec.listed()) {
            out.append('(');
            for (int id : dec.controllerIds()) {
                out.append(id).append(',');
            }
            close();
        }
    }

    private void resubmit(OpenFlowAction.Resubmit resubmit) {
        boolean own = resubmit.inPort() == ReservedPorts.IN_PORT;
        if (!own && resubmit.table() == 255) {
            named("resubmit:", ReservedPorts.format(resubmit.inPort()));
            return;
        }
        out.append("resubmit(")
                .append(own ? "" : ReservedPorts.format(resubmit.inPort()))
                .append(',');
        if (resubmit.table() != 255) {
            out.append(resubmit.table());
        }
        out.append(resubmit.ctTuple() ? ",ct)" : ")");
    }

    private void learn(Learn learn) {
        named("learn(table=", learn.table());
        parameter("idle_timeout", learn.idleTimeout(), 0);
        parameter("hard_timeout", learn.hardTimeout(), 0);
        parameter("fin_idle_timeout", learn.finIdleTimeout(), 0);
        parameter("fin_hard_timeout", learn.finHardTimeout(), 0);
        parameter("priority", learn.priority(), DEFAULT_PRIORITY);
        out.append((learn.flags() & Learn.SEND_FLOW_REMOVED) != 0 ? ",send_flow_rem" : "");
        out.append((learn.flags() & Learn.DELETE_LEARNED) != 0 ? ",delete_learned" : "");
        if (learn.cookie() != 0) {
            named(",cookie=", Numbers.hex(learn.cookie()));
        }
        if (learn.limit() != 0) {
            out.append(",limit=").append(learn.limit());
        }
        if (learn.resultDestination() != null) {
            out.append(",result_dst=").append(learn.resultDestination());
        }
        for (LearnSpec spec : learn.specs()) {
            out.append(',');
            spec(spec);
        }
        out.append(')');
    }

    private void parameter(String name, int value, int standard) {
        if (value != standard) {
            out.append(',').append(name).append('=').append(value);
        }
    }

    private void spec(LearnSpec spec) {
        Subfield source = spec.source();
        Subfield destination = spec.destination();
        if (destination == null) {
            out.append("output:").append(source);
            return;
        }
        if (spec.kind() == LearnSpec.Kind.LOAD) {
            out.append("load:")
                    .append(source == null ? spec.number().toString() : source.toString())
                    .append("->")
                    .append(destination);
            return;
        }
        if (source != null) {
            out.append(destination);
            boolean same = source.field().equals(destination.field()) && source.offset() == destination.offset();
            if (!same) {
                out.append('=').append(source);
            }
            return;
        }
        boolean whole = destination.offset() == 0
                && destination.bits() == destination.field().bits();
        if (whole) {
            int bytes = destination.field().bytes();
            Octets value = Octets.of(spec.number().hi(), spec.number().lo(), bytes);
            out.append(destination.field().label())
                    .append('=')
                    .append(FieldText.format(destination.field(), value, Octets.ones(bytes)));
        } else {
            out.append(destination).append('=').append(spec.number());
        }
    }

    private void multipath(OpenFlowAction.Multipath multipath) {
        out.append("multipath(")
                .append(Words.hashFields(multipath.fields()))
                .append(',')
                .append(multipath.basis())
                .append(',')
                .append(Words.multipathAlgorithm(multipath.algorithm()))
                .append(',')
                .append(multipath.maxLink() + 1)
                .append(',')
                .append(Integer.toUnsignedString(multipath.argument()))
                .append(',')
                .append(multipath.destination())
                .append(')');
    }

    private void sample(Sample sample) {
        named("sample(probability=", sample.probability());
        named(",collector_set_id=", Integer.toUnsignedString(sample.collectorSet()));
        named(",obs_domain_id=", Integer.toUnsignedString(sample.domain()));
        named(",obs_point_id=", Integer.toUnsignedString(sample.point()));
        if (sample.port() != ReservedPorts.NONE) {
            named(",sampling_port=", ReservedPorts.format(sample.port()));
        }
        switch (sample.direction()) {
            case Sample.INGRESS -> out.append(",ingress");
            case Sample.EGRESS -> out.append(",egress");
            default -> {}
        }
        out.append(')');
    }

    private void ct(OpenFlowAction.Ct ct) {
        out.append("ct(");
        out.append((ct.flags() & OpenFlowAction.Ct.COMMIT) != 0 ? "commit," : "");
        out.append((ct.flags() & OpenFlowAction.Ct.FORCE) != 0 ? "force," : "");
        if (ct.table() != OpenFlowAction.Ct.NO_TABLE) {
            named("table=", ct.table()).append(',');
        }
        if (ct.zoneSource() != null) {
            out.append("zone=").append(ct.zoneSource()).append(',');
        } else {
            optional("zone=", ct.zone());
        }
        List<OpenFlowAction> rest = ct.actions();
        if (!rest.isEmpty() && rest.getFirst() instanceof Nat nat) {
            nat(nat);
            out.append(',');
            rest = rest.subList(1, rest.size());
        }
        if (!rest.isEmpty()) {
            nested("exec(", rest);
            out.append(',');
        }
        if (ct.helper() != 0) {
            named("alg=", Words.helper(ct.helper())).append(',');
        }
        close();
    }

    private void nat(Nat nat) {
        out.append("nat");
        if ((nat.flags() & (Nat.SRC | Nat.DST)) == 0) {
            return;
        }
        out.append((nat.flags() & Nat.SRC) != 0 ? "(src" : "(dst");
        NatRange range = nat.range();
        if (range != null) {
            out.append('=');
            address(range.first(), range.firstPort() != 0);
            if (range.last() != null && !range.last().equals(range.first())) {
                out.append('-');
                address(range.last(), range.firstPort() != 0);
            }
            if (range.firstPort() != 0) {
                named(":", range.firstPort());
                if (range.lastPort() != 0 && range.lastPort() != range.firstPort()) {
                    named("-", range.lastPort());
                }
            }
        }
        out.append(',');
        out.append((nat.flags() & Nat.PERSISTENT) != 0 ? "persistent," : "");
        out.append((nat.flags() & Nat.HASH) != 0 ? "hash," : "");
        out.append((nat.flags() & Nat.RANDOM) != 0 ? "random," : "");
        close();
    }

    private void address(IpAddress address, boolean withPort) {
        boolean brackets = withPort && !address.isIpv4();
        out.append(brackets ? "[" : "").append(address).append(brackets ? "]" : "");
    }

    private void encap(OpenFlowAction.Encap encap) {
        named("encap(", Words.header(encap.packetType()));
        if (!encap.properties().isEmpty()) {
            out.append('(');
            for (EncapProperty property : encap.properties()) {
                switch (property) {
                    case EncapProperty.NshMetadataType type -> named("md_type=", type.type());
                    case EncapProperty.NshTlv tlv ->
                        out.append("tlv(")
                                .append(Numbers.hex4(tlv.optionClass()))
                                .append(',')
                                .append(tlv.type())
                                .append(',')
                                .append(tlv.value())
                                .append(')');
                }
                out.append(',');
            }
            close();
        }
        out.append(')');
    }

    private void decap(OpenFlowAction.Decap decap) {
        out.append("decap(");
        if (decap.packetType() != OpenFlowAction.Decap.NEXT) {
            named("packet_type(ns=", decap.packetType() >>> Short.SIZE);
            named(",type=", Numbers.hex(decap.packetType() & 0xffff)).append(')');
        }
        out.append(')');
    }
}
