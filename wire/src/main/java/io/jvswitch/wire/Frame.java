package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;

/**
 * One Ethernet frame (or, between tunnel and socket, one datagram) in pooled memory, with headroom for outer headers.
 *
 * <pre>
 *  0            start()                    end()      segment().byteSize()
 *  |  headroom    |   length() bytes         |   tailroom    |
 *                 ^ first byte of the frame
 * </pre>
 *
 * <p>The segment is exactly this frame's buffer: a wrong offset may fail, but never reaches another frame. All offsets
 * that this class stores are offsets in the segment, so pushing and popping outer headers leaves them valid.
 *
 * <p>The descriptive fields travel with the bytes: what the port of arrival knows (port, tunnel addresses, virtio-net
 * offload fields), what extraction found (layer offsets), and where a tunnelled datagram goes. {@link FramePool#take()}
 * hands out frames with every such field cleared.
 *
 * <p>Owned by one worker, hence by one thread, from {@link FramePool#take()} to {@link FramePool#release(Frame)}.
 */
public final class Frame extends FrameDescription {

    /**
     * Bytes kept free before a received frame: outer Ethernet with two tags (22), IPv6 (40), UDP (8), Geneve with
     * options (8 + 64), inner tags to push (8) and the 24-byte virtio-net header come to 174; rounded up to cache
     * lines.
     */
    public static final int HEADROOM_BYTES = 192;

    private final MemorySegment segment;
    private final long address;
    private final int capacity;
    /** Whether the frame is in its pool; the pool's guard against a double release. */
    boolean pooled;

    private int start;
    private int length;
    private int excessAt;
    private int excessBytes;

    /**
     * A frame with this buffer, which is its own.
     *
     * @param segment the frame's memory; native memory if the frame meets a device
     */
    public Frame(MemorySegment segment) {
        this.segment = segment;
        this.address = segment.isNative() ? segment.address() : 0;
        this.capacity = Math.toIntExact(segment.byteSize());
        clear();
    }

    /** The whole buffer, headroom included. */
    public MemorySegment segment() {
        return segment;
    }

    /** The native address of the segment's byte 0, or 0 for a heap segment. */
    public long address() {
        return address;
    }

    /** Size of the whole buffer in bytes. */
    public int capacity() {
        return capacity;
    }

    /** Offset of the first byte. */
    public int start() {
        return start;
    }

    /** Bytes in the frame. */
    public int length() {
        return length;
    }

    /** Offset just after the last byte. */
    public int end() {
        return start + length;
    }

    /** Free bytes before the frame. */
    public int headroom() {
        return start;
    }

    /** Free bytes after the frame. */
    public int tailroom() {
        return capacity - start - length;
    }

    /** Makes the frame empty again, with the standard headroom and every descriptive field cleared. */
    public void clear() {
        start = Math.min(HEADROOM_BYTES, capacity);
        length = 0;
        excessBytes = 0;
        clearDescription();
    }

    /**
     * Sets where the frame is in the buffer.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the buffer
     */
    public void place(int newStart, int newLength) {
        java.util.Objects.checkFromIndexSize(newStart, newLength, capacity);
        start = newStart;
        length = newLength;
    }

    /**
     * Grows the frame at its front; the new bytes hold whatever was there.
     *
     * @return whether there was enough headroom; if not, the frame is unchanged
     */
    public boolean push(int bytes) {
        if (bytes < 0 || bytes > start) {
            return false;
        }
        start -= bytes;
        length += bytes;
        return true;
    }

    /**
     * Shrinks the frame at its front.
     *
     * @return whether the frame had that many bytes; if not, it is unchanged
     */
    public boolean pop(int bytes) {
        if (bytes < 0 || bytes > length) {
            return false;
        }
        start += bytes;
        length -= bytes;
        return true;
    }

    /**
     * Sets the length, cutting or growing the frame at its end.
     *
     * @return whether the buffer has room; if not, the frame is unchanged
     */
    public boolean resize(int newLength) {
        if (newLength < 0 || newLength > capacity - start) {
            return false;
        }
        length = newLength;
        return true;
    }

    /**
     * Becomes a copy of another frame: bytes at the same offset, and every descriptive field.
     *
     * @return whether this buffer is large enough; if not, the frame is unchanged
     */
    public boolean copyFrom(Frame other) {
        if (other.end() > capacity) {
            return false;
        }
        start = other.start;
        length = other.length;
        MemorySegment.copy(other.segment, other.start, segment, start, length);
        describeAs(other);
        return true;
    }

    /**
     * Sets where the rest of a frame is that is longer than its buffer. Valid until the end of its burst only: the
     * frame must be cut before anything else is done with it.
     *
     * @param at offset in the pool's {@link FramePool#spill()}
     * @param bytes how many bytes there are beyond those in the buffer
     */
    public void setExcess(int at, int bytes) {
        excessAt = at;
        excessBytes = bytes;
    }

    /**
     * Where the rest of the frame is in {@link FramePool#spill()}; meaningless while {@link #excessBytes()} is 0.
     */
    public int excessAt() {
        return excessAt;
    }

    /**
     * Bytes of the frame beyond those in its buffer; 0 except for a frame that was just received and has not been cut
     * yet.
     */
    public int excessBytes() {
        return excessBytes;
    }
}
