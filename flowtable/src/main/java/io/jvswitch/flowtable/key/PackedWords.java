package io.jvswitch.flowtable.key;

/**
 * What keys and masks share: 64-bit words with a presence map. The map is a pair: one bit for each of the first 64
 * words, in which all is that frames have but for tunnel options, and one for each of those beyond.
 */
final class PackedWords {

    private PackedWords() {}

    /**
     * The first word that is present, from one on, or -1: for loops over all words where time does not count. Others
     * have one loop a map.
     */
    static int next(long present, long presentHigh, int from) {
        if (from < FlowLayout.HIGH_WORDS) {
            long rest = present & -1L << from;
            if (rest != 0) {
                return Long.numberOfTrailingZeros(rest);
            }
        }
        long rest = presentHigh & -1L << Math.max(0, from - FlowLayout.HIGH_WORDS);
        return rest == 0 ? -1 : FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(rest);
    }

    /** Whether two word arrays hold the same values in the words of these maps; a word that is not present is 0. */
    static boolean equal(long[] words, long[] others, long present, long presentHigh) {
        for (long map = present; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            if (words[word] != others[word]) {
                return false;
            }
        }
        for (long map = presentHigh; map != 0; map &= map - 1) {
            int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
            if (words[word] != others[word]) {
                return false;
            }
        }
        return true;
    }

    /** A hash over the words that are not 0, the same for equal arrays whatever their presence maps. */
    static int hashCode(long[] words, long present, long presentHigh) {
        long hash = 0;
        for (long map = present; map != 0; map &= map - 1) {
            hash = add(hash, words, Long.numberOfTrailingZeros(map));
        }
        for (long map = presentHigh; map != 0; map &= map - 1) {
            hash = add(hash, words, FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map));
        }
        return FlowHash.finish(hash);
    }

    private static long add(long hash, long[] words, int word) {
        return words[word] == 0 ? hash : FlowHash.fold(hash ^ words[word], FlowHash.SALTS[word]);
    }
}
