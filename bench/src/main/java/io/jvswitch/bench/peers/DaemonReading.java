package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.view.StatsView;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a peer's daemons tell about themselves at a moment, summed over them.
 *
 * @param frames frames that the workers have taken from ports; a superframe is one
 * @param workerBytes heap that the workers' threads have allocated
 * @param daemonBytes heap that all threads have allocated
 * @param collections garbage collections
 * @param collectionNs time in them
 */
record DaemonReading(long frames, long workerBytes, long daemonBytes, long collections, long collectionNs) {

    static DaemonReading of(List<StatsView> daemons) {
        long frames = 0;
        long workerBytes = 0;
        long daemonBytes = 0;
        long collections = 0;
        long collectionNs = 0;
        for (StatsView daemon : daemons) {
            for (StatsView.WorkerView worker : daemon.workers()) {
                frames += worker.frames();
                workerBytes += worker.allocatedBytes();
            }
            daemonBytes += daemon.jvm().allocatedBytes();
            collections += daemon.jvm().collections();
            collectionNs += daemon.jvm().collectionNs();
        }
        return new DaemonReading(frames, workerBytes, daemonBytes, collections, collectionNs);
    }

    /** What came since an earlier reading. */
    DaemonReading since(DaemonReading before) {
        return new DaemonReading(
                frames - before.frames,
                workerBytes - before.workerBytes,
                daemonBytes - before.daemonBytes,
                collections - before.collections,
                collectionNs - before.collectionNs);
    }

    /**
     * Figures of what was allocated.
     *
     * @param seconds in which it was
     * @param switches daemons that were read
     */
    Map<Figure, Double> allocation(double seconds, int switches) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.BYTES_PER_FRAME, (double) workerBytes / frames);
        figures.put(Figure.ALLOCATION_RATE, daemonBytes / 1e3 / seconds / switches);
        return figures;
    }

    /**
     * Figures of garbage collection.
     *
     * @param requests that were answered meanwhile, one at a time
     */
    Map<Figure, Double> collections(double requests) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.COLLECTIONS, (double) collections);
        figures.put(Figure.COLLECTION_TIME, collectionNs / 1e6);
        figures.put(Figure.HELD_UP, 100.0 * collections / requests);
        return figures;
    }
}
