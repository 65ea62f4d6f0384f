package io.jvswitch.flowtable.key;

/**
 * What a frame is, for look-up: the {@link FlowField} values of one frame, packed into 64-bit words.
 *
 * <p>A presence map says which words were written; the others are 0. Every loop over a key (clear, copy, compare, hash)
 * visits the words that are present, so that a frame pays for the fields that it has: seven words for TCP over IPv4,
 * however many there are.
 *
 * <p>Mutable and meant to be reused: a worker keeps one for each frame of a burst. No method but {@link #toString}
 * allocates. Owned by one thread.
 */
public final class FlowKey {

    private static final long MAC_ONES = 0xffff_ffff_ffffL;

    /** The fields' words, see {@link FlowField}. Invariant: a word whose presence bit is clear is 0. */
    public final long[] words = new long[FlowLayout.WORDS];

    /** Bit i set: word i may be other than 0. Words from 64 on are in {@link #presentHigh}. */
    public long present;

    /** Bit i set: word 64 + i may be other than 0. */
    long presentHigh;

    /** An empty key. */
    public FlowKey() {}

    /** The field's value; the low half of a 128-bit field. */
    public long get(KeyBits field) {
        return words[field.word()] >>> field.shift() & field.ones();
    }

    /** The high half of a 128-bit field; 0 for the others. */
    public long getHi(KeyBits field) {
        return field.isWide() ? words[field.word() - 1] : 0;
    }

    /** Sets a field; bits beyond its width are cut off, the high half of a 128-bit field becomes 0. */
    public void set(KeyBits field, long value) {
        set(field, 0, value);
    }

    /** Sets a field from its halves; {@code hi} is ignored where the field has none. */
    public void set(KeyBits field, long hi, long lo) {
        set(field.word(), field.shift(), field.ones(), field.isWide(), hi, lo);
    }

    /** {@link #set(KeyBits, long)} without asking what kind of bits they are. */
    public void set(FlowField field, long value) {
        set(field.word, field.shift, field.ones, field.isWide(), 0, value);
    }

    /** {@link #set(KeyBits, long, long)} without asking what kind of bits they are. */
    public void set(FlowField field, long hi, long lo) {
        set(field.word, field.shift, field.ones, field.isWide(), hi, lo);
    }

    private void set(int word, int shift, long ones, boolean wide, long hi, long lo) {
        setWord(word, words[word] & ~(ones << shift) | (lo & ones) << shift);
        if (wide) {
            setWord(word - 1, hi);
        }
    }

    /** Sets a whole word. */
    public void setWord(int word, long value) {
        words[word] = value;
        if (word < FlowLayout.HIGH_WORDS) {
            present |= 1L << word;
        } else {
            presentHigh |= 1L << word - FlowLayout.HIGH_WORDS;
        }
    }

    /** {@link FlowField#IN_PORT}. */
    public int inPort() {
        return (int) (words[FlowLayout.PORT_WORD] >>> FlowLayout.IN_PORT_SHIFT);
    }

    /** {@link FlowField#RECIRC_ID}. */
    public int recircId() {
        return (int) (words[FlowLayout.PORT_WORD] >>> FlowLayout.RECIRC_ID_SHIFT);
    }

    /** {@link FlowField#ETH_DST}, in the low 48 bits. */
    public long ethDst() {
        return words[FlowLayout.DESTINATION_WORD] >>> FlowLayout.ETH_DST_SHIFT & MAC_ONES;
    }

    /** {@link FlowField#ETH_SRC}, in the low 48 bits. */
    public long ethSrc() {
        return words[FlowLayout.SOURCE_WORD] >>> FlowLayout.ETH_SRC_SHIFT & MAC_ONES;
    }

    /** {@link FlowField#ETH_TYPE}. */
    public int ethType() {
        return (int) (words[FlowLayout.DESTINATION_WORD] >>> FlowLayout.ETH_TYPE_SHIFT) & 0xffff;
    }

