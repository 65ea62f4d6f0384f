package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * The conductor's side of a bond: which members carry frames, by their links and the delays after a change; which is
 * active; by which member each bucket of the traffic leaves, and how much there was of it. All by the rules of Open
 * vSwitch (ovs-vswitchd.conf.db(5), "Bonding Configuration").
 *
 * <p>{@link #run} looks at everything; what workers are to know of it is {@link #bond}. Owned by one thread.
 */
public final class BondState {

    private BondSettings settings;
    private final BondBuckets buckets;
    private final Map<Integer, Member> members = new LinkedHashMap<>();
    private LacpState lacp = LacpState.OFF;
    private int active = Locations.NONE;
    /** Who is to be active again when there is a choice. */
    private int lastActive;

    /** Bytes that each bucket has carried: of the last interval all, of the one before half, and so on. */
    private final long[] loads = new long[BondBuckets.COUNT];
    /** What each bucket's credit had counted when it was last looked at. */
    private final long[] counted = new long[BondBuckets.COUNT];

    private long nextRebalanceNs;
    /** Who was given a bucket last: they go to all in turn. */
    private int turn;

    private Bond bond;

    private static final class Member {
        private boolean enabled;
        /** Whether the link is in another state than the member, and how long it has to stay so. */
        private boolean delayed;

        private long delayedUntilNs;

        Member(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /**
     * A bond whose members carry frames when their links are up now.
     *
     * @param lastActive number of the member that was active when there was such a bond before; {@link Locations#NONE}
     *     for none
     * @param linkUp whether a member's link is up
     * @param workers that count what leaves, numbered from 0
     */
    public BondState(BondSettings settings, int lastActive, IntPredicate linkUp, int workers, long nowNs) {
        this.settings = settings;
        this.lastActive = lastActive;
        buckets = new BondBuckets(workers, nowNs);
        register(linkUp);
        bond = new Bond(settings, List.of(), Locations.NONE, lacp, buckets);
        begin(nowNs);
        run(linkUp, lacp, nowNs);
    }

    /** Members that are new carry frames at once when their links are up: a delay is for links that change. */
    private void register(IntPredicate linkUp) {
        members.keySet().retainAll(settings.members());
        settings.members().forEach(number -> members.computeIfAbsent(number, _ -> new Member(linkUp.test(number))));
    }

    /**
     * Has other settings from now on: {@link #run} tells what comes of them. When load is to be shared in another way,
     * it is shared anew.
     */
    public void reconfigure(BondSettings newSettings, IntPredicate linkUp, long nowNs) {
        BondSettings before = settings;
        settings = newSettings;
        register(linkUp);
        if (before.mode() != newSettings.mode()
                || before.hashBasis() != newSettings.hashBasis()
                || before.rebalanceNs() != newSettings.rebalanceNs()) {
            begin(nowNs);
            shareAll(enabled());
        }
    }

    /** Nothing has been measured yet. */
    private void begin(long nowNs) {
        measure();
        Arrays.fill(loads, 0);
        nextRebalanceNs = nowNs + settings.rebalanceNs();
    }

    /** What workers are to know. */
    public Bond bond() {
        return bond;
    }

    /**
     * Does what is due: links have changed, delays are over, load is to be shared anew. To be called before a snapshot
     * is made in which a member's device has changed, and at {@link #nextNs}.
     *
     * @param linkUp whether a member's link is up, and nothing else (LACP, BFD) forbids it to carry frames
     * @return whether {@link #bond} is another one, so that workers need a new snapshot
     */
    public boolean run(IntPredicate linkUp, LacpState newLacp, long nowNs) {
        lacp = newLacp;
        settings.members().forEach(number -> follow(member(number), linkUp.test(number), nowNs));
        chooseActive();
        List<Integer> enabled = enabled();
        if (!enabled.equals(bond.enabled())) {
            share(bond.enabled(), enabled);
        }
        rebalance(enabled, nowNs);
        Bond now = new Bond(settings, enabled, active, lacp, buckets);
        boolean changed = !now.equals(bond);
        bond = now;
        return changed;
    }

    private Member member(int number) {
        return Objects.requireNonNull(members.get(number), "no such member");
    }

    private List<Integer> enabled() {
        return settings.members().stream()
                .filter(number -> member(number).enabled)
                .toList();
    }

    private boolean isEnabled(int number) {
        Member member = members.get(number);
        return member != null && member.enabled;
    }

    private void follow(Member member, boolean up, long nowNs) {
        if (up == member.enabled) {
            member.delayed = false;
        } else if (!member.delayed) {
            member.delayed = true;
            member.delayedUntilNs = nowNs + (up ? settings.upDelayNs() : settings.downDelayNs());
        }
        if (member.delayed && nowNs - member.delayedUntilNs >= 0) {
            member.delayed = false;
            member.enabled = up;
        }
    }

    // ---- the active member ----

    /** The active member stays so while it is enabled; a primary one takes over only where one carries everything. */
    private void chooseActive() {
        boolean primaryWaits = settings.mode() == BondMode.ACTIVE_BACKUP
                && active != settings.primary()
                && isEnabled(settings.primary());
        if (isEnabled(active) && !primaryWaits) {
            return;
        }
        int chosen = choice();
        lastActive = chosen == active ? lastActive : chosen;
        active = chosen;
    }

    private int choice() {
        if (isEnabled(settings.primary())) {
            return settings.primary();
        }
        if (isEnabled(lastActive)) {
            return lastActive;
        }
        int soonest = Locations.NONE;
        for (int number : settings.members()) {
            Member member = member(number);
            if (member.enabled) {
                return number;
            }
            if (member.delayed
                    && (soonest == Locations.NONE || member.delayedUntilNs - member(soonest).delayedUntilNs < 0)) {
                soonest = number;
            }
        }
        if (soonest != Locations.NONE) {
            // better one whose link has just come up than none
            member(soonest).delayed = false;
            member(soonest).enabled = true;
        }
        return soonest;
    }

    // ---- load ----

    /**
     * Buckets whose member carries frames no more go to the others in turn. Members that are new get those that nothing
     * has left by yet; load comes to them when it is shared anew.
     */
    private void share(List<Integer> before, List<Integer> enabled) {
        if (enabled.isEmpty()) {
            return;
        }
        boolean more = !before.containsAll(enabled);
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            BondBuckets.Bucket bucket = buckets.ofHash(i);
            if (!enabled.contains(bucket.memberAcquire())
                    || more && bucket.credit().frames() == 0) {
                give(i, enabled);
            }
        }
    }

    private void shareAll(List<Integer> enabled) {
        for (int i = 0; i < BondBuckets.COUNT && !enabled.isEmpty(); i++) {
            give(i, enabled);
        }
    }

    private void give(int bucket, List<Integer> enabled) {
        turn = (turn + 1) % enabled.size();
        buckets.move(bucket, enabled.get(turn));
    }

    /** Whether load is measured and moved. */
    private boolean isBalanced() {
        return settings.rebalanceNs() > 0
                && settings.mode() != BondMode.ACTIVE_BACKUP
                && !(settings.fallsBack() && lacp == LacpState.WITHOUT_PARTNER);
    }

    private void measure() {
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            long bytes = buckets.ofHash(i).credit().bytes();
            loads[i] += bytes - counted[i];
            counted[i] = bytes;
        }
    }

    private void rebalance(List<Integer> enabled, long nowNs) {
        if (!isBalanced() || nowNs - nextRebalanceNs < 0) {
            return;
        }
        nextRebalanceNs = nowNs + settings.rebalanceNs();
        measure();
        int[] numbers = new int[BondBuckets.COUNT];
        Arrays.setAll(numbers, bucket -> buckets.ofHash(bucket).memberAcquire());
        LoadBalance.rebalance(loads, numbers, enabled);
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            buckets.move(i, numbers[i]);
            loads[i] /= 2;
        }
    }

    /** The bytes of a bucket that count when load is shared anew, as of the last time. */
    public long loadBytes(int bucket) {
        return loads[bucket];
    }

    /** Gives a bucket to a member, until load is shared anew: {@code bond/migrate}. */
    public void migrate(int bucket, int member) {
        if (bucket < 0 || bucket >= BondBuckets.COUNT || !isEnabled(member)) {
            throw new IllegalArgumentException(
                    "bond " + settings.name() + ": bucket " + bucket + " cannot move to port " + member
                            + ": buckets are 0 to " + (BondBuckets.COUNT - 1) + ", and it must be an enabled member");
        }
        buckets.move(bucket, member);
    }

    /** When something is due at the latest, {@link Long#MAX_VALUE} for never. */
    public long nextNs(long nowNs) {
        long next = isBalanced() ? nextRebalanceNs - nowNs : Long.MAX_VALUE;
        for (Member member : members.values()) {
            next = member.delayed ? Math.min(next, member.delayedUntilNs - nowNs) : next;
        }
        return next == Long.MAX_VALUE ? next : nowNs + next;
    }
}
