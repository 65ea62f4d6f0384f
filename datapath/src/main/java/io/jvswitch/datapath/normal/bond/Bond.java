package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import java.util.List;

/**
 * Several devices that are one port of a bridge, as workers see them. In the MAC table the bond is one place, by its
 * own number; its members only carry frames. Which of them do, and which is active, {@link BondState} says; what is let
 * in, and by which member a frame leaves, follows Open vSwitch's bonds.
 *
 * <p>Immutable, but for the buckets, which move under it.
 *
 * @param settings how it is configured
 * @param enabled numbers of the members that carry frames, in the order of the settings
 * @param active number of the member that is active, {@link Locations#NONE} when none carries frames
 * @param lacp what LACP says
 * @param buckets by which member the traffic of each hash leaves, where load is shared
 */
public record Bond(BondSettings settings, List<Integer> enabled, int active, LacpState lacp, BondBuckets buckets) {

    public Bond {
        enabled = List.copyOf(enabled);
    }

    /** {@link BondSettings#number}. */
    public int number() {
        return settings.number();
    }

    /** {@link BondSettings#name}. */
    public String name() {
        return settings.name();
    }

    /** {@link BondSettings#members}. */
    public List<Integer> members() {
        return settings.members();
    }

    /** Whether it works as {@link BondMode#ACTIVE_BACKUP}, by its mode or because LACP has no partner. */
    public boolean worksAsActiveBackup() {
        return lacp == LacpState.WITHOUT_PARTNER ? settings.fallsBack() : settings.mode() == BondMode.ACTIVE_BACKUP;
    }

    /** Whether its LACP is in a state in which it carries frames. */
    private boolean carries() {
        return switch (lacp) {
            case NEGOTIATED -> true;
            case WITHOUT_PARTNER -> settings.fallsBack();
            case OFF -> settings.mode() != BondMode.BALANCE_TCP;
        };
    }

    /** Whether it takes frames to send. */
    public boolean isUp() {
        return carries() && active != Locations.NONE;
    }

    private boolean isEnabled(int member) {
        for (int i = 0; i < enabled.size(); i++) {
            if (enabled.get(i) == member) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a frame may come in.
     *
     * @param member that it comes by
     * @param multicast whether its destination is a group
     */
    public Admission admit(int member, boolean multicast) {
        if (!carries()) {
            return Admission.DROP;
        }
        if (lacp == LacpState.NEGOTIATED) {
            // the other end knows of the bond and sends nothing twice
            return isEnabled(member) ? Admission.ACCEPT : Admission.DROP;
        }
        boolean isActive = active == member;
        boolean allActive = settings.mode() == BondMode.BALANCE_SLB && settings.allMembersActive();
        if (multicast && !isActive && !allActive) {
            return Admission.DROP;
        }
        if (settings.mode() == BondMode.BALANCE_SLB) {
            return Admission.UNLESS_KNOWN_ELSEWHERE;
        }
        return isActive ? Admission.ACCEPT : Admission.DROP;
    }

    /**
     * Number of the member that the frames of a bucket leave by, of a bond that {@link #isUp}. The bucket may have
     * moved to a member of which this state of the bond does not know yet that it carries frames.
     */
    public int memberOf(BondBuckets.Bucket bucket) {
        int member = bucket.memberAcquire();
        return isEnabled(member) ? member : active;
    }
}
