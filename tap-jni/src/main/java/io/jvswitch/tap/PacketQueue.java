package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.VirtioNetHeader;
import io.jvswitch.wire.VlanTag;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a {@link PacketDevice}: what the device receives arrives here, what is transmitted here leaves by the
 * device.
 *
 * <p>The virtio-net header is read and written in the frame's headroom, right before its first byte, as in {@link
 * TapQueue}. A VLAN tag that the kernel took out of a frame is put back in front, so that frames look as they did on
 * the wire.
 *
 * <p>Superframes of more than 64 KB (BIG TCP) are longer than a frame's buffer; their ends go to the pool's {@link
 * FramePool#spill()}. That is asked for as soon as a queue has delivered a superframe of {@value #SPILLING_BYTES}
 * bytes, which a TCP that becomes faster does first.
 *
 * <p>Frames that the kernel dropped because this socket's buffer was full are counted as received and dropped
 * ({@link DropReason#RX_OVERRUN}) when the socket has run empty, or some bursts later.
 *
 * <p>Owned by one worker; {@link #fd()} may be read by any thread. {@link #close()} is for the owner, or for another
 * thread once the owner has stopped.
 */
public final class PacketQueue implements PortQueue, AutoCloseable {

    /** {@code struct virtio_net_hdr}: what every kernel has whose packet sockets know superframes (Linux 2.6.34). */
    static final int HEADER_BYTES = VirtioNetHeader.LEGACY_BYTES;

    private static final int SUPERFRAMES = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN;

    private static final int ADDRESSES_BYTES = 12;

    /** How many bursts there may be before the kernel is asked for its drops, when the socket never runs empty. */
    private static final int BURSTS_PER_QUERY = 256;

    /** A device that delivers so long ones may deliver any: its frames get room for their ends. */
    private static final int SPILLING_BYTES = 16_384;

    /** For the end of the longest superframe, {@code GSO_MAX_SIZE}: 524,280 bytes. */
    private static final int SPILL_BYTES = 1 << 19;

    private final Descriptor descriptor;
    private final int offloads;
    private final BurstTable receiving = new BurstTable();
    private final BurstTable sending = new BurstTable();

    private @Nullable DropReason transmitFailure;
    private int transmitErrno;
    private @Nullable DropReason receiveFailure;
    private int receiveDrops;
    private int kernelDrops;
    private int burstsSinceAsked;
    private boolean spilling;

    /** @param takesUso whether the kernel knows UDP superframes (Linux 6.2) */
    PacketQueue(Descriptor descriptor, boolean takesUso) {
        this.descriptor = descriptor;
        this.offloads = takesUso ? SUPERFRAMES | Offload.USO : SUPERFRAMES;
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED) {
            return GONE;
        }
        int before = into.size();
        int spillAt = 0;
        while (!into.isFull()) {
            int ready = receiving.arm(pool, into.room(), HEADER_BYTES);
            long spill = spilling ? spillAddress(pool, spillAt, ready) : 0;
            int got = ready == 0
                    ? 0
                    : NativeCalls.packetReceive(receiving.address(), fd, ready, spill, spill == 0 ? 0 : SPILL_BYTES);
            int filled = Math.max(got, 0);
            receiving.settle(pool, filled, ready);
            for (int i = 0; i < filled; i++) {
                deliver(receiving.disarm(i), i, spillAt, pool, into);
                spillAt += SPILL_BYTES;
            }
            if (got < 0) {
                if (Errno.isGone(-got)) {
                    return into.size() > before ? into.size() - before : GONE;
                }
                lose(got == -Errno.EINVAL ? DropReason.RX_OFFLOAD_UNKNOWN : DropReason.RX_ERROR);
            }
            askForDrops(fd, filled);
            if (filled < ready || ready == 0) {
                break;
            }
        }
        return into.size() - before;
    }

    /** Where the ends of so many frames go; 0 when there is no memory for them. */
    private static long spillAddress(FramePool pool, int at, int frames) {
        MemorySegment spill = pool.spill();
        if (spill == null) {
            spill = MappedMemory.map((long) FrameBatch.BURST_FRAMES * SPILL_BYTES);
            if (spill == null) {
                return 0;
            }
            pool.setSpill(spill);
        }
        return at + (long) frames * SPILL_BYTES <= spill.byteSize() ? spill.address() + at : 0;
    }

    private void deliver(Frame frame, int slot, int spillAt, FramePool pool, FrameBatch into) {
        int flags = receiving.flags(slot);
        int length = receiving.length(slot) - HEADER_BYTES;
        if (length >= SPILLING_BYTES) {
            spilling = true;
            int excess = length - (frame.capacity() - frame.start());
            if (excess > 0) {
                length -= excess;
                frame.setExcess(spillAt, excess);
            }
        }
        DropReason failure = DropReason.RX_TOO_LONG;
        if ((flags & BurstTable.TRUNCATED) == 0) {
            failure =
                    length < 0 || !frame.resize(length) ? DropReason.RX_ERROR : OffloadHeader.read(frame, HEADER_BYTES);
            if (failure == null && (flags & BurstTable.TAGGED) != 0) {
                failure = putTagBack(frame, receiving.vlanTpid(slot), receiving.vlanTci(slot));
            }
        }
        if (failure == null) {
            into.add(frame);
        } else {
            lose(failure);
            pool.release(frame);
        }
    }

    private static @Nullable DropReason putTagBack(Frame frame, int tpid, int tci) {
        // What is shorter than two addresses has no place for a tag, and is no frame.
        return frame.length() < ADDRESSES_BYTES ? DropReason.RX_ERROR : VlanTag.push(frame, tpid, tci);
    }

    private void lose(DropReason reason) {
        receiveFailure = reason;
        receiveDrops++;
    }

    /**
     * Asks the kernel for its drops whenever the socket has run empty, and now and then while it does not. It drops
     * only while the buffer is full, so there is a burst after the last drop, and an empty one after that.
     */
    private void askForDrops(int fd, int filled) {
        if (filled > 0) {
            burstsSinceAsked++;
        }
        if (filled == 0 && burstsSinceAsked > 0 || burstsSinceAsked >= BURSTS_PER_QUERY) {
            burstsSinceAsked = 0;
            kernelDrops += Math.max(0, NativeCalls.packetDrops(fd));
        }
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
                Frame frame = batch.get(at + loaded);
                failure = OffloadHeader.write(frame, HEADER_BYTES);
                if (failure == null) {
                    sending.load(loaded, frame, frame.start() - HEADER_BYTES, frame.length() + HEADER_BYTES);
                    loaded++;
                }
            }
            int sent = loaded == 0 ? 0 : NativeCalls.packetTransmit(sending.address(), fd, loaded);
            if (sent < loaded) {
                transmitErrno = sending.errno(sent);
                failure = TransmitFailure.ofDevice(transmitErrno);
            }
            at += sent;
        }
        transmitFailure = failure;
        return at - from;
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return transmitFailure;
    }

    @Override
    public @Nullable String transmitError() {
        return TransmitFailure.text("sendmmsg", transmitErrno);
    }

    @Override
    public int takeReceiveDrops() {
        int drops = receiveDrops;
        if (drops > 0) {
            receiveDrops = 0;
        } else if (kernelDrops > 0) {
            drops = kernelDrops;
            kernelDrops = 0;
            receiveFailure = DropReason.RX_OVERRUN;
        }
        return drops;
    }

    @Override
    public @Nullable DropReason receiveFailure() {
        return receiveFailure;
    }

    /** Every kind of superframe that the kernel knows: it segments what the device cannot. */
    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public int fd() {
        return descriptor.get();
    }

    /** Closes the socket; the device's remaining queues take over its flows. */
    @Override
    public void close() {
        descriptor.close();
    }
}
