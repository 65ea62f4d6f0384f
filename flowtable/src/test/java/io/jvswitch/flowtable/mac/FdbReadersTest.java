package io.jvswitch.flowtable.mac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Readers beside the writer of an {@link Fdb}: it learns, moves, evicts, ages and grows while they look up. What is
 * bound is always found; and an answer that has become another one has another {@link Fdb#version(long, int)}.
 */
final class FdbReadersTest {
    private static final int CAPACITY = 20_000;
    private static final int READERS = 2;
    private static final int BOUND = 50;
    private static final int MOVING = 50;
    /** Addresses of the three kinds begin here. */
    private static final long FIRST_BOUND = 0x0200_0000_0000L;

    private static final long FIRST_MOVING = 0x0200_0001_0000L;
    private static final long FIRST_MADE_UP = 0x0200_0100_0000L;

    private final Fdb fdb = new Fdb(CAPACITY);
    /** What the writer has done so far, told after each change. */
    private final AtomicLong changes = new AtomicLong();

    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger moved = new AtomicInteger();

    private void awaitChanges(long count) {
        long from = changes.get();
        while (changes.get() < from + count && !done.get()) {
            Thread.onSpinWait();
        }
    }

    private Void read() {
        long[] versions = new long[MOVING];
        int[] answers = new int[MOVING];
        while (!done.get()) {
            for (int i = 0; i < BOUND; i++) {
                assertEquals(i, fdb.lookup(FIRST_BOUND + i, 0), "bound by configuration");
            }
            for (int i = 0; i < MOVING; i++) {
                versions[i] = fdb.version(FIRST_MOVING + i, 1);
                answers[i] = fdb.lookup(FIRST_MOVING + i, 1);
            }
            awaitChanges(20);
            for (int i = 0; i < MOVING; i++) {
                int answer = fdb.lookup(FIRST_MOVING + i, 1);
                if (answer != answers[i]) {
                    awaitChanges(2); // the change that was seen may not have been over
                    if (!done.get()) {
                        assertNotEquals(versions[i], fdb.version(FIRST_MOVING + i, 1), "of a MAC that has moved");
                        moved.incrementAndGet();
                    }
                }
            }
            int[] seen = {0};
            fdb.forEach((mac, vlan, location, lastSeenNs, isStatic) -> seen[0] += isStatic ? 1 : 0);
            assertEquals(BOUND, seen[0]);
            assertTrue(fdb.size() <= CAPACITY);
            rounds.incrementAndGet();
        }
        return null;
    }

    private void change(RandomGenerator random, long nowNs) {
        long moving = FIRST_MOVING + random.nextInt(MOVING);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> fdb.learn(moving, 1, 100 + random.nextInt(3), nowNs);
            case 3 -> fdb.remove(moving, 1);
            case 4 -> fdb.expire(nowNs, 1_000_000, 64);
            case 5 -> fdb.removeLocation(200 + random.nextInt(20));
            default -> {
                long first = FIRST_MADE_UP + random.nextInt(1 << 22);
                for (int i = 0; i < 20; i++) {
                    fdb.learn(first + i, random.nextInt(2), 200 + random.nextInt(20), nowNs);
                }
            }
        }
        changes.incrementAndGet();
    }

    @Test
    void whatIsBoundIsFoundAndWhatMovedIsAnotherVersion() throws Exception {
        RandomGenerator random = Seed.random(FdbReadersTest.class);
        for (int i = 0; i < BOUND; i++) {
            fdb.bind(FIRST_BOUND + i, 0, i, 0);
        }
        List<Future<Void>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(this::read));
            }
            try {
                long nowNs = 0;
                do {
                    for (int i = 0; i < 20_000; i++) {
                        change(random, nowNs += 1000);
                    }
                } while ((rounds.get() < 100 || moved.get() < 100)
                        && readers.stream().noneMatch(Future::isDone));
            } finally {
                done.set(true);
            }
            for (Future<Void> reader : readers) {
                reader.get();
            }
        }
    }
}
