package io.jvswitch.flowtable.key;

import org.jspecify.annotations.Nullable;

/**
 * Which bits of a {@link FlowKey} count: a one in every bit that was looked at.
 *
 * <p>Mutable and reusable; the methods that add bits return the mask, so that they chain. No method but {@link
 * #toString} allocates. Owned by one thread; the tables copy what they keep.
 */
public final class FlowMask {

    /** The mask's bits in the layout of {@link FlowKey#words}. Invariant as there. */
    public final long[] words = new long[FlowLayout.WORDS];

    /** Bit i set: word i may be other than 0. Words from 64 on are in {@link #presentHigh}. */
    public long present;

    /** Bit i set: word 64 + i may be other than 0. */
    long presentHigh;

    /** A mask that looks at nothing. */
    public FlowMask() {}

    /** Looks at the whole field. */
    public FlowMask exact(KeyBits field) {
        add(field.word(), field.ones() << field.shift());
        if (field.isWide()) {
            add(field.word() - 1, -1L);
        }
        return this;
    }

    /**
     * Looks at the field's first {@code bits} bits.
     *
     * @param bits 0 to {@link FlowField#bits()}; an IPv4 prefix length plus 96, for addresses are IPv4-mapped
     * @throws IllegalArgumentException when the field does not have so many
     */
    public FlowMask prefix(KeyBits field, int bits) {
        if (bits < 0 || bits > field.bits()) {
            throw new IllegalArgumentException(
                    field.label() + " has " + field.bits() + " bits: a prefix of " + bits + " is not possible");
        }
        if (field.isWide()) {
            add(field.word() - 1, leading(Math.min(bits, 64)));
            add(field.word(), leading(bits - 64));
        } else {
            add(field.word(), (leading(64 - field.bits() + bits) & field.ones()) << field.shift());
        }
        return this;
    }

    /** Looks at the ones of {@code bits}, right-aligned as the field's value; the low half of a 128-bit field. */
    public FlowMask bits(KeyBits field, long bits) {
        add(field.word(), (bits & field.ones()) << field.shift());
        return this;
    }

    /** Looks at the ones of the two halves of a 128-bit field. */
    public FlowMask bits(KeyBits field, long hi, long lo) {
        bits(field, lo);
        if (field.isWide()) {
            add(field.word() - 1, hi);
        }
        return this;
    }

    /** Looks at everything that {@code other} looks at, too. */
    public FlowMask or(FlowMask other) {
        for (long map = other.present; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            words[word] |= other.words[word];
        }
        present |= other.present;
        for (long map = other.presentHigh; map != 0; map &= map - 1) {
            int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
            words[word] |= other.words[word];
        }
        presentHigh |= other.presentHigh;
        return this;
    }

    /** Looks no more at anything that {@code other} does not look at. */
    public FlowMask and(FlowMask other) {
        for (int word = next(0); word >= 0; word = next(word + 1)) {
            keep(word, other.words[word]);
        }
        return this;
    }

    /** Looks no more at anything that {@code other} looks at. */
    public FlowMask andNot(FlowMask other) {
        for (int word = other.next(0); word >= 0; word = other.next(word + 1)) {
            keep(word, ~other.words[word]);
        }
        return this;
    }

    private void keep(int word, long bits) {
        words[word] &= bits;
        if (words[word] == 0) {
            if (word < FlowLayout.HIGH_WORDS) {
                present &= ~(1L << word);
            } else {
                presentHigh &= ~(1L << word - FlowLayout.HIGH_WORDS);
            }
        }
    }

    /** Looks at more bits of a word. */
    public void add(int word, long bits) {
        if (bits != 0) {
            words[word] |= bits;
            if (word < FlowLayout.HIGH_WORDS) {
                present |= 1L << word;
            } else {
                presentHigh |= 1L << word - FlowLayout.HIGH_WORDS;
            }
        }
    }

    /**
     * The first word from {@code from} on of which something is looked at, or -1:
     * {@code for (int word = mask.next(0); word >= 0; word = mask.next(word + 1))}.
     */
    public int next(int from) {
        return PackedWords.next(present, presentHigh, from);
    }

    /** The first field of a region that this looks at, or null. */
    public @Nullable FlowField first(FlowField.Region region) {
        for (FlowField field : FlowField.values()) {
            if (field.region() == region && !isWild(field)) {
                return field;
            }
        }
        return null;
    }

    /** The first {@code bits} bits of a word; none for a number below 1. */
    private static long leading(int bits) {
        return bits <= 0 ? 0 : -1L << 64 - bits;
    }

    /** The bits looked at, right-aligned as the field's value; the low half of a 128-bit field. */
    public long get(KeyBits field) {
        return words[field.word()] >>> field.shift() & field.ones();
    }

    /** The bits looked at in the high half of a 128-bit field; 0 for the others. */
    public long getHi(KeyBits field) {
        return field.isWide() ? words[field.word() - 1] : 0;
    }

    /** Whether all bits of the field are looked at. */
    public boolean isExact(KeyBits field) {
        return get(field) == field.ones() && (!field.isWide() || getHi(field) == -1L);
    }

    /** Whether no bit of the field is looked at. */
    public boolean isWild(KeyBits field) {
        return get(field) == 0 && getHi(field) == 0;
    }

    /** Whether this mask looks at everything that {@code other} looks at. */
    public boolean covers(FlowMask other) {
        for (int word = other.next(0); word >= 0; word = other.next(word + 1)) {
            if ((other.words[word] & ~words[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it looks at nothing. */
    public boolean isEmpty() {
        return (present | presentHigh) == 0;
    }

    /** Looks at nothing again. */
    public void clear() {
        for (long map = present; map != 0; map &= map - 1) {
            words[Long.numberOfTrailingZeros(map)] = 0;
        }
        present = 0;
        for (long map = presentHigh; map != 0; map &= map - 1) {
            words[FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map)] = 0;
        }
        presentHigh = 0;
    }

    /** Becomes equal to another mask. */
    public FlowMask copyFrom(FlowMask other) {
        clear();
        return or(other);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowMask other
                && PackedWords.equal(words, other.words, present | other.present, presentHigh | other.presentHigh);
    }

    @Override
    public int hashCode() {
        return PackedWords.hashCode(words, present, presentHigh);
    }

    /** The fields looked at, with their bits where it is not all of them: {@code dl_type,nw_src/0xff000000}. */
    @Override
    public String toString() {
        return FlowText.of(this);
    }
}
