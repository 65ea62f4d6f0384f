package io.jvswitch.wire.testing;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random numbers for tests that can be repeated: the seed is printed, and {@code -Djvswitch.seed=N} sets it. */
public final class Seed {

    private Seed() {}

    /** A generator for a test class; prints its seed. */
    public static RandomGenerator random(Class<?> test) {
        Long given = Long.getLong("jvswitch.seed");
        long seed = given != null ? given : System.nanoTime();
        System.out.println(test.getSimpleName() + ": repeat with -Djvswitch.seed=" + seed);
        return new SplittableRandom(seed);
    }
}
