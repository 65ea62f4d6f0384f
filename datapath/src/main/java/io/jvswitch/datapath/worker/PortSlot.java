package io.jvswitch.datapath.worker;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.PortQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue that a worker receives from. Owned by the worker; {@link #markReady()} is called by its reactor, on its
 * thread.
 */
final class PortSlot {

    final int port;
    final PortQueue queue;
    /** Set for a socket of the underlay: what its datagrams carry. */
    final @Nullable TunnelKind tunnel;

    final PortCounters counters;
    private boolean ready = true;

    PortSlot(int port, PortQueue queue, @Nullable TunnelKind tunnel, PortCounters counters) {
        this.port = port;
        this.queue = queue;
        this.tunnel = tunnel;
        this.counters = counters;
    }

    /** Whether the device may have something: until a receive found nothing. */
    boolean isReady() {
        return ready;
    }

    void markReady() {
        ready = true;
    }

    void markDrained() {
        ready = false;
    }
}
