package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Recirculations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.translate.Verdicts;
import io.jvswitch.encap.InnerSuperframe;
import io.jvswitch.encap.offload.LargeSuperframe;
import io.jvswitch.encap.offload.PartialChecksum;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.encap.offload.SuperframeCutter;
import io.jvswitch.encap.offload.TunnelSuperframe;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.flowtable.megaflow.Revalidator;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A burst's way through a worker: pop the tunnel and coalesce, extract keys, look all of them up, translate what is new
 * or stale, execute. Owned by one worker.
 */
final class Pipeline {

    /** Some 0.5 ms: a frame that goes to one place waits no longer for those that go to many. */
    private static final int FLOOD_COPIES_PER_CYCLE = 256;

    private final WorkerReports reports;
    private final FlowTable<Verdict> flows;
    private final ActionExecutor executor;
    private final FramePool pool;
    private final CaptureTap tap;
    private final Decapsulator decapsulator;
    private final Segmenter segmenter;
    private final TunnelSuperframe tunnelSuperframe = new TunnelSuperframe();
    private final LargeSuperframe largeSuperframe;
    private final FrameBatch cut = new FrameBatch(FrameBatch.BURST_FRAMES);

    private final FrameBatch received = new FrameBatch(FrameBatch.BURST_FRAMES);
    private final Frame[] frames = new Frame[FrameBatch.BURST_FRAMES];
    private final FlowKey[] keys = new FlowKey[FrameBatch.BURST_FRAMES];
    private final @Nullable Flow<Verdict>[] found = newFlowArray(FrameBatch.BURST_FRAMES);
    private final FlowReader reader = new FlowReader();
    private final FlowMask mask = new FlowMask();
    private final Recirculations recirculations = new Recirculations();
    private final Translation step = new Translation(recirculations);
    private final RecirculationQueue again;
    private final Verdicts verdicts = new Verdicts();
    private final Revalidator<Verdict> revalidator = this::revalidate;
    private Snapshot revalidating = Snapshot.empty();
    private boolean installedInBurst;
    private @Nullable RuntimeException defect;

