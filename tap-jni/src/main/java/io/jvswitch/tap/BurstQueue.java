package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * Moves bursts of frames between batches and a file descriptor, through tables of slots: the loops, failures and
 * counters that all kinds of queue share. Each kind says how its slots become frames, and frames slots.
 *
 * <p>The methods that a kind implements are called once per burst, never per frame: a process has queues of several
 * kinds, so the compiler cannot inline these calls, and next to a system call for 4 to 64 frames they cost nothing. The
 * loop over the frames of a burst is the kind's own, and can be inlined completely.
 *
 * <p>Owned by one worker; {@link #fd()} may be read by any thread. {@link #close()} is for the owner, or for another
 * thread once the owner has stopped.
 */
abstract sealed class BurstQueue implements AutoCloseable permits DeviceQueue, DatagramQueue {

    final Descriptor descriptor;
    final BurstTable receiving = new BurstTable();
    final BurstTable sending = new BurstTable();

    private final int prefixBytes;
    private final String transmitCall;

    private @Nullable DropReason transmitFailure;
    private int transmitErrno;
    private @Nullable DropReason receiveFailure;
    private int receiveDrops;

    /**
     * @param prefixBytes bytes that the kernel delivers before a frame's first byte, into the headroom
     * @param transmitCall name of the system call that {@link #send} makes, for messages
     */
    BurstQueue(Descriptor descriptor, int prefixBytes, String transmitCall) {
        this.descriptor = descriptor;
        this.prefixBytes = prefixBytes;
        this.transmitCall = transmitCall;
    }

    /**
     * Lets the kernel fill slots, from slot 0 on.
     *
     * @param ready how many slots are prepared, at least 1
     * @param taken how many slots were filled before by the same {@link #receive}
     * @return how many were filled, or -errno when there was an error before the first
     */
    abstract int fill(int fd, int ready, int taken, FramePool pool);

    /**
     * Makes frames of the filled slots: takes each with {@link BurstTable#takeFrame} and adds it to the batch, or
     * returns it to the pool after {@link #countLoss}. Called after each {@link #fill}, even when nothing was filled.
     *
     * @param taken how many slots were filled before by the same {@link #receive}
     * @param drained whether the kernel had less than was asked for
     */
    abstract void deliver(int filled, int taken, boolean drained, FramePool pool, FrameBatch into);

    /** The reason that is counted when the kernel answers a receive with an error. */
    DropReason receiveError(int errno) {
        return DropReason.RX_ERROR;
    }

    /**
     * Makes slots of frames, from slot 0 on: at most {@link BurstTable#SLOTS}. Stops at the first frame that cannot be
     * sent, and says why by {@link #refuse}.
     *
     * @param from index of the first frame, which exists
     * @return how many slots were loaded
     */
    abstract int load(FrameBatch batch, int from);

    /** Sends loaded slots; returns how many were sent. The status of the next one says why it was not. */
    abstract int send(int fd, int loaded);

    /** The reason for an error number of {@link #send}. */
    abstract DropReason sendError(int errno);

    /** {@link PortQueue#receive}. */
    public final int receive(FramePool pool, FrameBatch into) {
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED) {
            return PortQueue.GONE;
        }
        int before = into.size();
        int taken = 0;
        while (!into.isFull()) {
            int ready = receiving.prepare(pool, into.room(), prefixBytes);
            int outcome = ready == 0 ? 0 : fill(fd, ready, taken, pool);
            int filled = Math.max(outcome, 0);
            receiving.returnUnfilled(pool, filled, ready);
            deliver(filled, taken, filled < ready, pool, into);
            if (outcome < 0) {
                if (Errno.isGone(-outcome)) {
                    return into.size() > before ? into.size() - before : PortQueue.GONE;
                }
                countLoss(receiveError(-outcome));
            }
            if (filled < ready || ready == 0) {
                break;
            }
            taken += filled;
        }
        return into.size() - before;
    }

    /** Counts a frame that was lost on receipt. */
    final void countLoss(DropReason reason) {
        receiveFailure = reason;
        receiveDrops++;
    }

    /** {@link PortQueue#transmit}. */
    public final int transmit(FrameBatch batch, int from) {
        transmitErrno = 0;
        transmitFailure = null;
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED) {
            transmitFailure = from < batch.size() ? DropReason.TX_DEVICE_GONE : null;
            return 0;
        }
        int at = from;
        while (at < batch.size() && transmitFailure == null) {
            int loaded = load(batch, at);
            int sent = loaded == 0 ? 0 : send(fd, loaded);
            if (sent < loaded) {
                transmitErrno = sending.errno(sent);
                transmitFailure = sendError(transmitErrno);
            }
            at += sent;
        }
        return at - from;
    }

    /** Says why the frame after the loaded ones cannot be sent. */
    final void refuse(DropReason reason) {
        transmitFailure = reason;
    }

    /** {@link PortQueue#transmitFailure}. */
    public final @Nullable DropReason transmitFailure() {
        return transmitFailure;
    }

    /** {@link PortQueue#transmitError}. */
    public final @Nullable String transmitError() {
        return TransmitFailure.text(transmitCall, transmitErrno);
    }

    /** {@link PortQueue#takeReceiveDrops}. */
    public int takeReceiveDrops() {
        int drops = receiveDrops;
        receiveDrops = 0;
        return drops;
    }

    /** {@link PortQueue#receiveFailure}. */
    public @Nullable DropReason receiveFailure() {
        return receiveFailure;
    }

    /** {@link PortQueue#fd}. */
    public final int fd() {
        return descriptor.get();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
