package io.jvswitch.encap.offload;

import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/** Compares two ranges of header bytes, eight at a time. */
final class ByteRanges {

    private ByteRanges() {}

    /**
     * Whether two ranges hold the same bytes.
     *
     * @param bytes at least 8; the last 8 are compared as one word, which may overlap the one before
     */
    static boolean equal(MemorySegment here, long at, MemorySegment there, long thereAt, int bytes) {
        int last = bytes - 8;
        for (int i = 0; i < last; i += 8) {
            if (NetworkOrder.getLong(here, at + i) != NetworkOrder.getLong(there, thereAt + i)) {
                return false;
            }
        }
        return NetworkOrder.getLong(here, at + last) == NetworkOrder.getLong(there, thereAt + last);
    }
}
