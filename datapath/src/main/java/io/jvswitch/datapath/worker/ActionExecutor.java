package io.jvswitch.datapath.worker;

import io.jvswitch.arp.ArpResponder;
import io.jvswitch.arp.EchoResponder;
import io.jvswitch.arp.NeighbourResponder;
import io.jvswitch.datapath.rewrite.FrameRewriter;
import io.jvswitch.datapath.rewrite.TimeToLive;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.ActionSequence;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.mtu.MssClamp;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.Checksum;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Does to a frame what its verdict says. Every frame that comes in leaves here in exactly one way: into an output
 * queue, back to the pool with a {@link DropReason}, or copied to the conductor.
 *
 * <p>Each of those who take the frame gets it as it is at that place in the list, a copy but for the last; what an
 * action does to it is {@link FrameRewriter}'s business. A failure ends the frame's way, and those who had it before
 * keep it.
 *
 * <p>Owned by one worker. Allocates nothing, except for the copy of what goes to the conductor.
 */
final class ActionExecutor {

    /** Nobody is given less than all of a frame. */
    private static final int UNLIMITED = Integer.MAX_VALUE;
    /** How often a frame comes back to translation, at most: as often as in Open vSwitch. */
    private static final int MAX_RECIRCULATIONS = 6;

    private final WorkerReports reports;
    private final FramePool pool;
    private final Outputs outputs;
    private final Encapsulator encapsulator;
    private final FloodQueue floods;
    private final RecirculationQueue again;
    private final StormControl storms = new StormControl();
    private final Meters meters = new Meters();
    /** Its own: others cut what it has cut. */
    private final Segmenter cutter = new Segmenter();

    ActionExecutor(
            WorkerReports reports,
            FramePool pool,
            Outputs outputs,
            Encapsulator encapsulator,
            FloodQueue floods,
            RecirculationQueue again) {
        this.reports = reports;
        this.pool = pool;
        this.outputs = outputs;
        this.encapsulator = encapsulator;
        this.floods = floods;
        this.again = again;
    }

    /**
     * Takes the frame over. One that goes to many places waits for {@link Pipeline#flood}.
     *
     * @param version of the snapshot that the verdict is of
     */
    void execute(Frame frame, Verdict verdict, long version, long nowNs) {
        if (verdict.isStraight()) {
            carryOut(frame, verdict, nowNs);
        } else {
            flood(frame, verdict, version, nowNs);
        }
    }

    private void flood(Frame frame, Verdict verdict, long version, long nowNs) {
        int limit = verdict.floodLimit();
        if (limit > 0 && !storms.admits(frame.inPort(), limit, nowNs)) {
            drop(frame, DropReason.STORM_CONTROL);
        } else if (verdict.copies() < Verdict.MIN_FLOOD_COPIES) {
            carryOut(frame, verdict, nowNs);
        } else if (!floods.offer(frame, verdict, version)) {
            drop(frame, DropReason.FLOOD_QUEUE_FULL);
        }
    }

    /** Does to a frame at once what the verdict says. */
    void carryOut(Frame frame, Verdict verdict, long nowNs) {
        DropReason reason = verdict.dropReason();
        if (reason != null) {
            drop(frame, reason);
        } else {
            carryOut(frame, verdict, 0, UNLIMITED, nowNs);
        }
    }

    /**
     * Does to a frame what the actions say.
     *
     * @param from the first action
     * @param limitBytes how much of the frame is given to who takes it next
     */
    private void carryOut(Frame frame, ActionSequence actions, int from, int limitBytes, long nowNs) {
        int last = actions.size() - 1;
        int maxBytes = limitBytes;
        for (int i = from; i < last; i++) {
            Action action = actions.action(i);
            // What floods and SYNs are made of comes first: a class is cheaper to recognise than an interface.
            if (action instanceof Action.Output output && maxBytes == UNLIMITED) {
                Frame copy = copyOf(frame);
                if (copy != null) {
                    toPort(copy, output.port());
                }
            } else if (action instanceof Action.ClampMss clamp) {
                clamp(frame, clamp);
            } else if (action instanceof Action.Delivery delivery) {
                Frame copy = copyOf(frame);
                if (copy != null) {
                    deliver(copy, delivery, maxBytes, nowNs);
                }
                maxBytes = UNLIMITED;
            } else if (action instanceof Action.Truncate truncate) {
                maxBytes = truncate.maxBytes();
            } else if (action instanceof Action.Change change && FrameRewriter.mustCut(frame, change)) {
                cut(frame, actions, i, maxBytes, nowNs);
                return;
            } else if (!goesOn(frame, action, nowNs)) {
                return;
            }
        }
        Action end = actions.action(last);
        if (end instanceof Action.Output output && maxBytes == UNLIMITED) {
            toPort(frame, output.port());
        } else if (end instanceof Action.Tunnel tunnel && maxBytes == UNLIMITED) {
            toTunnel(frame, tunnel, nowNs);
        } else if (end instanceof Action.Delivery delivery) {
            deliver(frame, delivery, maxBytes, nowNs);
        }
    }

