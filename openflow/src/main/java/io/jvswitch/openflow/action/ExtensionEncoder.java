package io.jvswitch.openflow.action;

import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction.Controller;
import io.jvswitch.openflow.action.OpenFlowAction.Learn;
import io.jvswitch.openflow.action.OpenFlowAction.Sample;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the actions that only Nicira's extensions have. */
final class ExtensionEncoder {

    private final ActionEncoder actions;
    private final MessageWriter out;
    private final OpenFlowVersion version;

    ExtensionEncoder(ActionEncoder actions, MessageWriter out, OpenFlowVersion version) {
        this.actions = actions;
        this.out = out;
        this.version = version;
    }

    void encode(OpenFlowAction action) {
        switch (action) {
            case OpenFlowAction.OutputReg output -> encodeOutputReg(output);
            case OpenFlowAction.OutputTruncated output -> {
                int start = actions.begin(WireAction.OUTPUT_TRUNC);
                out.u16(output.port()).u32(output.maxBytes());
                actions.end(start);
            }
            case Controller controller -> encodeController(controller);
            case OpenFlowAction.Bundle bundle -> encodeBundle(bundle);
            case OpenFlowAction.StackPush push -> encodeStack(WireAction.STACK_PUSH, push.source());
            case OpenFlowAction.StackPop pop -> encodeStack(WireAction.STACK_POP, pop.destination());
            case OpenFlowAction.DecTtl dec -> encodeDecTtl(dec);
            case OpenFlowAction.FinTimeout fin -> {
                int start = actions.begin(WireAction.FIN_TIMEOUT);
                out.u16(fin.idleTimeout()).u16(fin.hardTimeout());
                actions.end(start);
            }
            case OpenFlowAction.Resubmit resubmit -> encodeResubmit(resubmit);
            case Learn learn -> encodeLearn(learn);
            case OpenFlowAction.Conjunction conjunction -> {
                int start = actions.begin(WireAction.CONJUNCTION);
                out.u8(conjunction.clause()).u8(conjunction.clauses()).u32(conjunction.id());
                actions.end(start);
            }
            case OpenFlowAction.Multipath multipath -> encodeMultipath(multipath);
            case OpenFlowAction.Note note -> {
                int start = actions.begin(WireAction.NOTE);
                out.bytes(note.bytes().toByteArray());
                actions.end(start);
            }
            case Sample sample -> encodeSample(sample);
            case OpenFlowAction.CloneActions clone -> {
                int start = actions.begin(WireAction.CLONE);
                out.zeros(6);
                actions.encode(clone.actions());
                actions.end(start);
            }
            case OpenFlowAction.Ct ct -> encodeCt(ct);
            case OpenFlowAction.Nat nat -> encodeNat(nat);
            case OpenFlowAction.Encap encap -> encodeEncap(encap);
            case OpenFlowAction.Decap decap -> {
                if (WireAction.DECAP.isIn(version)) {
                    int start = actions.begin(WireAction.DECAP);
                    out.zeros(2).u32(decap.packetType());
                    actions.end(start);
                }
            }
            case OpenFlowAction.CheckPacketLarger check -> {
                int start = actions.begin(WireAction.CHECK_PKT_LARGER);
                out.u16(check.bytes()).u16(check.destination().offset());
                actions.putField(check.destination().field(), null);
                actions.end(start, WireAction.CHECK_PKT_LARGER);
            }
            case OpenFlowAction.DeleteField delete -> {
                int start = actions.begin(WireAction.DELETE_FIELD);
                actions.putField(delete.field(), null);
                actions.end(start, WireAction.DELETE_FIELD);
            }
            default -> throw new IllegalStateException(action + " is written elsewhere");
        }
    }

    private void encodeOutputReg(OpenFlowAction.OutputReg output) {
        Subfield source = output.source();
        if (output.wide() || !source.field().hasShortHeader()) {
            int start = actions.begin(WireAction.OUTPUT_REG2);
            out.u16(ActionEncoder.place(source)).u16(output.maxBytes());
            actions.putField(source.field(), null);
            actions.end(start, WireAction.OUTPUT_REG2);
        } else {
            int start = actions.begin(WireAction.OUTPUT_REG);
            out.u16(ActionEncoder.place(source))
                    .u32(source.field().shortHeader())
                    .u16(output.maxBytes());
            actions.end(start, WireAction.OUTPUT_REG);
        }
    }

