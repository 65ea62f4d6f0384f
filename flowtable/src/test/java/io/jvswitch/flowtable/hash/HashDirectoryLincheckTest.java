package io.jvswitch.flowtable.hash;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One writer and any readers of a {@link HashDirectory} are linearizable, by Lincheck, where it is hardest: all hashes
 * have the same two buckets (which are one) and the same tag, so that the ninth element splits the segment, removals
 * join it again, and places pass from one element to another while a reader compares.
 */
@Param(name = "choice", gen = IntGen.class, conf = "0:4")
public class HashDirectoryLincheckTest {

    /** The keys that the operations are about: some that are there from the start, and some whose insertion splits. */
    private static final int[] KEYS = {1, 8, 0, 9, 2};

    private static final class Element extends Hashed {
        final int key;

        Element(int key) {
            super(hash(key));
            this.key = key;
        }
    }

    private final HashDirectory<Element> directory = new HashDirectory<>();

    /** Keys 0 to 7 are there from the start: the bucket is full. */
    public HashDirectoryLincheckTest() {
        for (int key = 0; key < 8; key++) {
            directory.add(new Element(key));
        }
    }

    /** Differs in the leading four bits only, which no bucket and no tag depend on. */
    private static int hash(int key) {
        return Integer.reverse(key);
    }

    private @Nullable Element find(int key) {
        int hash = hash(key);
        HashSegment<Element> segment = directory.segment(hash);
        int bucket = HashSegment.firstBucket(hash);
        for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
            Element element = segment.element(bucket, map);
            if (element != null && element.key == key) {
                return element;
            }
        }
        for (Hashed other : segment.overflow()) {
            if (((Element) other).key == key) {
                return (Element) other;
            }
        }
        return null;
    }

    @Operation(nonParallelGroup = "writer")
    public boolean add(@Param(name = "choice") int choice) {
        int key = KEYS[choice];
        if (find(key) != null) {
            return false;
        }
        directory.add(new Element(key));
        return true;
    }

    @Operation(nonParallelGroup = "writer")
    public boolean remove(@Param(name = "choice") int choice) {
        Element element = find(KEYS[choice]);
        return element != null && directory.remove(element);
    }

    @Operation
    public boolean contains(@Param(name = "choice") int choice) {
        return find(KEYS[choice]) != null;
    }

    @Test
    void everyInterleavingOfAModelIsLinearizable() {
        new ModelCheckingOptions()
                .iterations(30)
                .invocationsPerIteration(1000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                // Joining walks 512 places: more steps in a loop than Lincheck takes for alive.
                .loopBound(10_000)
                .check(HashDirectoryLincheckTest.class);
    }

    @Test
    void runsOnRealThreadsAreLinearizable() {
        new StressOptions()
                .iterations(15)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(4)
                .check(HashDirectoryLincheckTest.class);
    }
}
