package io.jvswitch.datapath;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One worker's {@link PortCounters}, by port number. The worker adds entries, any thread reads them, wait-free. Counters
 * outlive their port, so that the books stay balanced after it is removed.
 */
public final class CounterTable {

    private final AtomicReferenceArray<@Nullable PortCounters> byPort =
            new AtomicReferenceArray<>(Locations.UNDERLAY + 1);

    /** The counters of a port, made at first sight; the owning worker only. */
    PortCounters of(int port) {
        PortCounters counters = byPort.getPlain(port);
        if (counters == null) {
            counters = new PortCounters();
            byPort.setRelease(port, counters);
        }
        return counters;
    }

    /** The counters of a port, null when it never saw a frame here. */
    public @Nullable PortCounters get(int port) {
        return byPort.getAcquire(port);
    }
}
