package io.jvswitch.openflow.action;

import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import io.jvswitch.openflow.action.OpenFlowAction.SetField;
import io.jvswitch.openflow.action.OpenFlowAction.SetFieldForm;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes actions, each in the form that a version has for it; where it has none, in those that together mean the same.
 * Nothing is written for what a version cannot say.
 */
final class ActionEncoder {

    private static final int VLAN_TPID = 0x8100;
    private static final int VLAN_PRESENT = 0x1000;
    private static final int VID_BITS = 0xfff;
    private static final int PCP_SHIFT = 13;
    private static final int NO_MAX_BYTES = 0xffff;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_SCTP = 132;

    private final MessageWriter out;
    private final OpenFlowVersion version;
    private final int ipProtocol;
    private final ExtensionEncoder extensions;
    private boolean tagged;

    /**
     * @param flow what the flow's match says of its packets
     */
    ActionEncoder(MessageWriter out, OpenFlowVersion version, Instructions.FlowTraits flow) {
        this.out = out;
        this.version = version;
        this.tagged = flow.tagged();
        this.ipProtocol = flow.ipProtocol();
        this.extensions = new ExtensionEncoder(this, out, version);
    }

    void encode(List<OpenFlowAction> actions) {
        for (OpenFlowAction action : actions) {
            encode(action);
        }
    }

    /** Begins an action; {@link #end} is given what this returns. */
    int begin(WireAction form) {
        int start = out.position();
        int experimenter = form.experimenter(version);
        out.u16(experimenter == 0 ? form.type(version) : 0xffff).u16(0);
        if (experimenter != 0) {
            out.u32(experimenter).u16(form.type(version));
        }
        return start;
    }

    void end(int start) {
        out.pad8(start);
        out.patchU16(start + 2, out.position() - start);
    }

    /** Ends an action of a form that has always the same length. */
    void end(int start, WireAction form) {
        out.zeros(Math.max(0, form.minBytes(version) - (out.position() - start)));
        end(start);
    }

    /** An action that is one number, or nothing but its header. */
    void put(WireAction form, long number) {
        int start = begin(form);
        out.zeros(form.numberAt(version) - form.headerBytes(version));
        switch (form.numberBytes()) {
            case 0 -> {}
            case 1 -> out.u8((int) number);
            case 2 -> out.u16((int) number);
            case 4 -> out.u32((int) number);
            default -> out.u64(number);
        }
        end(start);
    }

    private boolean isBefore(OpenFlowVersion other) {
        return !version.isAtLeast(other);
    }

