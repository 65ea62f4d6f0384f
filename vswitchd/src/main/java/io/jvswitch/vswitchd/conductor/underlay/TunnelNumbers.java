package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.translate.Locations;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The numbers of tunnel ports, from {@link Locations#FIRST_TUNNEL} on. One that is given back becomes another port's
 * only after {@value #REST_SECONDS} seconds, and what a worker told of the port before is refused then ({@link
 * #isCurrent}). The conductor's.
 */
final class TunnelNumbers {

    private static final int REST_SECONDS = 2;
    private static final long REST_NS = TimeUnit.SECONDS.toNanos(REST_SECONDS);

    private record Freed(int number, long atNs) {}

    private final Queue<Freed> free = new ArrayDeque<>();
    /** When a number that had been another port's was given away. */
    private final Map<Integer, Long> reusedNs = new HashMap<>();

    private int given;

    /** One that nobody has had. */
    int takeNew() {
        return Locations.ofTunnel(given++);
    }

    /** One that has rested, or, when none has, one that nobody has had. */
    int take(long nowNs) {
        Freed rested = free.peek();
        if (rested == null || nowNs - rested.atNs < REST_NS) {
            return takeNew();
        }
        free.remove();
        reusedNs.put(rested.number, nowNs);
        return rested.number;
    }

    /** Its port has gone. */
    void giveBack(int number, long nowNs) {
        reusedNs.remove(number);
        free.add(new Freed(number, nowNs));
    }

    /**
     * Whether a number that a port has now meant that port when a worker said something of it.
     *
     * @param toldNs the worker's time
     */
    boolean isCurrent(int number, long toldNs) {
        Long sinceNs = reusedNs.get(number);
        return sinceNs == null || toldNs - sinceNs > -REST_NS / 2;
    }
}
