package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.vswitchd.api.TraceInput;
import io.jvswitch.wire.DropReason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the kernel's refusals to log: the counter {@code tx-refused} sends the operator to the log, for it cannot
 * say which call failed with which error. The like (port, error, peer) is logged once a minute. The conductor's.
 */
final class Refusals {

    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);
    /** So many VTEPs may be refused at once; beyond, the memory starts anew, and some are logged sooner again. */
    private static final int MAX_REMEMBERED = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Map<ConductorEvent.TransmitRefused, Long> loggedNs = new HashMap<>();

    /** Logs a refusal, unless the like was logged lately. */
    void log(String port, ConductorEvent.TransmitRefused refused, long nowNs) {
        String line = line(refused.port() == Locations.UNDERLAY ? TraceInput.UNDERLAY : port, refused, nowNs);
        if (line != null) {
            LOG.warn(line);
        }
    }

    /** The line to log, null when the like was logged less than a minute ago. */
    @Nullable
    String line(String port, ConductorEvent.TransmitRefused refused, long nowNs) {
        Long last = loggedNs.get(refused);
        if (last != null && nowNs - last < QUIET_NS) {
            return null;
        }
        if (loggedNs.size() >= MAX_REMEMBERED) {
            loggedNs.clear();
        }
        loggedNs.put(refused, nowNs);
        String peer = refused.remote() == null ? "" : " for " + refused.remote();
        String error = refused.error() == null ? "without saying why" : refused.error();
        return "port " + port + ": the kernel refuses frames" + peer + " (drop reason " + DropReason.TX_REFUSED.label()
                + "): " + error;
    }
}
