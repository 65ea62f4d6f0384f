package io.jvswitch.flowtable.key;

import io.jvswitch.flowtable.megaflow.Subtable;
import io.jvswitch.wire.EtherType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FlowMask} as the tables keep it: immutable, only the words that it looks at, in order.
 *
 * <p>All megaflows of one mask share one.
 */
public final class PackedMask {

    /** The high halves of the addresses. */
    private static final int IPV4_ZERO_WORDS = 1 << 5 | 1 << 7;

    /** The words that an {@linkplain #isUsual usual} mask looks at at most. */
    private static final int USUAL_WORDS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 14;

    /**
     * Whether the mask looks at no other words than TCP and UDP over IPv4 have (0, 1, 2, 4, 6, 8), flags (9) and tunnel
     * id (14). Such masks are hashed and compared by straight code with the words in fixed places.
     */
    public final boolean isUsual;

    /** The bits of a usual mask in its words, in the order above; 0 where it does not look. */
    public final long bits0;

    public final long bits1;
    public final long bits2;
    public final long bits4;
    public final long bits6;
    public final long bits8;
    public final long bits9;
    public final long bits14;

    /** Indices in a key's words, ascending. */
    public final int[] at;
    /** The bits looked at in each of them; never 0. */
    public final long[] bits;

    /** The subtable whose mask this is, so that a flow knows it. */
    private @Nullable Subtable<?> subtable;

    private final int bitCount;

    private PackedMask(FlowMask mask, int[] at, long[] bits) {
        this.at = at;
        this.bits = bits;
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        bitCount = count;
        isUsual = (mask.present & ~USUAL_WORDS) == 0;
        bits0 = mask.words[0];
        bits1 = mask.words[1];
        bits2 = mask.words[2];
        bits4 = mask.words[4];
        bits6 = mask.words[6];
        bits8 = mask.words[8];
        bits9 = mask.words[9];
        bits14 = mask.words[14];
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

    /** Whether a usual mask looks at words 9 or 14. */
    public boolean isUsualAndLong() {
        return (bits9 | bits14) != 0;
    }

    public static PackedMask of(FlowMask mask) {
        int count = 0;
        int[] at = new int[Integer.bitCount(mask.present)];
        long[] bits = new long[at.length];
        for (int map = mask.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            at[count] = word;
            bits[count] = mask.words[word];
            count++;
        }
        return new PackedMask(mask, at, bits);
    }

    /** Which of a flow's inline words holds a word of the key, when the mask is usual. */
    public static int usualPlace(int word) {
        return switch (word) {
            case 0, 1, 2 -> word;
            case 14 -> 7;
            case 9 -> 6;
            default -> word / 2 + 1;
        };
    }

    /** Words looked at. */
    public int size() {
        return at.length;
    }

    /** Whether this is what {@link #of} makes of a mask. */
    public boolean isOf(FlowMask mask) {
        int looked = 0;
        long difference = 0;
        for (int i = 0; i < at.length; i++) {
            difference |= mask.words[at[i]] ^ bits[i];
            looked |= 1 << at[i];
        }
        return difference == 0 && looked == mask.present;
    }

    /** Whether this looks at everything that a mask looks at. */
    public boolean covers(FlowMask mask) {
        int missing = mask.present;
        for (int i = 0; i < at.length; i++) {
            if ((mask.words[at[i]] & ~bits[i]) != 0) {
                return false;
            }
            missing &= ~(1 << at[i]);
        }
        return missing == 0;
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
            mask.words[at[i]] |= bits[i];
            mask.present |= 1 << at[i];
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
        long hash = FlowHash.fold(words[0] & bits0 ^ FlowHash.SALT_0, words[1] & bits1 ^ FlowHash.SALT_1)
                ^ FlowHash.fold(words[2] & bits2 ^ FlowHash.SALT_2, words[4] & bits4 ^ FlowHash.SALT_3)
                ^ FlowHash.fold(words[6] & bits6 ^ FlowHash.SALT_4, words[8] & bits8 ^ FlowHash.SALT_5);
        return isUsualAndLong()
                ? hash ^ FlowHash.fold(words[9] & bits9 ^ FlowHash.SALT_6, words[14] & bits14 ^ FlowHash.SALT_7)
                : hash;
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
            hash ^= FlowHash.fold(words[at[i]] & bits[i] ^ salts[i], salts[FlowField.WORDS]);
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
        int implied = mask.present & impliedWords(key.ethType(), mask.get(FlowField.ETH_TYPE));
        for (int map = implied; map != 0; map &= map - 1) {
            mask.words[Integer.numberOfTrailingZeros(map)] = 0;
        }
        mask.present &= ~implied;
    }

    /**
     * Presence bits of the words that are 0 in every frame of an EtherType, when the mask looks at all bits of the
     * type.
     */
    public static int impliedWords(int ethType, long ethTypeMask) {
        boolean ipv4 = ethType == EtherType.IPV4 || ethType == EtherType.ARP;
        return ipv4 && ethTypeMask == FlowField.ETH_TYPE.ones ? IPV4_ZERO_WORDS : 0;
    }
}
