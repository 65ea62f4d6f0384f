package io.jvswitch.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Every figure of every round; medians and ratios of them. For one thread. */
final class Results {
    private final Map<Cell, List<Double>> samples = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<PeerKind> peers = EnumSet.noneOf(PeerKind.class);

    private record Cell(Scenario scenario, Measure measure, Figure figure, PeerKind peer) {}

    /** Adds what one round gave. */
    void add(Scenario scenario, Measure measure, PeerKind peer, Map<Figure, Double> figures) {
        if (figures.isEmpty()) {
            return;
        }
        peers.add(peer);
        figures.forEach((figure, value) -> samples.computeIfAbsent(
                        new Cell(scenario, measure, figure, peer), cell -> new ArrayList<>())
                .add(value));
    }

    /** Adds something that whoever reads the figures must know, such as a peer that dropped out. */
    void note(String text) {
        notes.add(text);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Peers with at least one figure. */
    Set<PeerKind> peers() {
        return EnumSet.copyOf(peers);
    }

    /** One value a round, in order; empty when there is none. */
    List<Double> samples(Scenario scenario, Measure measure, Figure figure, PeerKind peer) {
        return List.copyOf(samples.getOrDefault(new Cell(scenario, measure, figure, peer), List.of()));
    }

    /** Whether any peer has this figure. */
    boolean has(Scenario scenario, Measure measure, Figure figure) {
        return peers.stream()
                .anyMatch(peer -> !samples(scenario, measure, figure, peer).isEmpty());
    }

    /** Whether anything was measured in this scenario. */
    boolean has(Scenario scenario) {
        return samples.keySet().stream().anyMatch(cell -> cell.scenario == scenario);
    }

    OptionalDouble median(Scenario scenario, Measure measure, Figure figure, PeerKind peer) {
        return median(samples(scenario, measure, figure, peer));
    }

    /** jvswitch's median over the peer's. */
    OptionalDouble ratio(Scenario scenario, Measure measure, Figure figure, PeerKind peer) {
        OptionalDouble ours = median(scenario, measure, figure, PeerKind.JVSWITCH);
        OptionalDouble theirs = median(scenario, measure, figure, peer);
        if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble());
    }

    /** The middle value; of an even number of values the mean of the two in the middle. */
    static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
