package io.jvswitch.flowtable.key;

/**
 * Which bits of a {@link FlowKey} count: a one in every bit that was looked at.
 *
 * <p>Mutable and reusable; the methods that add bits return the mask, so that they chain. No method but {@link
 * #toString} allocates. Owned by one thread; the tables copy what they keep.
 */
public final class FlowMask {

    /** The mask's bits in the layout of {@link FlowKey#words}. Invariant as there. */
    public final long[] words = new long[FlowField.WORDS];

    public int present;

    /** A mask that looks at nothing. */
    public FlowMask() {}

    /** Looks at the whole field. */
    public FlowMask exact(FlowField field) {
        add(field.word, field.ones << field.shift);
        if (field.isWide()) {
            add(field.word - 1, -1L);
        }
        return this;
    }

    /**
     * Looks at the field's first {@code bits} bits.
     *
     * @param bits 0 to {@link FlowField#bits()}; an IPv4 prefix length plus 96, for addresses are IPv4-mapped
     * @throws IllegalArgumentException when the field does not have so many
     */
    public FlowMask prefix(FlowField field, int bits) {
        if (bits < 0 || bits > field.bits()) {
            throw new IllegalArgumentException(
                    field.label() + " has " + field.bits() + " bits: a prefix of " + bits + " is not possible");
        }
        if (field.isWide()) {
            add(field.word - 1, leading(Math.min(bits, 64)));
            add(field.word, leading(bits - 64));
        } else {
            add(field.word, (leading(64 - field.bits() + bits) & field.ones) << field.shift);
        }
        return this;
    }

    /** Looks at the ones of {@code bits}, right-aligned as the field's value; the low half of a 128-bit field. */
    public FlowMask bits(FlowField field, long bits) {
        add(field.word, (bits & field.ones) << field.shift);
        return this;
    }

    /** Looks at the ones of the two halves of a 128-bit field. */
    public FlowMask bits(FlowField field, long hi, long lo) {
        bits(field, lo);
        if (field.isWide()) {
            add(field.word - 1, hi);
        }
        return this;
    }

    /** Looks at everything that {@code other} looks at, too. */
    public FlowMask or(FlowMask other) {
        for (int map = other.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            words[word] |= other.words[word];
        }
        present |= other.present;
        return this;
    }

    public void add(int word, long bits) {
        if (bits != 0) {
            words[word] |= bits;
            present |= 1 << word;
        }
    }

    /** The first {@code bits} bits of a word; none for a number below 1. */
    private static long leading(int bits) {
        return bits <= 0 ? 0 : -1L << 64 - bits;
    }

    /** The bits looked at, right-aligned as the field's value; the low half of a 128-bit field. */
    public long get(FlowField field) {
        return words[field.word] >>> field.shift & field.ones;
    }

    /** The bits looked at in the high half of a 128-bit field; 0 for the others. */
    public long getHi(FlowField field) {
        return field.isWide() ? words[field.word - 1] : 0;
    }

    /** Whether all bits of the field are looked at. */
    public boolean isExact(FlowField field) {
        return get(field) == field.ones && (!field.isWide() || getHi(field) == -1L);
    }

    /** Whether no bit of the field is looked at. */
    public boolean isWild(FlowField field) {
        return get(field) == 0 && getHi(field) == 0;
    }

    /** Whether this mask looks at everything that {@code other} looks at. */
    public boolean covers(FlowMask other) {
        for (int map = other.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            if ((other.words[word] & ~words[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it looks at nothing. */
    public boolean isEmpty() {
        return present == 0;
    }

    /** Looks at nothing again. */
    public void clear() {
        for (int map = present; map != 0; map &= map - 1) {
            words[Integer.numberOfTrailingZeros(map)] = 0;
        }
        present = 0;
    }

    /** Becomes equal to another mask. */
    public FlowMask copyFrom(FlowMask other) {
        clear();
        return or(other);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowMask other && PackedWords.equal(words, present, other.words, other.present);
    }

    @Override
    public int hashCode() {
        return PackedWords.hashCode(words, present);
    }

    /** The fields looked at, with their bits where it is not all of them: {@code dl_type,nw_src/0xff000000}. */
    @Override
    public String toString() {
        return FlowText.of(this);
    }
}
