package io.jvswitch.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A ratio to a peer that jvswitch is to reach, of medians of one run.
 *
 * @param limit at least this where more is better, at most where less is
 */
record Target(Scenario scenario, Measure measure, Figure figure, PeerKind peer, double limit) {

    /** What jvswitch promises. */
    static final List<Target> ALL = all();

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
        targets.add(new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.DELIVERED, PeerKind.OVS, 1.3));
        targets.add(new Target(Scenario.VETH, Measure.UDP_OVERLOAD, Figure.CPU_A_MILLION_FRAMES, PeerKind.OVS, 0.6));
        return List.copyOf(targets);
    }

    /** One line: what was to be reached, what came, and whether that is it; empty when it was not measured. */
    String verdict(Results results) {
        OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
        if (ratio.isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%-7s %5.2f of %s, %s %s: %s, %s, %s",
                isReached(ratio.getAsDouble()) ? "reached" : "MISSED",
                ratio.getAsDouble(),
                peer.label(),
                figure.isMoreBetter() ? "at least" : "at most",
                String.format(Locale.ROOT, "%.2f", limit),
                scenario.label(),
                measure.label(),
                figure.label());
    }

    boolean isReached(double ratio) {
        return figure.isMoreBetter() ? ratio >= limit : ratio <= limit;
    }
}
