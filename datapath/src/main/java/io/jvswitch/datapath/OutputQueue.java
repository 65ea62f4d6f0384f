package io.jvswitch.datapath;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * What gathers for one device during a burst, and goes out at its end in one call. Counters are bumped after the kernel
 * took the frames. Owned by one worker.
 */
final class OutputQueue {

    private final Worker worker;
    private final PortQueue queue;
    private final PortCounters counters;
    private final FramePool pool;
    private final FrameBatch batch = new FrameBatch(FrameBatch.BURST_FRAMES);

    OutputQueue(Worker worker, PortQueue queue, PortCounters counters, FramePool pool) {
        this.worker = worker;
        this.queue = queue;
        this.counters = counters;
        this.pool = pool;
    }

    /** Takes the frame over. Returns whether the batch was empty before, hence must be remembered for the flush. */
    boolean add(Frame frame) {
        if (batch.isFull()) {
            flush();
        }
        boolean first = batch.isEmpty();
        batch.add(frame);
        return first;
    }

    /** Transmits everything, drops what the device refuses, releases all. */
    void flush() {
        int from = 0;
        long bytes = 0;
        long frames = 0;
        while (from < batch.size()) {
            int taken = queue.transmit(batch, from);
            for (int i = from; i < from + taken; i++) {
                bytes += batch.get(i).length();
            }
            frames += taken;
            from += taken;
            DropReason failure = queue.transmitFailure();
            if (failure == null || from >= batch.size()) {
                continue;
            }
            if (failure == DropReason.TX_TOO_BIG) {
                worker.pathTooBig(batch.get(from));
            }
            int refused = isOfDevice(failure) ? batch.size() - from : 1;
            counters.drop(failure, refused);
            from += refused;
        }
        if (frames > 0) {
            counters.add(PortCounters.Kind.TX_FRAMES, frames);
            counters.add(PortCounters.Kind.TX_BYTES, bytes);
        }
        batch.releaseAll(pool);
    }

    /** Whether every further frame would meet the same failure now, so that trying costs system calls for nothing. */
    private static boolean isOfDevice(@Nullable DropReason failure) {
        return failure == DropReason.TX_QUEUE_FULL
                || failure == DropReason.TX_DEVICE_DOWN
                || failure == DropReason.TX_DEVICE_GONE;
    }
}
