package io.jvswitch.flowtable;

import io.jvswitch.wire.EtherType;

/**
 * A {@link FlowMask} as the tables keep it: immutable, only the words that it looks at, in order.
 *
 * <p>All megaflows of one mask share one.
 */
final class PackedMask {

    /** The high halves of the addresses. */
    private static final int IPV4_ZERO_WORDS = 1 << 5 | 1 << 7;

    /** Indices in a key's words, ascending. */
    final int[] at;
    /** The bits looked at in each of them; never 0. */
    final long[] bits;

    private PackedMask(int[] at, long[] bits) {
        this.at = at;
        this.bits = bits;
    }

    static PackedMask of(FlowMask mask) {
        int count = 0;
        int[] at = new int[Integer.bitCount(mask.present)];
        long[] bits = new long[at.length];
        for (int map = mask.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            at[count] = word;
            bits[count] = mask.words[word];
            count++;
        }
        return new PackedMask(at, bits);
    }

    /** Words looked at. */
    int size() {
        return at.length;
    }

    FlowMask toMask() {
        FlowMask mask = new FlowMask();
        for (int i = 0; i < at.length; i++) {
            mask.add(at[i], bits[i]);
        }
        return mask;
    }

    /** Adds what this mask looks at to another. */
    void addTo(FlowMask mask) {
        for (int i = 0; i < at.length; i++) {
            mask.words[at[i]] |= bits[i];
            mask.present |= 1 << at[i];
        }
    }

    /** The words of a key as this mask leaves them, without those that it does not look at. */
    long[] pack(long[] words) {
        long[] packed = new long[at.length];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = words[at[i]] & bits[i];
        }
        return packed;
    }

    /** The hash of a key as this mask leaves it. */
    int hash(long[] words) {
        return FlowHash.finish(longHash(words));
    }

    /** {@link #hash} before it is folded to 32 bits. */
    long longHash(long[] words) {
        int[] at = this.at;
        long[] bits = this.bits;
        long[] salts = FlowHash.SALTS;
        long hash = 0;
        int i = 0;
        for (; i + 1 < at.length; i += 2) {
            long a = words[at[i]] & bits[i];
            long b = words[at[i + 1]] & bits[i + 1];
            hash ^= FlowHash.fold(a ^ salts[i], b ^ salts[i + 1]);
        }
        if (i < at.length) {
            hash ^= FlowHash.fold(words[at[i]] & bits[i] ^ salts[i], salts[FlowField.WORDS]);
        }
        return hash;
    }

    /**
     * Leaves out of a mask what the EtherType already says: where a mask looks at all of it and it is IPv4 or ARP, the high
     * halves of the addresses are 0 in every frame, and two words less are hashed and compared.
     *
     * @param key a key that {@link FlowExtractor} could have made
     */
    static void leaveOutImplied(FlowKey key, FlowMask mask) {
        int implied = mask.present & impliedWords(key.ethType(), mask.get(FlowField.ETH_TYPE));
        for (int map = implied; map != 0; map &= map - 1) {
            mask.words[Integer.numberOfTrailingZeros(map)] = 0;
        }
        mask.present &= ~implied;
    }

    /** Presence bits of the words that are 0 in every frame of an EtherType, when the mask looks at all bits of the type. */
    static int impliedWords(int ethType, long ethTypeMask) {
        boolean ipv4 = ethType == EtherType.IPV4 || ethType == EtherType.ARP;
        return ipv4 && ethTypeMask == FlowField.ETH_TYPE.ones ? IPV4_ZERO_WORDS : 0;
    }
}
