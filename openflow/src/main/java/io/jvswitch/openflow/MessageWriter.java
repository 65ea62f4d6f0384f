package io.jvswitch.openflow;

import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Writes a message from its beginning to its end, and lengths into what is written already. Numbers are in network
 * order, and what does not fit is cut off at the front. Reusable; not thread-safe.
 */
public final class MessageWriter {

    private static final int FIRST_BYTES = 256;

    private byte[] bytes = new byte[FIRST_BYTES];
    private MemorySegment segment = MemorySegment.ofArray(bytes);
    private int at;

    /** A writer that has written nothing. */
    public MessageWriter() {}

    /** How many bytes are written. */
    public int position() {
        return at;
    }

    private int advance(int count) {
        int from = at;
        if (count > bytes.length - from) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, from + count));
            segment = MemorySegment.ofArray(bytes);
        }
        at = from + count;
        return from;
    }

    public MessageWriter u8(int value) {
        int from = advance(1);
        NetworkOrder.putU8(segment, from, value);
        return this;
    }

    public MessageWriter u16(int value) {
        int from = advance(2);
        NetworkOrder.putU16(segment, from, value);
        return this;
    }

    public MessageWriter u24(int value) {
        int from = advance(3);
        NetworkOrder.putU24(segment, from, value);
        return this;
    }

    public MessageWriter u32(int value) {
        int from = advance(4);
        NetworkOrder.putInt(segment, from, value);
        return this;
    }

    public MessageWriter u48(long value) {
        int from = advance(6);
        NetworkOrder.putU48(segment, from, value);
        return this;
    }

    public MessageWriter u64(long value) {
        int from = advance(8);
        NetworkOrder.putLong(segment, from, value);
        return this;
    }

    public MessageWriter bytes(byte[] value) {
        int from = advance(value.length);
        System.arraycopy(value, 0, bytes, from, value.length);
        return this;
    }

    public MessageWriter zeros(int count) {
        int from = advance(count);
        Arrays.fill(bytes, from, at, (byte) 0);
        return this;
    }

    /** Zeros up to a multiple of 8 bytes from {@code start} on. */
    public MessageWriter pad8(int start) {
        return zeros(-(at - start) & 7);
    }

    /** Writes over two bytes: a length that is known only now. */
    public MessageWriter patchU16(int position, int value) {
        if (position < 0 || position > at - 2) {
            throw new IndexOutOfBoundsException("2 bytes at " + position + " of " + at);
        }
        NetworkOrder.putU16(segment, position, value);
        return this;
    }

    /** Takes back what was written from a position on. */
    public void truncate(int position) {
        if (position < 0 || position > at) {
            throw new IndexOutOfBoundsException(position + " of " + at);
        }
        at = position;
    }

    /** A copy of what is written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, at);
    }

    /** Begins anew. */
    public void clear() {
        at = 0;
    }
}
