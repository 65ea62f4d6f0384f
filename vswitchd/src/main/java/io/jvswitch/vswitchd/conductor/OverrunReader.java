package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.Locations;
import java.util.Collection;
import java.util.Iterator;

/**
 * Counts as {@code rx-overrun} what the kernel dropped before a worker could see it: the underlay's sockets and the TAPs tell it only
 * to those who ask. (A system port's queues ask for themselves.) Nothing is asked for a frame: the sockets are asked at each tick, and
 * of the ports some at each tick, in turn, as a device's statistics cost some 50 µs in another namespace. The conductor's.
 */
final class OverrunReader {

    /** A host with that many ports tells each one's within a second; the conductor spends some 3 ms on it. */
    private static final int PORTS_A_TICK = 64;

    private final PortTally tally;
    private final Underlay underlay;
    private int next;

    OverrunReader(PortTally tally, Underlay underlay) {
        this.tally = tally;
        this.underlay = underlay;
    }

    /** Once a second. */
    void tick(Collection<PortRuntime> ports) {
        tally.overrun(Locations.UNDERLAY, underlay.takeOverruns());
        int from = next < ports.size() ? next : 0;
        next = from + PORTS_A_TICK;
        Iterator<PortRuntime> inTurn = ports.iterator();
        for (int at = 0; at < next && inTurn.hasNext(); at++) {
            PortRuntime port = inTurn.next();
            if (at >= from) {
                port.countOverruns();
            }
        }
    }
}
