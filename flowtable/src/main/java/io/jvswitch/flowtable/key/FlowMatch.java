package io.jvswitch.flowtable.key;

/**
 * What frames must be to agree: the values of fields, and which of their bits count. The owner may change neither
 * afterwards.
 *
 * @param key the values; 0 where no bit counts
 * @param mask the bits that count
 */
public record FlowMatch(FlowKey key, FlowMask mask) {

    /** A match that nothing is asked of yet. */
    static FlowMatch empty() {
        return new FlowMatch(new FlowKey(), new FlowMask());
    }

    /** Asks for a value of some bits; those outside its mask stay as they are. */
    void add(KeyBits bits, MaskedValue value) {
        key.set(
                bits,
                key.getHi(bits) & ~value.maskHi() | value.hi() & value.maskHi(),
                key.get(bits) & ~value.maskLo() | value.lo() & value.maskLo());
        mask.bits(bits, value.maskHi(), value.maskLo());
    }
}
