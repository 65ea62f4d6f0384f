package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.Gre;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.TunnelledTrain;
import io.jvswitch.encap.offload.Coalescer;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;

/**
 * The way out of a tunnel: takes what a socket of the underlay received, takes trains of datagrams apart, pops the
 * tunnel header of each, carries the outer header's congestion marks over, and puts the TCP segments of a burst
 * together into superframes.
 *
 * <p>Counts every datagram as a frame received; one that joined another is counted as merged.
 *
 * <p>Owned by one worker. Allocates nothing.
 */
final class Decapsulator {

    /** Four bursts, so that a few trains of small frames are looked up together. */
    private static final int ROOM_FRAMES = 4 * FrameBatch.BURST_FRAMES;

    private final FramePool pool;
    private final CounterTable counters;
    private final CaptureTap tap;
    private Coalescer coalescer = new Coalescer();
    private final FrameBatch inner = new FrameBatch(ROOM_FRAMES);
    private final Coalescer.Losses losses = this::lost;
    private int lostFrames;

    Decapsulator(FramePool pool, CounterTable counters, CaptureTap tap) {
        this.pool = pool;
        this.counters = counters;
        this.tap = tap;
    }

    /** Whether {@link #add} has room for all that is in the frame; the batch must be taken before when not. */
    boolean hasRoomFor(Frame received) {
        return inner.isEmpty() || inner.room() >= Coalescer.datagrams(received);
    }

    /** Takes over a datagram or a train of them; {@link Frame#inPort()} is set. */
    void add(Frame received, TunnelKind kind) {
        PortCounters port = counters.of(received.inPort());
        port.add(PortCounters.Kind.RX_BYTES, received.length());
        int before = inner.size();
        lostFrames = 0;
        int datagrams = kind == TunnelKind.GRE ? addGre(received) : addUdp(received, kind);
        port.add(PortCounters.Kind.RX_FRAMES, datagrams);
        int merged = datagrams - lostFrames - (inner.size() - before);
        if (merged > 0) {
            port.add(PortCounters.Kind.MERGED, merged);
        }
    }

    private int addUdp(Frame received, TunnelKind kind) {
        if (TunnelledTrain.pop(received, kind)) {
            DropReason lost = Ecn.decapsulate(received);
            if (lost == null) {
                inner.add(received);
            } else {
                lose(received, lost);
            }
            return 1;
        }
        return coalescer.addTrain(received, kind, pool, inner, losses);
    }

    private int addGre(Frame received) {
        DropReason malformed = Gre.pop(received);
        DropReason lost = malformed == null ? Ecn.decapsulate(received) : malformed;
        if (lost == null) {
            coalescer.add(received, pool, inner);
        } else {
            lose(received, lost);
        }
        return 1;
    }

    private void lose(Frame received, DropReason reason) {
        lost(received, reason);
        pool.release(received);
    }

    private void lost(Frame received, DropReason reason) {
        counters.of(received.inPort()).drop(reason, 1);
        if (tap.isActive()) {
            if (reason == DropReason.TUNNEL_CE_NOT_ECT) {
                tap.dropped(received.inPort(), received, reason); // its tunnel header is off
            } else {
                tap.droppedOuter(received, reason);
            }
        }
        lostFrames++;
    }

    /** Forgets what it gathered, after an error. */
    void abandon() {
        coalescer = new Coalescer();
        inner.clear();
    }

    /** The inner frames that gathered, finished; the caller owns them and clears the batch. */
    FrameBatch take() {
        coalescer.flush();
        return inner;
    }
}
