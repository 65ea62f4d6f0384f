package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;

/**
 * One queue of a {@link TapDevice}: what the device's owner (a guest, a container, the host) sends arrives here; what
 * is transmitted here, the owner receives.
 *
 * <p>With a virtio-net header (the default) the header is read and written in the frame's headroom, right before its
 * first byte: transmitting overwrites up to 24 bytes there. Without one, a frame that needs an offload is refused.
 *
 * <p>{@link #offloads()} does not depend on the offloads that the device was opened with: those say what it may hand
 * us; what we hand it goes up its owner's stack as from a NIC that merges segments.
 *
 * <p>Owned by one worker; {@link #fd()} may be read by any thread. {@link #close()} is for the owner, or for another
 * thread once the owner has stopped.
 */
public final class TapQueue extends DeviceQueue {

    private final boolean detachable;

    /** @param takesUso whether the kernel knows UDP superframes (Linux 6.2) */
    TapQueue(Descriptor descriptor, boolean detachable, int headerBytes, boolean takesUso) {
        super(descriptor, headerBytes, takesUso, "write");
        this.detachable = detachable;
    }

    @Override
    int fill(int fd, int ready, int taken, FramePool pool) {
        return NativeCalls.tapReceive(receiving.address(), fd, ready);
    }

    @Override
    void deliver(int filled, int taken, boolean drained, FramePool pool, FrameBatch into) {
        for (int slot = 0; slot < filled; slot++) {
            Frame frame = receiving.takeFrame(slot);
            boolean truncated = (receiving.flags(slot) & BurstTable.TRUNCATED) != 0;
            DropReason failure =
                    truncated ? DropReason.RX_TOO_LONG : describe(frame, receiving.length(slot) - headerBytes);
            if (failure == null) {
                into.add(frame);
            } else {
                countLoss(failure);
                pool.release(frame);
            }
        }
    }

    @Override
    int send(int fd, int loaded) {
        return NativeCalls.tapTransmit(sending.address(), fd, loaded);
    }

    /**
     * Closes the queue; a multi-queue device's remaining queues take over its flows. The device itself stays until
     * {@link TapDevice#close()}.
     */
    @Override
    public void close() {
        int fd = descriptor.get();
        if (detachable && fd != Descriptor.CLOSED) {
            // The device keeps a duplicate of the first queue's descriptor, so closing alone would not end the queue.
            NativeCalls.tapDetach(fd);
        }
        super.close();
    }
}
