package io.jvswitch.openflow.action;

import io.jvswitch.openflow.action.OpenFlowAction.Plain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action set (OpenFlow 1.5.1, section 5.6): of each kind the last that was written counts, and they are carried out
 * in the order of their kinds; those that set something keep their own order, and of those that end it the strongest
 * stays.
 */
public final class ActionSet {

    /** What comes first, in this order. */
    private enum Slot {
        POP_VLAN,
        POP_MPLS,
        DECAP,
        ENCAP,
        PUSH_MPLS,
        PUSH_VLAN,
        DEC_TTL,
        DEC_MPLS_TTL,
        DEC_NSH_TTL,
        /** Sets and moves, between the slots and the end. */
        SET,
        /** What ends the set; a later one of these is stronger. */
        CT,
        CT_CLEAR,
        RESUBMIT,
        OUTPUT,
        GROUP
    }

    private ActionSet() {}

    private static @Nullable Slot slot(OpenFlowAction action) {
        return switch (action) {
            case Plain plain ->
                switch (plain) {
                    case STRIP_VLAN, POP_VLAN -> Slot.POP_VLAN;
                    case DEC_MPLS_TTL -> Slot.DEC_MPLS_TTL;
                    case DEC_NSH_TTL -> Slot.DEC_NSH_TTL;
                    case CT_CLEAR -> Slot.CT_CLEAR;
                    case POP_QUEUE, EXIT, CLEAR_ACTIONS -> null;
                };
            case OpenFlowAction.PopMpls _ -> Slot.POP_MPLS;
            case OpenFlowAction.Decap _ -> Slot.DECAP;
            case OpenFlowAction.Encap _ -> Slot.ENCAP;
            case OpenFlowAction.PushMpls _ -> Slot.PUSH_MPLS;
            case OpenFlowAction.PushVlan _ -> Slot.PUSH_VLAN;
            case OpenFlowAction.DecTtl _ -> Slot.DEC_TTL;
            case OpenFlowAction.Ct _ -> Slot.CT;
            case OpenFlowAction.Resubmit _ -> Slot.RESUBMIT;
            case OpenFlowAction.Output _ -> Slot.OUTPUT;
            case OpenFlowAction.Group _ -> Slot.GROUP;
            case OpenFlowAction.SetField _,
                    OpenFlowAction.Move _,
                    OpenFlowAction.SetEthSrc _,
                    OpenFlowAction.SetEthDst _,
                    OpenFlowAction.SetIpDscp _,
                    OpenFlowAction.SetIpEcn _,
                    OpenFlowAction.SetIpTtl _,
                    OpenFlowAction.SetIpv4Src _,
                    OpenFlowAction.SetIpv4Dst _,
                    OpenFlowAction.SetL4Src _,
                    OpenFlowAction.SetL4Dst _,
                    OpenFlowAction.SetMplsLabel _,
                    OpenFlowAction.SetMplsTc _,
                    OpenFlowAction.SetMplsTtl _,
                    OpenFlowAction.SetQueue _,
                    OpenFlowAction.SetTunnel _,
                    OpenFlowAction.SetVlanPcp _,
                    OpenFlowAction.SetVlanVid _ -> Slot.SET;
            default -> null;
        };
    }

    /** Whether an action may be in a set. */
    public static boolean permits(OpenFlowAction action) {
        return slot(action) != null;
    }

    /**
     * The actions that a set is.
     *
     * @param written what was written into it, in the order of writing
     * @return nothing when no action ends it, for then nothing becomes of the packet
     */
    public static List<OpenFlowAction> inOrder(List<OpenFlowAction> written) {
        OpenFlowAction[] slots = new OpenFlowAction[Slot.SET.compareTo(Slot.POP_VLAN)];
        List<OpenFlowAction> sets = new ArrayList<>();
        OpenFlowAction last = null;
        Slot strongest = Slot.CT;
        for (OpenFlowAction action : written) {
            Slot slot = slot(action);
            if (slot == null) {
                throw new IllegalArgumentException(ActionNames.of(action) + " cannot be in an action set");
            }
            if (slot.compareTo(Slot.SET) < 0) {
                slots[slot.compareTo(Slot.POP_VLAN)] = action;
            } else if (slot == Slot.SET) {
                sets.add(action);
            } else if (slot.compareTo(strongest) >= 0) {
                strongest = slot;
                last = action;
            }
        }
        List<OpenFlowAction> ordered = new ArrayList<>();
        if (last != null) {
            for (OpenFlowAction action : slots) {
                if (action != null) {
                    ordered.add(action);
                }
            }
            ordered.addAll(sets);
            ordered.add(last);
        }
        return ordered;
    }
}
