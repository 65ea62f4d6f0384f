package io.jvswitch.flowtable.key;

/** What keys and masks share: 64-bit words with a presence map. */
final class PackedWords {

    private PackedWords() {}

    /** Whether two word arrays hold the same values; a word that is not present counts as 0. */
    static boolean equal(long[] words, int present, long[] others, int otherPresent) {
        for (int map = present | otherPresent; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            if (words[word] != others[word]) {
                return false;
            }
        }
        return true;
    }

    /** A hash over the words that are not 0, the same for equal arrays whatever their presence maps. */
    static int hashCode(long[] words, int present) {
        long hash = 0;
        for (int map = present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            if (words[word] != 0) {
                hash = FlowHash.fold(hash ^ words[word], FlowHash.SALTS[word]);
            }
        }
        return FlowHash.finish(hash);
    }
}
