package io.jvswitch.openflow.action;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction.Controller;
import io.jvswitch.openflow.action.OpenFlowAction.Learn;
import io.jvswitch.openflow.action.OpenFlowAction.Nat;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import io.jvswitch.openflow.action.OpenFlowAction.Sample;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.OxmReader;
import io.jvswitch.openflow.field.Subfield;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the actions that only Nicira's extensions have. */
final class ExtensionDecoder {

    /** An Ethernet header: nothing shorter is sent. */
    static final int MIN_TRUNCATED_BYTES = 14;
    /** Members of a bundle. */
    static final int MAX_MEMBERS = 2048;

    /** {@code NX_HASH_FIELDS_*} and {@code NX_MP_ALG_*} are numbers from 0 on. */
    static final int MAX_HASH_FIELDS = 6;

    private static final int MAX_MULTIPATH_ALGORITHM = 3;
    private static final int MAX_BUNDLE_ALGORITHM = 1;

    private static final int LEARN_BITS = 0x3ff;
    private static final int LEARN_DESTINATION = 3 << 11;
    private static final int LEARN_LOAD = 1 << 11;
    private static final int LEARN_OUTPUT = 2 << 11;
    private static final int LEARN_NUMBER = 1 << 13;
    private static final int FIELD_AND_OFFSET_BYTES = 6;

    private static final int PACKET_TYPE_ETHERNET = 0;
    private static final int PACKET_TYPE_NSH = 0x1_894f;
    private static final int PACKET_TYPE_MPLS = 0x1_8847;
    private static final int PACKET_TYPE_MPLS_MULTICAST = 0x1_8848;

    private static final int PROPERTY_MAX_LENGTH = 0;
    private static final int PROPERTY_CONTROLLER_ID = 1;
    private static final int PROPERTY_REASON = 2;
    private static final int PROPERTY_USERDATA = 3;
    private static final int PROPERTY_PAUSE = 4;
    private static final int PROPERTY_METER = 5;
    private static final int PROPERTY_HEADER_BYTES = 4;

    private final ActionDecoder actions;

    ExtensionDecoder(ActionDecoder actions) {
        this.actions = actions;
    }

    OpenFlowAction decode(WireAction form, long number, MessageReader in, int at) throws OpenFlowException {
        return switch (form) {
            case RESUBMIT -> new OpenFlowAction.Resubmit((int) number, 0xff, false, true);
            case RESUBMIT_TABLE -> resubmit(in, false, at);
            case RESUBMIT_TABLE_CT -> resubmit(in, true, at);
            case SET_TUNNEL -> new OpenFlowAction.SetTunnel(number, false);
            case SET_TUNNEL64 -> new OpenFlowAction.SetTunnel(number, true);
            case POP_QUEUE -> Plain.POP_QUEUE;
            case NOTE -> new OpenFlowAction.Note(Octets.of(in.rest()));
            case MULTIPATH -> multipath(in, at);
            case BUNDLE -> bundle(in, false, at);
            case BUNDLE_LOAD -> bundle(in, true, at);
            case OUTPUT_REG -> outputReg(in, at);
            case OUTPUT_REG2 -> outputRegWide(in, at);
            case LEARN -> learn(in, false, at);
            case LEARN2 -> learn(in, true, at);
            case EXIT -> Plain.EXIT;
            case FIN_TIMEOUT -> new OpenFlowAction.FinTimeout(in.u16(), in.u16());
            case CONTROLLER -> controller(in);
            case CONTROLLER2 -> controllerExtended(in, at);
            case WRITE_METADATA -> {
                checkZeros(in, 6, at);
                yield new OpenFlowAction.WriteMetadata(in.u64(), in.u64());
            }
            case STACK_PUSH -> new OpenFlowAction.StackPush(stack(in, false, at));
            case STACK_POP -> new OpenFlowAction.StackPop(stack(in, true, at));
            case DEC_TTL_CNT_IDS -> decTtl(in, at);
            case SAMPLE -> sample(in, 1, at);
            case SAMPLE2 -> sample(in, 2, at);
            case SAMPLE3 -> sample(in, 3, at);
            case CONJUNCTION -> conjunction(in, at);
            case CT -> ct(in, at);
            case NAT -> nat(in, at);
            case OUTPUT_TRUNC -> truncated(in, at);
            case CLONE -> {
                in.skip(6);
                yield new OpenFlowAction.CloneActions(nested(in, ActionOrder.Outer.CLONE, at));
            }
            case CT_CLEAR -> Plain.CT_CLEAR;
            case ENCAP -> encap(in, at);
            case DECAP -> decap(in, at);
            case DEC_NSH_TTL -> Plain.DEC_NSH_TTL;
            case CHECK_PKT_LARGER -> checkPacketLarger(in, at);
            case DELETE_FIELD -> deleteField(in, at);
            default -> throw new IllegalStateException(form + " is read elsewhere");
        };
    }

