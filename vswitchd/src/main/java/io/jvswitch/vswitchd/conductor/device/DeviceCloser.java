package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.datapath.worker.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes devices beside the conductor: first every worker lets its queue go, then the kernel removes the device. The
 * kernel waits some 20
 * ms for each device until nobody looks at it any more, but for many at once not longer than for one: so there are
 * many threads, as long
 * as there is something to close.
 *
 * <p>The conductor's, but for {@link #hasNews}.
 */
public final class DeviceCloser {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceCloser.class);
    private static final int THREADS = 64;
    private static final long IDLE_SECONDS = 1;
    private static final long STACK_BYTES = 256 << 10;
    /** How long workers may take; they need microseconds. */
    private static final int PATIENCE_SECONDS = 5;

    private static final long LAST_PATIENCE_SECONDS = 30;

    private final Workers workers;
    private final Runnable wakeup;
    private final ExecutorService threads;
    private final Map<DevicePlace, Closing> closing = new HashMap<>();
    private final BlockingQueue<Closing> closed = new LinkedBlockingQueue<>();

    /** One device on its way out. */
    private static final class Closing {
        final DevicePlace place;
        final String object;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        volatile boolean letGo;
        int seconds;

        Closing(DevicePlace place, String object) {
            this.place = place;
            this.object = object;
        }
    }

    /** @param wakeup called, by another thread, when {@link #collect} has something to do */
    public DeviceCloser(Workers workers, Runnable wakeup) {
        this.workers = workers;
        this.wakeup = wakeup;
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                body -> new Thread(null, body, "closer-" + count.incrementAndGet(), STACK_BYTES));
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /**
     * Takes a device away from the workers and closes it. Its place is free when the future is complete.
     *
     * @param port the port's number, by which workers know it
     */
    public CompletableFuture<Void> close(DevicePlace place, String object, int port, Attachment device) {
        Closing one = new Closing(place, object);
        closing.put(place, one);
        workers.removePort(port, () -> {
            one.letGo = true;
            threads.execute(() -> close(one, device));
        });
        return one.done;
    }

    private void close(Closing one, Attachment device) {
        try {
            device.close();
            LOG.info("{} detached", one.object);
        } catch (RuntimeException e) {
            LOG.error("{}: closing its device failed", one.object, e);
        }
        closed.add(one);
        wakeup.run();
    }

    /** Whether the place's former device is still being closed. */
    public boolean isClosing(DevicePlace place) {
        return closing.containsKey(place);
    }

    /** Complete when the place is free. */
    public CompletableFuture<Void> whenFree(DevicePlace place) {
        Closing one = closing.get(place);
        return one == null ? CompletableFuture.completedFuture(null) : one.done;
    }

    /** Whether {@link #collect} would find something; any thread. */
    public boolean hasNews() {
        return !closed.isEmpty();
    }

    /** Takes note of what has been closed. */
    public void collect() {
        for (Closing one = closed.poll(); one != null; one = closed.poll()) {
            take(one);
        }
    }

    private void take(Closing one) {
        closing.remove(one.place, one);
        one.done.complete(null);
    }

    /** Once a second: says which devices workers hold on to. */
    public void tick() {
        for (Closing one : closing.values()) {
            one.seconds++;
            if (!one.letGo && one.seconds == PATIENCE_SECONDS) {
                LOG.error(
                        "{}: a worker has not let its queue go in {} s; it is still waited for",
                        one.object,
                        PATIENCE_SECONDS);
            }
        }
    }

    /** Waits until everything is closed. What nothing comes of in half a minute is left to the end of the process. */
    public void finish() {
        try {
            while (!closing.isEmpty()) {
                Closing next = closed.poll(LAST_PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    LOG.error(
                            "{} devices cannot be closed, among them that of {}",
                            closing.size(),
                            closing.values().iterator().next().object);
                    break;
                }
                take(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }
}
