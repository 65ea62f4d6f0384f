package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.VirtioNetHeader;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a {@link PacketDevice}: what the device receives arrives here, what is transmitted here leaves by the
 * device.
 *
 * <p>The virtio-net header is read and written in the frame's headroom, right before its first byte, as in {@link
 * TapQueue}. A VLAN tag that the kernel took out of a frame is put back, so that frames look as they did on the wire.
 *
 * <p>Superframes of more than 64 KB (BIG TCP) are longer than a frame's buffer; what does not fit goes to the pool's
 * {@link FramePool#spill()}. That memory is mapped as soon as a queue has delivered a superframe of {@value
 * #SPILLING_BYTES} bytes: a TCP connection that speeds up sends one of those first.
 *
 * <p>Frames that the kernel dropped because this socket's buffer was full are counted as received and dropped ({@link
 * DropReason#RX_OVERRUN}) once the socket has run empty, or some bursts later.
 *
 * <p>Owned by one worker; {@link #fd()} may be read by any thread. {@link #close()} is for the owner, or for another
 * thread once the owner has stopped; the device's remaining queues take over its flows.
 */
public final class PacketQueue extends DeviceQueue {

    /** {@code struct virtio_net_hdr}: what every kernel has whose packet sockets know superframes (Linux 2.6.34). */
    static final int HEADER_BYTES = VirtioNetHeader.LEGACY_BYTES;

    /** How many bursts may pass between queries of the kernel's drop counter when the socket never runs empty. */
    private static final int BURSTS_PER_QUERY = 256;

    /** A device that delivers superframes of this length may deliver longer ones too, and gets spill memory. */
    private static final int SPILLING_BYTES = 16_384;

    /** Spill memory for one frame: the rest of the longest superframe, {@code GSO_MAX_SIZE}: 524,280 bytes. */
    private static final int SPILL_BYTES = 1 << 19;

    private int kernelDrops;
    private boolean kernelDropsTold;
    private int burstsSinceQuery;
    private boolean spilling;

    /** @param takesUso whether the kernel knows UDP superframes (Linux 6.2) */
    PacketQueue(Descriptor descriptor, boolean takesUso) {
        super(descriptor, HEADER_BYTES, takesUso, "sendmmsg");
    }

    @Override
    int fill(int fd, int ready, int taken, FramePool pool) {
        long spill = spilling ? spillAddress(pool, taken, ready) : 0;
        return NativeCalls.packetReceive(receiving.address(), fd, ready, spill, spill == 0 ? 0 : SPILL_BYTES);
    }

    /**
     * The address for what does not fit the buffers of the next frames of a batch; 0 when there is no memory for it.
     */
    private static long spillAddress(FramePool pool, int taken, int frames) {
        MemorySegment spill = pool.spill();
        if (spill == null) {
            spill = MappedMemory.map((long) FrameBatch.BURST_FRAMES * SPILL_BYTES);
            if (spill == null) {
                return 0;
            }
            pool.setSpill(spill);
        }
        long at = (long) taken * SPILL_BYTES;
        return at + (long) frames * SPILL_BYTES <= spill.byteSize() ? spill.address() + at : 0;
    }

    @Override
    void deliver(int filled, int taken, boolean drained, FramePool pool, FrameBatch into) {
        for (int slot = 0; slot < filled; slot++) {
            Frame frame = receiving.takeFrame(slot);
            DropReason failure = describe(frame, slot, (taken + slot) * SPILL_BYTES);
            if (failure == null) {
                into.add(frame);
            } else {
                countLoss(failure);
                pool.release(frame);
            }
        }
        queryDrops(filled);
    }

    private @Nullable DropReason describe(Frame frame, int slot, int spillAt) {
        int length = receiving.length(slot) - HEADER_BYTES;
        if (length >= SPILLING_BYTES) {
            spilling = true;
            int excess = length - (frame.capacity() - frame.start());
            if (excess > 0) {
                length -= excess;
                frame.setExcess(spillAt, excess);
            }
        }
        int flags = receiving.flags(slot);
        if ((flags & BurstTable.TRUNCATED) != 0) {
            return DropReason.RX_TOO_LONG;
        }
        DropReason failure = describe(frame, length);
        if (failure == null && (flags & BurstTable.TAGGED) != 0) {
            failure = putTagBack(frame, receiving.vlanTpid(slot), receiving.vlanTci(slot));
        }
        return failure;
    }

    private static @Nullable DropReason putTagBack(Frame frame, int tpid, int tci) {
        // Anything shorter than two addresses has no place for a tag, and is not a frame.
        return frame.length() < EthernetHeader.TYPE_OFFSET ? DropReason.RX_ERROR : VlanTag.push(frame, tpid, tci);
    }

    @Override
    DropReason receiveError(int errno) {
        return errno == Errno.EINVAL ? DropReason.RX_OFFLOAD_UNKNOWN : super.receiveError(errno);
    }

    /**
     * Queries the kernel's drop counter whenever the socket has run empty, and now and then while it does not. The
     * kernel drops only while the buffer is full, so after the last drop there is always a burst, and then an empty
     * one.
     */
    private void queryDrops(int filled) {
        if (filled > 0) {
            burstsSinceQuery++;
        }
        if (filled == 0 && burstsSinceQuery > 0 || burstsSinceQuery >= BURSTS_PER_QUERY) {
            burstsSinceQuery = 0;
            kernelDrops += Math.max(0, NativeCalls.packetDrops(fd()));
        }
    }

    @Override
    int send(int fd, int loaded) {
        return NativeCalls.packetTransmit(sending.address(), fd, loaded);
    }

    @Override
    public int takeReceiveDrops() {
        int drops = super.takeReceiveDrops();
        kernelDropsTold = drops == 0 && kernelDrops > 0;
        if (kernelDropsTold) {
            drops = kernelDrops;
            kernelDrops = 0;
        }
        return drops;
    }

    @Override
    public @Nullable DropReason receiveFailure() {
        return kernelDropsTold ? DropReason.RX_OVERRUN : super.receiveFailure();
    }
}
