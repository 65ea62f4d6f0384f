package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** One device test's frames, namespaces and open things; closing it closes them all, the last opened first. */
final class Lab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    final FramePool pool;
    private final List<AutoCloseable> open = new ArrayList<>();

    Lab() {
        this(FramePool.SUPERFRAME_BUFFER_BYTES);
    }

    Lab(int bufferBytes) {
        pool = keep(new FramePool(512, bufferBytes));
    }

    <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    /** A host without IPv6 of its own accord: no router solicitations among the frames that a test counts. */
    Netns quietHost(String role) {
        Netns host = keep(Netns.create(role));
        host.run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
        return host;
    }

    NetworkNamespace enter(Netns host) throws NativeException {
        return keep(NetworkNamespace.named(host.name()));
    }

    Frame frame() {
        return Objects.requireNonNull(pool.take());
    }

    /** Receives until there are {@code count} frames of the wanted kind; others are given back. More is a failure. */
    FrameBatch receive(PortQueue queue, int count, Predicate<Frame> wanted) {
        FrameBatch found = new FrameBatch(count + FrameBatch.BURST_FRAMES);
        FrameBatch burst = new FrameBatch(FrameBatch.BURST_FRAMES);
        Await.until(count + " frames on " + queue, PATIENCE, () -> found.size() + " came", () -> {
            while (found.size() < count && queue.receive(pool, burst) > 0) {
                sort(burst, found, wanted);
            }
            return found.size() >= count;
        });
        assertEquals(count, found.size());
        return found;
    }

    /** What is there now, without waiting. */
    FrameBatch receiveNow(PortQueue queue, Predicate<Frame> wanted) {
        FrameBatch found = new FrameBatch(pool.size());
        FrameBatch burst = new FrameBatch(FrameBatch.BURST_FRAMES);
        while (queue.receive(pool, burst) > 0) {
            sort(burst, found, wanted);
        }
        return found;
    }

    private void sort(FrameBatch burst, FrameBatch found, Predicate<Frame> wanted) {
        for (int i = 0; i < burst.size(); i++) {
            Frame frame = burst.get(i);
            if (wanted.test(frame)) {
                found.add(frame);
            } else {
                pool.release(frame);
            }
        }
        burst.clear();
    }

    /** Sends all and gives the frames back. */
    void send(PortQueue queue, FrameBatch batch) {
        int from = 0;
        int sent = queue.transmit(batch, from);
        assertNull(queue.transmitFailure());
        assertEquals(batch.size(), sent);
        batch.releaseAll(pool);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new AssertionError("closing " + resource, e);
            }
        }
    }
}
