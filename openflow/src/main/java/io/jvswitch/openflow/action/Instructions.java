package io.jvswitch.openflow.action;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of actions and of instructions. A flow's actions are one list; from OpenFlow 1.1 on, those that are
 * instructions stand for themselves, and the others between them are an Apply-Actions instruction (OpenFlow 1.5.1,
 * section 5.5).
 */
public final class Instructions {

    static final int GOTO_TABLE = 1;
    static final int WRITE_METADATA = 2;
    static final int WRITE_ACTIONS = 3;
    static final int APPLY_ACTIONS = 4;
    static final int CLEAR_ACTIONS = 5;
    static final int METER = 6;
    private static final int EXPERIMENTER = 0xffff;

    private static final int HEADER_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final int WRITE_METADATA_BYTES = 24;

    private Instructions() {}

    /**
     * What a flow's match says of its packets, for actions that some versions have to write in several.
     *
     * @param tagged whether they have a VLAN tag
     * @param ipProtocol their IP protocol, 0 where it is open
     */
    public record FlowTraits(boolean tagged, int ipProtocol) {

        /** Nothing is known. */
        public static final FlowTraits UNKNOWN = new FlowTraits(false, 0);

        /** What a match says. */
        public static FlowTraits of(FlowMatch match) {
            long tag = match.key().get(FlowField.VLAN_TCI) & match.mask().get(FlowField.VLAN_TCI);
            return new FlowTraits(
                    (tag & FlowField.VLAN_PRESENT) != 0,
                    match.mask().isExact(FlowField.IP_PROTO) ? match.key().ipProto() : 0);
        }
    }

    /**
     * Reads a list of actions, as a packet-out, a group's bucket, or a flow of OpenFlow 1.0 has it.
     *
     * @param in ends with the actions
     * @param options the bridge's tunnel options; null where they are not known, and any are taken
     */
    public static List<OpenFlowAction> readActions(
            MessageReader in, OpenFlowVersion version, @Nullable TunnelOptions options) throws OpenFlowException {
        return readActions(in, version, options, false);
    }