    private void encodeController(Controller controller) {
        boolean extended = controller.extended()
                || controller.userdata().length() > 0
                || controller.pause()
                || controller.meterId() != Controller.NO_METER;
        if (!extended) {
            int start = actions.begin(WireAction.CONTROLLER);
            out.u16(controller.maxBytes()).u16(controller.controllerId()).u8(controller.reason());
            actions.end(start);
            return;
        }
        int start = actions.begin(WireAction.CONTROLLER2);
        out.zeros(6);
        if (controller.maxBytes() != Controller.ALL_BYTES) {
            out.u16(0).u16(8).u16(controller.maxBytes()).zeros(2);
        }
        if (controller.controllerId() != 0) {
            out.u16(1).u16(8).u16(controller.controllerId()).zeros(2);
        }
        if (controller.reason() != Controller.REASON_ACTION) {
            out.u16(2).u16(5).u8(controller.reason()).zeros(3);
        }
        if (controller.userdata().length() > 0) {
            int property = out.position();
            out.u16(3)
                    .u16(4 + controller.userdata().length())
                    .bytes(controller.userdata().toByteArray());
            out.pad8(property);
        }
        if (controller.pause()) {
            out.u16(4).u16(4).zeros(4);
        }
        if (controller.meterId() != Controller.NO_METER) {
            out.u16(5).u16(8).u32(controller.meterId());
        }
        actions.end(start);
    }

    private void encodeBundle(OpenFlowAction.Bundle bundle) {
        Subfield destination = bundle.destination();
        int start = actions.begin(destination == null ? WireAction.BUNDLE : WireAction.BUNDLE_LOAD);
        out.u16(bundle.algorithm())
                .u16(bundle.fields())
                .u16(bundle.basis())
                .u32(OxmField.ofKnown(OxmField.IN_PORT).shortHeader())
                .u16(bundle.members().size());
        if (destination == null) {
            out.zeros(6);
        } else {
            out.u16(ActionEncoder.place(destination)).u32(destination.field().shortHeader());
        }
        out.zeros(4);
        putNumbers(bundle.members());
        actions.end(start);
    }

    private void putNumbers(List<Integer> numbers) {
        for (int number : numbers) {
            out.u16(number);
        }
    }

    private void encodeStack(WireAction form, Subfield part) {
        int start = actions.begin(form);
        out.u16(part.offset());
        actions.putField(part.field(), null);
        out.u16(part.bits());
        actions.end(start, form);
    }

    private void encodeDecTtl(OpenFlowAction.DecTtl dec) {
        if (!dec.listed() && dec.controllerIds().equals(List.of(0))) {
            actions.put(WireAction.DEC_NW_TTL, 0);
            return;
        }
        int start = actions.begin(WireAction.DEC_TTL_CNT_IDS);
        out.u16(dec.controllerIds().size()).zeros(4);
        putNumbers(dec.controllerIds());
        actions.end(start);
    }

    private void encodeResubmit(OpenFlowAction.Resubmit resubmit) {
        if (resubmit.old() && resubmit.table() == 0xff) {
            actions.put(WireAction.RESUBMIT, resubmit.inPort());
            return;
        }
        int start = actions.begin(resubmit.ctTuple() ? WireAction.RESUBMIT_TABLE_CT : WireAction.RESUBMIT_TABLE);
        out.u16(resubmit.inPort()).u8(resubmit.table());
        actions.end(start);
    }

    private void encodeLearn(Learn learn) {
        boolean extended = learn.extended() || learn.limit() != 0 || learn.resultDestination() != null;
        int start = actions.begin(extended ? WireAction.LEARN2 : WireAction.LEARN);
        out.u16(learn.idleTimeout())
                .u16(learn.hardTimeout())
                .u16(learn.priority())
                .u64(learn.cookie())
                .u16(learn.flags())
                .u8(learn.table())
                .zeros(1)
                .u16(learn.finIdleTimeout())
                .u16(learn.finHardTimeout());
        if (extended) {
            Subfield result = learn.resultDestination();
            out.u32((int) learn.limit())
                    .u16(result == null ? 0 : result.offset())
                    .zeros(2);
            if (result != null) {
                actions.putField(result.field(), null);
            }
        }
        for (LearnSpec spec : learn.specs()) {
            encodeSpec(spec);
        }
        actions.end(start);
    }

