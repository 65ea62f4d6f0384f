package io.jvswitch.wire.header;

import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * CRC32c (RFC 9260, appendix A; the Castagnoli polynomial), the checksum of SCTP, over packet memory: {@link
 * java.util.zip.CRC32C} takes only buffers, which would mean an object per frame.
 *
 * <p>Works on eight bytes at a time, with tables. Stateless; allocates nothing.
 */
public final class Crc32c {

    /** The polynomial, bit-reversed. */
    private static final int POLYNOMIAL = 0x82f6_3b78;

    private static final int STEP_BYTES = 8;
    /** Table {@code k}, at {@code 256 * k}: the CRC of a byte followed by {@code k} zero bytes. */
    private static final int[] TABLE = table();

    private Crc32c() {}

    private static int[] table() {
        int[] table = new int[STEP_BYTES * 256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            table[i] = crc;
        }
        for (int i = 256; i < table.length; i++) {
            int before = table[i - 256];
            table[i] = before >>> 8 ^ table[before & 0xff];
        }
        return table;
    }

    /** The CRC of {@code length} bytes from {@code at} on. */
    public static int of(MemorySegment seg, long at, int length) {
        int crc = -1;
        long next = at;
        long end = at + length;
        for (; end - next >= STEP_BYTES; next += STEP_BYTES) {
            int low = crc ^ NetworkOrder.getLe32(seg, next);
            int high = NetworkOrder.getLe32(seg, next + Integer.BYTES);
            crc = TABLE[7 * 256 + (low & 0xff)]
                    ^ TABLE[6 * 256 + (low >>> 8 & 0xff)]
                    ^ TABLE[5 * 256 + (low >>> 16 & 0xff)]
                    ^ TABLE[4 * 256 + (low >>> 24)]
                    ^ TABLE[3 * 256 + (high & 0xff)]
                    ^ TABLE[2 * 256 + (high >>> 8 & 0xff)]
                    ^ TABLE[256 + (high >>> 16 & 0xff)]
                    ^ TABLE[high >>> 24];
        }
        for (; next < end; next++) {
            crc = crc >>> 8 ^ TABLE[(crc ^ NetworkOrder.getU8(seg, next)) & 0xff];
        }
        return ~crc;
    }
}
