package io.jvswitch.datapath.capture;

import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What one worker has captured and nobody has read yet: a ring of bounded size between the worker, which writes and
 * never waits, and one reader. A frame that finds no room is lost to the capture, and counted.
 *
 * <pre>
 *    0  time              8  VNI or key        16  peer address (16)   32  local address (16)
 *   48  frames lost      56  port              60  port of arrival     64  length
 *   68  GSO size         72  tunnel flags      76  peer's UDP port     80  drop reason + 1, or 0
 *   84  bit 0: leaving, bit 1: outer           88  the frame's first bytes
 * </pre>
 *
 * <p>{@link #offer} is the worker's, {@link #drain} the reader's, both wait-free; the rest is for any thread. Writing
 * allocates nothing.
 */
@SuppressWarnings("EnumOrdinal") // in memory, never stored
public final class CaptureRing {

    private static final int FRAME_TYPE = 1;
    private static final int HEADER_BYTES = 88;
    private static final int LEAVING = 1;
    private static final int OUTER = 2;
    private static final DropReason[] REASONS = DropReason.values();

    private final CaptureSelection selection;
    private final OneToOneRingBuffer ring;
    private final AtomicBuffer buffer;
    private final MemorySegment memory;
    private final FlowKey key = new FlowKey();
    private final AtomicLong lost = new AtomicLong();
    private long lostSinceKept;
    private volatile boolean closed;

    /**
     * An empty ring.
     *
     * @param bytes its size, a power of two; a frame may take an eighth of it
     */
    CaptureRing(CaptureSelection selection, int bytes) {
        this.selection = selection;
        // freed with the ring: the worker may still have it in hand when the reader has gone
        memory = Arena.ofAuto().allocate(bytes + RingBufferDescriptor.TRAILER_LENGTH, Long.BYTES);
        buffer = new UnsafeBuffer(memory.asByteBuffer());
        ring = new OneToOneRingBuffer(buffer);
    }

    CaptureSelection selection() {
        return selection;
    }

    /** Ends it: the worker forgets it at its next cycle. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Frames that found no room so far. */
    long lost() {
        return lost.getOpaque();
    }

    /**
     * Keeps a copy of the frame, if the capture wants it and there is room.
     *
     * @param drop why it ended here, null when it did not
     * @param outer whether it begins with a tunnel's header; no filter can look into such a frame
     */
    void offer(Frame frame, int port, boolean leaving, @Nullable DropReason drop, boolean outer, long nowNs) {
        if (!outer && !selection.filter().matches(frame, key) || outer && selection.filter() != FrameFilter.ALL) {
            return;
        }
        int bytes = Math.min(frame.length(), selection.snapBytes());
        int at = ring.tryClaim(FRAME_TYPE, HEADER_BYTES + bytes);
        if (at < 0) {
            lostSinceKept++;
            lost.setOpaque(lost.getPlain() + 1);
            return;
        }
        buffer.putLong(at, nowNs);
        buffer.putLong(at + 8, frame.tunnelId());
        buffer.putLong(at + 16, frame.remoteHi());
        buffer.putLong(at + 24, frame.remoteLo());
        buffer.putLong(at + 32, frame.localHi());
        buffer.putLong(at + 40, frame.localLo());
        buffer.putLong(at + 48, lostSinceKept);
        buffer.putInt(at + 56, port);
        buffer.putInt(at + 60, frame.inPort());
        buffer.putInt(at + 64, frame.length());
        buffer.putInt(at + 68, frame.gsoType() == Frame.GSO_NONE ? 0 : frame.gsoSizeBytes());
        buffer.putInt(at + 72, frame.tunnelFlags());
        buffer.putInt(at + 76, frame.remotePort());
        buffer.putInt(at + 80, drop == null ? 0 : drop.ordinal() + 1);
        buffer.putInt(at + 84, (leaving ? LEAVING : 0) | (outer ? OUTER : 0));
        MemorySegment.copy(frame.segment(), frame.start(), memory, (long) at + HEADER_BYTES, bytes);
        ring.commit(at);
        lostSinceKept = 0;
    }

    /**
     * Takes frames out, in order.
     *
     * @param most how many at most
     * @return how many
     */
    int drain(int most, Consumer<CapturedFrame> reader) {
        return ring.read((type, from, at, length) -> reader.accept(frame(from, at, length)), most);
    }

    private static CapturedFrame frame(MutableDirectBuffer from, int at, int length) {
        byte[] bytes = new byte[length - HEADER_BYTES];
        from.getBytes(at + HEADER_BYTES, bytes);
        int reason = from.getInt(at + 80);
        int flags = from.getInt(at + 84);
        return new CapturedFrame(
                from.getLong(at),
                from.getInt(at + 56),
                (flags & LEAVING) != 0,
                reason == 0 ? null : REASONS[reason - 1],
                from.getInt(at + 60),
                from.getInt(at + 64),
                from.getInt(at + 68),
                from.getInt(at + 72),
                from.getLong(at + 8),
                new IpAddress(from.getLong(at + 16), from.getLong(at + 24)),
                from.getInt(at + 76),
                new IpAddress(from.getLong(at + 32), from.getLong(at + 40)),
                (flags & OUTER) != 0,
                from.getLong(at + 48),
                bytes);
    }
}