    void encode(OpenFlowAction action) {
        switch (action) {
            case Plain plain -> encodePlain(plain);
            case OpenFlowAction.Output output -> encodeOutput(output.port(), output.maxBytes());
            case OpenFlowAction.Group group -> put(WireAction.GROUP, group.id());
            case OpenFlowAction.Enqueue enqueue -> encodeEnqueue(enqueue);
            case OpenFlowAction.SetVlanVid vid -> encodeVlanVid(vid);
            case OpenFlowAction.SetVlanPcp pcp -> encodeVlanPcp(pcp);
            case OpenFlowAction.PushVlan push -> {
                // OpenFlow 1.0 cannot push; setting the tag pushes.
                if (version.isAtLeast(OpenFlowVersion.V1_1)) {
                    put(WireAction.V1_1_PUSH_VLAN, push.etherType());
                }
                tagged = true;
            }
            case OpenFlowAction.SetEthSrc set -> encodeMac(WireAction.SET_DL_SRC, "eth_src", set.mac());
            case OpenFlowAction.SetEthDst set -> encodeMac(WireAction.SET_DL_DST, "eth_dst", set.mac());
            case OpenFlowAction.SetIpv4Src set ->
                putUpTo11(WireAction.SET_NW_SRC, "ip_src", set.address(), set.address());
            case OpenFlowAction.SetIpv4Dst set ->
                putUpTo11(WireAction.SET_NW_DST, "ip_dst", set.address(), set.address());
            case OpenFlowAction.SetIpDscp set ->
                putUpTo11(WireAction.SET_NW_TOS, "ip_dscp", set.tos(), set.tos() >>> 2);
            case OpenFlowAction.SetIpEcn set -> encodeEcn(set.ecn());
            case OpenFlowAction.SetIpTtl set -> {
                if (version.isAtLeast(OpenFlowVersion.V1_1)) {
                    put(WireAction.V1_1_SET_NW_TTL, set.ttl());
                } else {
                    putLoad(Subfield.of(OxmField.ofKnown("nw_ttl")), set.ttl());
                }
            }
            case OpenFlowAction.SetL4Src set -> encodeL4(WireAction.SET_TP_SRC, "_src", set.port());
            case OpenFlowAction.SetL4Dst set -> encodeL4(WireAction.SET_TP_DST, "_dst", set.port());
            case OpenFlowAction.Move move -> encodeMove(move);
            case SetField set -> encodeSetField(set);
            case OpenFlowAction.SetMplsLabel set ->
                putUpTo11(WireAction.SET_MPLS_LABEL, "mpls_label", set.label(), set.label());
            case OpenFlowAction.SetMplsTc set ->
                putUpTo11(WireAction.SET_MPLS_TC, "mpls_tc", set.trafficClass(), set.trafficClass());
            case OpenFlowAction.SetMplsTtl set -> put(WireAction.SET_MPLS_TTL, set.ttl());
            case OpenFlowAction.PushMpls push -> put(WireAction.PUSH_MPLS, push.etherType());
            case OpenFlowAction.PopMpls pop -> put(WireAction.POP_MPLS, pop.etherType());
            case OpenFlowAction.SetTunnel tunnel -> encodeTunnel(tunnel);
            case OpenFlowAction.SetQueue set -> put(WireAction.SET_QUEUE, set.queue());
            case OpenFlowAction.Meter meter -> encodeMeter(meter);
            case OpenFlowAction.WriteMetadata write -> encodeMetadata(write);
            case OpenFlowAction.WriteActions write -> encodeWriteActions(write);
            case OpenFlowAction.GotoTable table -> encodeGoto(table);
            default -> extensions.encode(action);
        }
    }

    private void encodePlain(Plain plain) {
        switch (plain) {
            case STRIP_VLAN, POP_VLAN -> {
                put(isBefore(OpenFlowVersion.V1_1) ? WireAction.V1_0_STRIP_VLAN : WireAction.V1_1_POP_VLAN, 0);
                tagged = false;
            }
            case DEC_MPLS_TTL -> put(WireAction.DEC_MPLS_TTL, 0);
            case DEC_NSH_TTL -> {
                if (WireAction.DEC_NSH_TTL.isIn(version)) {
                    put(WireAction.DEC_NSH_TTL, 0);
                }
            }
            case POP_QUEUE -> put(WireAction.POP_QUEUE, 0);
            case EXIT -> put(WireAction.EXIT, 0);
            case CT_CLEAR -> put(WireAction.CT_CLEAR, 0);
            case CLEAR_ACTIONS -> {
                if (version.isAtLeast(OpenFlowVersion.V1_1)) {
                    out.u16(Instructions.CLEAR_ACTIONS).u16(8).zeros(4);
                }
            }
        }
    }

    private void encodeOutput(int port, int maxBytes) {
        if (isBefore(OpenFlowVersion.V1_1)) {
            int start = begin(WireAction.V1_0_OUTPUT);
            out.u16(port).u16(maxBytes);
            end(start);
        } else {
            int start = begin(WireAction.V1_1_OUTPUT);
            out.u32(ReservedPorts.to32(port)).u16(maxBytes);
            end(start);
        }
    }

    private void encodeEnqueue(OpenFlowAction.Enqueue enqueue) {
        if (isBefore(OpenFlowVersion.V1_1)) {
            int start = begin(WireAction.V1_0_ENQUEUE);
            out.u16(enqueue.port()).zeros(6).u32(enqueue.queue());
            end(start);
        } else {
            put(WireAction.SET_QUEUE, enqueue.queue());
            encodeOutput(enqueue.port(), NO_MAX_BYTES);
            put(WireAction.POP_QUEUE, 0);
        }
    }

    private void pushTag(boolean wanted) {
        if (wanted && !tagged && version.isAtLeast(OpenFlowVersion.V1_1)) {
            put(WireAction.V1_1_PUSH_VLAN, VLAN_TPID);
        }
        tagged = true;
    }