    private void clamp(Frame frame, Action.ClampMss clamp) {
        if (MssClamp.clamp(frame, clamp.mtuBytes())) {
            outputs.counters(frame.inPort()).add(PortCounters.Kind.MSS_CLAMPED, 1);
        }
    }

    private void toTunnel(Frame frame, Action.Tunnel tunnel, long nowNs) {
        if (frame.packetType() == Frame.ETHERNET) {
            encapsulator.send(frame, tunnel, nowNs);
        } else {
            drop(frame, DropReason.NOT_ETHERNET);
        }
    }

    /** Takes a superframe over: from the action on, each segment goes its way by itself. */
    private void cut(Frame superframe, ActionSequence actions, int from, int maxBytes, long nowNs) {
        if (beginCut(superframe)) {
            while (cutter.remaining() > 0) {
                Frame segment = nextSegment(superframe);
                if (segment != null) {
                    carryOut(segment, actions, from, maxBytes, nowNs);
                }
            }
            pool.release(superframe);
        }
    }

    /** Whether the frame goes on after an action that does not take it; somebody has it when not. */
    private boolean goesOn(Frame frame, Action action, long nowNs) {
        DropReason failure = null;
        switch (action) {
            case Action.Change change -> failure = FrameRewriter.apply(frame, change);
            case Action.ClampMss clamp -> clamp(frame, clamp);
            case Action.LowerTtl lower -> {
                if (!TimeToLive.lower(frame, lower.header())) {
                    Action.ToConductor expired = lower.expired();
                    if (expired != null) {
                        deliver(frame, expired, UNLIMITED, nowNs);
                        return false;
                    }
                    failure = DropReason.TTL_EXPIRED;
                }
            }
            case Action.Meter meter -> failure = meters.admits(meter, frame.length(), nowNs) ? null : DropReason.METER;
            case Action.LimitFlood _ -> {} // was asked for when the frame came: it may have waited since
            case Action.Truncate _, Action.Delivery _ -> throw new IllegalArgumentException(action.toString());
        }
        if (failure != null) {
            drop(frame, failure);
        }
        return failure == null;
    }

    /** Takes the frame over, of which no more than its first bytes are given away. */
    private void deliver(Frame frame, Action.Delivery delivery, int maxBytes, long nowNs) {
        if (maxBytes < frame.length() && !(delivery instanceof Action.Clone)) {
            deliverFinished(frame, delivery, maxBytes, nowNs);
            return;
        }
        switch (delivery) {
            case Action.Output output -> toPort(frame, output.port());
            case Action.Recirculate recirculate -> recirculate(frame, recirculate.id());
            case Action.Clone clone -> carryOut(frame, clone, 0, maxBytes, nowNs);
            case Action.Tunnel tunnel -> toTunnel(frame, tunnel, nowNs);
            case Action.AnswerArp answer -> {
                ArpResponder.answer(frame, answer.mac());
                sendBack(frame, PortCounters.Kind.ARP_REPLIES);
            }
            case Action.AnswerNeighbour answer -> {
                DropReason failure = NeighbourResponder.answer(frame, answer.mac(), answer.router());
                if (failure == null) {
                    sendBack(frame, PortCounters.Kind.ND_REPLIES);
                } else {
                    drop(frame, failure);
                }
            }
            case Action.AnswerEcho _ -> {
                DropReason failure = EchoResponder.answer(frame);
                if (failure == null) {
                    toPort(frame, frame.inPort());
                } else {
                    drop(frame, failure);
                }
            }
            case Action.ToDhcp dhcp -> {
                DropReason invalid = Checksum.complete(frame); // the server verifies it
                if (invalid == null) {
                    int port = frame.inPort();
                    handOver(
                            frame,
                            new ConductorEvent.DhcpRequest(reports.worker(), port, dhcp.network(), bytesOf(frame)));
                } else {
                    drop(frame, invalid);
                }
            }
            case Action.ToConductor why -> {
                if (frame.gsoType() == Frame.GSO_NONE && frame.checksumState() != Frame.CSUM_PARTIAL) {
                    int port = frame.inPort();
                    handOver(frame, new ConductorEvent.PacketIn(port, why, frame.packetType(), bytesOf(frame)));
                } else {
                    deliverFinished(frame, why, maxBytes, nowNs);
                }
            }
        }
    }

