package io.jvswitch.flowtable.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowHash;
import io.jvswitch.wire.testing.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HashDirectoryTest {

    private static final class Element extends Hashed {
        final long key;

        Element(long key, int hash) {
            super(hash);
            this.key = key;
        }
    }

    private final HashDirectory<Element> directory = new HashDirectory<>();

    private @Nullable Element find(long key, int hash) {
        HashSegment<Element> segment = directory.segment(hash);
        for (int bucket : new int[] {HashSegment.firstBucket(hash), HashSegment.secondBucket(hash)}) {
            for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
                Element element = segment.element(bucket, map);
                if (element != null && element.key == key) {
                    return element;
                }
            }
        }
        for (Hashed other : segment.overflow()) {
            if (((Element) other).key == key) {
                return (Element) other;
            }
        }
        return null;
    }

    private void againstAMap(int keys, int rounds, java.util.function.LongToIntFunction hash) {
        RandomGenerator random = Seed.random(HashDirectoryTest.class);
        Map<Long, Element> model = new HashMap<>();
        for (int i = 0; i < rounds; i++) {
            // Grows in the first half, shrinks in the second.
            boolean add = random.nextInt(4) < (i < rounds / 2 ? 3 : 1);
            long key = random.nextInt(keys);
            Element known = model.get(key);
            assertSame(known, find(key, hash.applyAsInt(key)));
            if (add && known == null) {
                Element element = new Element(key, hash.applyAsInt(key));
                directory.add(element);
                model.put(key, element);
            } else if (!add && known != null) {
                assertTrue(directory.remove(known));
                assertFalse(directory.remove(known));
                model.remove(key);
            }
            assertEquals(model.size(), directory.size());
        }
        for (Element element : model.values()) {
            assertSame(element, find(element.key, element.hash));
        }
        for (Element element : model.values()) {
            assertTrue(directory.remove(element));
            assertNull(find(element.key, element.hash));
        }
        assertEquals(0, directory.size());
    }

    @Test
    void growsAndShrinksUnderGoodHashes() {
        againstAMap(200_000, 400_000, FlowHash::of);
    }

    /** Hashes that differ in six bits only: the directory goes to its greatest depth, and beyond its buckets. */
    @Test
    void bearsHashesThatCollide() {
        againstAMap(2000, 20_000, key -> (int) (key & 0x3f) << 4);
    }

    @Test
    void bearsEqualHashes() {
        againstAMap(500, 4000, key -> 0x1234_5678);
    }

    @Test
    void segmentsAreJoinedWhenTheyBecomeEmpty() {
        Element[] elements = new Element[100_000];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = new Element(i, FlowHash.of(i));
            directory.add(elements[i]);
        }
        int many = directory.segmentCount();
        assertTrue(many >= 100_000 / HashSegment.SLOTS && many <= 100_000 / 90, "segments: " + many);
        for (int i = 10; i < elements.length; i++) {
            directory.remove(elements[i]);
        }
        assertTrue(directory.segmentCount() < many / 20, "segments: " + directory.segmentCount());
    }
}
