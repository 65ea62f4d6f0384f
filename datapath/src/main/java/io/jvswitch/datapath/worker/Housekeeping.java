package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * What a worker does beside its frames: removes megaflows that no frame uses any more, and translates again those that
 * the world's change has made stale and no frame has met since. A slice a millisecond, bounded by the clock, so that no
 * frame waits for it.
 *
 * <p>Both go round by round. One through all flows for age begins every eighth of the idle time and every second at
 * least, and settles what they have counted; one for revalidation begins with every snapshot, as long as they do not
 * come by the dozen a second, and at most once a second with changes of the MAC tables, which a flood of made-up
 * addresses would make endless. An idle worker goes on with a round that is under way instead of waiting, and waits
 * when there is none.
 *
 * <p>Owned by one worker. Allocates nothing for a flow whose verdict has not changed.
 */
final class Housekeeping {

    private static final long PERIOD_NS = 1_000_000;
    /** A slice's time, ageing and revalidation together. */
    private static final long SLICE_NS = 50_000;
    /** Most seats of either kind in a slice, for the case that the clock stands still. */
    private static final int SLICE_SEATS = 1_024;

    /**
     * From one round for a new snapshot to the next, on average: changes that come by the hundred a second are caught
     * up with in few rounds. Nothing waits for one: a flow that has traffic is translated anew before it is used.
     */
    private static final long SNAPSHOT_ROUND_NS = 50_000_000;
    /** Snapshots that get a round each at once, after a quiet time. */
    private static final int SNAPSHOT_ROUNDS_AT_ONCE = 8;

    private static final long MIN_LIVE_ROUND_NS = 1_000_000_000;
    private static final int AGEING_ROUNDS = 8;
    /** From one round for age to the next at most: so old may be what rules and stations are credited with. */
    private static final long MAX_AGEING_ROUND_NS = 1_000_000_000;

    private final FlowTable<Verdict> flows;
    private final Pipeline pipeline;
    private final long flowIdleNs;
    private final LongSupplier clock;
    private long nextSliceNs = Long.MIN_VALUE;
    private long nextAgeingNs = Long.MIN_VALUE;
    private int ageingLeft;
    private long nextSnapshotRoundNs = Long.MIN_VALUE;
    private long nextLiveRoundNs = Long.MIN_VALUE;
    /** Counts down from -1: an epoch, which flows have as their version, is never so. */
    private long round = -1;

    private boolean revalidating;
    private boolean snapshotChanged;
    private boolean liveChanged;
    private long snapshotVersion = -1;
    private long[] liveVersions = {};

    Housekeeping(FlowTable<Verdict> flows, Pipeline pipeline, long flowIdleNs, LongSupplier clock) {
        this.flows = flows;
        this.pipeline = pipeline;
        this.flowIdleNs = flowIdleNs;
        this.clock = clock;
    }

    /**
     * Whether {@link #slice} is to be called now: once a period, and by a worker that is idle as long as a round is
     * under way.
     */
    boolean isDue(long nowNs, boolean idle) {
        return nowNs >= nextSliceNs || idle && isBehind();
    }

    /** Whether a round is under way. */
    boolean isBehind() {
        return ageingLeft > 0 || revalidating;
    }

    /** One slice. */
    void slice(Snapshot snapshot, long nowNs) {
        nextSliceNs = nowNs + PERIOD_NS;
        long beganNs = clock.getAsLong();
        age(nowNs, beganNs + SLICE_NS / 2);
        beginRound(snapshot, nowNs);
        if (revalidating) {
            revalidating = pipeline.revalidate(snapshot, round, SLICE_SEATS, clock, beganNs + SLICE_NS) > 0;
        }
    }

    private void age(long nowNs, long deadlineNs) {
        if (nowNs >= nextAgeingNs) {
            nextAgeingNs = nowNs + Math.min(flowIdleNs / AGEING_ROUNDS, MAX_AGEING_ROUND_NS);
            ageingLeft = flows.seats();
        }
        int left = ageingLeft;
        ageingLeft -= flows.expire(nowNs, flowIdleNs, Math.min(left, SLICE_SEATS), clock, deadlineNs);
        if (left > 0 && ageingLeft == 0) {
            pipeline.endRound();
        }
    }

    private void beginRound(Snapshot snapshot, long nowNs) {
        snapshotChanged |= snapshot.version() != snapshotVersion;
        snapshotVersion = snapshot.version();
        liveChanged |= noteVersions(snapshot);
        if (snapshotChanged && nowNs >= nextSnapshotRoundNs || liveChanged && nowNs >= nextLiveRoundNs) {
            long quietNs = nowNs - SNAPSHOT_ROUNDS_AT_ONCE * SNAPSHOT_ROUND_NS;
            nextSnapshotRoundNs = Math.max(nextSnapshotRoundNs, quietNs) + SNAPSHOT_ROUND_NS;
            nextLiveRoundNs = nowNs + MIN_LIVE_ROUND_NS;
            snapshotChanged = false;
            liveChanged = false;
            revalidating = true;
            round--;
        }
    }
    /** Whether something that a bridge looks up live is another than at the last call. */
    private boolean noteVersions(Snapshot snapshot) {
        int bridges = snapshot.bridgeIds();
        if (liveVersions.length < bridges) {
            liveVersions = Arrays.copyOf(liveVersions, Math.max(bridges, 2 * liveVersions.length));
        }
        boolean changed = false;
        for (int id = 0; id < bridges; id++) {
            Bridge bridge = snapshot.bridge(id);
            long version = bridge == null ? 0 : bridge.version();
            changed |= liveVersions[id] != version;
            liveVersions[id] = version;
        }
        return changed;
    }
}
