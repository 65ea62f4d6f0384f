package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NetworkOrderTest {

    private static final MemorySegment BYTES = Hex.segment("fe dc ba 98 76 54 32 10 ff");

    @Test
    void readsBigEndianWithoutSign() {
        assertEquals(0xfe, NetworkOrder.getU8(BYTES, 0));
        assertEquals(0xfedc, NetworkOrder.getU16(BYTES, 0));
        assertEquals(0xdcba, NetworkOrder.getU16(BYTES, 1));
        assertEquals(0xfedcba, NetworkOrder.getU24(BYTES, 0));
        assertEquals(0xfedcba98, NetworkOrder.getInt(BYTES, 0));
        assertEquals(0xfedcba98L, NetworkOrder.getU32(BYTES, 0));
        assertEquals(0xfedcba987654L, NetworkOrder.getU48(BYTES, 0));
        assertEquals(0xfedcba9876543210L, NetworkOrder.getLong(BYTES, 0));
        assertEquals(0xdcba9876543210ffL, NetworkOrder.getLong(BYTES, 1));
    }

    @Test
    void readsLittleEndianWithoutSign() {
        assertEquals(0xdcfe, NetworkOrder.getLe16(BYTES, 0));
        assertEquals(0x98badcfe, NetworkOrder.getLe32(BYTES, 0));
    }

    @Test
    void writesTheLowBitsAndNothingElse() {
        RandomGenerator random = Seed.random(getClass());
        for (int i = 0; i < 1000; i++) {
            long value = random.nextLong();
            MemorySegment seg = Hex.segment(new byte[10]);
            NetworkOrder.putU8(seg, 1, (int) value);
            assertOnly(seg, 1, value & 0xff);
            NetworkOrder.putU16(seg, 1, (int) value);
            assertOnly(seg, 2, value & 0xffff);
            NetworkOrder.putU24(seg, 1, (int) value);
            assertOnly(seg, 3, value & 0xff_ffff);
            NetworkOrder.putInt(seg, 1, (int) value);
            assertOnly(seg, 4, value & 0xffff_ffffL);
            NetworkOrder.putU48(seg, 1, value);
            assertOnly(seg, 6, value & 0xffff_ffff_ffffL);
            NetworkOrder.putLong(seg, 1, value);
            assertOnly(seg, 8, value);
            NetworkOrder.putLe16(seg, 1, (int) value);
            assertOnly(seg, 2, Short.reverseBytes((short) value) & 0xffff);
            NetworkOrder.putLe32(seg, 1, (int) value);
            assertOnly(seg, 4, Integer.reverseBytes((int) value) & 0xffff_ffffL);
        }
    }

    /** The segment holds {@code value} in {@code bytes} bytes from offset 1 and zeros elsewhere; zeroes it. */
    private static void assertOnly(MemorySegment seg, int bytes, long value) {
        StringBuilder expected = new StringBuilder("00");
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            expected.append(String.format("%02x", value >>> shift & 0xff));
        }
        expected.append("00".repeat(9 - bytes));
        assertEquals(expected.toString(), Hex.text(Hex.bytes(seg, 0, 10)).replace(" ", ""));
        seg.fill((byte) 0);
    }

    @Test
    void neverTouchesANeighboursMemory() {
        MemorySegment seg = Hex.segment(new byte[8]);
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU8(seg, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU16(seg, 7));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU24(seg, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getInt(seg, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU48(seg, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getLong(seg, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getLe16(seg, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU8(seg, Long.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.putU8(seg, 8, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.putLong(seg, 1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.putLe32(seg, 5, 1));
    }

    @Test
    void nativeWordsTurnIntoNetworkOrder() {
        assertEquals(0xfedc, NetworkOrder.fromNative16(NetworkOrder.getNativeU16(BYTES, 0)));
        long parts = NetworkOrder.getNativeU32(BYTES, 0) + NetworkOrder.getNativeU32(BYTES, 4);
        long whole = NetworkOrder.getNativeLong(BYTES, 0);
        assertEquals(parts, (whole & 0xffff_ffffL) + (whole >>> 32));
    }
}
