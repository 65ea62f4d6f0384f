package io.jvswitch.flowtable.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Readers beside the writer of a {@link RuleTable} and its {@link PrefixTrie}s: rules of many masks, priorities and
 * prefixes come and go between the versions, and each reader sees of its version every rule that is in it, and nothing
 * of the next.
 */
class RuleTableReadersTest {

    private static final int SUBJECTS = 40;
    private static final int READERS = 2;

    private final RuleTable<Long> table = new RuleTable<>(4 * SUBJECTS);
    /** The version that is published, and the oldest that a reader looks up with. */
    private final AtomicLongArray inUse =
            new AtomicLongArray(LongStream.generate(() -> 1).limit(READERS + 1).toArray());

    private final List<Rule<Long>> current = new ArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger lookups = new AtomicInteger();

    private static FlowKey key(int subject) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, subject % 3);
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_DST, 0xffff_0a00_0000L | (long) subject << 8);
        key.set(FlowField.L4_DST, subject % 5);
        return key;
    }

    private static FlowMask mask(int subject, int form) {
        FlowMask mask = new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 120 + form % 4);
        return switch (form % 3) {
            case 0 -> mask;
            case 1 -> mask.exact(FlowField.L4_DST);
            default -> mask.exact(subject % 2 == 0 ? FlowField.IN_PORT : FlowField.IP_PROTO);
        };
    }

    /** In each version each subject has exactly one rule, which carries the version that it came with. */
    private Void read(int reader) {
        try {
            readUntilDone(reader);
        } finally {
            // The writer waits for no version of a reader that has ended.
            inUse.set(reader, Long.MAX_VALUE);
        }
        return null;
    }

    private void readUntilDone(int reader) {
        FlowMask looked = new FlowMask();
        while (!done.get()) {
            // Announced before it is used, and looked at again, so that the writer keeps what this version sees.
            long version = inUse.get(READERS);
            inUse.set(reader, version);
            if (inUse.get(READERS) != version) {
                continue;
            }
            for (int subject = 0; subject < SUBJECTS; subject++) {
                looked.clear();
                Rule<Long> rule = table.lookup(key(subject), version, looked);
                int number = subject;
                assertNotNull(rule, () -> "rule of " + number + " is hidden in version " + version);
                assertEquals(subject, rule.value() % SUBJECTS);
                assertEquals(version - Math.floorMod(version - subject, 4), rule.value() / SUBJECTS);
            }
            lookups.incrementAndGet();
        }
    }

    /** Version {@code v} gives every fourth subject another rule, of another mask and priority most times. */
    private void write(RandomGenerator random, long rounds) {
        for (long round = 0; round < rounds; round++) {
            long version = inUse.get(READERS) + 1;
            for (int subject = 0; subject < SUBJECTS; subject++) {
                if (Math.floorMod(version - subject, 4) == 0) {
                    replace(random, subject, version);
                }
            }
            inUse.set(READERS, version);
            table.purge(oldestInUse(version), 1 + random.nextInt(40));
            while (table.size() > 3 * SUBJECTS) {
                Thread.onSpinWait();
                table.purge(oldestInUse(version), 4 * SUBJECTS);
            }
        }
    }

    private long oldestInUse(long published) {
        long oldest = published;
        for (int reader = 0; reader < READERS; reader++) {
            oldest = Math.min(oldest, inUse.get(reader));
        }
        return oldest;
    }

    private void replace(RandomGenerator random, int subject, long version) {
        table.remove(current.get(subject), version);
        current.set(subject, insert(random, subject, version));
    }

    private Rule<Long> insert(RandomGenerator random, int subject, long version) {
        Rule<Long> rule = table.insert(
                key(subject),
                mask(subject, random.nextInt(12)),
                random.nextInt(5),
                version * SUBJECTS + subject,
                version);
        assertNotNull(rule);
        return rule;
    }

    @Test
    void eachReaderSeesItsVersionAndNoOther() throws Exception {
        RandomGenerator random = Seed.random(RuleTableReadersTest.class);
        // The first four versions, so that every subject has come.
        for (int subject = 0; subject < SUBJECTS; subject++) {
            current.add(insert(random, subject, 4 - Math.floorMod(4L - subject, 4)));
        }
        for (int i = 0; i <= READERS; i++) {
            inUse.set(i, 4);
        }
        List<Future<Void>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int i = 0; i < READERS; i++) {
                int number = i;
                readers.add(threads.submit(() -> read(number)));
            }
            try {
                do {
                    write(random, 200);
                } while (lookups.get() < 200 && readers.stream().noneMatch(Future::isDone));
            } finally {
                done.set(true);
            }
            for (Future<Void> reader : readers) {
                reader.get();
            }
        }
    }
}
