package io.jvswitch.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What jvswitch is to reach, of medians of one run: a ratio to a peer, or a value.
 *
 * @param peer whose figure it is to be compared with; null for a limit of jvswitch's own figure
 * @param limit at least this where more is better, at most where less is
 * @param or reaching this one is enough as well
 */
record Target(
        Scenario scenario,
        Measure measure,
        Figure figure,
        @Nullable PeerKind peer,
        double limit,
        @Nullable Target or) {

    /** Percent of requests: a tenth of what p99.9 leaves out. */
    private static final double MAX_HELD_UP = 0.01;

    /**
     * Nothing a frame. The smallest object has 16 bytes, and one is to come on 1,600 frames at most: housekeeping, not
     * traffic.
     */
    private static final double MAX_BYTES_PER_FRAME = 0.01;

    /** What jvswitch promises. */
    static final List<Target> ALL = all();

    Target(Scenario scenario, Measure measure, Figure figure, @Nullable PeerKind peer, double limit) {
        this(scenario, measure, figure, peer, limit, null);
    }

    private static List<Target> all() {
        List<Target> targets = new ArrayList<>();
        for (Scenario scenario : List.of(Scenario.VXLAN, Scenario.VXLAN_TX_OFF)) {
            for (Measure tcp : List.of(Measure.TCP_1, Measure.TCP_1_BACK, Measure.TCP_4, Measure.TCP_4_BACK)) {
                targets.add(new Target(scenario, tcp, Figure.THROUGHPUT, PeerKind.OVS, 6));
                targets.add(new Target(scenario, tcp, Figure.THROUGHPUT, PeerKind.PUMP, 0.9));
            }
            targets.add(new Target(scenario, Measure.UDP_OVERLOAD, Figure.DELIVERED, PeerKind.PUMP, 0.95));
            for (Measure udp : List.of(Measure.UDP_PACED, Measure.UDP_OVERLOAD)) {
                targets.add(new Target(scenario, udp, Figure.CPU_PER_MILLION_FRAMES, PeerKind.OVS, 0.6));
            }
            targets.add(new Target(scenario, Measure.LATENCY, Figure.P50, PeerKind.OVS, 1));
            targets.add(new Target(scenario, Measure.LATENCY, Figure.P99, PeerKind.OVS, 1));
        }
        targets.add(new Target(Scenario.VXLAN, Measure.LATENCY_LOADED, Figure.HELD_UP, null, MAX_HELD_UP));
        for (Measure allocation : List.of(Measure.ALLOCATION_UDP, Measure.ALLOCATION_TCP)) {
            targets.add(new Target(Scenario.VXLAN, allocation, Figure.BYTES_PER_FRAME, null, MAX_BYTES_PER_FRAME));
        }
        targets.add(new Target(Scenario.VXLAN, Measure.IDLE, Figure.IDLE_CPU, null, 1));
        for (Measure tcp : List.of(Measure.TCP_1, Measure.TCP_4)) {
            targets.add(new Target(Scenario.TAP, tcp, Figure.THROUGHPUT, PeerKind.OVS, 8));
            targets.add(new Target(Scenario.VETH, tcp, Figure.THROUGHPUT, PeerKind.OVS, 4));
        }
        Target cheap =
                new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.CPU_PER_MILLION_FRAMES, PeerKind.OVS, 0.6);
        targets.add(new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.DELIVERED, PeerKind.OVS, 1.3, cheap));
        return List.copyOf(targets);
    }

    /** One line: what was to be reached, what came, and whether that is it; empty when it was not measured. */
    String verdict(Results results) {
        OptionalDouble value = value(results);
        if (value.isEmpty()) {
            return "";
        }
        return (isReached(results) ? "reached " : "MISSED  ")
                + outcome(value.getAsDouble())
                + (or == null ? "" : or.alternative(results));
    }

    private String alternative(Results results) {
        OptionalDouble value = value(results);
        return value.isEmpty() ? "" : "; or " + outcome(value.getAsDouble()).strip();
    }

    private OptionalDouble value(Results results) {
        return peer == null
                ? results.median(scenario, measure, figure, PeerKind.JVSWITCH)
                : results.ratio(scenario, measure, figure, peer);
    }

    private String outcome(double value) {
        return String.format(
                Locale.ROOT,
                "%5s %s, %s %.2f: %s, %s, %s",
                peer == null ? ResultsText.number(OptionalDouble.of(value)) : String.format(Locale.ROOT, "%.2f", value),
                peer == null ? figure.unit() : "of " + peer.label(),
                figure.isMoreBetter() ? "at least" : "at most",
                limit,
                scenario.label(),
                measure.label(),
                figure.label());
    }

    /** Whether this or its alternative was measured and is reached. */
    boolean isReached(Results results) {
        OptionalDouble value = value(results);
        boolean own = value.isPresent()
                && (figure.isMoreBetter() ? value.getAsDouble() >= limit : value.getAsDouble() <= limit);
        return own || (or != null && or.isReached(results));
    }
}
