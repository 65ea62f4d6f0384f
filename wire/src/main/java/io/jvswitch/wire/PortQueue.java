package io.jvswitch.wire;

import org.jspecify.annotations.Nullable;

/**
 * One worker's queue of one port: where frames come from and go to. It may be a TAP queue, a UDP or raw IP socket of
 * the underlay, or an in-memory link in a test.
 *
 * <p>Calls never block and never allocate. Owned by one worker; only {@link #fd()} may be read by other threads.
 */
public interface PortQueue {

    /**
     * Takes a burst from the device.
     *
     * <p>Each frame comes from {@code pool}, is appended to {@code into} and belongs to the caller. A socket of the
     * underlay sets the frame's remote and local address and leaves the tunnel header as the frame's first byte; a
     * device with a virtio-net header sets the offload fields.
     *
     * @return frames appended; 0 when the device has none at the moment; {@link #GONE} when it will never have one
     *     again (deleted, closed): the worker stops visiting the queue and tells the conductor
     */
    int receive(FramePool pool, FrameBatch into);

    /**
     * Hands frames to the device, in order, from {@code from} on.
     *
     * <p>The frames stay in the batch and the caller keeps them: those that were taken can be released. When fewer than
     * all were taken, {@link #transmitFailure()} says why the next one was not; the caller drops or keeps it, and may
     * go on with the one after it.
     *
     * @return frames taken, counted from {@code from}
     */
    int transmit(FrameBatch batch, int from);

    /** Why the last {@link #transmit} stopped, null when everything was taken. */
    @Nullable
    DropReason transmitFailure();

    /**
     * The call and the kernel's error behind {@link #transmitFailure()}, for the log: {@code sendmmsg: EPERM (...)}.
     * Null if it was not the kernel that refused. This method allocates: do not call it for every frame.
     */
    default @Nullable String transmitError() {
        return null;
    }

    /**
     * Frames lost by {@link #receive} since the last call, because there was no pooled buffer or they were too long for
     * one.
     */
    default int takeReceiveDrops() {
        return 0;
    }

    /**
     * Why the frames that {@link #takeReceiveDrops} counts were lost: the last one's reason if they differ; null before
     * the first.
     */
    default @Nullable DropReason receiveFailure() {
        return null;
    }

    /**
     * What {@link #transmit} leaves to the device: a set of {@link Offload} bits, the same for as long as the queue is
     * open. A frame that needs more must be finished first: {@link Offload#needed} tells.
     */
    default int offloads() {
        return Offload.NONE;
    }

    /**
     * The descriptor that becomes readable when there is something to receive, or -1 if there is none (in-memory
     * ports).
     */
    int fd();

    /** {@link #receive}: the device has gone. */
    int GONE = -1;
}
