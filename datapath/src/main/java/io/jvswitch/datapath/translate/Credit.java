package io.jvswitch.datapath.translate;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Somebody to whose account the frames of a megaflow go: a rule, a table's misses, a group, a mirror, a port. Each
 * worker adds to a cell of its own; whoever reads, sums. So a rule's counters and idle time are those of all its
 * megaflows, also of those that are gone.
 *
 * <p>Written by many workers, each in its own cell; read by any thread, wait-free.
 */
public final class Credit {

    /** Longs of a cell. Cells share cache lines: a worker adds once a second for a megaflow, not for each frame. */
    private static final int STRIDE = 3;

    private static final int FRAMES = 0;
    private static final int BYTES = 1;
    private static final int LAST_USED = 2;

    private final AtomicLongArray cells;
    private final int workers;
    private final long createdNs;

    /**
     * Nothing counted yet.
     *
     * @param workers numbered from 0
     * @param nowNs what {@link #lastUsedNs} says before the first frame
     */
    public Credit(int workers, long nowNs) {
        this.workers = workers;
        this.createdNs = nowNs;
        cells = new AtomicLongArray(workers * STRIDE);
        for (int worker = 0; worker < workers; worker++) {
            cells.setPlain(worker * STRIDE + LAST_USED, nowNs);
        }
    }

    /** The worker of that number: adds what a megaflow has counted since the last time. */
    public void add(int worker, long frames, long bytes, long usedNs) {
        int cell = worker * STRIDE;
        cells.setOpaque(cell + FRAMES, cells.getPlain(cell + FRAMES) + frames);
        cells.setOpaque(cell + BYTES, cells.getPlain(cell + BYTES) + bytes);
        if (usedNs - cells.getPlain(cell + LAST_USED) > 0) {
            cells.setOpaque(cell + LAST_USED, usedNs);
        }
    }

    /** Frames of all workers. */
    public long frames() {
        return sum(FRAMES);
    }

    /** Bytes of all workers. */
    public long bytes() {
        return sum(BYTES);
    }

    private long sum(int what) {
        long sum = 0;
        for (int worker = 0; worker < workers; worker++) {
            sum += cells.getOpaque(worker * STRIDE + what);
        }
        return sum;
    }

    /** When it was made. */
    public long createdNs() {
        return createdNs;
    }

    /** When the last frame came, as far as workers have told; when it was made before that. */
    public long lastUsedNs() {
        long last = createdNs;
        for (int worker = 0; worker < workers; worker++) {
            long used = cells.getOpaque(worker * STRIDE + LAST_USED);
            last = used - last > 0 ? used : last;
        }
        return last;
    }
}
