package io.jvswitch.datapath.worker;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A device that gives the same frame in every burst and takes all it is given, and allocates nothing for it. For one
 * thread.
 */
public final class LoopQueue implements PortQueue {

    private final MemorySegment frameBytes;
    private int left;

    public LoopQueue(byte[] frame) {
        frameBytes = MemorySegment.ofArray(frame);
    }

    /** Another burst arrives. */
    public void refill() {
        left = FrameBatch.BURST_FRAMES;
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        int received = 0;
        while (left > 0 && !into.isFull()) {
            Frame frame = pool.take();
            if (frame == null || !frame.resize((int) frameBytes.byteSize())) {
                throw new IllegalStateException("no frame for a burst");
            }
            MemorySegment.copy(frameBytes, 0, frame.segment(), frame.start(), frameBytes.byteSize());
            into.add(frame);
            left--;
            received++;
        }
        return received;
    }

    @Override
    public int transmit(FrameBatch batch, int from) {
        return batch.size() - from;
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return null;
    }

    @Override
    public @Nullable String transmitError() {
        return null;
    }

    @Override
    public int takeReceiveDrops() {
        return 0;
    }

    @Override
    public int fd() {
        return -1;
    }
}
