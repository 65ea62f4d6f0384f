package io.jvswitch.vswitchd.plan.bridge;

import io.jvswitch.datapath.normal.bond.BondMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How several interfaces are one port.
 *
 * @param mode how traffic is shared
 * @param primary name of the interface that is active whenever it is up, null for none
 * @param allMembersActive whether multicasts are let in by every member
 * @param hashBasis makes another hash of the same traffic
 * @param upDelay how long a link must stay up before its interface carries frames
 * @param downDelay how long a link must stay down before its interface carries none any more
 * @param rebalance how often load is moved from one interface to another, zero for never
 */
public record BondSpec(
        BondMode mode,
        @Nullable String primary,
        boolean allMembersActive,
        int hashBasis,
        Duration upDelay,
        Duration downDelay,
        Duration rebalance) {

    /** What a bond is of which nothing is said. */
    public static final BondSpec DEFAULT =
            new BondSpec(BondMode.ACTIVE_BACKUP, null, false, 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10));
}
