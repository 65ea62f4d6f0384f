package io.jvswitch.bench.flowtable;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every slice of {@link RevalidationBenchmark}, and where its time went: JMH takes a sample of the slices, and a worst
 * one by the clock alone does not tell a slow slice from a thread that had no processor.
 *
 * <p>Per slice: the clock, the thread's processor time, what the kernel says that the thread waited for a processor
 * (/proc/thread-self/schedstat, second field), and the collections of garbage. All is read outside of the time taken by
 * the clock.
 *
 * @param slices how many were measured
 * @param wallNs their durations by the clock, ascending
 * @param worstOwnNs the most processor time that a slice took, its share of collections on other threads not included
 * @param worstWaitNs of the slice that was longest by the clock, the time that the thread waited for a processor; -1
 *     where the kernel does not say
 * @param worstWallOwnNs of the same slice, the processor time
 * @param worstCollections of the same slice, the collections during it
 * @param collections collections during all of them
 */
@SuppressWarnings("ArrayRecordComponent") // read by the record's writer, never compared
public record SliceTimes(
        int slices,
        long[] wallNs,
        long worstOwnNs,
        long worstWallOwnNs,
        long worstWaitNs,
        long worstCollections,
        long collections) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();
    private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");
    private static final int SLICE = 64;
    private static final int WARM_UP = 100_000;

    /** The duration by the clock that a share of the slices does not exceed. */
    public long wallNs(double percent) {
        return wallNs[(int) Math.min(slices - 1, Math.ceil(slices * percent / 100))];
    }

    /** Slices that took longer than this by the clock. */
    public int longerThan(long ns) {
        int at = Arrays.binarySearch(wallNs, ns + 1);
        return slices - (at < 0 ? -at - 1 : at);
    }

    /** Measures so many slices, on the calling thread. */
    public static SliceTimes measure(int slices) throws IOException {
        RevalidationBenchmark benchmark = new RevalidationBenchmark();
        benchmark.slice = SLICE;
        benchmark.fill();
        for (int i = 0; i < WARM_UP; i++) {
            benchmark.nextRound();
            benchmark.slice();
        }
        long[] wall = new long[slices];
        long worstWall = 0;
        long worstOwn = 0;
        long worstWallOwn = 0;
        long worstWait = -1;
        long worstCollections = 0;
        long collectionsAtFirst = collectionCount();
        try (FileChannel schedstat = open()) {
            ByteBuffer text = ByteBuffer.allocateDirect(128);
            for (int i = 0; i < slices; i++) {
                benchmark.nextRound();
                long collectionsBefore = collectionCount();
                long waitBefore = waitNs(schedstat, text);
                long ownBefore = THREADS.getCurrentThreadCpuTime();
                long start = System.nanoTime();
                benchmark.slice();
                wall[i] = System.nanoTime() - start;
                long own = THREADS.getCurrentThreadCpuTime() - ownBefore;
                worstOwn = Math.max(worstOwn, own);
                if (wall[i] > worstWall) {
                    worstWall = wall[i];
                    worstWallOwn = own;
                    worstWait = waitBefore < 0 ? -1 : waitNs(schedstat, text) - waitBefore;
                    worstCollections = collectionCount() - collectionsBefore;
                }
            }
        }
        long collections = collectionCount() - collectionsAtFirst;
        Arrays.sort(wall);
        return new SliceTimes(slices, wall, worstOwn, worstWallOwn, worstWait, worstCollections, collections);
    }

    /** The thread's own file, opened once: the path would lead to another thread's from there. */
    private static @Nullable FileChannel open() throws IOException {
        return SCHEDSTAT.toFile().canRead() ? FileChannel.open(SCHEDSTAT) : null;
    }

    private static long waitNs(@Nullable FileChannel schedstat, ByteBuffer text) throws IOException {
        if (schedstat == null) {
            return -1;
        }
        text.clear();
        int length = schedstat.read(text, 0);
        long wait = 0;
        int field = 0;
        for (int i = 0; i < length && field < 2; i++) {
            byte character = text.get(i);
            if (character == ' ') {
                field++;
            } else if (field == 1) {
                wait = 10 * wait + character - '0';
            }
        }
        return wait;
    }

    private static long collectionCount() {
        long count = 0;
        for (GarbageCollectorMXBean collector : COLLECTORS) {
            count += collector.getCollectionCount();
        }
        return count;
    }
}