    private static List<OpenFlowAction> readActions(
            MessageReader in, OpenFlowVersion version, @Nullable TunnelOptions options, boolean instructions)
            throws OpenFlowException {
        int at = in.position();
        if (in.remaining() % ALIGNMENT != 0) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBRC_BAD_LEN,
                    at,
                    "actions of " + in.remaining() + " bytes: must be a multiple of " + ALIGNMENT);
        }
        List<OpenFlowAction> actions = new ActionDecoder(version, options).decode(in);
        check(ActionOrder.find(actions, version, instructions, true, ActionOrder.Outer.NOTHING), at);
        return actions;
    }

    private static void check(ActionOrder.@Nullable Problem problem, int at) throws OpenFlowException {
        if (problem != null) {
            throw new OpenFlowException(problem.error(), at, problem.text());
        }
    }

    /**
     * Reads a flow's actions: instructions from OpenFlow 1.1 on, in the order in which they are carried out.
     *
     * @param in ends with the instructions
     * @param options as for {@link #readActions}
     */
    public static List<OpenFlowAction> read(MessageReader in, OpenFlowVersion version, @Nullable TunnelOptions options)
            throws OpenFlowException {
        if (version == OpenFlowVersion.V1_0) {
            return readActions(in, version, options, true);
        }
        int at = in.position();
        if (in.remaining() % ALIGNMENT != 0) {
            throw badLength(at, in.remaining());
        }
        MessageReader[] bodies = bodies(in, version);
        List<OpenFlowAction> actions = new ArrayList<>();
        ActionDecoder decoder = new ActionDecoder(version, options);
        if (bodies[METER] != null) {
            actions.add(new OpenFlowAction.Meter(bodies[METER].i32()));
        }
        if (bodies[APPLY_ACTIONS] != null) {
            bodies[APPLY_ACTIONS].skip(4);
            actions.addAll(decoder.decode(bodies[APPLY_ACTIONS]));
        }
        if (bodies[CLEAR_ACTIONS] != null) {
            actions.add(Plain.CLEAR_ACTIONS);
        }
        if (bodies[WRITE_ACTIONS] != null) {
            bodies[WRITE_ACTIONS].skip(4);
            List<OpenFlowAction> set = decoder.decode(bodies[WRITE_ACTIONS]);
            for (OpenFlowAction action : set) {
                if (!ActionSet.permits(action)) {
                    throw new OpenFlowException(
                            OpenFlowError.OFPBAC_BAD_TYPE, at, ActionNames.of(action) + " in an action set");
                }
            }
            actions.add(new OpenFlowAction.WriteActions(set));
        }
        if (bodies[WRITE_METADATA] != null) {
            bodies[WRITE_METADATA].skip(4);
            actions.add(new OpenFlowAction.WriteMetadata(bodies[WRITE_METADATA].u64(), bodies[WRITE_METADATA].u64()));
        }
        if (bodies[GOTO_TABLE] != null) {
            actions.add(new OpenFlowAction.GotoTable(bodies[GOTO_TABLE].u8()));
        }
        check(ActionOrder.find(actions, version, true, true, ActionOrder.Outer.NOTHING), at);
        return actions;
    }

    private static OpenFlowException badLength(int at, int length) {
        return new OpenFlowException(OpenFlowError.OFPBIC_BAD_LEN, at, "an instruction of " + length + " bytes");
    }

    /** What is behind type and length of each instruction, by type. */
    private static MessageReader[] bodies(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
        MessageReader[] bodies = new MessageReader[METER + 1];
        while (in.hasRemaining()) {
            int at = in.position();
            int type = in.peekU16(0);
            int length = in.peekU16(2);
            if (length % ALIGNMENT != 0 || length < HEADER_BYTES || length > in.remaining()) {
                throw badLength(at, length);
            }
            boolean right = switch (type) {
                case GOTO_TABLE, METER -> length == HEADER_BYTES;
                case WRITE_METADATA -> length == WRITE_METADATA_BYTES;
                case CLEAR_ACTIONS -> length == HEADER_BYTES;
                case APPLY_ACTIONS, WRITE_ACTIONS -> true;
                case EXPERIMENTER ->
                    throw new OpenFlowException(
                            OpenFlowError.OFPBIC_BAD_EXPERIMENTER, at, "an experimenter's instruction");
                default -> throw unknown(type, at);
            };
            if (!right) {
                throw badLength(at, length);
            }
            if (type == METER && version.isAtLeast(OpenFlowVersion.V1_5)) {
                throw unknown(type, at);
            }
            if (bodies[type] != null) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBIC_DUP_INST, at, "instruction " + type + " is there twice");
            }
            MessageReader body = in.slice(length);
            body.skip(4);
            bodies[type] = body;
        }
        return bodies;
    }

    private static OpenFlowException unknown(int type, int at) {
        return new OpenFlowException(OpenFlowError.OFPBIC_UNKNOWN_INST, at, "there is no instruction " + type);
    }

    /** Writes a list of actions. */
    public static void writeActions(
            MessageWriter out, List<OpenFlowAction> actions, OpenFlowVersion version, FlowTraits flow) {
        new ActionEncoder(out, version, flow).encode(actions);
    }

    /** Writes a flow's actions: instructions from OpenFlow 1.1 on. */
    public static void write(
            MessageWriter out, List<OpenFlowAction> actions, OpenFlowVersion version, FlowTraits flow) {
        ActionEncoder encoder = new ActionEncoder(out, version, flow);
        if (version == OpenFlowVersion.V1_0) {
            encoder.encode(actions);
            return;
        }
        int apply = -1;
        for (OpenFlowAction action : actions) {
            boolean applied = ActionOrder.step(action, version) == ActionOrder.Step.APPLY_ACTIONS;
            if (applied && apply < 0) {
                apply = out.position();
                out.u16(APPLY_ACTIONS).u16(0).zeros(4);
            } else if (!applied && apply >= 0) {
                endActions(out, apply);
                apply = -1;
            }
            encoder.encode(action);
        }
        if (apply >= 0) {
            endActions(out, apply);
        }
    }

    /** Ends an instruction of actions: without any it is as good as none. */
    static void endActions(MessageWriter out, int start) {
        if (out.position() == start + HEADER_BYTES) {
            out.truncate(start);
        } else {
            out.patchU16(start + 2, out.position() - start);
        }
    }
}