    /** {@link FlowField#VLAN_TCI}. */
    public int vlanTci() {
        return (int) (words[FlowLayout.SOURCE_WORD] >>> FlowLayout.VLAN_TCI_SHIFT) & 0xffff;
    }

    /** {@link FlowField#IP_PROTO}. */
    public int ipProto() {
        return (int) (words[FlowLayout.TRANSPORT_WORD] >>> FlowLayout.PROTO_SHIFT) & 0xff;
    }

    /** {@link FlowField#IP_FRAG}. */
    public int ipFrag() {
        return (int) (words[FlowLayout.TRANSPORT_WORD] >>> FlowLayout.FRAG_SHIFT) & 0xff;
    }

    /** {@link FlowField#L4_SRC}. */
    public int l4Src() {
        return (int) (words[FlowLayout.TRANSPORT_WORD] >>> FlowLayout.L4_SRC_SHIFT) & 0xffff;
    }

    /** {@link FlowField#L4_DST}. */
    public int l4Dst() {
        return (int) (words[FlowLayout.TRANSPORT_WORD] >>> FlowLayout.L4_DST_SHIFT) & 0xffff;
    }

    /** {@link FlowField#TUNNEL_ID}. */
    public long tunnelId() {
        return words[FlowLayout.TUNNEL_ID_WORD];
    }

    /** {@link FlowField#TUNNEL_FLAGS}. */
    public int tunnelFlags() {
        return (int) (words[FlowLayout.FLAGS_WORD] >>> FlowLayout.TUNNEL_FLAGS_SHIFT) & 0xffff;
    }

    /** Makes every field 0. */
    public void clear() {
        clearWords(present);
        present = 0;
        clearHigh();
    }

    /** Zeroes the words of a presence map. */
    void clearWords(long map) {
        while (map != 0) {
            words[Long.numberOfTrailingZeros(map)] = 0;
            map &= map - 1;
        }
    }

    /** Zeroes the words beyond the first map. */
    void clearHigh() {
        for (long map = presentHigh; map != 0; map &= map - 1) {
            words[FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map)] = 0;
        }
        presentHigh = 0;
    }

    /** Becomes equal to another key. */
    public void copyFrom(FlowKey other) {
        clearWords(present & ~other.present);
        present = other.present;
        for (long map = present; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            words[word] = other.words[word];
        }
        if ((presentHigh | other.presentHigh) != 0) {
            clearHigh();
            presentHigh = other.presentHigh;
            for (long map = presentHigh; map != 0; map &= map - 1) {
                int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
                words[word] = other.words[word];
            }
        }
    }

    /** Becomes another key as a mask leaves it: fields that it does not look at are 0. */
    public void copyMasked(FlowKey other, FlowMask mask) {
        clear();
        long common = other.present & mask.present;
        long commonHigh = other.presentHigh & mask.presentHigh;
        for (int word = PackedWords.next(common, commonHigh, 0);
                word >= 0;
                word = PackedWords.next(common, commonHigh, word + 1)) {
            setWord(word, other.words[word] & mask.words[word]);
        }
    }

    /** Whether both keys are alike in everything that the mask looks at. */
    public boolean equalsUnder(FlowMask mask, FlowKey other) {
        long difference = 0;
        for (int word = mask.next(0); word >= 0; word = mask.next(word + 1)) {
            difference |= (words[word] ^ other.words[word]) & mask.words[word];
        }
        return difference == 0;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowKey other
                && PackedWords.equal(words, other.words, present | other.present, presentHigh | other.presentHigh);
    }

    @Override
    public int hashCode() {
        return PackedWords.hashCode(words, present, presentHigh);
    }

    /** The key as {@code ovs-appctl dpctl/dump-flows} writes it. */
    @Override
    public String toString() {
        return FlowText.of(this, null);
    }

    /** The fields that a mask looks at, as {@code ovs-appctl dpctl/dump-flows} writes a match. */
    public String toString(FlowMask mask) {
        return FlowText.of(this, mask);
    }
}
