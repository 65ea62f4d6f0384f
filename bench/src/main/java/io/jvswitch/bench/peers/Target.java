package io.jvswitch.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A ratio to a peer that jvswitch is to reach, of medians of one run.
 *
 * @param limit at least this where more is better, at most where less is
 * @param or reaching this one is enough as well
 */
record Target(
        Scenario scenario,
        Measure measure,
        Figure figure,
        PeerKind peer,
        double limit,
        @Nullable Target or) {

    /** What jvswitch promises. */
    static final List<Target> ALL = all();

    Target(Scenario scenario, Measure measure, Figure figure, PeerKind peer, double limit) {
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
                targets.add(new Target(scenario, udp, Figure.CPU_A_MILLION_FRAMES, PeerKind.OVS, 0.6));
            }
            targets.add(new Target(scenario, Measure.LATENCY, Figure.P50, PeerKind.OVS, 1));
            targets.add(new Target(scenario, Measure.LATENCY, Figure.P99, PeerKind.OVS, 1));
        }
        for (Measure tcp : List.of(Measure.TCP_1, Measure.TCP_4)) {
            targets.add(new Target(Scenario.TAP, tcp, Figure.THROUGHPUT, PeerKind.OVS, 8));
            targets.add(new Target(Scenario.VETH, tcp, Figure.THROUGHPUT, PeerKind.OVS, 4));
        }
        Target cheap = new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.CPU_A_MILLION_FRAMES, PeerKind.OVS, 0.6);
        targets.add(new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.DELIVERED, PeerKind.OVS, 1.3, cheap));
        return List.copyOf(targets);
    }

    /** One line: what was to be reached, what came, and whether that is it; empty when it was not measured. */
    String verdict(Results results) {
        OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
        if (ratio.isEmpty()) {
            return "";
        }
        return (isReached(results) ? "reached " : "MISSED  ")
                + outcome(ratio.getAsDouble())
                + (or == null ? "" : or.alternative(results));
    }

    private String alternative(Results results) {
        OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
        return ratio.isEmpty() ? "" : "; or " + outcome(ratio.getAsDouble()).strip();
    }

    private String outcome(double ratio) {
        return String.format(
                Locale.ROOT,
                "%5.2f of %s, %s %.2f: %s, %s, %s",
                ratio,
                peer.label(),
                figure.isMoreBetter() ? "at least" : "at most",
                limit,
                scenario.label(),
                measure.label(),
                figure.label());
    }

    /** Whether this or its alternative was measured and is reached. */
    boolean isReached(Results results) {
        OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
        boolean own = ratio.isPresent()
                && (figure.isMoreBetter() ? ratio.getAsDouble() >= limit : ratio.getAsDouble() <= limit);
        return own || (or != null && or.isReached(results));
    }
}
