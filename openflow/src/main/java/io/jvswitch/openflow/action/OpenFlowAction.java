package io.jvswitch.openflow.action;

import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action, or an instruction, as OpenFlow 1.0 to 1.5 and Nicira's extensions have them together (ovs-actions(7) tells
 * what each does). A flow's actions are one list of these; which of them become which instruction follows from their
 * order, see {@link Instructions}.
 *
 * <p>Ports have 16 bits ({@link io.jvswitch.openflow.ReservedPorts}), addresses are right-aligned numbers, and where two
 * encodings mean the same but print differently the record says which it was. Immutable, and equal when they would be
 * encoded alike.
 */
public sealed interface OpenFlowAction {

    /** Nothing beside a name. */
    enum Plain implements OpenFlowAction {
        STRIP_VLAN,
        /** The same under the name of OpenFlow 1.1. */
        POP_VLAN,
        DEC_MPLS_TTL,
        DEC_NSH_TTL,
        POP_QUEUE,
        EXIT,
        CT_CLEAR,
        /** Instruction of OpenFlow 1.1 and later. */
        CLEAR_ACTIONS
    }

    /** @param maxBytes what a controller gets of the packet, where the port is {@code CONTROLLER} */
    record Output(int port, int maxBytes) implements OpenFlowAction {}

    /**
     * Output to the port whose number a field has.
     *
     * @param wide whether it came in the form that has room for an experimenter's field
     */
    record OutputReg(Subfield source, int maxBytes, boolean wide) implements OpenFlowAction {}

    /** Output of the first bytes. */
    record OutputTruncated(int port, int maxBytes) implements OpenFlowAction {}

    record Group(int id) implements OpenFlowAction {}

    /**
     * To controllers.
     *
     * @param controllerId which of them
     * @param reason {@code ofp_packet_in_reason}
     * @param userdata comes back with the packet-in
     * @param pause whether the pipeline stops until the controller resumes it
     * @param meterId {@link #NO_METER} without one
     * @param extended whether it came in the form that has room for all of this
     */
    record Controller(
            int maxBytes, int controllerId, int reason, Octets userdata, boolean pause, int meterId, boolean extended)
            implements OpenFlowAction {

        public static final int REASON_ACTION = 1;
        public static final int NO_METER = 0;
        public static final int ALL_BYTES = 0xffff;

        /** Whether this says nothing that an output to {@code CONTROLLER} would not say. */
        public boolean isPlain() {
            return reason == REASON_ACTION
                    && controllerId == 0
                    && userdata.length() == 0
                    && !pause
                    && meterId == NO_METER;
        }
    }

    record Enqueue(int port, int queue) implements OpenFlowAction {}

    /**
     * Output to one of some ports, or its number into a field.
     *
     * @param algorithm {@code NX_BD_ALG_*}
     * @param fields {@code NX_HASH_FIELDS_*}
     * @param destination null for output
     */
    record Bundle(
            int algorithm,
            int fields,
            int basis,
            List<Integer> members,
            @Nullable Subfield destination) implements OpenFlowAction {
        public Bundle {
            members = List.copyOf(members);
        }
    }

    /** @param push whether an untagged packet gets a tag, as OpenFlow 1.0 has it */
    record SetVlanVid(int vid, boolean push) implements OpenFlowAction {}

    /** @param push whether an untagged packet gets a tag, as OpenFlow 1.0 has it */
    record SetVlanPcp(int pcp, boolean push) implements OpenFlowAction {}

    record PushVlan(int etherType) implements OpenFlowAction {}

    record SetEthSrc(long mac) implements OpenFlowAction {}

    record SetEthDst(long mac) implements OpenFlowAction {}

    record SetIpv4Src(int address) implements OpenFlowAction {}

    record SetIpv4Dst(int address) implements OpenFlowAction {}

    /** @param tos DSCP in the upper six of eight bits */
    record SetIpDscp(int tos) implements OpenFlowAction {}

    record SetIpEcn(int ecn) implements OpenFlowAction {}

    record SetIpTtl(int ttl) implements OpenFlowAction {}

    record SetL4Src(int port) implements OpenFlowAction {}

    record SetL4Dst(int port) implements OpenFlowAction {}

    /** @param copyField whether it came as the Open Networking Foundation's copy_field */
    record Move(Subfield source, Subfield destination, boolean copyField) implements OpenFlowAction {}

    /** How a {@link SetField} came, which its text shows, and its bytes in versions that have the choice. */
    enum SetFieldForm {
        SET_FIELD,
        /** Nicira's load: a number into some bits. */
        LOAD,
        /** Nicira's load of masked bytes; printed as set_field. */
        LOAD_MASKED
    }

    /** @param mask ones where the field changes; the same length as the value */
    record SetField(OxmField field, Octets value, Octets mask, SetFieldForm form) implements OpenFlowAction {}

    record StackPush(Subfield source) implements OpenFlowAction {}

    record StackPop(Subfield destination) implements OpenFlowAction {}

