package io.jvswitch.vswitchd.conductor.port;

import io.jvswitch.wire.DropReason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of the conductor's time each port may take: DHCP requests at a bounded rate, so that a guest that floods
 * them costs its own leases and no other's. The port is named in the log, once a minute. The conductor's.
 */
public final class PortShares {

    /** As many as a few hundred guests behind one port send when all of them boot. */
    static final int DHCP_REQUESTS_PER_SECOND = 2_000;

    static final int DHCP_BURST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(PortShares.class);
    private static final long REQUEST_NS = TimeUnit.SECONDS.toNanos(1) / DHCP_REQUESTS_PER_SECOND;
    private static final long LOG_PERIOD_NS = TimeUnit.MINUTES.toNanos(1);

    private final Map<Integer, Share> shares = new HashMap<>();

    private static final class Share {
        long savedNs = REQUEST_NS * DHCP_BURST;
        long seenNs;
        long loggedNs;
        boolean logged;

        Share(long nowNs) {
            seenNs = nowNs;
        }
    }

    /** Whether a DHCP request of a port may be answered now. */
    public boolean takeDhcp(int port, long nowNs) {
        Share share = shares.computeIfAbsent(port, any -> new Share(nowNs));
        share.savedNs = Math.min(REQUEST_NS * DHCP_BURST, share.savedNs + Math.max(0, nowNs - share.seenNs));
        share.seenNs = nowNs;
        if (share.savedNs < REQUEST_NS) {
            return false;
        }
        share.savedNs -= REQUEST_NS;
        return true;
    }

    /** A sender wanted more than its share. */
    public void exceeded(int number, String name, long nowNs) {
        Share share = shares.computeIfAbsent(number, any -> new Share(nowNs));
        if (!share.logged || nowNs - share.loggedNs >= LOG_PERIOD_NS) {
            share.logged = true;
            share.loggedNs = nowNs;
            LOG.warn(
                    "{}: DHCP requests or new addresses come faster than its share of the control thread allows; "
                            + "what is more is dropped"
                            + " ({}) or learnt later, and others are served",
                    name,
                    DropReason.CONDUCTOR_QUEUE_FULL.label());
        }
    }

    /** The number is another port's from now on. */
    public void forget(int port) {
        shares.remove(port);
    }
}
