package io.jvswitch.flowtable.key;

/**
 * What a frame is, for look-up: the {@link FlowField} values of one frame, packed into 64-bit words.
 *
 * <p>A presence map says which words were written; the others are 0. Every loop over a key (clear, copy, compare, hash)
 * visits the words that are present, so that a frame pays for the fields that it has: seven words for TCP over IPv4 of
 * the twenty-two that there are.
 *
 * <p>Mutable and meant to be reused: a worker keeps one for each frame of a burst. No method but {@link #toString}
 * allocates. Owned by one thread.
 */
public final class FlowKey {

    /** The fields' words, see {@link FlowField}. Invariant: a word whose bit in {@link #present} is clear is 0. */
    public final long[] words = new long[FlowField.WORDS];

    /** Bit i set: word i may be other than 0. */
    public int present;

    /** An empty key. */
    public FlowKey() {}

    /** The field's value; the low half of a 128-bit field. */
    public long get(FlowField field) {
        return words[field.word] >>> field.shift & field.ones;
    }

    /** The high half of a 128-bit field; 0 for the others. */
    public long getHi(FlowField field) {
        return field.isWide() ? words[field.word - 1] : 0;
    }

    /** Sets a field; bits beyond its width are cut off, the high half of a 128-bit field becomes 0. */
    public void set(FlowField field, long value) {
        set(field, 0, value);
    }

    /** Sets a field from its halves; {@code hi} is ignored where the field has none. */
    public void set(FlowField field, long hi, long lo) {
        int word = field.word;
        words[word] = words[word] & ~(field.ones << field.shift) | (lo & field.ones) << field.shift;
        present |= 1 << word;
        if (field.isWide()) {
            words[word - 1] = hi;
            present |= 1 << word - 1;
        }
    }

    /** {@link FlowField#IN_PORT}. */
    public int inPort() {
        return (int) (words[0] >>> 32);
    }

    /** {@link FlowField#RECIRC_ID}. */
    public int recircId() {
        return (int) words[0];
    }

    /** {@link FlowField#ETH_DST}, in the low 48 bits. */
    public long ethDst() {
        return words[1] >>> 16;
    }

    /** {@link FlowField#ETH_SRC}, in the low 48 bits. */
    public long ethSrc() {
        return words[2] >>> 16;
    }

    /** {@link FlowField#ETH_TYPE}. */
    public int ethType() {
        return (int) words[1] & 0xffff;
    }

    /** {@link FlowField#VLAN_TCI}. */
    public int vlanTci() {
        return (int) words[2] & 0xffff;
    }

    /** {@link FlowField#IP_PROTO}. */
    public int ipProto() {
        return (int) (words[4] >>> 56);
    }

    /** {@link FlowField#IP_FRAG}. */
    public int ipFrag() {
        return (int) (words[4] >>> 32) & 0xff;
    }

    /** {@link FlowField#L4_SRC}. */
    public int l4Src() {
        return (int) (words[4] >>> 16) & 0xffff;
    }

    /** {@link FlowField#L4_DST}. */
    public int l4Dst() {
        return (int) words[4] & 0xffff;
    }

    /** {@link FlowField#TUNNEL_ID}. */
    public long tunnelId() {
        return words[14];
    }

    /** {@link FlowField#TUNNEL_FLAGS}. */
    public int tunnelFlags() {
        return (int) (words[9] >>> 32) & 0xffff;
    }

    /** Makes every field 0. */
    public void clear() {
        clearWords(present);
        present = 0;
    }

    /** Zeroes the words of a presence map. */
    void clearWords(int map) {
        while (map != 0) {
            words[Integer.numberOfTrailingZeros(map)] = 0;
            map &= map - 1;
        }
    }

    /** Becomes equal to another key. */
    public void copyFrom(FlowKey other) {
        clearWords(present & ~other.present);
        present = other.present;
        for (int map = present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            words[word] = other.words[word];
        }
    }

    /** Becomes another key as a mask leaves it: fields that it does not look at are 0. */
    public void copyMasked(FlowKey other, FlowMask mask) {
        clearWords(present);
        present = other.present & mask.present;
        for (int map = present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            words[word] = other.words[word] & mask.words[word];
        }
    }

    /** Whether both keys are alike in everything that the mask looks at. */
    public boolean equalsUnder(FlowMask mask, FlowKey other) {
        long difference = 0;
        for (int map = mask.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            difference |= (words[word] ^ other.words[word]) & mask.words[word];
        }
        return difference == 0;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowKey other && PackedWords.equal(words, present, other.words, other.present);
    }

    @Override
    public int hashCode() {
        return PackedWords.hashCode(words, present);
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
