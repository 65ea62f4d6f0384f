package io.jvswitch.openflow;

import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads a message, or a part of one, from its beginning to its end.
 *
 * <p>Numbers are in network order. A read beyond the end throws {@link IndexOutOfBoundsException}: who reads asks for
 * {@link #remaining()}, or {@link #require}s what it will read, because each place has its own error for too few bytes.
 * Not thread-safe.
 */
public final class MessageReader {

    private final MemorySegment bytes;
    private final int end;
    private int at;

    private MessageReader(MemorySegment bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Reads all of some bytes. */
    public static MessageReader of(byte[] bytes) {
        return new MessageReader(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    /** Reads all of a segment, which is not longer than an int says. */
    public static MessageReader of(MemorySegment bytes) {
        return new MessageReader(bytes, 0, Math.toIntExact(bytes.byteSize()));
    }

    /** Where the next byte is, counted from the beginning of what the outermost reader reads. */
    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    public boolean hasRemaining() {
        return at < end;
    }

    /**
     * @throws OpenFlowException with the error when fewer bytes are left
     */
    public void require(int count, OpenFlowError error, String what) throws OpenFlowException {
        if (count > end - at) {
            throw new OpenFlowException(error, at, what + " has " + count + " bytes, and " + (end - at) + " are left");
        }
    }

    private int advance(int count) {
        int from = at;
        if (count < 0 || count > end - from) {
            throw new IndexOutOfBoundsException(count + " bytes of " + (end - from));
        }
        at = from + count;
        return from;
    }

    public int u8() {
        return NetworkOrder.getU8(bytes, advance(1));
    }

    public int u16() {
        return NetworkOrder.getU16(bytes, advance(2));
    }

    public int u24() {
        return NetworkOrder.getU24(bytes, advance(3));
    }

    /** Four bytes, where the sign does not matter. */
    public int i32() {
        return NetworkOrder.getInt(bytes, advance(4));
    }

    public long u32() {
        return NetworkOrder.getU32(bytes, advance(4));
    }

    /** A MAC address, in the low 48 bits. */
    public long u48() {
        return NetworkOrder.getU48(bytes, advance(6));
    }

    public long u64() {
        return NetworkOrder.getLong(bytes, advance(8));
    }

    /** The byte {@code ahead} bytes from here, without reading on. */
    public int peekU8(int ahead) {
        check(ahead, 1);
        return NetworkOrder.getU8(bytes, at + ahead);
    }

    /** The two bytes {@code ahead} bytes from here, without reading on. */
    public int peekU16(int ahead) {
        check(ahead, 2);
        return NetworkOrder.getU16(bytes, at + ahead);
    }

    /** The four bytes {@code ahead} bytes from here, without reading on. */
    public int peekI32(int ahead) {
        check(ahead, 4);
        return NetworkOrder.getInt(bytes, at + ahead);
    }

    private void check(int ahead, int count) {
        if (ahead < 0 || count > end - at - ahead) {
            throw new IndexOutOfBoundsException(count + " bytes after " + ahead + " of " + (end - at));
        }
    }

    /** A copy of the next bytes. */
    public byte[] bytes(int count) {
        byte[] copy = new byte[count];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, advance(count), copy, 0, count);
        return copy;
    }

    public void skip(int count) {
        advance(count);
    }

    /** Reads on; whether all of the bytes are 0. */
    public boolean zeros(int count) {
        int from = advance(count);
        int or = 0;
        for (int i = 0; i < count; i++) {
            or |= NetworkOrder.getU8(bytes, from + i);
        }
        return or == 0;
    }

    /** A reader of the next bytes; this one goes on behind them. */
    public MessageReader slice(int count) {
        int from = advance(count);
        return new MessageReader(bytes, from, from + count);
    }

    /** All that is left, as a copy. */
    public byte[] rest() {
        return bytes(end - at);
    }
}
