package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a {@link TapDevice}: what the device's owner (a guest, a container, the host) sends arrives here, what
 * is transmitted here the owner receives.
 *
 * <p>With a virtio-net header (the default) the header is read and written in the frame's headroom, right before its
 * first byte: transmitting overwrites up to 24 bytes there. Without one, a frame that wants an offload is refused.
 *
 * <p>Owned by one worker; {@link #fd()} may be read by any thread. {@link #close()} is for the owner, or for another
 * thread once the owner has stopped.
 */
public final class TapQueue implements PortQueue, AutoCloseable {

    /**
     * What every kernel takes that knows the virtio-net header (Linux 2.6.27): it segments what the owner cannot take
     * whole.
     */
    private static final int SUPERFRAMES = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN;

    private final Descriptor descriptor;
    private final boolean detachable;
    private final int headerBytes;
    private final int offloads;
    private final BurstTable receiving = new BurstTable();
    private final BurstTable sending = new BurstTable();

    private @Nullable DropReason transmitFailure;
    private int transmitErrno;
    private @Nullable DropReason receiveFailure;
    private int receiveDrops;

    /** @param takesUso whether the kernel knows UDP superframes (Linux 6.2) */
    TapQueue(Descriptor descriptor, boolean detachable, int headerBytes, boolean takesUso) {
        this.descriptor = descriptor;
        this.detachable = detachable;
        this.headerBytes = headerBytes;
        this.offloads = headerBytes == 0 ? Offload.NONE : takesUso ? SUPERFRAMES | Offload.USO : SUPERFRAMES;
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED) {
            return GONE;
        }
        int before = into.size();
        while (!into.isFull()) {
            int ready = receiving.arm(pool, into.room(), headerBytes);
            int got = ready == 0 ? 0 : NativeCalls.tapReceive(receiving.address(), fd, ready);
            int filled = Math.max(got, 0);
            receiving.settle(pool, filled, ready);
            for (int i = 0; i < filled; i++) {
                deliver(receiving.disarm(i), i, pool, into);
            }
            if (got < 0) {
                if (Errno.isGone(-got)) {
                    return into.size() > before ? into.size() - before : GONE;
                }
                lose(DropReason.RX_ERROR);
            }
            if (filled < ready || ready == 0) {
                break;
            }
        }
        return into.size() - before;
    }

    private void deliver(Frame frame, int slot, FramePool pool, FrameBatch into) {
        int length = receiving.length(slot) - headerBytes;
        DropReason failure = DropReason.RX_TOO_LONG;
        if ((receiving.flags(slot) & BurstTable.TRUNCATED) == 0) {
            failure = length < 0 || !frame.resize(length) ? DropReason.RX_ERROR : null;
            if (failure == null && headerBytes > 0) {
                failure = OffloadHeader.read(frame, headerBytes);
            }
        }
        if (failure == null) {
            into.add(frame);
        } else {
            lose(failure);
            pool.release(frame);
        }
    }

    private void lose(DropReason reason) {
        receiveFailure = reason;
        receiveDrops++;
    }

    @Override
    public int transmit(FrameBatch batch, int from) {
        transmitErrno = 0;
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED) {
            transmitFailure = from < batch.size() ? DropReason.TX_DEVICE_GONE : null;
            return 0;
        }
        int at = from;
        DropReason failure = null;
        while (at < batch.size() && failure == null) {
            int loaded = 0;
            while (loaded < BurstTable.SLOTS && at + loaded < batch.size() && failure == null) {
                failure = load(loaded, batch.get(at + loaded));
                if (failure == null) {
                    loaded++;
                }
            }
            int sent = loaded == 0 ? 0 : NativeCalls.tapTransmit(sending.address(), fd, loaded);
            if (sent < loaded) {
                transmitErrno = sending.errno(sent);
                failure = TransmitFailure.ofDevice(transmitErrno);
            }
            at += sent;
        }
        transmitFailure = failure;
        return at - from;
    }

    private @Nullable DropReason load(int slot, Frame frame) {
        if (headerBytes > 0) {
            DropReason failure = OffloadHeader.write(frame, headerBytes);
            if (failure != null) {
                return failure;
            }
        } else if (frame.gsoType() != Frame.GSO_NONE || frame.checksumState() == Frame.CSUM_PARTIAL) {
            return DropReason.OFFLOAD_INVALID;
        }
        sending.load(slot, frame, frame.start() - headerBytes, frame.length() + headerBytes);
        return null;
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return transmitFailure;
    }

    @Override
    public @Nullable String transmitError() {
        return TransmitFailure.text("write", transmitErrno);
    }

    @Override
    public int takeReceiveDrops() {
        int drops = receiveDrops;
        receiveDrops = 0;
        return drops;
    }

    @Override
    public @Nullable DropReason receiveFailure() {
        return receiveFailure;
    }

    /**
     * With a virtio-net header every kind of superframe that the kernel knows, whatever offloads the device was opened
     * with: those say what it may hand us, and what it is handed goes up its owner's stack as from a NIC that merges.
     */
    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public int fd() {
        return descriptor.get();
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
        descriptor.close();
    }
}
