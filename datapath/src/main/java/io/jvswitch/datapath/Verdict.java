package io.jvswitch.datapath;

import io.jvswitch.flowtable.Fdb;
import io.jvswitch.wire.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What translation says of all frames of a megaflow: actions, and what they depend on.
 *
 * <p>Immutable. A verdict holds for one {@link #epoch}: the snapshot's version and, where a MAC table was asked, that
 * table's version. In another epoch the worker translates again before it uses the flow.
 */
public final class Verdict {

    /** A source MAC that was seen at a place: to be learnt when new, to be kept from ageing while the flow lives. */
    public record Source(int domain, Fdb fdb, long mac, int vlan, int location, boolean unknown) {}

    private final Action[] actions;
    private final int copies;
    private final int domain;
    private final @Nullable Fdb fdb;
    private final @Nullable Source source;
    private final @Nullable IpAddress newVtep;
    private final long epoch;

    /**
     * @param domain id of the network, -1 for none
     * @param newVtep a VTEP that sent a frame, is accepted, and has no index yet
     * @param snapshotVersion of the snapshot that was translated against
     * @param fdb the MAC table that was asked, null when none was
     * @param fdbVersion the table's version, read before it was asked, so that a change in between makes the verdict stale
     */
    Verdict(
            List<Action> actions,
            int domain,
            @Nullable Source source,
            @Nullable IpAddress newVtep,
            long snapshotVersion,
            @Nullable Fdb fdb,
            long fdbVersion) {
        this.actions = actions.toArray(Action[]::new);
        this.domain = domain;
        this.fdb = fdb;
        this.source = source;
        this.newVtep = newVtep;
        this.epoch = mix(snapshotVersion, fdbVersion);
        int outputs = 0;
        for (Action action : actions) {
            if (action instanceof Action.Output || action instanceof Action.Tunnel) {
                outputs++;
            }
        }
        copies = Math.max(0, outputs - 1);
    }

    /** Number of actions; {@link #action(int)} yields them in order. */
    int size() {
        return actions.length;
    }

    Action action(int index) {
        return actions[index];
    }

    /** How many outputs need a copy of the frame: all but the last. */
    int copies() {
        return copies;
    }

    /** Id of the network that the frames are of, -1 when none was found. */
    public int domain() {
        return domain;
    }

    /** What to learn or keep fresh; null where nothing is. */
    public @Nullable Source source() {
        return source;
    }

    /** A VTEP that the conductor must give an index to, so that it can be learnt from; null where none is. */
    @Nullable
    IpAddress newVtep() {
        return newVtep;
    }

    /** Whether a frame must tell the conductor something before a megaflow may take its place. */
    boolean teaches() {
        return newVtep != null || source != null && source.unknown();
    }

    /** The epoch that it was made in; the megaflow's version. */
    long epoch() {
        return epoch;
    }

    /** The epoch of now, for a flow with this verdict; another one than the flow's means: translate again. */
    long currentEpoch(long snapshotVersion) {
        return mix(snapshotVersion, fdb == null ? 0 : fdb.version());
    }

    private static long mix(long snapshotVersion, long fdbVersion) {
        return snapshotVersion << 40 ^ fdbVersion;
    }

    /** Whether the other verdict does the same. */
    public boolean sameActions(Verdict other) {
        return Arrays.equals(actions, other.actions);
    }

    /** The actions as {@code ovs-ofctl} would list them. */
    @Override
    public String toString() {
        return Stream.of(actions).map(Action::toString).collect(Collectors.joining(","));
    }
}
