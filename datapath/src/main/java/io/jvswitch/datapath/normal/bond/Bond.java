package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import java.util.List;

/**
 * Several devices that are one port of a bridge. In the MAC table the bond is one place, by its own number; its members
 * only carry frames. Which of them are up is what the snapshot says of their devices.
 *
 * <p>What is let in, and by which member a frame leaves, follows Open vSwitch's bonds, but for their measuring: load is
 * spread by hash and not moved from one member to another while both are up.
 *
 * <p>Immutable.
 *
 * @param number in the data path's number space, of no device
 * @param name of the port
 * @param mode how traffic is shared
 * @param members numbers of the devices, in the order in which they stand in for each other
 * @param primary the member that is active whenever it is up, {@link Locations#NONE} for no such
 * @param active the member that is active while it and no primary is up, {@link Locations#NONE} for the first that is
 *     up: {@link #settled}
 * @param lacp what LACP says
 * @param fallsBack whether a bond whose LACP has no partner works as {@link BondMode#ACTIVE_BACKUP}, where it would
 *     carry nothing otherwise
 * @param allMembersActive whether multicasts are let in by every member
 * @param hashBasis makes another hash of the same traffic
 * @param balancing of {@link BondMode#BALANCE_TCP}
 */
public record Bond(
        int number,
        String name,
        BondMode mode,
        List<Integer> members,
        int primary,
        int active,
        LacpState lacp,
        boolean fallsBack,
        boolean allMembersActive,
        int hashBasis,
        FlowBalancing balancing) {

    private static final long MIX_1 = 0x9e37_79b9_7f4a_7c15L;
    private static final long MIX_2 = 0xc2b2_ae3d_27d4_eb4fL;

    public Bond {
        members = List.copyOf(members);
    }

    /** A bond without LACP and with nothing configured but its mode. */
    public Bond(int number, String name, BondMode mode, List<Integer> members) {
        this(
                number,
                name,
                mode,
                members,
                Locations.NONE,
                Locations.NONE,
                LacpState.OFF,
                false,
                false,
                0,
                HashedFields.INSTANCE);
    }

    private static boolean isUp(Snapshot snapshot, int member) {
        Port port = snapshot.port(member);
        if (port instanceof Port.Device device) {
            return device.attached();
        }
        if (port instanceof Port.Internal device) {
            return device.attached();
        }
        return port != null;
    }

    /** The member that is active, {@link Locations#NONE} when none is up. */
    public int activeMember(Snapshot snapshot) {
        if (isUp(snapshot, primary)) {
            return primary;
        }
        if (isUp(snapshot, active)) {
            return active;
        }
        for (int i = 0; i < members.size(); i++) {
            if (isUp(snapshot, members.get(i))) {
                return members.get(i);
            }
        }
        return Locations.NONE;
    }

    /** The bond with the member as its active one that is active now, which then stays so while it is up. */
    public Bond settled(Snapshot snapshot) {
        int now = activeMember(snapshot);
        return now == active || now == Locations.NONE
                ? this
                : new Bond(
                        number,
                        name,
                        mode,
                        members,
                        primary,
                        now,
                        lacp,
                        fallsBack,
                        allMembersActive,
                        hashBasis,
                        balancing);
    }

    private boolean worksAsActiveBackup() {
        return lacp == LacpState.WITHOUT_PARTNER ? fallsBack : mode == BondMode.ACTIVE_BACKUP;
    }

    /** Whether its LACP is in a state in which it carries frames. */
    private boolean carries() {
        return switch (lacp) {
            case NEGOTIATED -> true;
            case WITHOUT_PARTNER -> fallsBack;
            case OFF -> mode != BondMode.BALANCE_TCP;
        };
    }

    /** Whether it takes frames to send. */
    public boolean isUp(Snapshot snapshot) {
        return carries() && activeMember(snapshot) != Locations.NONE;
    }

    /**
     * Whether a frame may come in.
     *
     * @param member that it comes by
     * @param multicast whether its destination is a group
     */
    public Admission admit(Snapshot snapshot, int member, boolean multicast) {
        if (!carries()) {
            return Admission.DROP;
        }
        if (lacp == LacpState.NEGOTIATED) {
            // the other end knows of the bond and sends nothing twice
            return isUp(snapshot, member) ? Admission.ACCEPT : Admission.DROP;
        }
        boolean isActive = activeMember(snapshot) == member;
        if (multicast && !isActive && !allMembersActive) {
            return Admission.DROP;
        }
        if (mode == BondMode.BALANCE_SLB) {
            return Admission.UNLESS_KNOWN_ELSEWHERE;
        }
        return isActive ? Admission.ACCEPT : Admission.DROP;
    }

    /**
     * Sends a frame by one of the members; not at all when none is up.
     *
     * @param vid VLAN id of the tag that it leaves with, 0 without one
     */
    public void output(Translation translation, int vid) {
        Snapshot snapshot = translation.snapshot();
        if (!isUp(snapshot)) {
            return;
        }
        if (worksAsActiveBackup()) {
            translation.output(activeMember(snapshot));
        } else if (mode == BondMode.BALANCE_SLB) {
            long source = translation.key().get(FlowField.ETH_SRC);
            translation.output(member(snapshot, source << 12 | vid));
        } else {
            balancing.output(translation, this, vid);
        }
    }

    /**
     * The member for frames of a hash: the same one as long as it is up, and another one while it is down.
     *
     * @return {@link Locations#NONE} when none is up
     */
    public int member(Snapshot snapshot, long hash) {
        long mixed = (hash ^ hashBasis * MIX_2) * MIX_1;
        mixed = (mixed ^ mixed >>> 32) * MIX_2;
        int first = (int) Long.remainderUnsigned(mixed >>> 32, members.size());
        if (isUp(snapshot, members.get(first))) {
            return members.get(first);
        }
        int up = 0;
        for (int i = 0; i < members.size(); i++) {
            up += isUp(snapshot, members.get(i)) ? 1 : 0;
        }
        if (up == 0) {
            return Locations.NONE;
        }
        int other = (int) Long.remainderUnsigned(mixed & 0xffff_ffffL, up);
        for (int i = 0; ; i++) {
            if (isUp(snapshot, members.get(i)) && other-- == 0) {
                return members.get(i);
            }
        }
    }
}
