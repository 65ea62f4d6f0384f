package io.jvswitch.datapath;

import io.jvswitch.encap.PartialChecksum;
import io.jvswitch.encap.Segmenter;
import io.jvswitch.encap.TunnelSuperframe;
import io.jvswitch.flowtable.Flow;
import io.jvswitch.flowtable.FlowExtractor;
import io.jvswitch.flowtable.FlowKey;
import io.jvswitch.flowtable.FlowMask;
import io.jvswitch.flowtable.FlowReader;
import io.jvswitch.flowtable.FlowTable;
import io.jvswitch.flowtable.Revalidator;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A burst's way through a worker: pop the tunnel and coalesce, extract keys, look all of them up, translate what is new or stale,
 * execute. Owned by one worker.
 */
final class Pipeline {

    private final Worker worker;
    private final Translator translator;
    private final FlowTable<Verdict> flows;
    private final ActionExecutor executor;
    private final FramePool pool;
    private final Decapsulator decapsulator;
    private final Segmenter segmenter;
    private final TunnelSuperframe tunnelSuperframe = new TunnelSuperframe();
    private final FrameBatch cut = new FrameBatch(FrameBatch.BURST_FRAMES);

    private final FrameBatch received = new FrameBatch(FrameBatch.BURST_FRAMES);
    private final Frame[] frames = new Frame[FrameBatch.BURST_FRAMES];
    private final FlowKey[] keys = new FlowKey[FrameBatch.BURST_FRAMES];
    private final @Nullable Flow<Verdict>[] found = newFlowArray(FrameBatch.BURST_FRAMES);
    private final FlowReader reader = new FlowReader();
    private final FlowMask mask = new FlowMask();
    private final Revalidator<Verdict> revalidator = this::revalidate;
    private Snapshot revalidating = Snapshot.empty();
    private boolean removedInBurst;

