package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.datapath.worker.Worker;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until no worker uses a queue any more, so that its descriptor can be closed without being met again as
 * another's.
 */
public final class QueueRelease {

    private static final Logger LOG = LoggerFactory.getLogger(QueueRelease.class);
    /** How long workers may take; they need microseconds. */
    private static final long SECONDS = 5;

    private QueueRelease() {}

    /**
     * Asks every worker, and waits for all.
     *
     * @param object whose queue is released, for the log
     * @param ask asks one worker to run the given callback when it has released the queue
     */
    public static void await(Collection<Worker> workers, String object, BiConsumer<Worker, Runnable> ask) {
        CountDownLatch all = new CountDownLatch(workers.size());
        workers.forEach(worker -> ask.accept(worker, all::countDown));
        try {
            if (!all.await(SECONDS, TimeUnit.SECONDS)) {
                LOG.error("{}: a worker did not release its queue within {} s", object, SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
