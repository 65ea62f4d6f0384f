package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker's ways out: its output queue of every port, its sending sockets of every kind of tunnel, and every port's
 * counters. Owned by one worker; counters may be read by any thread.
 */
final class Outputs {

    private final Int2ObjectHashMap<OutputQueue> ports = new Int2ObjectHashMap<>();
    private final Map<TunnelKind, OutputQueue[]> tunnels = new EnumMap<>(TunnelKind.class);
    private final Map<TunnelKind, OutputQueue> fragmenting = new EnumMap<>(TunnelKind.class);
    private final CounterTable counters;
    private final FramePool pool;
    private final CaptureTap tap;
    private OutputQueue[] pending = new OutputQueue[16];
    private int pendingCount;

    Outputs(CounterTable counters, FramePool pool, CaptureTap tap) {
        this.counters = counters;
        this.pool = pool;
        this.tap = tap;
    }

    /** The port's counters, made at first sight and kept when the port goes. */
    PortCounters counters(int port) {
        return counters.of(port);
    }

    /** Counts a frame as dropped where it came in, and releases it. */
    void drop(Frame frame, DropReason reason) {
        counters.of(frame.inPort()).drop(reason, 1);
        if (tap.isActive()) {
            tap.dropped(frame.inPort(), frame, reason);
        }
        pool.release(frame);
    }

    /** As {@link #drop} for a frame that has a tunnel's header before it already. */
    void dropTunnelled(TunnelKind kind, Frame frame, DropReason reason) {
        if (tap.isActive()) {
            tap.strip(kind, frame);
        }
        drop(frame, reason);
    }

    /** Counts a copy of the frame that could not be made; the frame itself goes on. */
    void dropCopy(Frame frame, DropReason reason) {
        counters.of(frame.inPort()).drop(reason, 1);
        if (tap.isActive()) {
            tap.dropped(frame.inPort(), frame, reason);
        }
    }

    /** The way out by a port; a port that has one keeps it. */
    void addPort(int port, OutputQueue queue) {
        ports.putIfAbsent(port, queue);
    }

    void removePort(int port) {
        OutputQueue queue = ports.remove(port);
        if (queue != null) {
            queue.flush();
        }
    }

    /**
     * The sockets of a kind, none to end it; a flow's hash picks one, so that the flow keeps its source port.
     *
     * @param toFragment the one whose packets the kernel may cut into fragments, null for none
     */
    void setTunnel(TunnelKind kind, @Nullable OutputQueue toFragment, OutputQueue... queues) {
        if (toFragment == null) {
            fragmenting.remove(kind);
        } else {
            fragmenting.put(kind, toFragment);
        }
        if (queues.length == 0) {
            tunnels.remove(kind);
        } else {
            tunnels.put(kind, queues);
        }
    }

    /** Takes the frame over when there is such a port. */
    boolean toPort(int port, Frame frame) {
        OutputQueue queue = ports.get(port);
        if (queue == null) {
            return false;
        }
        enqueue(queue, frame);
        return true;
    }

    /** The socket that carries the frame's flow, or null when there is none of the kind. */
    @Nullable
    OutputQueue tunnel(TunnelKind kind, Frame frame) {
        OutputQueue[] queues = tunnels.get(kind);
        return queues == null ? null : queues[Integer.remainderUnsigned(frame.flowHash(), queues.length)];
    }

    /** The socket whose packets the kernel may cut into fragments, or null when there is none of the kind. */
    @Nullable
    OutputQueue fragmenting(TunnelKind kind) {
        return fragmenting.get(kind);
    }

    /** Takes the frame over. */
    void enqueue(OutputQueue queue, Frame frame) {
        expect(queue);
        queue.add(frame);
    }

    /** Remembers the queue for the next {@link #flush}. */
    void expect(OutputQueue queue) {
        if (!queue.expected) {
            queue.expected = true;
            if (pendingCount == pending.length) {
                pending = Arrays.copyOf(pending, pendingCount * 2);
            }
            pending[pendingCount++] = queue;
        }
    }

    /** {@link #flush} after an error: every queue gets its turn, also when another one fails and forgets its frames. */
    void flushAfterError() {
        boolean done = false;
        for (int turns = pendingCount; turns >= 0 && !done; turns--) {
            try {
                flush();
                done = true;
            } catch (RuntimeException e) {
                done = false;
            }
        }
    }

    /** Sends everything that gathered. */
    void flush() {
        for (int i = 0; i < pendingCount; i++) {
            pending[i].expected = false;
            pending[i].flush();
        }
        pendingCount = 0;
    }
}
