package io.jvswitch.openflow.action;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.action.OpenFlowAction.Conjunction;
import io.jvswitch.openflow.action.OpenFlowAction.Meter;
import io.jvswitch.openflow.action.OpenFlowAction.Move;
import io.jvswitch.openflow.action.OpenFlowAction.Nat;
import io.jvswitch.openflow.action.OpenFlowAction.Note;
import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import io.jvswitch.openflow.action.OpenFlowAction.SetField;
import io.jvswitch.openflow.field.OxmField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which actions and instructions may stand together, in which order, and inside which. */
public final class ActionOrder {

    private ActionOrder() {}

    /** What actions are inside of. */
    public enum Outer {
        NOTHING(""),
        WRITE_ACTIONS("write_actions"),
        CT("ct"),
        CLONE("clone");

        private final String label;

        Outer(String label) {
            this.label = label;
        }
    }

    /** Instructions, in the order in which they are carried out. */
    enum Step {
        METER("meter"),
        APPLY_ACTIONS("apply_actions"),
        CLEAR_ACTIONS("clear_actions"),
        WRITE_ACTIONS("write_actions"),
        WRITE_METADATA("write_metadata"),
        GOTO_TABLE("goto_table");

        private final String label;

        Step(String label) {
            this.label = label;
        }
    }

    /**
     * What is wrong with a list of actions.
     *
     * @param error for who sent it as bytes
     * @param text for who wrote it as text
     */
    public record Problem(OpenFlowError error, String text) {}

    /** The instruction that an action is, or is in. */
    static Step step(OpenFlowAction action, OpenFlowVersion version) {
        return switch (action) {
            case Meter _ -> version.isAtLeast(OpenFlowVersion.V1_5) ? Step.APPLY_ACTIONS : Step.METER;
            case Plain plain when plain == Plain.CLEAR_ACTIONS -> Step.CLEAR_ACTIONS;
            case OpenFlowAction.WriteActions _ -> Step.WRITE_ACTIONS;
            case OpenFlowAction.WriteMetadata _ -> Step.WRITE_METADATA;
            case OpenFlowAction.GotoTable _ -> Step.GOTO_TABLE;
            default -> Step.APPLY_ACTIONS;
        };
    }

    static void check(List<OpenFlowAction> actions, OpenFlowVersion version, boolean instructions, Outer outer, int at)
            throws OpenFlowException {
        // Inside other actions a meter is refused by what is around it, with another error.
        Problem problem = find(actions, version, instructions, false, outer);
        if (problem != null) {
            throw new OpenFlowException(problem.error, at, problem.text);
        }
    }

    /**
     * The first thing that is wrong, or null.
     *
     * @param instructions whether all instructions may be there, or actions only
     * @param meter whether a meter may be there, too
     */
    public static @Nullable Problem find(
            List<OpenFlowAction> actions, OpenFlowVersion version, boolean instructions, boolean meter, Outer outer) {
        Step last = Step.METER;
        boolean first = true;
        for (OpenFlowAction action : actions) {
            if (action instanceof Conjunction) {
                return findBesideConjunction(actions);
            }
            Problem nested = findNested(action, outer);
            if (nested != null) {
                return nested;
            }
            Step step = step(action, version);
            boolean disordered = last == Step.APPLY_ACTIONS ? step.compareTo(last) < 0 : step.compareTo(last) <= 0;
            if (!first && disordered) {
                return new Problem(
                        OpenFlowError.OFPBAC_UNSUPPORTED_ORDER,
                        (step == last
                                        ? "duplicate " + last.label + " instruction not allowed"
                                        : "invalid instruction ordering: " + step.label + " must appear before "
                                                + last.label)
                                + ", for OpenFlow 1.1+ compatibility");
            }
            boolean allowed = instructions || step == Step.APPLY_ACTIONS || meter && step == Step.METER;
            if (!allowed) {
                return new Problem(OpenFlowError.OFPBIC_UNSUP_INST, step.label + " instruction not allowed here");
            }
            last = step;
            first = false;
        }
        return null;
    }

    private static @Nullable Problem findBesideConjunction(List<OpenFlowAction> actions) {
        for (OpenFlowAction action : actions) {
            if (!(action instanceof Conjunction) && !(action instanceof Note)) {
                return new Problem(
                        OpenFlowError.NXBAC_BAD_CONJUNCTION,
                        "\"conjunction\" actions may be used along with \"note\" but not any other kind of action (such"
                                + " as the \"" + ActionNames.of(action) + "\" action used here)");
            }
        }
        return null;
    }

    private static @Nullable Problem findNested(OpenFlowAction action, Outer outer) {
        OxmField written = switch (action) {
            case SetField set -> set.field();
            case Move move -> move.destination().field();
            default -> null;
        };
        boolean connection = written != null
                && (written.label().equals("ct_mark") || written.label().equals("ct_label"));
        if (connection && outer != Outer.CT) {
            return new Problem(OpenFlowError.OFPBAC_BAD_SET_ARGUMENT, "cannot set CT fields outside of ct action");
        }
        if (action instanceof Nat) {
            return outer == Outer.CT
                    ? null
                    : new Problem(
                            OpenFlowError.OFPBAC_BAD_SET_ARGUMENT, "Cannot have NAT action outside of \"ct\" action");
        }
        if (outer == Outer.CT && written == null || outer != Outer.NOTHING && action instanceof Meter) {
            return new Problem(
                    OpenFlowError.OFPBAC_BAD_ARGUMENT,
                    outer.label + " action doesn't support nested action " + ActionNames.of(action));
        }
        if (outer == Outer.CT && written != null && !connection) {
            return new Problem(
                    OpenFlowError.OFPBAC_BAD_ARGUMENT,
                    "ct action doesn't support nested modification of " + written.label());
        }
        return null;
    }
}
