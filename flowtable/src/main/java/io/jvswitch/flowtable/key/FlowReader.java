package io.jvswitch.flowtable.key;

/**
 * The witness of a translation: reads a {@link FlowKey} and notes in a {@link FlowMask} what was looked at.
 *
 * <p>A translator that reads keys in no other way makes megaflows that are right by construction: a frame that agrees
 * in every bit that was looked at takes the same decisions. Ask for as little as the decision needs: {@link #test} one
 * bit of a MAC rather than {@link #get} it.
 *
 * <p>Reusable, allocates nothing, owned by one thread.
 */
public final class FlowReader {

    private FlowKey key = new FlowKey();
    private FlowMask mask = new FlowMask();

    /** A reader of an empty key, until {@link #reset}. */
    public FlowReader() {}

    /**
     * Starts on another key.
     *
     * @param newKey read only
     * @param newMask gets the bits looked at; not cleared here
     */
    public void reset(FlowKey newKey, FlowMask newMask) {
        key = newKey;
        mask = newMask;
    }

    /** The key, for whoever notes in {@link #mask} what it looks at. */
    public FlowKey key() {
        return key;
    }

    /** The mask that notes what is looked at. */
    public FlowMask mask() {
        return mask;
    }

    /** The field's value, all bits looked at; of a 128-bit field the low half, and only that is looked at. */
    public long get(FlowField field) {
        mask.add(field.word, field.ones << field.shift);
        return key.get(field);
    }

    /** The high half of a 128-bit field, and only that is looked at. */
    public long getHi(FlowField field) {
        if (field.isWide()) {
            mask.add(field.word - 1, -1L);
        }
        return key.getHi(field);
    }

    /** The field's value where {@code bits} has ones, and only those are looked at. */
    public long get(FlowField field, long bits) {
        mask.bits(field, bits);
        return key.get(field) & bits;
    }

    /**
     * Whether the field, all of it, has this value (a 128-bit field: with a high half of 0, as IPv4 addresses have).
     */
    public boolean is(FlowField field, long value) {
        return is(field, 0, value);
    }

    /** Whether a 128-bit field has this value. */
    public boolean is(FlowField field, long hi, long lo) {
        return get(field) == lo && (!field.isWide() || getHi(field) == hi);
    }

    /**
     * Whether the field, of at most 64 bits, has this value, told from as few bits as tell it: those up to the first
     * that differs. For a value that few frames have; all others then share a megaflow for each bit of the field at
     * most, as with Open vSwitch's port tries.
     */
    public boolean isByPrefix(FlowField field, long value) {
        long difference = (key.get(field) ^ value) & field.ones;
        int same = difference == 0 ? field.bits() : field.bits() - Long.SIZE + Long.numberOfLeadingZeros(difference);
        mask.prefix(field, Math.min(same + 1, field.bits()));
        return difference == 0;
    }

    /** Whether any of the ones in {@code bits} is set in the field; only those are looked at. */
    public boolean test(FlowField field, long bits) {
        return get(field, bits) != 0;
    }

    /**
     * Whether the field begins with the first {@code bits} bits of a value; only those are looked at.
     *
     * @param bits prefix length; plus 96 for IPv4, for addresses are IPv4-mapped
     */
    public boolean hasPrefix(FlowField field, long hi, long lo, int bits) {
        mask.prefix(field, bits);
        if (!field.isWide()) {
            int dropped = field.bits() - bits;
            return dropped == 64 || key.get(field) >>> dropped == (lo & field.ones) >>> dropped;
        }
        long hiDifference = key.getHi(field) ^ hi;
        long loDifference = key.get(field) ^ lo;
        if (bits <= 64) {
            return bits == 0 || hiDifference >>> 64 - bits == 0;
        }
        return hiDifference == 0 && loDifference >>> 128 - bits == 0;
    }

    /** {@link #hasPrefix(FlowField, long, long, int)} for a field of at most 64 bits. */
    public boolean hasPrefix(FlowField field, long value, int bits) {
        return hasPrefix(field, 0, value, bits);
    }

    /**
     * Whether an address field holds an IPv4 address of the network {@code network/length}; looks at 96 + length bits.
     */
    public boolean hasIpv4Prefix(FlowField field, int network, int length) {
        return hasPrefix(field, 0, io.jvswitch.wire.IpAddress.mappedLo(network), 96 + length);
    }
}
