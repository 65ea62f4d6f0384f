package io.jvswitch.flowtable.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PrefixTrieTest {

    private record Prefix(long hi, long lo, int length) {
        boolean fits(long addressHi, long addressLo) {
            return sharedBits(hi ^ addressHi, lo ^ addressLo) >= length;
        }
    }

    private static int sharedBits(long hi, long lo) {
        BigInteger difference =
                new BigInteger(Long.toUnsignedString(hi)).shiftLeft(64).or(new BigInteger(Long.toUnsignedString(lo)));
        return 128 - difference.bitLength();
    }

    @Test
    void tellsTheShortestPrefixThatSetsAnAddressApart() {
        PrefixTrie trie = new PrefixTrie();
        trie.add(0x0a01_0000_0000_0000L, 0, 16);
        trie.add(0x0a02_0300_0000_0000L, 0, 24);
        assertEquals(PrefixTrie.FITS, trie.bitsToMiss(0x0a01_ffff_0000_0000L, 7, 16));
        assertEquals(PrefixTrie.FITS, trie.bitsToMiss(0x0a02_0301_0000_0000L, 7, 24));
        assertEquals(1, trie.bitsToMiss(0xc000_0000_0000_0000L, 0, 24), "the first bit is enough");
        assertEquals(5, trie.bitsToMiss(0x0000_0000_0000_0000L, 0, 24));
        assertEquals(24, trie.bitsToMiss(0x0a02_0200_0000_0000L, 0, 24));
        assertEquals(16, trie.bitsToMiss(0x0a02_0300_0000_0000L, 0, 16), "a /24 is no /16");
    }

    @Test
    void whatIsNotThereCannotBeRemoved() {
        assertThrows(IllegalStateException.class, () -> new PrefixTrie().remove(1, 2, 128));
    }

    @Test
    void agreesWithAListAndProvesWhatItSays() {
        RandomGenerator random = Seed.random(PrefixTrieTest.class);
        PrefixTrie trie = new PrefixTrie();
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            if (random.nextInt(3) > 0 && prefixes.size() < 60) {
                Prefix prefix = new Prefix(half(random), half(random), random.nextInt(1, 129));
                trie.add(prefix.hi, prefix.lo, prefix.length);
                prefixes.add(prefix);
            } else if (!prefixes.isEmpty()) {
                Prefix prefix = prefixes.remove(random.nextInt(prefixes.size()));
                trie.remove(prefix.hi, prefix.lo, prefix.length);
            }
            long hi = half(random);
            long lo = half(random);
            int length = random.nextInt(1, 129);
            boolean fits = prefixes.stream().anyMatch(p -> p.length == length && p.fits(hi, lo));
            int bits = trie.bitsToMiss(hi, lo, length);
            assertEquals(fits, bits == PrefixTrie.FITS);
            if (!fits) {
                assertTrue(bits <= length);
                // Nothing of that length fits any address that shares these bits.
                assertFalse(prefixes.stream()
                        .anyMatch(p -> p.length == length && sharedBits(p.hi ^ hi, p.lo ^ lo) >= bits));
            }
        }
    }

    /** Few different values, with runs of zeros and ones. */
    private static long half(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> -1L << random.nextInt(64);
            default -> 1L << random.nextInt(64);
        };
    }
}
