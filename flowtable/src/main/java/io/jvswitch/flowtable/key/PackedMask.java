package io.jvswitch.flowtable.key;

import io.jvswitch.flowtable.megaflow.Subtable;
import io.jvswitch.wire.header.EtherType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FlowMask} as the tables keep it: immutable, only the words that it looks at, in order.
 *
 * <p>All megaflows of one mask share one.
 */
public final class PackedMask {

    /** Words that a {@linkplain #isUsual usual} mask may look at beside those of TCP and UDP over IPv4. */
    private static final int MAX_EXTRAS = 4;
    /** How many words of those of TCP and UDP over IPv4 there are. */
    private static final int USUAL_PLACES = 6;

    /**
     * Whether the mask looks at no other words than TCP and UDP over IPv4 have, and at most four more: flags, tunnel
     * id, connection-tracking state, tags, the high halves of IPv6 addresses, whichever it is. Such masks are hashed
     * and compared by straight code with the words in fixed places.
     */
    public final boolean isUsual;

    /** The bits of a usual mask in the words of TCP and UDP over IPv4; 0 where it does not look. */
    public final long portBits;

    public final long destinationBits;
    public final long sourceBits;
    public final long transportBits;
    public final long ipSourceBits;
    public final long ipDestinationBits;

    /** How many more words a usual mask looks at, 0 to 4. */
    public final int extras;

    /** The further words of a usual mask, ascending, and the bits; word 0 without bits for none. */
    public final int extraAt0;

    public final long extraBits0;
    public final int extraAt1;
    public final long extraBits1;
    public final int extraAt2;
    public final long extraBits2;
    public final int extraAt3;
    public final long extraBits3;

    /** Indices in a key's words, ascending. */
    public final int[] at;
    /** The bits looked at in each of them; never 0. */
    public final long[] bits;

    /** The subtable whose mask this is, so that a flow knows it. */
    private @Nullable Subtable<?> subtable;

    private final int[] places;
    private final int bitCount;

    private PackedMask(FlowMask mask, int[] at, long[] bits) {
        this.at = at;
        this.bits = bits;
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        bitCount = count;
        long usual = mask.present & FlowLayout.USUAL_WORDS;
        extras = at.length - Long.bitCount(usual);
        isUsual = extras <= MAX_EXTRAS;
        places = places(at, isUsual);
        portBits = mask.words[FlowLayout.PORT_WORD];
        destinationBits = mask.words[FlowLayout.DESTINATION_WORD];
        sourceBits = mask.words[FlowLayout.SOURCE_WORD];
        transportBits = mask.words[FlowLayout.TRANSPORT_WORD];
        ipSourceBits = mask.words[FlowLayout.IP_SRC_WORD];
        ipDestinationBits = mask.words[FlowLayout.IP_DST_WORD];
        int[] extraAt = extraWords(at);
        extraAt0 = extraAt[0];
        extraAt1 = extraAt[1];
        extraAt2 = extraAt[2];
        extraAt3 = extraAt[3];
        extraBits0 = extras > 0 ? mask.words[extraAt0] : 0;
        extraBits1 = extras > 1 ? mask.words[extraAt1] : 0;
        extraBits2 = extras > 2 ? mask.words[extraAt2] : 0;
        extraBits3 = extras > 3 ? mask.words[extraAt3] : 0;
    }

    private static int[] extraWords(int[] at) {
        int[] extraAt = new int[MAX_EXTRAS];
        int count = 0;
        for (int i = 0; i < at.length && count < MAX_EXTRAS; i++) {
            if (!isUsualWord(at[i])) {
                extraAt[count++] = at[i];
            }
        }
        return extraAt;
    }

    private static boolean isUsualWord(int word) {
        return word < FlowLayout.HIGH_WORDS && (FlowLayout.USUAL_WORDS >>> word & 1) != 0;
    }

    /** Before any flow has the mask. */
    public void setSubtable(Subtable<?> newSubtable) {
        subtable = newSubtable;
    }

    public Subtable<?> subtable() {
        return Objects.requireNonNull(subtable, "a flow's mask is a subtable's");
    }

    public int bitCount() {
        return bitCount;
    }

    public static PackedMask of(FlowMask mask) {
        int count = 0;
        int[] at = new int[Long.bitCount(mask.present) + Long.bitCount(mask.presentHigh)];
        long[] bits = new long[at.length];
        for (int word = mask.next(0); word >= 0; word = mask.next(word + 1)) {
            at[count] = word;
            bits[count] = mask.words[word];
            count++;
        }
        return new PackedMask(mask, at, bits);
    }

    /**
     * Which of a flow's words holds the i-th word that this mask looks at: the i-th; when the mask is usual, those of
     * TCP and UDP over IPv4 have fixed places, and the further ones come behind.
     */
    public int place(int i) {
        return places[i];
    }

    private static int[] places(int[] at, boolean usual) {
        int[] places = new int[at.length];
        int extra = USUAL_PLACES;
        for (int i = 0; i < at.length; i++) {
            if (!usual) {
                places[i] = i;
            } else if (isUsualWord(at[i])) {
                places[i] = Long.bitCount(FlowLayout.USUAL_WORDS & (1L << at[i]) - 1);
            } else {
                places[i] = extra++;
            }
        }
        return places;
    }

