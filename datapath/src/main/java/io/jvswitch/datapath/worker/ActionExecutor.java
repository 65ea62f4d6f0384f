package io.jvswitch.datapath.worker;

import io.jvswitch.arp.ArpResponder;
import io.jvswitch.arp.EchoResponder;
import io.jvswitch.arp.NeighbourResponder;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.ActionSequence;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.MssClamp;
import io.jvswitch.wire.Checksum;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.VlanTag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Does to a frame what its verdict says. Every frame that comes in leaves here in exactly one way: into an output
 * queue, back to the pool with a {@link DropReason}, or copied to the conductor.
 *
 * <p>Owned by one worker. Allocates nothing, except for the copy that a DHCP message takes to the conductor.
 */
final class ActionExecutor {

    private final WorkerReports reports;
    private final FramePool pool;
    private final Outputs outputs;
    private final Encapsulator encapsulator;
    private final FloodQueue floods;
    private final StormControl storms = new StormControl();

    ActionExecutor(
            WorkerReports reports, FramePool pool, Outputs outputs, Encapsulator encapsulator, FloodQueue floods) {
        this.reports = reports;
        this.pool = pool;
        this.outputs = outputs;
        this.encapsulator = encapsulator;
        this.floods = floods;
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
            return;
        }
        carryOut(frame, (ActionSequence) verdict, nowNs);
    }

    private void carryOut(Frame frame, ActionSequence actions, long nowNs) {
        int last = actions.size() - 1;
        for (int i = 0; i < last; i++) {
            Action action = actions.action(i);
            if (action instanceof Action.Delivery delivery) {
                Frame copy = copyOf(frame);
                if (copy != null) {
                    deliver(copy, delivery, nowNs);
                }
            } else {
                DropReason failure = change(frame, action);
                if (failure != null) {
                    drop(frame, failure);
                    return;
                }
            }
        }
        if (actions.action(last) instanceof Action.Delivery delivery) {
            deliver(frame, delivery, nowNs);
        }
    }

    /** Takes the frame over. */
    private void deliver(Frame frame, Action.Delivery delivery, long nowNs) {
        switch (delivery) {
            case Action.Output output -> toPort(frame, output.port());
            case Action.Clone clone -> carryOut(frame, (ActionSequence) clone, nowNs);
            case Action.Tunnel tunnel -> encapsulator.send(frame, tunnel, nowNs);
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
            case Action.ToDhcp dhcp -> toDhcp(frame, dhcp.network());
        }
    }

    /** Null, or why the frame goes no further. */
    private @Nullable DropReason change(Frame frame, Action action) {
        return switch (action) {
            case Action.ClampMss clamp -> {
                if (MssClamp.clamp(frame, clamp.mtuBytes())) {
                    outputs.counters(frame.inPort()).add(PortCounters.Kind.MSS_CLAMPED, 1);
                }
                yield null;
            }
            case Action.PopVlan _ -> VlanTag.pop(frame);
            case Action.PushVlan tag -> VlanTag.push(frame, tag.tpid(), VlanTag.tciOf(tag.pcp(), false, tag.vid()));
            case Action.LimitFlood _ -> null; // was asked for when the frame came: it may have waited since
            case Action.Delivery _ -> throw new IllegalArgumentException(action + " takes the frame");
        };
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
        PortCounters counters = outputs.counters(frame.inPort());
        Frame copy = pool.take();
        if (copy == null) {
            outputs.flush(); // more copies than there are buffers: those before this one need not wait
            copy = pool.take();
        }
        counters.add(PortCounters.Kind.CREATED, 1);
        if (copy == null) {
            outputs.dropCopy(frame, DropReason.NO_BUFFER);
            return null;
        }
        copy.copyFrom(frame);
        return copy;
    }

    private void sendBack(Frame frame, PortCounters.Kind kind) {
        outputs.counters(frame.inPort()).add(kind, 1);
        toPort(frame, frame.inPort());
    }

    private void toPort(Frame frame, int port) {
        if (!outputs.toPort(port, frame)) {
            drop(frame, DropReason.PORT_DOWN);
        }
    }

    private void toDhcp(Frame frame, int network) {
        DropReason invalid = Checksum.complete(frame); // the server verifies it
        if (invalid != null) {
            drop(frame, invalid);
            return;
        }
        MemorySegment bytes = frame.segment().asSlice(frame.start(), frame.length());
        boolean taken = reports.tell(new ConductorEvent.DhcpRequest(
                reports.worker(), frame.inPort(), network, bytes.toArray(ValueLayout.JAVA_BYTE)));
        if (taken) {
            outputs.counters(frame.inPort()).add(PortCounters.Kind.HANDED_OVER, 1);
            pool.release(frame);
        } else {
            drop(frame, DropReason.CONDUCTOR_QUEUE_FULL);
        }
    }
}