    Pipeline(
            Worker worker,
            Translator translator,
            FlowTable<Verdict> flows,
            ActionExecutor executor,
            FramePool pool,
            Segmenter segmenter) {
        this.worker = worker;
        this.translator = translator;
        this.flows = flows;
        this.executor = executor;
        this.pool = pool;
        this.segmenter = segmenter;
        decapsulator = new Decapsulator(pool, worker.counters());
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
            if (book(slot)) {
                forwardCut(slot, snapshot, nowNs);
            } else {
                forward(received, snapshot, nowNs);
            }
        } else {
            for (int i = 0; i < received.size(); i++) {
                Frame frame = received.get(i);
                frame.setInPort(slot.port);
                if (!decapsulator.hasRoomFor(frame)) {
                    forward(decapsulator.take(), snapshot, nowNs);
                }
                decapsulator.add(frame, slot.tunnel);
            }
            received.clear();
            forward(decapsulator.take(), snapshot, nowNs);
        }
        return count;
    }

    /** Counts the burst; says whether there are superframes in it that a guest made inside a tunnel of its own. */
    private boolean book(PortSlot slot) {
        boolean tunnelled = false;
        long bytes = 0;
        for (int i = 0; i < received.size(); i++) {
            Frame frame = received.get(i);
            frame.setInPort(slot.port);
            bytes += frame.length();
            tunnelled |= TunnelSuperframe.isOne(frame);
        }
        slot.counters.add(PortCounters.Kind.RX_FRAMES, received.size());
        slot.counters.add(PortCounters.Kind.RX_BYTES, bytes);
        return tunnelled;
    }

    /** As {@link #forward}, with superframes inside tunnels cut first: no device could be told where their headers lie. */
    private void forwardCut(PortSlot slot, Snapshot snapshot, long nowNs) {
        for (int i = 0; i < received.size(); i++) {
            Frame frame = received.get(i);
            if (!TunnelSuperframe.isOne(frame)) {
                addCut(frame, snapshot, nowNs);
                continue;
            }
            DropReason invalid = tunnelSuperframe.begin(frame);
            if (invalid != null) {
                executor.drop(frame, invalid);
                continue;
            }
            int created = -1; // the superframe gives way to its segments
            DropReason failure = null;
            while (failure == null && tunnelSuperframe.remaining() > 0) {
                Frame segment = pool.take();
                if (segment != null && tunnelSuperframe.next(segment)) {
                    created++;
                    addCut(segment, snapshot, nowNs);
                } else {
                    failure = DropReason.SEGMENTATION_FAILED;
                    if (segment != null) {
                        pool.release(segment);
                    }
                }
            }
            int lost = failure == null ? 0 : tunnelSuperframe.remaining();
            slot.counters.add(PortCounters.Kind.CREATED, created + lost);
            if (failure != null) {
                slot.counters.drop(failure, lost);
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
            flows.lookup(keys, valid, found);
            removedInBurst = false;
            for (int i = 0; i < valid; i++) {
                Frame frame = frames[i];
                Verdict verdict = verdictFor(frame, keys[i], found[i], snapshot, nowNs);
                found[i] = null;
                executor.execute(frame, verdict, nowNs);
            }
        }
        batch.clear();
    }

    /** Fills {@link #frames} and {@link #keys} with what is well formed; returns how many. */
    private int extractAll(FrameBatch batch, int from, int to) {
        int valid = 0;
        for (int i = from; i < to; i++) {
            Frame frame = batch.get(i);
            DropReason malformed = FlowExtractor.extract(frame, keys[valid]);
            if (malformed == null) {
                malformed = checkOffload(frame);
            }
            if (malformed != null) {
                executor.drop(frame, malformed);
            } else {
                frames[valid++] = frame;
            }
        }
        return valid;
    }

    /** Whoever acts on an unfinished frame later may trust what it says of itself. */
    private @Nullable DropReason checkOffload(Frame frame) {
        if (frame.gsoType() != Frame.GSO_NONE) {
            return segmenter.begin(frame);
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
        // a frame before this one in the burst may have installed the flow, or removed what the batch look-up found
        Flow<Verdict> flow = looked == null || removedInBurst ? flows.lookup(key) : looked;
        Verdict verdict;
        if (flow == null) {
            verdict = translate(key, snapshot);
            flow = install(key, verdict, nowNs);
        } else {
            verdict = flow.actions();
            if (flow.version() != verdict.currentEpoch(snapshot.version())) {
                verdict = translate(key, snapshot);
                flow = refresh(flow, key, verdict, nowNs);
            }
        }
        if (flow != null) {
            flow.count(1, frame.length(), nowNs);
        }
        return verdict;
    }

    private Verdict translate(FlowKey key, Snapshot snapshot) {
        mask.clear();
        reader.reset(key, mask);
        return translator.translate(reader, snapshot, null);
    }

    private @Nullable Flow<Verdict> install(FlowKey key, Verdict verdict, long nowNs) {
        // a megaflow would hide the source from learning for as long as it lives: no place in the queue, no megaflow
        if (!learn(verdict, nowNs)) {
            return null;
        }
        long evictions = flows.evictions();
        Flow<Verdict> installed = flows.insert(key, mask, verdict, verdict.epoch(), nowNs);
        removedInBurst |= evictions != flows.evictions();
        return installed;
    }

    /** A flow that looks at all that the new verdict depends on goes on with its counters. Another one is replaced. */
    private @Nullable Flow<Verdict> refresh(Flow<Verdict> flow, FlowKey key, Verdict verdict, long nowNs) {
        if (flow.covers(mask)) {
            if (learn(verdict, nowNs)) {
                flow.renew(verdict, verdict.epoch());
            }
            return flow;
        }
        flows.remove(flow);
        removedInBurst = true;
        return install(key, verdict, nowNs);
    }

    private boolean learn(Verdict verdict, long nowNs) {
        IpAddress newVtep = verdict.newVtep();
        if (newVtep != null) {
            return worker.tell(new ConductorEvent.NewVtep(newVtep));
        }
        Verdict.Source source = verdict.source();
        if (source == null || !source.unknown()) {
            return true;
        }
        return worker.tell(new ConductorEvent.Learn(
                source.domain(), source.fdb(), source.mac(), source.vlan(), source.location(), nowNs));
    }

    /**
     * Translates stale megaflows again, a bounded slice of them, so that also those that see no traffic do not keep an
     * outdated verdict.
     */
    void revalidate(Snapshot snapshot, int budget) {
        revalidating = snapshot;
        flows.revalidate(snapshot.version(), budget, revalidator);
    }

    private Revalidator.Verdict revalidate(Flow<Verdict> flow, FlowKey key) {
        Snapshot current = revalidating;
        if (flow.version() != flow.actions().currentEpoch(current.version())) {
            Verdict verdict = translate(key, current);
            if (!flow.covers(mask)) {
                return Revalidator.Verdict.REMOVE;
            }
            flow.renew(verdict, verdict.epoch());
        }
        return Revalidator.Verdict.RENEW; // its version is ours to set: KEEP would overwrite the epoch
    }
}