    private void encodeVlanVid(OpenFlowAction.SetVlanVid set) {
        pushTag(set.push());
        if (isBefore(OpenFlowVersion.V1_2)) {
            putVid(set.vid());
        } else {
            putSetField("vlan_vid", set.vid() | VLAN_PRESENT);
        }
    }

    private void putVid(int vid) {
        put(isBefore(OpenFlowVersion.V1_1) ? WireAction.V1_0_SET_VLAN_VID : WireAction.V1_1_SET_VLAN_VID, vid);
    }

    private void encodeVlanPcp(OpenFlowAction.SetVlanPcp set) {
        pushTag(set.push());
        if (isBefore(OpenFlowVersion.V1_2)) {
            putPcp(set.pcp());
        } else {
            putSetField("vlan_pcp", set.pcp());
        }
    }

    private void putPcp(int pcp) {
        put(isBefore(OpenFlowVersion.V1_1) ? WireAction.V1_0_SET_VLAN_PCP : WireAction.V1_1_SET_VLAN_PCP, pcp);
    }

    private void encodeMac(WireAction form, String field, long mac) {
        if (isBefore(OpenFlowVersion.V1_2)) {
            int start = begin(form);
            out.u48(mac);
            end(start);
        } else {
            putSetField(field, mac);
        }
    }

    /** An action of its own up to OpenFlow 1.1, set_field from 1.2 on. */
    private void putUpTo11(WireAction form, String field, long number, long fieldValue) {
        if (isBefore(OpenFlowVersion.V1_2)) {
            put(form, number);
        } else {
            putSetField(field, fieldValue & 0xffff_ffffL);
        }
    }

    private void encodeEcn(int ecn) {
        if (isBefore(OpenFlowVersion.V1_1)) {
            putLoad(Subfield.of(OxmField.ofKnown("nw_ecn")), ecn);
        } else {
            putUpTo11(WireAction.V1_1_SET_NW_ECN, "nw_ecn", ecn, ecn);
        }
    }

    private void encodeL4(WireAction form, String direction, int port) {
        String protocol = switch (ipProtocol) {
            case PROTOCOL_TCP -> "tcp";
            case PROTOCOL_UDP -> "udp";
            case PROTOCOL_SCTP -> "sctp";
            default -> "";
        };
        if (isBefore(OpenFlowVersion.V1_2) || protocol.isEmpty()) {
            put(form, port);
        } else {
            putSetField(protocol + direction, port);
        }
    }

    private void encodeMove(OpenFlowAction.Move move) {
        boolean standard = version.isAtLeast(OpenFlowVersion.V1_5);
        boolean onf = version == OpenFlowVersion.V1_3 && move.copyField();
        WireAction form = standard ? WireAction.V1_5_COPY_FIELD : onf ? WireAction.ONF_COPY_FIELD : WireAction.REG_MOVE;
        int start = begin(form);
        out.zeros(onf ? 2 : 0)
                .u16(move.destination().bits())
                .u16(move.source().offset())
                .u16(move.destination().offset())
                .zeros(standard || onf ? 2 : 0);
        putField(move.source().field(), standard || onf ? version : null);
        putField(move.destination().field(), standard || onf ? version : null);
        end(start);
    }

    /** A field's number that no value follows. */
    void putField(OxmField field, @Nullable OpenFlowVersion fieldVersion) {
        field.putHeader(out, fieldVersion, false, field.bytes());
    }

    private void putSetField(String name, long value) {
        OxmField field = OxmField.ofKnown(name);
        putSetField(field, Octets.of(0, value, field.bytes()), Octets.ones(field.bytes()));
    }

    private void putSetField(OxmField field, Octets value, Octets mask) {
        int start =
                begin(version.isAtLeast(OpenFlowVersion.V1_5) ? WireAction.V1_5_SET_FIELD : WireAction.V1_2_SET_FIELD);
        field.putEntry(out, version, value, mask);
        end(start);
    }

    private void putLoad(Subfield destination, long value) {
        int start = begin(WireAction.REG_LOAD);
        out.u16(place(destination)).u32(destination.field().shortHeader()).u64(value);
        end(start);
    }

    /** Offset and number of bits as older actions have them. */
    static int place(Subfield part) {
        return part.offset() << 6 | part.bits() - 1;
    }

