package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import java.util.List;

/**
 * How a bond is configured, as the Port table of Open vSwitch's database has it (ovs-vswitchd.conf.db(5), "Bonding
 * Configuration"). Immutable.
 *
 * @param number of the bond in the data path's number space, of no device
 * @param name of the port
 * @param mode {@code bond_mode}
 * @param members numbers of the devices, in the order in which they stand in for each other
 * @param primary {@code bond-primary}: the member that is active whenever it can be, {@link Locations#NONE} for no such
 * @param fallsBack {@code lacp-fallback-ab}: whether a bond whose LACP has no partner works as
 *     {@link BondMode#ACTIVE_BACKUP}, where it would carry nothing otherwise
 * @param allMembersActive {@code all-members-active}: whether multicasts are let in by every member
 * @param hashBasis {@code bond-hash-basis}: makes another hash of the same traffic
 * @param upDelayNs {@code bond_updelay}: how long a link must stay up before its member carries frames
 * @param downDelayNs {@code bond_downdelay}: how long a link must stay down before its member carries none any more
 * @param rebalanceNs {@code bond-rebalance-interval}: how often load is moved from one member to another, 0 for never
 */
public record BondSettings(
        int number,
        String name,
        BondMode mode,
        List<Integer> members,
        int primary,
        boolean fallsBack,
        boolean allMembersActive,
        int hashBasis,
        long upDelayNs,
        long downDelayNs,
        long rebalanceNs) {

    /** {@link #rebalanceNs} where nothing is configured. */
    public static final long DEFAULT_REBALANCE_NS = 10_000_000_000L;

    public BondSettings {
        members = List.copyOf(members);
        if (members.isEmpty() || upDelayNs < 0 || downDelayNs < 0 || rebalanceNs < 0) {
            throw new IllegalArgumentException("bond " + name + ": members " + members + ", updelay " + upDelayNs
                    + " ns, downdelay " + downDelayNs + " ns, rebalance interval " + rebalanceNs
                    + " ns: there must be a member, and no time is negative");
        }
    }

    /** A bond with nothing configured but its mode and members. */
    public BondSettings(int number, String name, BondMode mode, List<Integer> members) {
        this(number, name, mode, members, Locations.NONE, false, false, 0, 0, 0, DEFAULT_REBALANCE_NS);
    }
}
