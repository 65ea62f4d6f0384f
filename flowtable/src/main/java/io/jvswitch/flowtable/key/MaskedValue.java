package io.jvswitch.flowtable.key;

/**
 * A value of a field, and which of its bits count.
 *
 * @param hi high half of the value, 0 in fields of up to 64 bits
 * @param lo low half
 * @param maskHi ones where the high half counts
 * @param maskLo ones where the low half counts
 */
public record MaskedValue(long hi, long lo, long maskHi, long maskLo) {

    /** A value of which all of a field's bits count. */
    static MaskedValue exact(long hi, long lo, int bits) {
        return new MaskedValue(hi, lo, bits == 128 ? -1L : 0, bits >= 64 ? -1L : (1L << bits) - 1);
    }

    /** Whether all bits of a field count. */
    boolean isExact(int bits) {
        return equals(exact(hi, lo, bits));
    }

    /** Whether no bit counts. */
    public boolean isWild() {
        return (maskHi | maskLo) == 0;
    }
}