    private void encodeSetField(SetField set) {
        if (version.isAtLeast(OpenFlowVersion.V1_5)) {
            putSetField(set.field(), set.value(), set.mask());
        } else if (set.form() != SetFieldForm.SET_FIELD) {
            putAsLoads(set);
        } else if (isBefore(OpenFlowVersion.V1_2)) {
            putByOldActions(set);
        } else if (set.mask().isOnes()) {
            putSetField(set.field(), set.value(), set.mask());
        } else {
            putAsLoads(set);
        }
    }

    private void putAsLoads(SetField set) {
        OxmField field = set.field();
        if (set.form() == SetFieldForm.LOAD_MASKED || !field.hasShortHeader() || field.isVariable()) {
            int start = begin(WireAction.REG_LOAD2);
            field.putEntry(out, null, set.value(), set.mask());
            end(start);
            return;
        }
        for (Subfield part : SetFields.parts(set)) {
            putLoad(part, set.value().bits(part.offset(), part.bits()));
        }
    }

    private void putByOldActions(SetField set) {
        int value = (int) set.value().lo();
        switch (set.field().label()) {
            case "vlan_tci" -> {
                if ((value & VLAN_PRESENT) == 0) {
                    encodePlain(Plain.STRIP_VLAN);
                } else {
                    pushTag(true);
                    putVid(value & VID_BITS);
                    putPcp(value >>> PCP_SHIFT);
                }
            }
            case "vlan_vid" -> putVid(value & VID_BITS);
            case "vlan_pcp" -> putPcp(value);
            case "eth_src" ->
                encodeMac(WireAction.SET_DL_SRC, "eth_src", set.value().lo());
            case "eth_dst" ->
                encodeMac(WireAction.SET_DL_DST, "eth_dst", set.value().lo());
            case "ip_src" -> put(WireAction.SET_NW_SRC, value);
            case "ip_dst" -> put(WireAction.SET_NW_DST, value);
            case "nw_tos" -> put(WireAction.SET_NW_TOS, value);
            case "ip_dscp" -> put(WireAction.SET_NW_TOS, value << 2);
            case "nw_ecn" -> encodeEcn(value);
            case "tcp_src", "udp_src" -> put(WireAction.SET_TP_SRC, value);
            case "tcp_dst", "udp_dst" -> put(WireAction.SET_TP_DST, value);
            default -> putAsLoads(set);
        }
    }

    private void encodeTunnel(OpenFlowAction.SetTunnel tunnel) {
        if (version.isAtLeast(OpenFlowVersion.V1_2)) {
            putSetField("tun_id", tunnel.id());
        } else if (tunnel.id() >>> Integer.SIZE == 0 && !tunnel.wide()) {
            put(WireAction.SET_TUNNEL, tunnel.id());
        } else {
            put(WireAction.SET_TUNNEL64, tunnel.id());
        }
    }

    private void encodeMeter(OpenFlowAction.Meter meter) {
        if (version.isAtLeast(OpenFlowVersion.V1_5)) {
            put(WireAction.V1_5_METER, meter.id());
        } else if (version.isAtLeast(OpenFlowVersion.V1_3)) {
            out.u16(Instructions.METER).u16(8).u32(meter.id());
        }
    }

    private void encodeMetadata(OpenFlowAction.WriteMetadata write) {
        if (version.isAtLeast(OpenFlowVersion.V1_1)) {
            out.u16(Instructions.WRITE_METADATA)
                    .u16(24)
                    .zeros(4)
                    .u64(write.value())
                    .u64(write.mask());
        } else {
            int start = begin(WireAction.WRITE_METADATA);
            out.zeros(6).u64(write.value()).u64(write.mask());
            end(start);
        }
    }

    private void encodeWriteActions(OpenFlowAction.WriteActions write) {
        if (version.isAtLeast(OpenFlowVersion.V1_1)) {
            int start = out.position();
            out.u16(Instructions.WRITE_ACTIONS).u16(0).zeros(4);
            encode(write.actions());
            Instructions.endActions(out, start);
        }
    }

    private void encodeGoto(OpenFlowAction.GotoTable table) {
        if (version.isAtLeast(OpenFlowVersion.V1_1)) {
            out.u16(Instructions.GOTO_TABLE).u16(8).u8(table.table()).zeros(3);
        } else {
            int start = begin(WireAction.RESUBMIT_TABLE);
            out.u16(ReservedPorts.IN_PORT).u8(table.table());
            end(start);
        }
    }
}
