package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.offload.Coalescer;
import io.jvswitch.encap.offload.DatagramCoalescer;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * What gathers for one device during a burst, and goes out at its end in one call. A frame that the device does not
 * take as it is ({@link PortQueue#offloads()}) is finished first; small datagrams of one flow cross together where it
 * takes UDP superframes. Counters are bumped after the kernel took the frames. Owned by one worker.
 */
final class OutputQueue {

    private final WorkerReports reports;
    private final int port;
    /** Set for a socket of the underlay. */
    private final @Nullable TunnelKind tunnel;

    private final PortQueue queue;
    private final int offloads;
    private final PortCounters counters;
    private final FramePool pool;
    private final Finisher finisher;
    private final CaptureTap tap;
    private final FrameBatch batch = new FrameBatch(FrameBatch.BURST_FRAMES);
    /** For each frame of the batch, how many it stands for in the counters, and their bytes. */
    private final int[] frames = new int[FrameBatch.BURST_FRAMES];

    private final long[] bytes = new long[FrameBatch.BURST_FRAMES];
    /** Null for a device that does not take UDP superframes. */
    private @Nullable DatagramCoalescer coalescer;

    /** When the conductor was last told of a refusal: {@link WorkerReports#second()}. */
    private long refusalSecond = Long.MIN_VALUE;

    /** Whether {@link Outputs} knows that there is something to flush. */
    boolean expected;

    OutputQueue(
            WorkerReports reports,
            int port,
            @Nullable TunnelKind tunnel,
            PortQueue queue,
            PortCounters counters,
            FramePool pool,
            Finisher finisher,
            CaptureTap tap) {
        this.reports = reports;
        this.port = port;
        this.tunnel = tunnel;
        this.queue = queue;
        this.offloads = queue.offloads();
        this.counters = counters;
        this.pool = pool;
        this.finisher = finisher;
        this.tap = tap;
        coalescer = takes(Offload.USO | Offload.CHECKSUM) ? new DatagramCoalescer() : null;
    }

    /** What its datagrams carry, null for a local port. */
    @Nullable
    TunnelKind tunnel() {
        return tunnel;
    }

    /** Whether the device takes frames that need all of these {@link Offload} bits. */
    boolean takes(int needed) {
        return (needed & ~offloads) == 0;
    }

    /** Takes the frame over, and finishes it where the device does not. */
    void add(Frame frame) {
        // what leaves by a socket is finished when it is encapsulated, and a train is no Ethernet superframe
        if (takes(Offload.TRAINS) || takes(Offload.needed(frame))) {
            append(frame);
        } else {
            finisher.finish(frame, this);
        }
    }

    /** Takes over a frame that the device takes. */
    void append(Frame frame) {
        int joined = coalescer == null ? DatagramCoalescer.NONE : coalescer.join(frame);
        if (joined != DatagramCoalescer.NONE) {
            frames[joined]++;
            bytes[joined] += frame.length();
            pool.release(frame);
            return;
        }
        if (batch.isFull()) {
            flush();
        }
        int place = batch.size();
        frames[place] = takes(Offload.TRAINS) ? datagrams(frame) : 1;
        bytes[place] = frame.length();
        if (coalescer != null) {
            coalescer.begin(frame, place);
        }
        batch.add(frame);
    }

    /** Transmits everything, drops what the device refuses, releases all. */
    void flush() {
        boolean done = false;
        try {
            transmitAll();
            batch.releaseAll(pool);
            done = true;
        } finally {
            if (!done) {
                abandon();
            }
        }
    }

    /** Forgets what gathered, after an error: nothing of it is sent a second time. */
    private void abandon() {
        batch.clear();
        if (coalescer != null) {
            coalescer = new DatagramCoalescer();
        }
    }

    private void transmitAll() {
        if (coalescer != null) {
            coalescer.finish();
        }
        int from = 0;
        while (from < batch.size()) {
            int taken = queue.transmit(batch, from);
            countSent(from, taken);
            if (tap.isActive()) {
                captureSent(from, taken);
            }
            from += taken;
            DropReason failure = queue.transmitFailure();
            if (failure == null || from >= batch.size()) {
                continue;
            }
            if (failure == DropReason.TX_TOO_BIG) {
                reports.pathTooBig(batch.get(from));
            }
            if (failure == DropReason.TX_REFUSED && refusalSecond != reports.second()) {
                refusalSecond = reports.second();
                reports.refused(port, queue.transmitError(), batch.get(from));
            }
            int next = isOfDevice(failure) ? batch.size() : from + 1;
            for (; from < next; from++) {
                counters.drop(failure, frames[from]);
                if (tap.isActive()) {
                    captureRefused(batch.get(from), failure);
                }
            }
        }
    }

    private void captureSent(int from, int taken) {
        for (int i = from; i < from + taken; i++) {
            Frame frame = batch.get(i);
            if (tunnel == null) {
                tap.sent(port, frame);
            } else {
                tap.tunnelled(tunnel, frame, null);
            }
        }
    }

    private void captureRefused(Frame frame, DropReason reason) {
        if (tunnel == null) {
            tap.refused(port, frame, reason);
        } else {
            tap.tunnelled(tunnel, frame, reason);
        }
    }

    private void countSent(int from, int taken) {
        long sentFrames = 0;
        long sentBytes = 0;
        for (int i = from; i < from + taken; i++) {
            sentFrames += frames[i];
            sentBytes += bytes[i];
        }
        if (sentFrames > 0) {
            counters.add(PortCounters.Kind.TX_FRAMES, sentFrames);
            counters.add(PortCounters.Kind.TX_BYTES, sentBytes);
        }
    }

    /** Datagrams in a frame for a socket: 1 unless it is a train. */
    static int datagrams(Frame frame) {
        return frame.gsoType() == Frame.GSO_UDP_L4 ? Coalescer.datagrams(frame) : 1;
    }

    /** Whether every further frame would meet the same failure now, so that trying costs system calls for nothing. */
    private static boolean isOfDevice(@Nullable DropReason failure) {
        return failure == DropReason.TX_QUEUE_FULL
                || failure == DropReason.TX_DEVICE_DOWN
                || failure == DropReason.TX_DEVICE_GONE;
    }
}
