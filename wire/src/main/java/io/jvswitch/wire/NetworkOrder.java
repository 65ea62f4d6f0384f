package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Big-endian ("network order", RFC 791 appendix B) access to packet memory: the one place where byte order is decided.
 * The little-endian fields of virtio-net headers and SCTP checksums are read by the {@code Le} methods, and checksums
 * sum words in the machine's own order by the {@code Native} ones.
 *
 * <p>Every method is a single bounds-checked load or store; an offset outside {@code seg} throws {@link
 * IndexOutOfBoundsException}, and never reads other memory. Values are returned as the unsigned number in the bytes, in
 * the next larger Java type where the field's full range needs it.
 *
 * <p>Stateless, hence safe from any thread; the memory itself belongs to whoever owns the frame.
 */
public final class NetworkOrder {

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final boolean NATIVE_IS_BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    private NetworkOrder() {}

    /** The byte at {@code at}, 0 to 255. */
    public static int getU8(MemorySegment seg, long at) {
        return seg.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    /** The two bytes at {@code at}, 0 to 65535. */
    public static int getU16(MemorySegment seg, long at) {
        return seg.get(U16, at) & 0xffff;
    }

    /** The three bytes at {@code at}, 0 to 2^24-1, such as a VNI. */
    public static int getU24(MemorySegment seg, long at) {
        return getU16(seg, at) << 8 | getU8(seg, at + Short.BYTES);
    }

    /** The four bytes at {@code at} as a Java int: IPv4 addresses and hashes, where the sign does not matter. */
    public static int getInt(MemorySegment seg, long at) {
        return seg.get(U32, at);
    }

    /** The four bytes at {@code at}, 0 to 2^32-1. */
    public static long getU32(MemorySegment seg, long at) {
        return seg.get(U32, at) & 0xffff_ffffL;
    }

    /** The six bytes at {@code at} (a MAC address) in the low 48 bits. */
    public static long getU48(MemorySegment seg, long at) {
        return getU32(seg, at) << 16 | getU16(seg, at + Integer.BYTES);
    }

    /** The eight bytes at {@code at}. */
    public static long getLong(MemorySegment seg, long at) {
        return seg.get(U64, at);
    }

    /** Writes the low 8 bits of {@code value}. */
    public static void putU8(MemorySegment seg, long at, int value) {
        seg.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    /** Writes the low 16 bits of {@code value}. */
    public static void putU16(MemorySegment seg, long at, int value) {
        seg.set(U16, at, (short) value);
    }

    /** Writes the low 24 bits of {@code value}. */
    public static void putU24(MemorySegment seg, long at, int value) {
        putU16(seg, at, value >>> 8);
        putU8(seg, at + Short.BYTES, value);
    }

    /** Writes all 32 bits of {@code value}. */
    public static void putInt(MemorySegment seg, long at, int value) {
        seg.set(U32, at, value);
    }

    /** Writes the low 48 bits of {@code value}: a MAC address. */
    public static void putU48(MemorySegment seg, long at, long value) {
        putInt(seg, at, (int) (value >>> 16));
        putU16(seg, at + Integer.BYTES, (int) value);
    }

    /** Writes all 64 bits of {@code value}. */
    public static void putLong(MemorySegment seg, long at, long value) {
        seg.set(U64, at, value);
    }

    /** The two little-endian bytes at {@code at}, 0 to 65535. */
    public static int getLe16(MemorySegment seg, long at) {
        return seg.get(LE16, at) & 0xffff;
    }

    /** Writes the low 16 bits of {@code value}, lowest byte first. */
    public static void putLe16(MemorySegment seg, long at, int value) {
        seg.set(LE16, at, (short) value);
    }

    /** The four little-endian bytes at {@code at} as a Java int. */
    public static int getLe32(MemorySegment seg, long at) {
        return seg.get(LE32, at);
    }

    /** Writes all 32 bits of {@code value}, lowest byte first. */
    public static void putLe32(MemorySegment seg, long at, int value) {
        seg.set(LE32, at, value);
    }

    /**
     * The eight bytes at {@code at} in the machine's order; for sums that {@link #fromNative16} converts at the end.
     */
    public static long getNativeLong(MemorySegment seg, long at) {
        return seg.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    /** The four bytes at {@code at} in the machine's order, 0 to 2^32-1. */
    public static long getNativeU32(MemorySegment seg, long at) {
        return seg.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffff_ffffL;
    }

    /** The two bytes at {@code at} in the machine's order, 0 to 65535. */
    public static int getNativeU16(MemorySegment seg, long at) {
        return seg.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
    }

    /** The number that two bytes are in network order, given the number that they are in the machine's order. */
    public static int fromNative16(int value) {
        return NATIVE_IS_BIG_ENDIAN ? value : Short.reverseBytes((short) value) & 0xffff;
    }
}
