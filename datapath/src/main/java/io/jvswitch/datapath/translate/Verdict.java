package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.DropReason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What translation says of all frames of a megaflow: actions, what they depend on, and whose account the frames go to.
 *
 * <p>Immutable, and shared by flows that are treated alike ({@link Verdicts}). A verdict holds for one {@linkplain
 * #epoch epoch}, which the megaflow keeps: the snapshot's version, and the versions of what was looked up live beside
 * it. In another epoch the worker translates again before it uses the flow.
 */
public final class Verdict implements ActionSequence {

    /** Copies from which on a frame waits for the end of the cycle. */
    public static final int MIN_FLOOD_COPIES = 8;

    private final Action[] actions;
    private final @Nullable DropReason dropReason;
    private final Evidence evidence;
    private final int copies;
    private final int floodLimit;
    private final boolean straight;
    /** Whether a tunnel takes the frames. */
    private final boolean tunnelled;

    private final int network;
    private final int[] recirculationIds;

    /**
     * @param actions the last of which takes the frame, or none at all; not copied: nobody writes to it any more
     * @param dropReason why nobody takes the frame, null when somebody does
     * @param network id of the network, -1 for none
     * @param evidence what it depends on; nobody writes to it any more
     */
    Verdict(Action[] actions, @Nullable DropReason dropReason, int network, Evidence evidence) {
        boolean taken = actions.length > 0 && actions[actions.length - 1] instanceof Action.Delivery;
        if (taken == (dropReason != null) || !taken && actions.length > 0) {
            throw new IllegalArgumentException("a verdict ends with an action that takes the frame, or drops it; not "
                    + Arrays.toString(actions) + " with the reason " + dropReason);
        }
        this.actions = actions;
        this.dropReason = dropReason;
        this.network = network;
        this.evidence = evidence;
        copies = Math.max(0, deliveries(Arrays.asList(actions)) - 1);
        floodLimit = floodLimit(Arrays.asList(actions));
        recirculationIds = recirculationIds(Arrays.asList(actions)).toArray();
        straight = floodLimit == 0 && copies < MIN_FLOOD_COPIES;
        tunnelled = isTunnelled(Arrays.asList(actions));
    }

    /** A verdict that depends on the snapshot alone, and credits nobody. */
    public static Verdict of(Action[] actions, @Nullable DropReason dropReason) {
        return new Verdict(actions.clone(), dropReason, -1, new Evidence());
    }

    private static IntStream recirculationIds(List<Action> list) {
        return list.stream().flatMapToInt(action -> switch (action) {
            case Action.Recirculate again -> IntStream.of(again.id());
            case Action.Clone clone -> recirculationIds(clone.actions());
            default -> IntStream.empty();
        });
    }

    /** The ids by which frames come back; not to be written to. */
    int[] recirculationIds() {
        return recirculationIds;
    }

    private static int deliveries(Iterable<Action> list) {
        int count = 0;
        for (Action action : list) {
            if (action instanceof Action.Clone clone) {
                count += deliveries(clone.actions());
            } else if (action instanceof Action.Delivery) {
                count++;
            }
        }
        return count;
    }

    private static int floodLimit(Iterable<Action> list) {
        int limit = 0;
        for (Action action : list) {
            if (action instanceof Action.LimitFlood flood) {
                limit = flood.framesPerSecond();
            } else if (action instanceof Action.Clone clone) {
                limit = Math.max(limit, floodLimit(clone.actions()));
            }
        }
        return limit;
    }

    private static boolean isTunnelled(List<Action> list) {
        return list.stream()
                .anyMatch(action -> action instanceof Action.Tunnel
                        || action instanceof Action.Clone clone && isTunnelled(clone.actions()));
    }

    /** Number of actions: 0 when the frames are dropped. */
    @Override
    public int size() {
        return actions.length;
    }

    @Override
    public Action action(int index) {
        return actions[index];
    }

    /** Why the frames are dropped, null when an action takes them. */
    public @Nullable DropReason dropReason() {
        return dropReason;
    }

    /** How many of those who take the frame are given a copy: all but the last. */
    public int copies() {
        return copies;
    }

    /** Frames a second that their port may send of those that go to many places, 0 for any number. */
    public int floodLimit() {
        return floodLimit;
    }

    /** Whether the frames go their way at once, whatever came before them. */
    public boolean isStraight() {
        return straight;
    }

    /** Id of the network that the frames are of, -1 when none was found. */
    public int network() {
        return network;
    }

    /** Whether a MAC table has the frames' source at their place, and keeps it while frames come. */
    public boolean creditsSource() {
        return evidence.creditsSource();
    }

    /** Whether it drops for that reason, or, where it is null, drops nothing. */
    boolean drops(@Nullable DropReason reason) {
        return dropReason == reason;
    }

    Evidence evidence() {
        return evidence;
    }

    /**
     * Puts what a megaflow has counted since the last time to the account of everybody whom its frames passed.
     *
     * @param worker the calling worker's number
     * @param usedNs when the last of these frames came
     */
    public void settle(int worker, long frames, long bytes, long usedNs) {
        evidence.settle(worker, frames, bytes, usedNs);
        if (tunnelled) {
            settleTunnels(this, worker, frames, bytes, usedNs);
        }
    }

    private static void settleTunnels(ActionSequence list, int worker, long frames, long bytes, long usedNs) {
        for (int i = 0; i < list.size(); i++) {
            Action action = list.action(i);
            if (action instanceof Action.Tunnel tunnel) {
                tunnel.sent().add(worker, frames, bytes, usedNs);
            } else if (action instanceof Action.Clone clone) {
                settleTunnels(clone, worker, frames, bytes, usedNs);
            }
        }
    }

    /**
     * The epoch of now, for a flow with this verdict; another one than the flow's means: translate again.
     *
     * @param key of a frame of the flow, or the flow's own
     */
    public long currentEpoch(long snapshotVersion, FlowKey key) {
        return epoch(snapshotVersion, evidence.currentVersions(key));
    }

    /**
     * An epoch as one number.
     *
     * @param versions the sum of the versions of what was looked up live; none of them ever falls
     */
    public static long epoch(long snapshotVersion, long versions) {
        return snapshotVersion << 40 ^ versions;
    }

    /** The actions as {@code ovs-ofctl} would list them, or why the frames are dropped. */
    @Override
    public String toString() {
        if (dropReason != null) {
            return "drop(" + dropReason.label() + ")";
        }
        return Stream.of(actions).map(Action::toString).collect(Collectors.joining(","));
    }
}
