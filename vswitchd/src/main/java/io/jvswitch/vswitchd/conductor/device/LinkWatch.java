package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.LinkEvent;
import io.jvswitch.tap.LinkMonitor;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of the devices of one network namespace. A thread of its own waits for the kernel's news and wakes the
 * conductor, which reads them: all else is the conductor's.
 */
final class LinkWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);
    private static final Duration WAIT = Duration.ofHours(1);
    private static final int MESSAGES_PER_POLL = 256;

    private final LinkMonitor monitor;
    private final Runnable wakeup;
    private final Thread thread;
    /** Given by the conductor when it has read everything: until then the thread need not look again. */
    private final Semaphore readAll = new Semaphore(0);

    private volatile boolean news;
    private volatile boolean closing;

    private LinkWatch(String label, LinkMonitor monitor, Runnable wakeup) {
        this.monitor = monitor;
        this.wakeup = wakeup;
        thread = new Thread(this::waitForNews, "links of " + label);
        thread.setDaemon(true);
    }

    /**
     * Listens from now on.
     *
     * @param namespace need not stay open
     * @param wakeup called, by another thread, when {@link #poll} has something to read
     */
    static LinkWatch open(NetworkNamespace namespace, Runnable wakeup) throws NativeException {
        LinkWatch watch = new LinkWatch(namespace.toString(), LinkMonitor.open(namespace), wakeup);
        watch.thread.start();
        return watch;
    }

    private void waitForNews() {
        try {
            while (!closing) {
                if (monitor.awaitEvents(WAIT) && !closing) {
                    news = true;
                    wakeup.run();
                    readAll.acquire();
                }
            }
        } catch (NativeException e) {
            LOG.error(
                    "{} ends: {}; devices that come and go are noticed within a second",
                    thread.getName(),
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether {@link #poll} would find something; any thread. */
    boolean hasNews() {
        return news;
    }

    /** Reads what there is; never blocks. */
    void poll(Consumer<? super LinkEvent> listener) {
        if (!news) {
            return;
        }
        try {
            int read = monitor.poll(MESSAGES_PER_POLL, event -> {
                if (event instanceof LinkEvent.Overrun) {
                    requestAll();
                }
                listener.accept(event);
            });
            if (read == MESSAGES_PER_POLL) {
                return;
            }
        } catch (NativeException e) {
            LOG.warn("{}: {}", thread.getName(), e.getMessage());
        }
        news = false;
        readAll.release();
    }

    private void requestAll() {
        try {
            monitor.requestAll();
        } catch (NativeException e) {
            LOG.warn("{}: {}", thread.getName(), e.getMessage());
        }
    }

    @Override
    public void close() {
        closing = true;
        readAll.release();
        requestAll(); // ends the thread's wait
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitor.close();
    }
}
