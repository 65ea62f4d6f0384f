package io.jvswitch.datapath.translate;

import io.jvswitch.datapath.worker.FloodQueue;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What translation says of all frames of a megaflow: actions, and what they depend on.
 *
 * <p>Immutable, and shared by flows that are treated alike ({@link Verdicts}). A verdict holds for one {@linkplain
 * #epoch epoch}, which the megaflow keeps: the snapshot's version and, where a MAC table was asked, the versions of the
 * addresses that it was asked for. In another epoch the worker translates again before it uses the flow.
 */
public final class Verdict {

    /** A source MAC that was seen at a place: to be kept from ageing while the flow lives. */
    public record Source(int network, Fdb fdb, long mac, int vlan, int location) {}

    /** In {@link #asked}: the MAC table was asked where the source is. */
    static final int SOURCE = 1;
    /** In {@link #asked}: the MAC table was asked where the destination is. */
    static final int DESTINATION = 2;

    private final Action[] actions;
    private final @Nullable DropReason dropReason;
    private final int copies;
    private final int floodLimit;
    private final boolean straight;
    private final int network;
    private final @Nullable Fdb fdb;
    private final int asked;
    private final int vlan;
    private final int sourceLocation;
    private final long sourceMac;

    /**
     * @param actions the last of which takes the frame, or none at all; not copied: nobody writes to it any more
     * @param dropReason why nobody takes the frame, null when somebody does
     * @param network id of the network, -1 for none
     * @param fdb the MAC table that was asked, null when none was
     * @param asked for which addresses: {@link #SOURCE}, {@link #DESTINATION}
     * @param vlan of the guests', in which it was asked
     * @param sourceMac where it was asked for the source
     * @param sourceLocation where the source is
     */
    public Verdict(
            Action[] actions,
            @Nullable DropReason dropReason,
            int network,
            @Nullable Fdb fdb,
            int asked,
            int vlan,
            long sourceMac,
            int sourceLocation) {
        boolean taken = actions.length > 0 && actions[actions.length - 1] instanceof Action.Delivery;
        if (taken == (dropReason != null) || !taken && actions.length > 0) {
            throw new IllegalArgumentException("a verdict ends with an action that takes the frame, or drops it; not "
                    + Arrays.toString(actions) + " with the reason " + dropReason);
        }
        this.actions = actions;
        this.dropReason = dropReason;
        this.network = network;
        this.fdb = fdb;
        this.asked = asked;
        this.vlan = vlan;
        this.sourceMac = sourceMac;
        this.sourceLocation = sourceLocation;
        int deliveries = 0;
        int limit = 0;
        for (Action action : actions) {
            if (action instanceof Action.Delivery) {
                deliveries++;
            } else if (action instanceof Action.LimitFlood flood) {
                limit = flood.framesPerSecond();
            }
        }
        copies = Math.max(0, deliveries - 1);
        floodLimit = limit;
        straight = limit == 0 && copies < FloodQueue.MIN_COPIES;
    }

    /** Number of actions; {@link #action(int)} yields them in order. */
    public int size() {
        return actions.length;
    }

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

    /** What to keep fresh in the MAC table; null where nothing is. */
    public @Nullable Source source() {
        Fdb table = fdb;
        return table == null || (asked & SOURCE) == 0
                ? null
                : new Source(network, table, sourceMac, vlan, sourceLocation);
    }

    /** Whether it drops for that reason, or, where it is null, drops nothing. */
    boolean drops(@Nullable DropReason reason) {
        return dropReason == reason;
    }

    /** Whether it depends on the same addresses of the same table, and has the source at the same place. */
    boolean dependsOn(@Nullable Fdb table, int addresses, int inVlan, long mac, int location) {
        return fdb == table && asked == addresses && vlan == inVlan && sourceMac == mac && sourceLocation == location;
    }

    /**
     * The epoch of now, for a flow with this verdict; another one than the flow's means: translate again.
     *
     * @param key of a frame of the flow, or the flow's own
     */
    public long currentEpoch(long snapshotVersion, FlowKey key) {
        long versions = 0;
        Fdb table = fdb;
        if (table != null) {
            if ((asked & SOURCE) != 0) {
                versions += table.version(sourceMac, vlan);
            }
            if ((asked & DESTINATION) != 0) {
                versions += table.version(key.ethDst(), vlan);
            }
        }
        return epoch(snapshotVersion, versions);
    }

    /**
     * An epoch as one number.
     *
     * @param fdbVersions the sum of the versions of the addresses that a MAC table was asked for, each read before it
     *     was asked, so that a change in between makes the verdict stale
     */
    public static long epoch(long snapshotVersion, long fdbVersions) {
        return snapshotVersion << 40 ^ fdbVersions;
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
