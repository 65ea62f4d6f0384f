package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The conductor's side of all bonds of a bridge, and of the addresses that must not move to one for a while. Owned by
 * one thread.
 */
public final class BridgeBonds {

    private final int workers;
    private final ArpLocks locks = new ArpLocks();
    private final Map<Integer, BondState> states = new LinkedHashMap<>();

    /**
     * A bridge without bonds yet.
     *
     * @param workers that the switch has
     */
    public BridgeBonds(int workers) {
        this.workers = workers;
    }

    /**
     * Has these bonds from now on; one that was there goes on with what it knows. {@link #run} must follow.
     *
     * @param lastActive number of the member of a bond (by its number) that was active before the switch was started,
     *     {@link Locations#NONE} where that is not known
     * @param linkUp whether a member's link is up
     */
    public void configure(List<BondSettings> all, IntFunction<Integer> lastActive, IntPredicate linkUp, long nowNs) {
        states.keySet().retainAll(all.stream().map(BondSettings::number).toList());
        for (BondSettings settings : all) {
            BondState known = states.get(settings.number());
            if (known == null) {
                int last = lastActive.apply(settings.number());
                states.put(settings.number(), new BondState(settings, last, linkUp, workers, nowNs));
            } else {
                known.reconfigure(settings, linkUp, nowNs);
            }
        }
    }

    /**
     * Does what is due: {@link BondState#run} for each bond, and lets addresses go that have been locked long enough.
     * To be called before a snapshot is made in which a member's device has changed, after {@link #configure}, and at
     * {@link #nextNs} or once a second.
     *
     * @param linkUp whether a member's link is up, and nothing else forbids it to carry frames
     * @param lacp what LACP says of a bond, by its number
     * @return whether workers need a new snapshot, with other {@link #bonds()}
     */
    public boolean run(IntPredicate linkUp, IntFunction<LacpState> lacp, long nowNs) {
        locks.expire(nowNs);
        boolean changed = false;
        for (BondState state : states.values()) {
            changed |= state.run(linkUp, lacp.apply(state.bond().number()), nowNs);
        }
        return changed;
    }

    /** When {@link #run} has something to do at the latest, {@link Long#MAX_VALUE} for never; locks can wait. */
    public long nextNs(long nowNs) {
        long soonest = Long.MAX_VALUE;
        for (BondState state : states.values()) {
            long next = state.nextNs(nowNs);
            if (next != Long.MAX_VALUE) {
                soonest = Math.min(soonest, next - nowNs);
            }
        }
        return soonest == Long.MAX_VALUE ? soonest : nowNs + soonest;
    }

    /** The bonds, for the bridge's next state. */
    public List<Bond> bonds() {
        List<Bond> bonds = new ArrayList<>(states.size());
        states.values().forEach(state -> bonds.add(state.bond()));
        return bonds;
    }

    /** The bond of that number, null when there is none. */
    public @Nullable BondState state(int number) {
        return states.get(number);
    }

    /** The addresses that must not move to a bond for a while; stays the bridge's. */
    public ArpLocks locks() {
        return locks;
    }
}