    Pipeline(
            WorkerReports reports,
            FlowTable<Verdict> flows,
            CounterTable counters,
            ActionExecutor executor,
            FramePool pool,
            Segmenter segmenter,
            CaptureTap tap,
            RecirculationQueue again) {
        this.reports = reports;
        this.flows = flows;
        this.executor = executor;
        this.pool = pool;
        this.segmenter = segmenter;
        this.tap = tap;
        this.again = again;
        largeSuperframe = new LargeSuperframe(pool);
        decapsulator = new Decapsulator(pool, counters, tap);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new FlowKey();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic array creation
    private static @Nullable Flow<Verdict>[] newFlowArray(int length) {
        return new Flow[length];
    }

    /**
     * Receives one burst from a queue and sends it on its way; the caller flushes the outputs.
     *
     * @return frames received, or {@link io.jvswitch.wire.PortQueue#GONE}
     */
    int visit(PortSlot slot, Snapshot snapshot, long nowNs) {
        int count = slot.queue.receive(pool, received);
        int lost = slot.queue.takeReceiveDrops();
        if (lost > 0) {
            slot.counters.add(PortCounters.Kind.RX_FRAMES, lost);
            DropReason why = slot.queue.receiveFailure();
            slot.counters.drop(why == null ? DropReason.NO_BUFFER : why, lost);
        }
        if (count <= 0) {
            return count;
        }
        if (slot.tunnel == null) {
            boolean uncut = book(slot);
            if (tap.isActive()) {
                tap.received(slot.port, received);
            }
            if (uncut) {
                forwardCut(slot, snapshot, nowNs);
            } else {
                forward(received, snapshot, nowNs);
            }
        } else {
            for (int i = 0; i < received.size(); i++) {
                Frame frame = received.get(i);
                frame.setInPort(slot.port);
                if (!decapsulator.hasRoomFor(frame)) {
                    forwardInner(snapshot, nowNs);
                }
                decapsulator.add(frame, slot.tunnel);
            }
            received.clear();
            forwardInner(snapshot, nowNs);
        }
        return count;
    }

    private void forwardInner(Snapshot snapshot, long nowNs) {
        FrameBatch inner = decapsulator.take();
        if (tap.isActive()) {
            tap.received(Locations.UNDERLAY, inner);
        }
        forward(inner, snapshot, nowNs);
    }

    /** Counts the burst; says whether there are superframes in it that must be cut first. */
    private boolean book(PortSlot slot) {
        boolean uncut = false;
        long bytes = 0;
        for (int i = 0; i < received.size(); i++) {
            Frame frame = received.get(i);
            frame.setInPort(slot.port);
            bytes += frame.length() + frame.excessBytes();
            uncut |= cutterOf(frame) != null;
        }
        slot.counters.add(PortCounters.Kind.RX_FRAMES, received.size());
        slot.counters.add(PortCounters.Kind.RX_BYTES, bytes);
        return uncut;
    }

    /**
     * Who cuts a superframe that cannot stay whole: longer than IP's lengths, or inside a tunnel of a guest's own. Null
     * for all others.
     */
    private @Nullable SuperframeCutter cutterOf(Frame frame) {
        if (LargeSuperframe.matches(frame)) {
            return largeSuperframe;
        }
        return TunnelSuperframe.matches(frame) ? tunnelSuperframe : null;
    }

    /**
     * As {@link #forward}, with some superframes cut first: those inside tunnels, as no device could be told where
     * their headers lie, and those that are longer than a buffer.
     */
    private void forwardCut(PortSlot slot, Snapshot snapshot, long nowNs) {
        for (int i = 0; i < received.size(); i++) {
            Frame frame = received.get(i);
            SuperframeCutter cutter = cutterOf(frame);
            if (cutter == null) {
                addCut(frame, snapshot, nowNs);
                continue;
            }
            DropReason invalid = cutter.begin(frame);
            if (invalid != null) {
                executor.drop(frame, invalid);
                continue;
            }
            int created = -1; // the superframe gives way to its segments
            DropReason failure = null;
            while (failure == null && cutter.remaining() > 0) {
                Frame segment = pool.take();
                if (segment != null && cutter.next(segment)) {
                    created++;
                    addCut(segment, snapshot, nowNs);
                } else {
                    failure = DropReason.SEGMENTATION_FAILED;
                    if (segment != null) {
                        pool.release(segment);
                    }
                }
            }
            int lost = failure == null ? 0 : cutter.remaining();
            slot.counters.add(PortCounters.Kind.CREATED, created + lost);
            if (failure != null) {
                slot.counters.drop(failure, lost);
                if (tap.isActive()) {
                    tap.dropped(slot.port, frame, failure);
                }
            }
            pool.release(frame);
        }
        received.clear();
        forward(cut, snapshot, nowNs);
    }

    private void addCut(Frame frame, Snapshot snapshot, long nowNs) {
        if (cut.isFull()) {
            forward(cut, snapshot, nowNs);
        }
        cut.add(frame);
    }

    /** Takes over the frames of a batch, a burst at a time, and empties it. */
    private void forward(FrameBatch batch, Snapshot snapshot, long nowNs) {
        for (int from = 0; from < batch.size(); from += FrameBatch.BURST_FRAMES) {
            int valid = extractAll(batch, from, Math.min(batch.size(), from + FrameBatch.BURST_FRAMES));
            forwardBurst(valid, snapshot, nowNs);
            recirculate(snapshot, nowNs);
        }
        batch.clear();
        throwDefect();
    }

    /** Takes over the frames whose keys are known. */
    private void forwardBurst(int count, Snapshot snapshot, long nowNs) {
        flows.lookup(keys, count, found);
        installedInBurst = false;
        for (int i = 0; i < count; i++) {
            Flow<Verdict> looked = found[i];
            found[i] = null;
            forward(frames[i], keys[i], looked, snapshot, nowNs);
        }
    }

    private void throwDefect() {
        if (defect != null) {
            throw defect;
        }
    }

    /** Round by round, the frames that come back to translation. */
    private void recirculate(Snapshot snapshot, long nowNs) {
        for (int count = again.beginRound(); count > 0; count = again.beginRound()) {
            int valid = 0;
            for (int i = 0; i < count; i++) {
                Frame frame = again.take(i);
                boolean ethernet = frame.packetType() == Frame.ETHERNET;
                DropReason malformed = extractAgain(frame, keys[valid]);
                malformed = malformed == null && ethernet ? checkOffload(frame) : malformed;
                if (malformed != null) {
                    executor.drop(frame, malformed);
                } else {
                    frames[valid++] = frame;
                }
                if (valid == frames.length) {
                    forwardBurst(valid, snapshot, nowNs);
                    valid = 0;
                }
            }
            forwardBurst(valid, snapshot, nowNs);
        }
    }

    /**
     * The key of a frame that something may have been done to. It has what no header shows: what the frame has come
     * back for, and what was computed before that.
     */
    private static @Nullable DropReason extractAgain(Frame frame, FlowKey key) {
        DropReason malformed = frame.packetType() == Frame.ETHERNET
                ? FlowExtractor.extract(frame, key)
                : FlowExtractor.extractPacket(frame, key);
        if (malformed != null) {
            return malformed;
        }
        if (frame.recirculationId() != 0) {
            key.set(FlowField.RECIRC_ID, Integer.toUnsignedLong(frame.recirculationId()));
        }
        if (frame.dpHash() != 0) {
            key.set(FlowField.DP_HASH, Integer.toUnsignedLong(frame.dpHash()));
        }
        return null;
    }

    /** An error is one frame's: the others of the burst go on, and then it is told. */
    private void forward(Frame frame, FlowKey key, @Nullable Flow<Verdict> looked, Snapshot snapshot, long nowNs) {
        Verdict verdict = null;
        try {
            verdict = verdictFor(frame, key, looked, snapshot, nowNs);
            executor.execute(frame, verdict, snapshot.version(), nowNs);
        } catch (RuntimeException e) {
            defect = e;
            if (verdict == null) {
                executor.drop(frame, DropReason.DEFECT);
            } else {
                executor.abandon(); // who has the frame now, nobody knows: the worker takes all back
            }
        }
    }

    /**
     * Copies frames to many places that waited for it, a bounded number of copies, but one frame at least.
     *
     * @return frames copied
     */
    int flood(FloodQueue waiting, Snapshot snapshot, long nowNs) {
        int frames = 0;
        int copies = 0;
        for (Verdict verdict = waiting.verdict();
                verdict != null && copies < FLOOD_COPIES_PER_CYCLE;
                verdict = waiting.verdict()) {
            boolean current = waiting.version() == snapshot.version();
            Frame frame = waiting.take();
            executor.carryOut(frame, current ? verdict : decideAnew(frame, snapshot), nowNs);
            copies += verdict.copies();
            frames++;
        }
        recirculate(snapshot, nowNs);
        throwDefect();
        return frames;
    }

    /** The snapshot is another than the one that a verdict was made in. */
    private Verdict decideAnew(Frame frame, Snapshot snapshot) {
        extractAgain(frame, keys[0]); // finds it as well formed as before
        translate(keys[0], snapshot, null);
        return verdicts.of(step);
    }

    /** Forgets the burst in hand, after an error: its frames are reclaimed and counted by the worker. */
    void abandon() {
        defect = null;
        received.clear();
        cut.clear();
        Arrays.fill(found, null);
        decapsulator.abandon();
        again.clear();
        executor.abandon();
    }

    /** Fills {@link #frames} and {@link #keys} with what is well formed; returns how many. */
    private int extractAll(FrameBatch batch, int from, int to) {
        int valid = 0;
        for (int i = from; i < to; i++) {
            Frame frame = batch.get(i);
            DropReason malformed = extract(frame, keys[valid]);
            if (malformed != null) {
                executor.drop(frame, malformed);
            } else {
                frames[valid++] = frame;
            }
        }
        return valid;
    }

    private @Nullable DropReason extract(Frame frame, FlowKey key) {
        DropReason malformed = FlowExtractor.extract(frame, key);
        return malformed == null ? checkOffload(frame) : malformed;
    }

    /** Whoever acts on an unfinished frame later may trust what it says of itself. */
    private @Nullable DropReason checkOffload(Frame frame) {
        if (frame.gsoType() != Frame.GSO_NONE && frame.checksumState() == Frame.CSUM_VALID) {
            // The kernel merged it as a list of packets; from here on it is as every other superframe.
            if (!InnerSuperframe.describe(frame, frame.gsoSizeBytes())) {
                return DropReason.OFFLOAD_INVALID;
            }
        }
        if (frame.gsoType() != Frame.GSO_NONE) {
            DropReason invalid = segmenter.begin(frame);
            // hdr_len is the sender's word so far, and the next device would get it
            frame.setGso(frame.gsoType(), frame.gsoSizeBytes(), segmenter.headerBytes());
            return invalid;
        }
        if (frame.checksumState() == Frame.CSUM_PARTIAL) {
            return PartialChecksum.check(frame);
        }
        if (frame.tunnelFlags() != 0) {
            PartialChecksum.recognise(frame);
            return frame.gsoType() == Frame.GSO_NONE ? null : segmenter.begin(frame);
        }
        return null;
    }

    private Verdict verdictFor(
            Frame frame, FlowKey key, @Nullable Flow<Verdict> looked, Snapshot snapshot, long nowNs) {
        // a frame before this one in the burst may have installed the flow, or removed what the batch look-up found;
        // the batch look-up has counted already
        boolean again = looked == null ? installedInBurst : looked.isRemoved();
        Flow<Verdict> flow = again ? flows.find(key) : looked;
        Verdict verdict;
        if (flow == null) {
            translate(key, snapshot, null);
            verdict = verdicts.of(step);
            flow = install(key, verdict, nowNs);
        } else {
            verdict = flow.actions();
            if (flow.version() != verdict.currentEpoch(snapshot.version(), key)) {
                translate(key, snapshot, verdict);
                verdict = step.agreesWith(verdict) ? verdict : verdicts.of(step);
                flow = refresh(flow, key, verdict, nowNs);
            }
        }
        if (flow != null) {
            flow.count(1, frame.length(), nowNs);
        } else {
            verdict.settle(reports.worker(), 1, frame.length(), nowNs); // no megaflow counts it
        }
        return verdict;
    }

    /** Looks after a flow that housekeeping passes, or that is about to go. */
    void visit(Flow<Verdict> flow) {
        settle(flow);
        recirculations.keep(flow.actions());
    }

    /** Recirculation ids that are given. */
    int recirculationIds() {
        return recirculations.size();
    }

    /** Housekeeping has passed every flow. */
    void endRound() {
        recirculations.endRound();
    }

    /** Puts what the flow has counted to the account of whoever its frames have passed. */
    private void settle(Flow<Verdict> flow) {
        if (flow.unsettledFrames() == 0) {
            return;
        }
        flow.actions().settle(reports.worker(), flow.unsettledFrames(), flow.unsettledBytes(), flow.lastUsedNs());
        flow.markSettled();
    }

    private void translate(FlowKey key, Snapshot snapshot, @Nullable Verdict last) {
        mask.clear();
        reader.reset(key, mask);
        step.begin(reader, snapshot, null, last);
        step.run();
    }

    private @Nullable Flow<Verdict> install(FlowKey key, Verdict verdict, long nowNs) {
        // a megaflow would hide the source from learning for as long as it lives: no place in the queue, no megaflow
        if (!teach(nowNs)) {
            return null;
        }
        installedInBurst = true;
        return flows.insert(key, mask, verdict, step.epoch(), nowNs);
    }

    /**
     * A flow that looks at all that the new verdict depends on goes on with its counters. Another one is replaced.
     *
     * @return null when no flow has the verdict: what it then counted would go to the account of the one before
     */
    private @Nullable Flow<Verdict> refresh(Flow<Verdict> flow, FlowKey key, Verdict verdict, long nowNs) {
        if (flow.covers(mask)) {
            if (!teach(nowNs)) {
                return null;
            }
            renew(flow, verdict);
            return flow;
        }
        flows.remove(flow);
        return install(key, verdict, nowNs);
    }

    @SuppressWarnings("ReferenceEquality") // an equal verdict in another object is as good, and seldom
    private void renew(Flow<Verdict> flow, Verdict verdict) {
        if (flow.actions() == verdict) {
            flow.renewVersion(step.epoch());
        } else {
            settle(flow);
            flow.renew(verdict, step.epoch());
        }
    }

    /**
     * Tells the conductor what the last translation has to tell; false when a megaflow would hide what it must be told
     * again.
     */
    private boolean teach(long nowNs) {
        List<News> news = step.news();
        boolean told = true;
        for (int i = 0; i < news.size(); i++) {
            told &= reports.tell(news.get(i), nowNs);
        }
        return told;
    }

    /**
     * Translates stale megaflows again, so that also those that see no traffic do not keep an outdated verdict: a
     * slice, bounded in number and in time.
     *
     * @param round another number than before starts a round through all flows
     * @return seats visited, 0 when the round is over
     */
    int revalidate(Snapshot snapshot, long round, int budget, LongSupplier clock, long deadlineNs) {
        revalidating = snapshot;
        return flows.revalidate(round, budget, clock, deadlineNs, revalidator);
    }

    private Revalidator.Verdict revalidate(Flow<Verdict> flow, FlowKey key) {
        Snapshot current = revalidating;
        Verdict verdict = flow.actions();
        if (flow.version() != verdict.currentEpoch(current.version(), key)) {
            translate(key, current, verdict);
            // a flow that went on would hide its source from learning: its next frame must be translated, and teach
            if (!flow.covers(mask) || !step.news().isEmpty()) {
                return Revalidator.Verdict.REMOVE;
            }
            renew(flow, step.agreesWith(verdict) ? verdict : verdicts.of(step));
        }
        return Revalidator.Verdict.RENEW; // its version is ours to set: KEEP would overwrite the epoch
    }
}
