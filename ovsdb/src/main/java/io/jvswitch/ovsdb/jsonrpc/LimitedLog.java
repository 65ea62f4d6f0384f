package io.jvswitch.ovsdb.jsonrpc;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * A log that a peer cannot flood: so many lines at once and so many a minute, and what was left out is told with the
 * next line, in Open vSwitch's words. Any thread.
 */
public final class LimitedLog {

    private static final double NS_PER_MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final int perMinute;
    private final int burst;
    private double tokens;
    private long filledNs;
    private boolean started;
    private int dropped;
    private long firstDroppedNs;
    private long lastDroppedNs;

    /**
     * A log of its own allowance.
     *
     * @param perMinute lines a minute in the long run
     * @param burst lines at once
     */
    public LimitedLog(Logger log, int perMinute, int burst) {
        this.log = log;
        this.perMinute = perMinute;
        this.burst = burst;
        tokens = burst;
    }

    /** Warns, unless it was too much of late. */
    public void warn(long nowNs, String text) {
        if (allows(nowNs)) {
            log.warn("{}", text);
        }
    }

    /** Informs, unless it was too much of late. */
    public void info(long nowNs, String text) {
        if (allows(nowNs)) {
            log.info("{}", text);
        }
    }

    private synchronized boolean allows(long nowNs) {
        if (!started) {
            started = true;
            filledNs = nowNs;
        }
        tokens = Math.min(burst, tokens + (nowNs - filledNs) / NS_PER_MINUTE * perMinute);
        filledNs = nowNs;
        if (tokens < 1) {
            if (dropped++ == 0) {
                firstDroppedNs = nowNs;
            }
            lastDroppedNs = nowNs;
            return false;
        }
        tokens--;
        if (dropped > 0) {
            log.warn(
                    "Dropped {} log messages in last {} seconds (most recently, {} seconds ago) due to excessive rate",
                    dropped,
                    TimeUnit.NANOSECONDS.toSeconds(nowNs - firstDroppedNs),
                    TimeUnit.NANOSECONDS.toSeconds(nowNs - lastDroppedNs));
            dropped = 0;
        }
        return true;
    }
}
