package io.jvswitch.datapath;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.Frame;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * A worker's ways out: its output queue of every port, its sending sockets of every kind of tunnel, and every port's
 * counters. Owned by one worker; counters may be read by any thread.
 */
final class Outputs {

    private final Int2ObjectHashMap<OutputQueue> ports = new Int2ObjectHashMap<>();
    private final Map<TunnelKind, OutputQueue[]> tunnels = new EnumMap<>(TunnelKind.class);
    private final CounterTable counters;
    private OutputQueue[] pending = new OutputQueue[16];
    private int pendingCount;

    Outputs(CounterTable counters) {
        this.counters = counters;
    }

    /** The port's counters, made at first sight and kept when the port goes. */
    PortCounters counters(int port) {
        return counters.of(port);
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

    /** The sockets of a kind, none to end it; a flow's hash picks one, so that the flow keeps its source port. */
    void setTunnel(TunnelKind kind, OutputQueue... queues) {
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

    /** Takes the frame over when there are sockets for the kind. */
    boolean toTunnel(TunnelKind kind, Frame frame) {
        OutputQueue[] queues = tunnels.get(kind);
        if (queues == null) {
            return false;
        }
        enqueue(queues[Integer.remainderUnsigned(frame.flowHash(), queues.length)], frame);
        return true;
    }

    private void enqueue(OutputQueue queue, Frame frame) {
        if (queue.add(frame)) {
            if (pendingCount == pending.length) {
                pending = Arrays.copyOf(pending, pendingCount * 2);
            }
            pending[pendingCount++] = queue;
        }
    }

    /** Sends everything that gathered. */
    void flush() {
        for (int i = 0; i < pendingCount; i++) {
            pending[i].flush();
        }
        pendingCount = 0;
    }
}