    private void encodeSpec(LearnSpec spec) {
        Subfield source = spec.source();
        int kind = switch (spec.kind()) {
            case MATCH -> 0;
            case LOAD -> 1 << 11;
            case OUTPUT -> 2 << 11;
        };
        out.u16(spec.bits() | kind | (source == null ? 1 << 13 : 0));
        if (source == null) {
            out.zeros((spec.bits() + 15) / 16 * 2 - spec.number().length())
                    .bytes(spec.number().toByteArray());
        } else {
            putFieldAndOffset(source);
        }
        putFieldAndOffset(spec.destination());
    }

    private void putFieldAndOffset(@Nullable Subfield part) {
        if (part != null) {
            out.u32(part.field().shortHeader()).u16(part.offset());
        }
    }

    private void encodeMultipath(OpenFlowAction.Multipath multipath) {
        int start = actions.begin(WireAction.MULTIPATH);
        out.u16(multipath.fields())
                .u16(multipath.basis())
                .zeros(2)
                .u16(multipath.algorithm())
                .u16(multipath.maxLink())
                .u32(multipath.argument())
                .zeros(2)
                .u16(ActionEncoder.place(multipath.destination()))
                .u32(multipath.destination().field().shortHeader());
        actions.end(start);
    }

    private void encodeSample(Sample sample) {
        boolean third = sample.form() == 3 || sample.direction() != Sample.BOTH;
        boolean second = sample.form() == 2 || sample.port() != ReservedPorts.NONE;
        int start = actions.begin(third ? WireAction.SAMPLE3 : second ? WireAction.SAMPLE2 : WireAction.SAMPLE);
        out.u16(sample.probability())
                .u32(sample.collectorSet())
                .u32(sample.domain())
                .u32(sample.point());
        if (third || second) {
            out.u16(sample.port()).u8(sample.direction());
        }
        actions.end(start);
    }

    private void encodeCt(OpenFlowAction.Ct ct) {
        Subfield zone = ct.zoneSource();
        int start = actions.begin(WireAction.CT);
        out.u16(ct.flags());
        if (zone == null) {
            out.zeros(4).u16(ct.zone());
        } else {
            out.u32(zone.field().shortHeader()).u16(ActionEncoder.place(zone));
        }
        out.u8(ct.table()).zeros(3).u16(ct.helper());
        actions.encode(ct.actions());
        actions.end(start);
    }

    private void encodeNat(OpenFlowAction.Nat nat) {
        int start = actions.begin(WireAction.NAT);
        NatRange range = nat.range();
        out.zeros(2).u16(nat.flags()).u16(range == null ? 0 : present(range));
        if (range != null) {
            putAddress(range.first());
            if (range.last() != null) {
                putAddress(range.last());
            }
            if (range.firstPort() != 0) {
                out.u16(range.firstPort());
            }
            if (range.lastPort() != 0) {
                out.u16(range.lastPort());
            }
        }
        actions.end(start);
    }

    private static int present(NatRange range) {
        boolean ipv4 = range.first().isIpv4();
        return (ipv4 ? NatBits.IPV4_FIRST : NatBits.IPV6_FIRST)
                | (range.last() == null ? 0 : ipv4 ? NatBits.IPV4_LAST : NatBits.IPV6_LAST)
                | (range.firstPort() == 0 ? 0 : NatBits.PORT_FIRST)
                | (range.lastPort() == 0 ? 0 : NatBits.PORT_LAST);
    }

    private void putAddress(IpAddress address) {
        if (address.isIpv4()) {
            out.u32(address.ipv4());
        } else {
            out.u64(address.hi()).u64(address.lo());
        }
    }

    private void encodeEncap(OpenFlowAction.Encap encap) {
        if (!WireAction.ENCAP.isIn(version)) {
            return;
        }
        int start = actions.begin(WireAction.ENCAP);
        out.u16(encap.headerBytes()).u32(encap.packetType());
        for (EncapProperty property : encap.properties()) {
            switch (property) {
                case EncapProperty.NshMetadataType type ->
                    out.u16(EncapProperty.CLASS_NSH).u8(1).u8(5).u8(type.type()).zeros(3);
                case EncapProperty.NshTlv tlv -> {
                    int at = out.position();
                    int length = tlv.value().length();
                    out.u16(EncapProperty.CLASS_NSH).u8(2).u8(8 + (length + 7 & ~7));
                    out.u16(tlv.optionClass())
                            .u8(tlv.type())
                            .u8(length)
                            .bytes(tlv.value().toByteArray());
                    out.pad8(at);
                }
            }
        }
        actions.end(start);
    }
}