    private static void checkZeros(MessageReader in, int count, int at) throws OpenFlowException {
        if (!in.zeros(count)) {
            throw new OpenFlowException(OpenFlowError.NXBRC_MUST_BE_ZERO, at, "reserved bytes are not zero");
        }
    }

    private List<OpenFlowAction> nested(MessageReader in, ActionOrder.Outer outer, int at) throws OpenFlowException {
        List<OpenFlowAction> nested = actions.decode(in);
        ActionOrder.check(nested, actions.version, false, outer, at);
        return nested;
    }

    private static OpenFlowAction resubmit(MessageReader in, boolean ct, int at) throws OpenFlowException {
        int port = in.u16();
        int table = in.u8();
        if (!in.zeros(3)) {
            throw ActionDecoder.badArgument(at, "reserved bytes of a resubmit are not zero");
        }
        return new OpenFlowAction.Resubmit(port, table, ct, false);
    }

    private static int hashFields(int fields, int at) throws OpenFlowException {
        if (fields > MAX_HASH_FIELDS) {
            throw ActionDecoder.badArgument(at, "unknown hash fields " + fields);
        }
        return fields;
    }

    private OpenFlowAction multipath(MessageReader in, int at) throws OpenFlowException {
        int fields = in.u16();
        int basis = in.u16();
        in.skip(2);
        int algorithm = in.u16();
        int maxLink = in.u16();
        int argument = in.i32();
        in.skip(2);
        int place = in.u16();
        OxmField field = OxmReader.shortField(in, actions.options);
        int bits = (place & 0x3f) + 1;
        hashFields(fields, at);
        if (algorithm > MAX_MULTIPATH_ALGORITHM) {
            throw ActionDecoder.badArgument(at, "unknown algorithm " + algorithm);
        }
        if (bits < Integer.SIZE - Integer.numberOfLeadingZeros(maxLink)) {
            throw ActionDecoder.badArgument(at, bits + " bits cannot hold " + maxLink);
        }
        return new OpenFlowAction.Multipath(
                fields, basis, algorithm, maxLink, argument, ActionDecoder.destination(field, place >>> 6, bits, at));
    }