    /**
     * @param controllerIds who learns of packets whose time is over
     * @param listed whether they were listed; else it is controller 0
     */
    record DecTtl(List<Integer> controllerIds, boolean listed) implements OpenFlowAction {
        public DecTtl {
            controllerIds = List.copyOf(controllerIds);
        }
    }

    record SetMplsLabel(int label) implements OpenFlowAction {}

    record SetMplsTc(int trafficClass) implements OpenFlowAction {}

    record SetMplsTtl(int ttl) implements OpenFlowAction {}

    record PushMpls(int etherType) implements OpenFlowAction {}

    record PopMpls(int etherType) implements OpenFlowAction {}

    /** @param wide whether it came with 64 bits */
    record SetTunnel(long id, boolean wide) implements OpenFlowAction {}

    record SetQueue(int queue) implements OpenFlowAction {}

    /** Timeouts in seconds, 0 for none. */
    record FinTimeout(int idleTimeout, int hardTimeout) implements OpenFlowAction {}

    /**
     * @param inPort {@code IN_PORT} for the packet's own
     * @param table 255 for the table where it is
     * @param ctTuple whether the connection's first packet is looked up instead
     * @param old whether it came in the form without a table
     */
    record Resubmit(int inPort, int table, boolean ctTuple, boolean old) implements OpenFlowAction {}

    /** Timeouts in seconds, 0 for none; {@code limit} 0 for none. */
    record Learn(
            int idleTimeout,
            int hardTimeout,
            int priority,
            long cookie,
            int flags,
            int table,
            int finIdleTimeout,
            int finHardTimeout,
            long limit,
            @Nullable Subfield resultDestination,
            List<LearnSpec> specs,
            boolean extended)
            implements OpenFlowAction {
        public static final int SEND_FLOW_REMOVED = 1;
        public static final int DELETE_LEARNED = 2;
        public static final int WRITE_RESULT = 4;

        public Learn {
            specs = List.copyOf(specs);
        }
    }

    /** @param clause from 0 on */
    record Conjunction(int id, int clause, int clauses) implements OpenFlowAction {}

    /**
     * @param fields {@code NX_HASH_FIELDS_*}
     * @param algorithm {@code NX_MP_ALG_*}
     * @param maxLink number of links less one
     */
    record Multipath(int fields, int basis, int algorithm, int maxLink, int argument, Subfield destination)
            implements OpenFlowAction {}

    record Note(Octets bytes) implements OpenFlowAction {}

    /**
     * @param probability of 65535
     * @param port {@code NONE} where it does not matter
     * @param direction {@link #BOTH}, {@link #INGRESS} or {@link #EGRESS}
     * @param form 1 to 3, which of the three forms it came in
     */
    record Sample(int probability, int collectorSet, int domain, int point, int port, int direction, int form)
            implements OpenFlowAction {
        public static final int BOTH = 0;
        public static final int INGRESS = 1;
        public static final int EGRESS = 2;
    }

    record CloneActions(List<OpenFlowAction> actions) implements OpenFlowAction {
        public CloneActions {
            actions = List.copyOf(actions);
        }
    }

    /**
     * @param zoneSource null where the zone is a number
     * @param table {@link #NO_TABLE} without recirculation
     * @param helper port of the application's gateway, 0 without one
     */
    record Ct(int flags, int zone, @Nullable Subfield zoneSource, int table, int helper, List<OpenFlowAction> actions)
            implements OpenFlowAction {
        public static final int COMMIT = 1;
        public static final int FORCE = 2;
        public static final int NO_TABLE = 0xff;

        public Ct {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Inside {@link Ct}.
     *
     * @param range null without addresses
     */
    record Nat(int flags, @Nullable NatRange range) implements OpenFlowAction {
        public static final int SRC = 1;
        public static final int DST = 2;
        public static final int PERSISTENT = 4;
        public static final int HASH = 8;
        public static final int RANDOM = 16;
    }

    /** @param headerBytes as the peer says it, without a meaning */
    record Encap(int packetType, int headerBytes, List<EncapProperty> properties) implements OpenFlowAction {
        public Encap {
            properties = List.copyOf(properties);
        }
    }

    /** @param packetType {@link #NEXT} where the packet says it */
    record Decap(int packetType) implements OpenFlowAction {
        public static final int NEXT = 0xfffe;
    }

    record CheckPacketLarger(int bytes, Subfield destination) implements OpenFlowAction {}

    record DeleteField(OxmField field) implements OpenFlowAction {}

    /** Instruction of OpenFlow 1.3 and 1.4, action of 1.5. */
    record Meter(int id) implements OpenFlowAction {}

    /** Instruction; Nicira's action in OpenFlow 1.0. */
    record WriteMetadata(long value, long mask) implements OpenFlowAction {}

    /** Instruction. */
    record WriteActions(List<OpenFlowAction> actions) implements OpenFlowAction {
        public WriteActions {
            actions = List.copyOf(actions);
        }
    }

    /** Instruction. */
    record GotoTable(int table) implements OpenFlowAction {}
}
