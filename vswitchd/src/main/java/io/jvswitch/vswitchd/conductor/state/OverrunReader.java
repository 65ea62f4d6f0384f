package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.port.PortTally;
import io.jvswitch.vswitchd.conductor.port.RoundRobin;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import java.util.Collection;

/**
 * Counts what the kernel dropped before a worker could see it, mostly as {@code rx-overrun}: the underlay's sockets and
 * the TAPs tell it only to those who ask. (A system port's queues ask for themselves.) Nothing is asked for a frame:
 * the sockets are asked at each tick, and of the ports some at each tick, in turn, as a device's statistics cost some
 * 25 µs, and up to 100 in another namespace. The conductor's.
 */
final class OverrunReader {

    /** A host with that many ports tells each one's within a second; the conductor spends 1.5 to 6 ms on it. */
    private static final int PORTS_PER_TICK = 64;

    private final PortTally tally;
    private final Underlay underlay;
    private final RoundRobin turns = new RoundRobin(PORTS_PER_TICK);

    OverrunReader(PortTally tally, Underlay underlay) {
        this.tally = tally;
        this.underlay = underlay;
    }

    /** Once a second. */
    void tick(Collection<PortRuntime> ports) {
        underlay.takeLosses().forEach((reason, frames) -> tally.lostInKernel(Locations.UNDERLAY, reason, frames));
        turns.visit(ports, PortRuntime::countOverruns);
    }
}