    private void recirculate(Frame frame, int id) {
        if (frame.recirculations() == MAX_RECIRCULATIONS) {
            drop(frame, DropReason.RECIRCULATION_TOO_DEEP);
        } else {
            frame.recirculate(id);
            if (!again.offer(frame)) {
                drop(frame, DropReason.NO_BUFFER);
            }
        }
    }

    /**
     * Takes over a frame of which not all is given away, or which must not be left to offloads: each segment of a
     * superframe goes by itself.
     */
    private void deliverFinished(Frame frame, Action.Delivery delivery, int maxBytes, long nowNs) {
        if (frame.gsoType() == Frame.GSO_NONE) {
            DropReason failure = FrameRewriter.truncate(frame, maxBytes);
            if (failure == null) {
                deliver(frame, delivery, UNLIMITED, nowNs);
            } else {
                drop(frame, failure);
            }
        } else if (!(delivery instanceof Action.ToConductor) && Segmenter.largestSegmentBytes(frame) <= maxBytes) {
            deliver(frame, delivery, UNLIMITED, nowNs); // no segment is longer
        } else if (beginCut(frame)) {
            while (cutter.remaining() > 0) {
                Frame segment = nextSegment(frame);
                if (segment != null) {
                    deliverFinished(segment, delivery, maxBytes, nowNs);
                }
            }
            pool.release(frame);
        }
    }

    /** Takes the superframe over when it cannot be cut; otherwise it is released after its last segment. */
    private boolean beginCut(Frame superframe) {
        DropReason invalid = cutter.begin(superframe);
        if (invalid != null) {
            drop(superframe, invalid);
            return false;
        }
        // the superframe gives way to its segments: one frame in, n - 1 created
        outputs.counters(superframe.inPort()).add(PortCounters.Kind.CREATED, cutter.remaining() - 1L);
        return true;
    }

    /** The next segment of the superframe that is cut, null when there is no buffer; it counts as dropped then. */
    private @Nullable Frame nextSegment(Frame superframe) {
        Frame segment = takeBuffer();
        if (segment != null && cutter.next(segment, Segmenter.Checksums.COMPLETE)) {
            return segment;
        }
        if (segment != null) {
            pool.release(segment);
        }
        for (int lost = cutter.abandon(); lost > 0; lost--) {
            outputs.dropCopy(superframe, DropReason.SEGMENTATION_FAILED);
        }
        return null;
    }

    /** Forgets what it had in hand, after an error. */
    void abandon() {
        floods.clear();
        encapsulator.abandon();
    }

    /** Counts and releases. */
    void drop(Frame frame, DropReason reason) {
        outputs.drop(frame, reason);
    }

    private @Nullable Frame copyOf(Frame frame) {
        Frame copy = takeBuffer();
        outputs.counters(frame.inPort()).add(PortCounters.Kind.CREATED, 1);
        if (copy == null) {
            outputs.dropCopy(frame, DropReason.NO_BUFFER);
            return null;
        }
        copy.copyFrom(frame);
        return copy;
    }

    private @Nullable Frame takeBuffer() {
        Frame frame = pool.take();
        if (frame == null) {
            outputs.flush(); // more copies than there are buffers: those before this one need not wait
            frame = pool.take();
        }
        return frame;
    }

    private void sendBack(Frame frame, PortCounters.Kind kind) {
        outputs.counters(frame.inPort()).add(kind, 1);
        toPort(frame, frame.inPort());
    }

    private void toPort(Frame frame, int port) {
        if (frame.packetType() != Frame.ETHERNET) {
            drop(frame, DropReason.NOT_ETHERNET);
        } else if (!outputs.toPort(port, frame)) {
            drop(frame, DropReason.PORT_DOWN);
        }
    }

    private static byte[] bytesOf(Frame frame) {
        return frame.segment().asSlice(frame.start(), frame.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private void handOver(Frame frame, ConductorEvent event) {
        if (reports.tell(event)) {
            outputs.counters(frame.inPort()).add(PortCounters.Kind.HANDED_OVER, 1);
            pool.release(frame);
        } else {
            drop(frame, DropReason.CONDUCTOR_QUEUE_FULL);
        }
    }
}
