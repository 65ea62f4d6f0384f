package io.jvswitch.openflow.action;

import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.Experimenters;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import io.jvswitch.openflow.action.OpenFlowAction.SetFieldForm;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.OxmReader;
import io.jvswitch.openflow.field.Subfield;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads actions: one pass, each action checked for itself with the errors that Open vSwitch gives. What must be true of
 * actions together is {@link ActionOrder}'s. Nested actions are read to a depth of {@value #MAX_DEPTH}.
 */
final class ActionDecoder {

    static final int MAX_DEPTH = 100;

    /** Type of experimenters' actions. */
    private static final int EXPERIMENTER = 0xffff;

    private static final int MIN_BYTES = 8;
    private static final int MIN_EXTENSION_BYTES = 16;

    private static final int MAX_VID = 0xfff;
    private static final int VLAN_PRESENT = 0x1000;

    final OpenFlowVersion version;
    final @Nullable TunnelOptions options;
    private final ExtensionDecoder extensions = new ExtensionDecoder(this);
    private int depth;

    /** @param options the bridge's tunnel options; null where they are not known, and any are taken */
    ActionDecoder(OpenFlowVersion version, @Nullable TunnelOptions options) {
        this.version = version;
        this.options = options;
    }

    /** Reads actions to the end. */
    List<OpenFlowAction> decode(MessageReader in) throws OpenFlowException {
        if (depth == MAX_DEPTH) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_TOO_MANY,
                    in.position(),
                    "actions are nested more than " + MAX_DEPTH + " deep");
        }
        depth++;
        List<OpenFlowAction> actions = new ArrayList<>();
        while (in.hasRemaining()) {
            actions.add(decodeOne(in));
        }
        depth--;
        return actions;
    }

    private OpenFlowAction decodeOne(MessageReader in) throws OpenFlowException {
        int at = in.position();
        in.require(MIN_BYTES, OpenFlowError.OFPBAC_BAD_LEN, "an action");
        WireAction form = form(in);
        int length = in.peekU16(2);
        if (length > in.remaining() || !form.permits(version, length) || length % 8 != 0) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_LEN,
                    at,
                    form + " of " + length + " bytes, with " + in.remaining() + " left: must be at least "
                            + form.minBytes(version) + " and a multiple of 8");
        }
        MessageReader body = in.slice(length);
        long number = 0;
        if (form.numberBytes() > 0) {
            body.skip(form.numberAt(version));
            number = number(body, form.numberBytes());
        } else {
            body.skip(form.headerBytes(version));
        }
        return decode(form, number, body, at);
    }

    private static long number(MessageReader in, int bytes) {
        return switch (bytes) {
            case 1 -> in.u8();
            case 2 -> in.u16();
            case 4 -> in.u32();
            default -> in.u64();
        };
    }

    private WireAction form(MessageReader in) throws OpenFlowException {
        int at = in.position();
        int type = in.peekU16(0);
        if (type != EXPERIMENTER) {
            WireAction form = WireAction.standard(version, type);
            if (form == null) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBAC_BAD_TYPE, at, version.label() + " has no action of type " + type);
            }
            return form;
        }
        int vendor = in.peekI32(4);
        if (vendor != Experimenters.NICIRA && vendor != Experimenters.ONF) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_VENDOR, at, "unknown experimenter 0x" + Integer.toHexString(vendor));
        }
        in.require(MIN_EXTENSION_BYTES, OpenFlowError.OFPBAC_BAD_LEN, "an experimenter's action");
        int subtype = in.peekU16(8);
        WireAction form = WireAction.extension(version, vendor, subtype);
        if (form == null) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_VENDOR_TYPE,
                    at,
                    "experimenter 0x" + Integer.toHexString(vendor) + " has no action " + subtype + " in "
                            + version.label());
        }
        return form;
    }

    private OpenFlowAction decode(WireAction form, long number, MessageReader in, int at) throws OpenFlowException {
        int small = (int) number;
        return switch (form) {
            case V1_0_OUTPUT -> output(in.u16(), in.u16(), at);
            case V1_1_OUTPUT -> output(ReservedPorts.from32(in.i32()), in.u16(), at);
            case V1_0_SET_VLAN_VID -> new OpenFlowAction.SetVlanVid(within(small, MAX_VID, at), true);
            case V1_1_SET_VLAN_VID -> new OpenFlowAction.SetVlanVid(within(small, MAX_VID, at), false);
            case V1_0_SET_VLAN_PCP -> new OpenFlowAction.SetVlanPcp(within(small, 7, at), true);
            case V1_1_SET_VLAN_PCP -> new OpenFlowAction.SetVlanPcp(within(small, 7, at), false);
            case V1_1_PUSH_VLAN -> new OpenFlowAction.PushVlan(oneOf(small, 0x8100, 0x88a8, at));
            case V1_0_STRIP_VLAN -> Plain.STRIP_VLAN;
            case V1_1_POP_VLAN -> Plain.POP_VLAN;
            case SET_DL_SRC -> new OpenFlowAction.SetEthSrc(in.u48());
            case SET_DL_DST -> new OpenFlowAction.SetEthDst(in.u48());
            case SET_NW_SRC -> new OpenFlowAction.SetIpv4Src(small);
            case SET_NW_DST -> new OpenFlowAction.SetIpv4Dst(small);
            case SET_NW_TOS -> new OpenFlowAction.SetIpDscp(within(small, 0xfc, at));
            case V1_1_SET_NW_ECN -> new OpenFlowAction.SetIpEcn(within(small, 3, at));
            case V1_1_SET_NW_TTL -> new OpenFlowAction.SetIpTtl(small);
            case SET_TP_SRC -> new OpenFlowAction.SetL4Src(small);
            case SET_TP_DST -> new OpenFlowAction.SetL4Dst(small);
            case V1_0_ENQUEUE -> enqueue(in, at);
            case SET_MPLS_LABEL -> new OpenFlowAction.SetMplsLabel(small);
            case SET_MPLS_TC -> new OpenFlowAction.SetMplsTc(small);
            case SET_MPLS_TTL -> new OpenFlowAction.SetMplsTtl(small);
            case DEC_MPLS_TTL -> Plain.DEC_MPLS_TTL;
            case PUSH_MPLS -> new OpenFlowAction.PushMpls(oneOf(small, 0x8847, 0x8848, at));
            case POP_MPLS -> new OpenFlowAction.PopMpls(small);
            case SET_QUEUE -> new OpenFlowAction.SetQueue(small);
            case GROUP -> new OpenFlowAction.Group(small);
            case DEC_NW_TTL -> new OpenFlowAction.DecTtl(List.of(0), false);
            case V1_2_SET_FIELD -> setField(in, false);
            case V1_5_SET_FIELD -> setField(in, true);
            case REG_LOAD -> load(in, at);
            case REG_LOAD2 -> loadMasked(in, at);
            case V1_5_COPY_FIELD -> {
                int bits = in.u16();
                int source = in.u16();
                int destination = in.u16();
                in.skip(2);
                yield move(in, bits, source, destination, true, at);
            }
            case ONF_COPY_FIELD -> {
                in.skip(2);
                int bits = in.u16();
                int source = in.u16();
                int destination = in.u16();
                in.skip(2);
                yield move(in, bits, source, destination, true, at);
            }
            case REG_MOVE -> move(in, in.u16(), in.u16(), in.u16(), false, at);
            case V1_5_METER -> new OpenFlowAction.Meter(small);
            default -> extensions.decode(form, number, in, at);
        };
    }

    private static OpenFlowAction output(int port, int maxBytes, int at) throws OpenFlowException {
        return new OpenFlowAction.Output(checkOutput(port, at), maxBytes);
    }

    /** A port that a packet can be sent to. */
    static int checkOutput(int port, int at) throws OpenFlowException {
        boolean known =
                port >= 0 && port < ReservedPorts.MAX || port >= ReservedPorts.IN_PORT && port != ReservedPorts.NONE;
        if (!known) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_OUT_PORT, at, "packets cannot be sent to port " + port);
        }
        return port;
    }

    private static OpenFlowAction enqueue(MessageReader in, int at) throws OpenFlowException {
        int port = in.u16();
        in.skip(6);
        int queue = in.i32();
        if (port >= ReservedPorts.MAX && port != ReservedPorts.IN_PORT && port != ReservedPorts.LOCAL) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_OUT_PORT, at, "port " + port + " has no queues");
        }
        return new OpenFlowAction.Enqueue(port, queue);
    }

    private static int within(int value, int bits, int at) throws OpenFlowException {
        if ((value & ~bits) != 0) {
            throw badArgument(at, value + " has bits beyond 0x" + Integer.toHexString(bits));
        }
        return value;
    }

    private static int oneOf(int value, int one, int other, int at) throws OpenFlowException {
        if (value != one && value != other) {
            throw badArgument(at, "EtherType 0x" + Integer.toHexString(value) + " cannot be pushed");
        }
        return value;
    }

    static OpenFlowException badArgument(int at, String what) {
        return new OpenFlowException(OpenFlowError.OFPBAC_BAD_ARGUMENT, at, what);
    }

    private OpenFlowAction setField(MessageReader in, boolean mayMask) throws OpenFlowException {
        int at = in.position();
        OxmReader.Entry entry = OxmReader.actionEntry(in, options);
        if (!mayMask && entry.masked()) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_SET_MASK, at, entry.field() + " is set with a mask");
        }
        OxmField field = entry.field();
        boolean vid = field.label().equals("vlan_vid");
        boolean right = in.zeros(in.remaining())
                && !field.label().equals(OxmField.IN_PORT_OXM)
                && SetFields.isValid(field, entry.value())
                && (!vid || (entry.mask().lo() & entry.value().lo() & VLAN_PRESENT) != 0);
        checkSettable(field, right, at);
        return new OpenFlowAction.SetField(field, entry.value(), entry.mask(), SetFieldForm.SET_FIELD);
    }

    private static void checkSettable(OxmField field, boolean right, int at) throws OpenFlowException {
        if (!right || !field.isWritable()) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_SET_ARGUMENT,
                    at,
                    field + (right ? " cannot be written" : " cannot be set so"));
        }
    }

    private OpenFlowAction load(MessageReader in, int at) throws OpenFlowException {
        int place = in.u16();
        Subfield destination = destination(OxmReader.shortField(in, options), place >>> 6, (place & 0x3f) + 1, at);
        long value = in.u64();
        if (destination.bits() < Long.SIZE && value >>> destination.bits() != 0) {
            throw badArgument(at, "0x" + Long.toHexString(value) + " does not fit into " + destination);
        }
        return SetFields.load(destination, 0, value);
    }

    private OpenFlowAction loadMasked(MessageReader in, int at) throws OpenFlowException {
        OxmReader.Entry entry = OxmReader.actionEntry(in, options);
        checkSettable(entry.field(), in.zeros(in.remaining()), at);
        return new OpenFlowAction.SetField(entry.field(), entry.value(), entry.mask(), SetFieldForm.LOAD_MASKED);
    }

    private OpenFlowAction move(MessageReader in, int bits, int from, int to, boolean copyField, int at)
            throws OpenFlowException {
        OxmField source = OxmReader.field(in, options);
        OxmField destination = OxmReader.field(in, options);
        checkZeros(in, at);
        return new OpenFlowAction.Move(
                source(source, from, bits, at), destination(destination, to, bits, at), copyField);
    }

    static void checkZeros(MessageReader in, int at) throws OpenFlowException {
        if (!in.zeros(in.remaining())) {
            throw new OpenFlowException(OpenFlowError.NXBRC_MUST_BE_ZERO, at, "the padding of an action is not zero");
        }
    }

    /** Bits that are read. */
    static Subfield source(OxmField field, int offset, int bits, int at) throws OpenFlowException {
        if (bits == 0 || offset >= field.bits() || offset + bits > field.bits()) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_SET_LEN,
                    at,
                    field + " has " + field.bits() + " bits: it has no " + bits + " from bit " + offset + " on");
        }
        return new Subfield(field, offset, bits);
    }

    /** Bits that are written. */
    static Subfield destination(OxmField field, int offset, int bits, int at) throws OpenFlowException {
        Subfield part = source(field, offset, bits, at);
        if (!field.isWritable()) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_SET_ARGUMENT, at, field + " cannot be written");
        }
        return part;
    }
}