    private OpenFlowAction bundle(MessageReader in, boolean load, int at) throws OpenFlowException {
        int algorithm = in.u16();
        int fields = in.u16();
        int basis = in.u16();
        int memberType = in.i32();
        int members = in.u16();
        int place = in.u16();
        int field = in.peekI32(0);
        Subfield destination = null;
        OpenFlowException wrong = null;
        if (fields > MAX_HASH_FIELDS
                || members > MAX_MEMBERS
                || algorithm > MAX_BUNDLE_ALGORITHM
                || memberType != OxmField.ofKnown(OxmField.IN_PORT).shortHeader()) {
            wrong = ActionDecoder.badArgument(
                    at, "fields " + fields + ", algorithm " + algorithm + " or members are unknown");
        }
        if (load) {
            OxmField into = OxmReader.shortField(in, actions.options);
            int bits = (place & 0x3f) + 1;
            if (bits < Short.SIZE) {
                wrong = ActionDecoder.badArgument(at, "a port's number needs 16 bits, and gets " + bits);
            }
            destination = new Subfield(into, place >>> 6, bits);
        } else {
            in.skip(Integer.BYTES);
            if (place != 0 || field != 0) {
                wrong = ActionDecoder.badArgument(at, "a bundle has a destination, and is no bundle_load");
            }
        }
        if (!in.zeros(4) && wrong == null) {
            wrong = ActionDecoder.badArgument(at, "reserved bytes of a bundle are not zero");
        }
        if (in.remaining() < members * Short.BYTES) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_LEN, at, members + " members in " + in.remaining() + " bytes");
        }
        if (wrong != null) {
            throw wrong;
        }
        List<Integer> ports = new ArrayList<>(members);
        for (int i = 0; i < members; i++) {
            ports.add(in.u16());
        }
        if (destination != null) {
            ActionDecoder.destination(destination.field(), destination.offset(), destination.bits(), at);
        }
        for (int port : ports) {
            checkMember(port, at);
        }
        return new OpenFlowAction.Bundle(algorithm, fields, basis, ports, destination);
    }

    private static void checkMember(int port, int at) throws OpenFlowException {
        if (port >= ReservedPorts.MAX && port != ReservedPorts.NONE && port != ReservedPorts.LOCAL) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_OUT_PORT, at, "port " + port + " in a bundle");
        }
    }

    private OpenFlowAction outputReg(MessageReader in, int at) throws OpenFlowException {
        int place = in.u16();
        OxmField field = OxmReader.shortField(in, actions.options);
        int maxBytes = in.u16();
        if (!in.zeros(6)) {
            throw ActionDecoder.badArgument(at, "reserved bytes of an output are not zero");
        }
        return new OpenFlowAction.OutputReg(
                ActionDecoder.source(field, place >>> 6, (place & 0x3f) + 1, at), maxBytes, false);
    }

    private OpenFlowAction outputRegWide(MessageReader in, int at) throws OpenFlowException {
        int place = in.u16();
        int maxBytes = in.u16();
        OxmField field = OxmReader.field(in, actions.options);
        ActionDecoder.checkZeros(in, at);
        return new OpenFlowAction.OutputReg(
                ActionDecoder.source(field, place >>> 6, (place & 0x3f) + 1, at), maxBytes, true);
    }

    private static OpenFlowAction controller(MessageReader in) {
        int maxBytes = in.u16();
        int id = in.u16();
        return new Controller(maxBytes, id, in.u8(), Octets.NONE, false, Controller.NO_METER, false);
    }

    private static OpenFlowAction controllerExtended(MessageReader in, int at) throws OpenFlowException {
        checkZeros(in, 6, at);
        int maxBytes = Controller.ALL_BYTES;
        int id = 0;
        int reason = Controller.REASON_ACTION;
        Octets userdata = Octets.NONE;
        boolean pause = false;
        int meter = Controller.NO_METER;
        while (in.hasRemaining()) {
            in.require(PROPERTY_HEADER_BYTES, OpenFlowError.OFPBPC_BAD_LEN, "a property");
            int type = in.peekU16(0);
            int length = in.peekU16(2);
            if (length < PROPERTY_HEADER_BYTES || (length + 7 & ~7) > in.remaining()) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBPC_BAD_LEN, in.position(), "a property of " + length + " bytes");
            }
            MessageReader property = in.slice(length + 7 & ~7).slice(length);
            property.skip(PROPERTY_HEADER_BYTES);
            switch (type) {
                case PROPERTY_MAX_LENGTH ->
                    maxBytes = require(property, Short.BYTES).u16();
                case PROPERTY_CONTROLLER_ID ->
                    id = require(property, Short.BYTES).u16();
                case PROPERTY_REASON -> reason = require(property, 1).u8();
                case PROPERTY_USERDATA -> userdata = Octets.of(property.rest());
                case PROPERTY_PAUSE -> pause = true;
                case PROPERTY_METER -> meter = require(property, Integer.BYTES).i32();
                default ->
                    throw new OpenFlowException(
                            OpenFlowError.OFPBPC_BAD_TYPE, property.position(), "unknown property " + type);
            }
        }
        return new Controller(maxBytes, id, reason, userdata, pause, meter, true);
    }

    private static MessageReader require(MessageReader property, int bytes) throws OpenFlowException {
        property.require(bytes, OpenFlowError.OFPBPC_BAD_LEN, "a property's value");
        return property;
    }

    private Subfield stack(MessageReader in, boolean pop, int at) throws OpenFlowException {
        int offset = in.u16();
        OxmField field = OxmReader.field(in, actions.options);
        int bits = in.u16();
        ActionDecoder.checkZeros(in, at);
        return pop ? ActionDecoder.destination(field, offset, bits, at) : ActionDecoder.source(field, offset, bits, at);
    }

    private static OpenFlowAction decTtl(MessageReader in, int at) throws OpenFlowException {
        int count = in.u16();
        checkZeros(in, 4, at);
        if (in.remaining() < count * Short.BYTES) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_LEN, at, count + " controllers in " + in.remaining() + " bytes");
        }
        List<Integer> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.u16());
        }
        return new OpenFlowAction.DecTtl(ids, true);
    }

    private static OpenFlowAction sample(MessageReader in, int form, int at) throws OpenFlowException {
        int probability = in.u16();
        int collectors = in.i32();
        int domain = in.i32();
        int point = in.i32();
        int port = form == 1 ? ReservedPorts.NONE : in.u16();
        int direction = form == 1 ? Sample.BOTH : in.u8();
        if (form == 3) {
            checkZeros(in, 5, at);
            if (direction > Sample.EGRESS) {
                throw ActionDecoder.badArgument(at, "unknown direction " + direction);
            }
        }
        if (probability == 0) {
            throw ActionDecoder.badArgument(at, "a sample of probability 0");
        }
        return new Sample(probability, collectors, domain, point, port, form == 3 ? direction : Sample.BOTH, form);
    }

    private static OpenFlowAction conjunction(MessageReader in, int at) throws OpenFlowException {
        int clause = in.u8();
        int clauses = in.u8();
        if (clauses < 2 || clauses > 64 || clause >= clauses) {
            throw new OpenFlowException(OpenFlowError.NXBAC_BAD_CONJUNCTION, at, "clause " + clause + " of " + clauses);
        }
        return new OpenFlowAction.Conjunction(in.i32(), clause, clauses);
    }

    private OpenFlowAction ct(MessageReader in, int at) throws OpenFlowException {
        int flags = in.u16();
        if ((flags & OpenFlowAction.Ct.FORCE) != 0 && (flags & OpenFlowAction.Ct.COMMIT) == 0) {
            throw ActionDecoder.badArgument(at, "force without commit");
        }
        Subfield zoneSource = null;
        int zone = 0;
        if (in.peekI32(0) != 0) {
            OxmField field = OxmReader.shortField(in, actions.options);
            int place = in.u16();
            zoneSource = ActionDecoder.source(field, place >>> 6, (place & 0x3f) + 1, at);
            if (zoneSource.bits() != Short.SIZE) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBAC_BAD_SET_LEN, at, "a zone has 16 bits, not " + zoneSource.bits());
            }
        } else {
            in.skip(Integer.BYTES);
            zone = in.u16();
        }
        int table = in.u8();
        in.skip(3);
        int helper = in.u16();
        List<OpenFlowAction> nested = nested(in, ActionOrder.Outer.CT, at);
        if ((flags & OpenFlowAction.Ct.COMMIT) == 0) {
            for (OpenFlowAction action : nested) {
                if (!(action instanceof Nat nat) || nat.flags() != 0 || nat.range() != null) {
                    throw ActionDecoder.badArgument(at, "ct without commit has actions other than nat");
                }
            }
        }
        return new OpenFlowAction.Ct(flags, zone, zoneSource, table, helper, nested);
    }

    private static OpenFlowAction nat(MessageReader in, int at) throws OpenFlowException {
        in.skip(2);
        int flags = in.u16();
        int present = in.u16();
        if (flags >>> 5 != 0
                || (flags & (Nat.SRC | Nat.DST)) == (Nat.SRC | Nat.DST)
                || (flags & (Nat.HASH | Nat.RANDOM)) == (Nat.HASH | Nat.RANDOM)) {
            throw ActionDecoder.badArgument(at, "flags 0x" + Integer.toHexString(flags) + " of nat");
        }
        boolean ipv4 = (present & NatBits.IPV4_FIRST) != 0;
        boolean ipv6 = (present & NatBits.IPV6_FIRST) != 0;
        boolean ports = (present & NatBits.PORT_FIRST) != 0;
        boolean lastIpv4 = (present & NatBits.IPV4_LAST) != 0;
        boolean lastIpv6 = (present & NatBits.IPV6_LAST) != 0;
        boolean lastPort = (present & NatBits.PORT_LAST) != 0;
        if (ipv4 && (ipv6 || lastIpv6)
                || !ipv4 && lastIpv4
                || !ipv6 && lastIpv6
                || !ports && lastPort
                || ports && !ipv4 && !ipv6) {
            throw ActionDecoder.badArgument(at, "ranges 0x" + Integer.toHexString(present) + " of nat");
        }
        if (!ipv4 && !ipv6) {
            return new Nat(flags, null);
        }
        IpAddress first = natAddress(in, ipv4, at);
        IpAddress last = lastIpv4 || lastIpv6 ? natAddress(in, ipv4, at) : null;
        int firstPort = ports ? natPort(in, at) : 0;
        int end = lastPort ? natPort(in, at) : 0;
        boolean none = ipv4 ? first.ipv4() == 0 : (first.hi() | first.lo()) == 0;
        if (none
                || last != null && last.compareTo(first) < 0
                || ports && firstPort == 0
                || lastPort && end < firstPort) {
            throw ActionDecoder.badArgument(at, "a range of nat is empty");
        }
        return new Nat(flags, new NatRange(first, last, firstPort, end));
    }

    private static IpAddress natAddress(MessageReader in, boolean ipv4, int at) throws OpenFlowException {
        if (in.remaining() < (ipv4 ? Integer.BYTES : 2 * Long.BYTES)) {
            throw ActionDecoder.badArgument(at, "an address of nat is missing");
        }
        return ipv4 ? IpAddress.ofIpv4(in.i32()) : new IpAddress(in.u64(), in.u64());
    }

    private static int natPort(MessageReader in, int at) throws OpenFlowException {
        if (in.remaining() < Short.BYTES) {
            throw ActionDecoder.badArgument(at, "a port of nat is missing");
        }
        return in.u16();
    }

    private static OpenFlowAction truncated(MessageReader in, int at) throws OpenFlowException {
        int port = in.u16();
        int maxBytes = in.i32();
        if (Integer.compareUnsigned(maxBytes, MIN_TRUNCATED_BYTES) < 0) {
            throw ActionDecoder.badArgument(at, "packets cannot be cut off after " + maxBytes + " bytes");
        }
        return new OpenFlowAction.OutputTruncated(port, maxBytes);
    }

    private static OpenFlowAction encap(MessageReader in, int at) throws OpenFlowException {
        int headerBytes = in.u16();
        int packetType = in.i32();
        switch (packetType) {
            case PACKET_TYPE_ETHERNET, PACKET_TYPE_NSH, PACKET_TYPE_MPLS, PACKET_TYPE_MPLS_MULTICAST -> {}
            default ->
                throw new OpenFlowException(
                        OpenFlowError.NXBAC_BAD_HEADER_TYPE,
                        at,
                        "packet type 0x" + Integer.toHexString(packetType) + " cannot be put in front");
        }
        List<EncapProperty> properties = new ArrayList<>();
        while (in.hasRemaining()) {
            properties.add(encapProperty(in));
        }
        return new OpenFlowAction.Encap(packetType, headerBytes, properties);
    }

    private static EncapProperty encapProperty(MessageReader in) throws OpenFlowException {
        int at = in.position();
        in.require(PROPERTY_HEADER_BYTES, OpenFlowError.OFPBAC_BAD_LEN, "a property");
        int propertyClass = in.peekU16(0);
        int type = in.peekU8(2);
        int length = in.peekU8(3);
        if (length < PROPERTY_HEADER_BYTES || (length + 7 & ~7) > in.remaining()) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_LEN, at, "a property of " + length + " bytes");
        }
        MessageReader property = in.slice(length + 7 & ~7);
        property.skip(PROPERTY_HEADER_BYTES);
        if (propertyClass == EncapProperty.CLASS_NSH && type == 1 && length <= 8) {
            return new EncapProperty.NshMetadataType(property.u8());
        }
        if (propertyClass == EncapProperty.CLASS_NSH && type == 2) {
            if (length < 8 || length != 8 + (property.peekU8(3) + 7 & ~7)) {
                throw new OpenFlowException(
                        OpenFlowError.NXBAC_BAD_ED_PROP, at, "a context header in " + length + " bytes");
            }
            int optionClass = property.u16();
            int optionType = property.u8();
            return new EncapProperty.NshTlv(optionClass, optionType, Octets.of(property.bytes(property.u8())));
        }
        boolean known = propertyClass == EncapProperty.CLASS_NSH && type == 1;
        throw new OpenFlowException(
                known ? OpenFlowError.NXBAC_BAD_ED_PROP : OpenFlowError.NXBAC_UNKNOWN_ED_PROP,
                at,
                "property " + type + " of class " + propertyClass + " in " + length + " bytes");
    }

    private static OpenFlowAction decap(MessageReader in, int at) throws OpenFlowException {
        in.skip(2);
        int packetType = in.i32();
        if (in.hasRemaining()) {
            throw new OpenFlowException(OpenFlowError.NXBAC_UNKNOWN_ED_PROP, at, "decap has no properties");
        }
        return new OpenFlowAction.Decap(packetType);
    }

    private OpenFlowAction checkPacketLarger(MessageReader in, int at) throws OpenFlowException {
        int bytes = in.u16();
        int offset = in.u16();
        OxmField field = OxmReader.field(in, actions.options);
        ActionDecoder.checkZeros(in, at);
        return new OpenFlowAction.CheckPacketLarger(bytes, ActionDecoder.destination(field, offset, 1, at));
    }

    private OpenFlowAction deleteField(MessageReader in, int at) throws OpenFlowException {
        OxmField field = OxmReader.field(in, actions.options);
        if (!field.isVariable()) {
            throw ActionDecoder.badArgument(at, field + " cannot be deleted");
        }
        return new OpenFlowAction.DeleteField(field);
    }

    private OpenFlowAction learn(MessageReader in, boolean extended, int at) throws OpenFlowException {
        int idle = in.u16();
        int hard = in.u16();
        int priority = in.u16();
        long cookie = in.u64();
        int flags = in.u16();
        int table = in.u8();
        boolean padded = in.zeros(1);
        int finIdle = in.u16();
        int finHard = in.u16();
        long limit = 0;
        Subfield result = null;
        int known = Learn.SEND_FLOW_REMOVED | Learn.DELETE_LEARNED | (extended ? Learn.WRITE_RESULT : 0);
        if (extended) {
            limit = in.u32();
            int offset = in.u16();
            if (!in.zeros(2)) {
                throw new OpenFlowException(
                        OpenFlowError.NXBAC_MUST_BE_ZERO, at, "reserved bytes of learn are not zero");
            }
            checkLearn(padded && table != 0xff && (flags & ~known) == 0, table, flags, at);
            result = learnResult(in, flags, offset, at);
        } else {
            checkLearn(padded && table != 0xff && (flags & ~known) == 0, table, flags, at);
        }
        List<LearnSpec> specs = learnSpecs(in, at);
        return new Learn(idle, hard, priority, cookie, flags, table, finIdle, finHard, limit, result, specs, extended);
    }

    private static void checkLearn(boolean right, int table, int flags, int at) throws OpenFlowException {
        if (!right) {
            throw ActionDecoder.badArgument(
                    at, "learn into table " + table + " with flags 0x" + Integer.toHexString(flags));
        }
    }

    private @Nullable Subfield learnResult(MessageReader in, int flags, int offset, int at) throws OpenFlowException {
        if ((flags & Learn.WRITE_RESULT) == 0) {
            if (offset != 0) {
                throw ActionDecoder.badArgument(at, "learn has a place for its result, and writes none");
            }
            return null;
        }
        OxmField field = OxmReader.field(in, actions.options);
        if (!field.isWritable()) {
            throw new OpenFlowException(OpenFlowError.OFPBAC_BAD_SET_ARGUMENT, at, field + " cannot be written");
        }
        return new Subfield(field, offset, 1);
    }

    private List<LearnSpec> learnSpecs(MessageReader in, int at) throws OpenFlowException {
        List<LearnSpec> specs = new ArrayList<>();
        while (in.hasRemaining()) {
            int header = in.u16();
            if (header == 0) {
                break;
            }
            int bits = header & LEARN_BITS;
            boolean number = (header & LEARN_NUMBER) != 0;
            int destination = header & LEARN_DESTINATION;
            boolean output = destination == LEARN_OUTPUT;
            if (destination == LEARN_DESTINATION || output && number) {
                throw ActionDecoder.badArgument(at, "learn has a part 0x" + Integer.toHexString(header));
            }
            int bytes = (number ? numberBytes(bits) : FIELD_AND_OFFSET_BYTES) + (output ? 0 : FIELD_AND_OFFSET_BYTES);
            in.require(bytes, OpenFlowError.OFPBAC_BAD_LEN, "a part of learn");
            Subfield source = null;
            Octets value = Octets.NONE;
            if (number) {
                in.skip(numberBytes(bits) - (bits + 7) / 8);
                value = Octets.of(in.bytes((bits + 7) / 8));
            } else {
                source = new Subfield(OxmReader.shortField(in, actions.options), in.u16(), bits);
            }
            Subfield into = output ? null : new Subfield(OxmReader.shortField(in, actions.options), in.u16(), bits);
            LearnSpec.Kind kind = output
                    ? LearnSpec.Kind.OUTPUT
                    : destination == LEARN_LOAD ? LearnSpec.Kind.LOAD : LearnSpec.Kind.MATCH;
            specs.add(new LearnSpec(source, value, kind, into, bits));
        }
        if (!in.zeros(in.remaining())) {
            throw ActionDecoder.badArgument(at, "the padding of learn is not zero");
        }
        return specs;
    }

    private static int numberBytes(int bits) {
        return (bits + 15) / 16 * Short.BYTES;
    }
}