    /** Places that a flow's words take, see {@link #place}. */
    public int placesTaken() {
        return isUsual ? USUAL_PLACES + extras : at.length;
    }

    /** Words looked at. */
    public int size() {
        return at.length;
    }

    /** Whether this is what {@link #of} makes of a mask. */
    public boolean isOf(FlowMask mask) {
        int i = 0;
        for (long map = mask.present; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            if (i == at.length || at[i] != word || bits[i] != mask.words[word]) {
                return false;
            }
            i++;
        }
        for (long map = mask.presentHigh; map != 0; map &= map - 1) {
            int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
            if (i == at.length || at[i] != word || bits[i] != mask.words[word]) {
                return false;
            }
            i++;
        }
        return i == at.length;
    }

    /** Whether this looks at everything that a mask looks at. */
    public boolean covers(FlowMask mask) {
        return covers(mask, 0);
    }

    /** Whether this looks at everything that a mask looks at, but for some words among the first 64. */
    public boolean covers(FlowMask mask, long exceptWords) {
        int i = 0;
        for (long map = mask.present & ~exceptWords; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            i = placeFrom(i, word);
            if (i < 0 || (mask.words[word] & ~bits[i]) != 0) {
                return false;
            }
        }
        for (long map = mask.presentHigh; map != 0; map &= map - 1) {
            int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
            i = placeFrom(i, word);
            if (i < 0 || (mask.words[word] & ~bits[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where this mask has a word, from a place on; -1 when it does not look at it. */
    private int placeFrom(int from, int word) {
        int i = from;
        while (i < at.length && at[i] < word) {
            i++;
        }
        return i < at.length && at[i] == word ? i : -1;
    }

    public FlowMask toMask() {
        FlowMask mask = new FlowMask();
        for (int i = 0; i < at.length; i++) {
            mask.add(at[i], bits[i]);
        }
        return mask;
    }

    /** Adds what this mask looks at to another. */
    public void addTo(FlowMask mask) {
        for (int i = 0; i < at.length; i++) {
            mask.add(at[i], bits[i]);
        }
    }

    /** The words of a key as this mask leaves them, without those that it does not look at. */
    public long[] pack(long[] words) {
        long[] packed = new long[at.length];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = words[at[i]] & bits[i];
        }
        return packed;
    }

    /** The hash of a key as this mask leaves it. */
    public int hash(long[] words) {
        return FlowHash.finish(longHash(words));
    }

    /** {@link #hash} before it is folded to 32 bits. */
    public long longHash(long[] words) {
        return isUsual ? usualHash(words) : anyHash(words);
    }

    private long usualHash(long[] words) {
        long hash = FlowHash.fold(
                        words[FlowLayout.PORT_WORD] & portBits ^ FlowHash.SALT_0,
                        words[FlowLayout.DESTINATION_WORD] & destinationBits ^ FlowHash.SALT_1)
                ^ FlowHash.fold(
                        words[FlowLayout.SOURCE_WORD] & sourceBits ^ FlowHash.SALT_2,
                        words[FlowLayout.TRANSPORT_WORD] & transportBits ^ FlowHash.SALT_3)
                ^ FlowHash.fold(
                        words[FlowLayout.IP_SRC_WORD] & ipSourceBits ^ FlowHash.SALT_4,
                        words[FlowLayout.IP_DST_WORD] & ipDestinationBits ^ FlowHash.SALT_5);
        return extras == 0 ? hash : hash ^ extraHash(words);
    }

    private long extraHash(long[] words) {
        long hash = FlowHash.fold(
                words[extraAt0] & extraBits0 ^ FlowHash.SALT_6, words[extraAt1] & extraBits1 ^ FlowHash.SALT_7);
        return extras <= 2
                ? hash
                : hash
                        ^ FlowHash.fold(
                                words[extraAt2] & extraBits2 ^ FlowHash.SALT_8,
                                words[extraAt3] & extraBits3 ^ FlowHash.SALT_9);
    }

    private long anyHash(long[] words) {
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
            hash ^= FlowHash.fold(words[at[i]] & bits[i] ^ salts[i], salts[FlowLayout.WORDS]);
        }
        return hash;
    }

    /**
     * Leaves out of a mask what the EtherType already says: where a mask looks at all of it and it is IPv4 or ARP, the
     * high halves of the addresses are 0 in every frame, and two words less are hashed and compared.
     *
     * @param key a key that {@link FlowExtractor} could have made
     */
    public static void leaveOutImplied(FlowKey key, FlowMask mask) {
        long implied = mask.present & impliedWords(key.ethType(), mask.get(FlowField.ETH_TYPE));
        for (long map = implied; map != 0; map &= map - 1) {
            mask.words[Long.numberOfTrailingZeros(map)] = 0;
        }
        mask.present &= ~implied;
    }

    /**
     * Presence bits of the words that are 0 in every frame of an EtherType, when the mask looks at all bits of the
     * type.
     */
    public static long impliedWords(long ethType, long ethTypeMask) {
        boolean ipv4 = ethType == EtherType.IPV4 || ethType == EtherType.ARP;
        return ipv4 && ethTypeMask == FlowField.ETH_TYPE.ones ? FlowLayout.IPV4_ZERO_WORDS : 0;
    }
}
