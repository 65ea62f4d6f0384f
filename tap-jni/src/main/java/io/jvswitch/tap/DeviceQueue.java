package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue of whole Ethernet frames behind a virtio-net header, which is read and written in the frame's headroom, right
 * before its first byte: transmitting overwrites up to 24 bytes there. A queue without such headers refuses a frame
 * that needs an offload.
 */
abstract sealed class DeviceQueue extends BurstQueue implements PortQueue permits TapQueue, PacketQueue {

    /** What every kernel accepts that knows the virtio-net header: it segments what the receiver cannot take whole. */
    private static final int SUPERFRAMES = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN;

    final int headerBytes;

    private final int offloads;

    /**
     * @param headerBytes size of the virtio-net header, 0 for none
     * @param takesUso whether the kernel knows UDP superframes (Linux 6.2)
     */
    DeviceQueue(Descriptor descriptor, int headerBytes, boolean takesUso, String transmitCall) {
        super(descriptor, headerBytes, transmitCall);
        this.headerBytes = headerBytes;
        this.offloads = headerBytes == 0 ? Offload.NONE : takesUso ? SUPERFRAMES | Offload.USO : SUPERFRAMES;
    }

    /**
     * Sets the length and the offload fields of a received frame.
     *
     * @param length bytes without the virtio-net header; negative when the kernel delivered less than one
     * @return why it is refused, or null
     */
    final @Nullable DropReason describe(Frame frame, int length) {
        if (length < 0 || !frame.resize(length)) {
            return DropReason.RX_ERROR;
        }
        return headerBytes > 0 ? OffloadHeader.read(frame, headerBytes) : null;
    }

    @Override
    final int load(FrameBatch batch, int from) {
        int count = Math.min(BurstTable.SLOTS, batch.size() - from);
        for (int slot = 0; slot < count; slot++) {
            Frame frame = batch.get(from + slot);
            DropReason failure = writeHeader(frame);
            if (failure != null) {
                refuse(failure);
                return slot;
            }
            sending.load(slot, frame, frame.start() - headerBytes, frame.length() + headerBytes);
        }
        return count;
    }

    private @Nullable DropReason writeHeader(Frame frame) {
        if (headerBytes > 0) {
            return OffloadHeader.write(frame, headerBytes);
        }
        boolean unfinished = frame.gsoType() != Frame.GSO_NONE || frame.checksumState() == Frame.CSUM_PARTIAL;
        return unfinished ? DropReason.OFFLOAD_INVALID : null;
    }

    @Override
    final DropReason sendError(int errno) {
        return TransmitFailure.ofDevice(errno);
    }

    /**
     * With a virtio-net header, every kind of superframe that the kernel knows, whatever the device itself supports:
     * the kernel segments what the device cannot.
     */
    @Override
    public final int offloads() {
        return offloads;
    }
}
