package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Locations;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One worker's {@link PortCounters}, by port number. The worker adds entries, any thread reads them, wait-free.
 * Counters outlive their port, so that the books stay balanced after it is removed.
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

    /** Frames that came in or were made and have not ended yet, as the counters have it; the owning worker only. */
    long unfinished() {
        long balance = 0;
        for (int port = 0; port < byPort.length(); port++) {
            PortCounters counters = byPort.getPlain(port);
            if (counters != null) {
                balance += counters.get(PortCounters.Kind.RX_FRAMES)
                        + counters.get(PortCounters.Kind.CREATED)
                        - counters.get(PortCounters.Kind.TX_FRAMES)
                        - counters.get(PortCounters.Kind.HANDED_OVER)
                        - counters.get(PortCounters.Kind.MERGED)
                        - counters.dropped();
            }
        }
        return balance;
    }

    /** The counters of a port, null when it never saw a frame here. */
    public @Nullable PortCounters get(int port) {
        return byPort.getAcquire(port);
    }
}
