package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run: for each layout all peers are set up side by side, warmed up, and visited in every round, each round in
 * another {@linkplain VisitingOrder order}. Those whose turn it is not sleep. A peer that fails is left out of the rest
 * of its layout, with a note.
 */
final class PeersRun {
    private static final double MEGABYTE = 1 << 20;

    /**
     * Of each kind of traffic, before the first round: by then the JVM's second compiler is through, though it must
     * wait for its turn on cores that the load keeps busy.
     */
    private static final int WARM_UP_MS = 3000;

    private final Plan plan;
    private final Lab lab;
    private final CPrograms programs;
    private final Load load;
    private final Load warmUp;
    private final Results results = new Results();
    private final PrintStream progress;

    /**
     * What to do.
     *
     * @param scenarios what is measured
     * @param peers who takes part
     * @param measures what of each scenario
     * @param rounds how often each measurement is made
     * @param idleMs how long the processes are watched without traffic
     * @param load how each measurement is made
     */
    record Plan(
            Set<Scenario> scenarios,
            Set<PeerKind> peers,
            Set<Measure> measures,
            int rounds,
            int idleMs,
            Load.Options load) {
        Plan {
            scenarios = Collections.unmodifiableSet(EnumSet.copyOf(scenarios));
            peers = Collections.unmodifiableSet(EnumSet.copyOf(peers));
            measures = Collections.unmodifiableSet(EnumSet.copyOf(measures));
        }
    }

    /**
     * A run that has not begun.
     *
     * @param lab holds the programs; layouts get labs of their own
     */
    PeersRun(Plan plan, Lab lab, PrintStream progress) {
        this.plan = plan;
        this.lab = lab;
        this.progress = progress;
        programs = CPrograms.build(lab);
        load = new Load(lab, programs.load(), plan.load());
        warmUp = new Load(
                lab,
                programs.load(),
                new Load.Options(plan.load().warmUpMs(), WARM_UP_MS, plan.load().pacedFramesPerSecond()));
    }

    /** Measures everything. */
    Results run() {
        for (Layout layout : Layout.values()) {
            List<Scenario> scenarios = plan.scenarios().stream()
                    .filter(s -> s.layout() == layout)
                    .filter(s -> !Collections.disjoint(s.measures(), plan.measures()))
                    .toList();
            if (!scenarios.isEmpty()) {
                try (Lab ofLayout = new Lab("peers")) {
                    runLayout(ofLayout, layout, scenarios);
                } catch (StepFailedException e) {
                    if (lab.isClosedSoon()) {
                        throw e;
                    }
                    results.note(layout + " was broken off: " + e.getMessage());
                }
            }
        }
        return results;
    }

    private void runLayout(Lab ofLayout, Layout layout, List<Scenario> scenarios) {
        List<Peer> peers = new ArrayList<>();
        for (PeerKind kind : plan.peers()) {
            if (kind.takesPartIn(layout)) {
                peers.add(create(kind, ofLayout, layout));
            }
        }
        progress.println("# " + scenarios.stream().map(Scenario::title).toList() + ": starting "
                + peers.stream().map(peer -> peer.kind().label()).toList());
        visit(peers, "set-up", Peer::prepare);
        start(peers, scenarios);
        for (Measure measure : warmUps(scenarios)) {
            visit(peers, "warm-up", peer -> warmUp.measure(peer, measure));
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Scenario scenario : scenarios) {
                progress.println("round " + round + " of " + plan.rounds() + ": " + scenario.title());
                List<Peer> inOrder = VisitingOrder.of(peers, round - 1);
                visit(
                        inOrder,
                        scenario.label(),
                        peer -> peer.site().setUnderlayOffloads(scenario.hasUnderlayOffloads()));
                for (Measure measure : scenario.measures()) {
                    if (plan.measures().contains(measure)) {
                        measure(inOrder, scenario, measure);
                    }
                }
                peers.retainAll(inOrder);
            }
        }
    }

    /**
     * The ways that frames take: one direction in bulk and in small frames always, the others where they are measured.
     */
    private List<Measure> warmUps(List<Scenario> scenarios) {
        Set<Measure> measured = EnumSet.noneOf(Measure.class);
        scenarios.forEach(scenario -> measured.addAll(scenario.measures()));
        measured.retainAll(plan.measures());
        List<Measure> warmUps = new ArrayList<>(List.of(Measure.TCP_1));
        if (measured.stream().anyMatch(Measure::isBack)) {
            warmUps.add(Measure.TCP_1_BACK);
        }
        warmUps.add(Measure.UDP_OVERLOAD);
        if (measured.contains(Measure.LATENCY) || measured.contains(Measure.LATENCY_LOADED)) {
            warmUps.add(Measure.LATENCY);
        }
        return warmUps;
    }

    private Peer create(PeerKind kind, Lab ofLayout, Layout layout) {
        return switch (kind) {
            case JVSWITCH -> new JvswitchPeer(ofLayout, layout);
            case OVS, OVS_TSO -> new OpenVswitchPeer(kind, ofLayout, layout);
            case BRIDGE -> new BridgePeer(ofLayout, layout);
            case PUMP -> new PumpPeer(ofLayout, layout, programs.pump());
        };
    }

    /** Starts each as often as there are rounds where that is measured, once elsewhere; then all run. */
    private void start(List<Peer> peers, List<Scenario> scenarios) {
        Scenario measured = scenarios.stream()
                .filter(scenario -> scenario.measures().contains(Measure.START)
                        && plan.measures().contains(Measure.START))
                .findFirst()
                .orElse(null);
        int times = measured == null ? 1 : plan.rounds();
        for (int i = 1; i <= times; i++) {
            boolean last = i == times;
            visit(peers, "start", peer -> {
                long startNs = System.nanoTime();
                peer.start();
                peer.site().configureGuests();
                double elapsedMs = (load.firstFrameNs(peer) - startNs) / 1e6;
                if (measured != null) {
                    results.add(measured, Measure.START, peer.kind(), Map.of(Figure.FIRST_FRAME, elapsedMs));
                }
                if (!last) {
                    peer.stop();
                }
            });
        }
    }

    private void measure(List<Peer> peers, Scenario scenario, Measure measure) {
        switch (measure) {
            case START -> {
                // Measured before the rounds: a switch that starts again is cold.
            }
            case IDLE -> measureIdle(peers, scenario);
            case MEMORY ->
                visit(peers, scenario.label(), peer -> {
                    long bytes = peer.pids().stream()
                            .mapToLong(pid -> ProcFile.residentBytes(read(pid, "status")))
                            .sum();
                    addPerSwitch(scenario, measure, peer, Figure.RESIDENT, bytes / MEGABYTE);
                });
            default ->
                visit(peers, scenario.label() + ", " + measure.label(), peer -> {
                    Map<Figure, Double> figures = load.measure(peer, measure);
                    results.add(scenario, measure, peer.kind(), figures);
                });
        }
    }

    /** Nobody has traffic, so all are watched at once. */
    private void measureIdle(List<Peer> peers, Scenario scenario) {
        List<Double> before = peers.stream().map(PeersRun::processSeconds).toList();
        long startNs = System.nanoTime();
        try {
            Thread.sleep(plan.idleMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
        double elapsedSeconds = (System.nanoTime() - startNs) / 1e9;
        for (int i = 0; i < peers.size(); i++) {
            double spentSeconds = processSeconds(peers.get(i)) - before.get(i);
            addPerSwitch(scenario, Measure.IDLE, peers.get(i), Figure.IDLE_CPU, 100 * spentSeconds / elapsedSeconds);
        }
    }

    /**
     * A figure of all the peer's processes, divided by its switches; the kernel's switch has no processes and no such
     * figure.
     */
    private void addPerSwitch(Scenario scenario, Measure measure, Peer peer, Figure figure, double total) {
        if (!peer.pids().isEmpty()) {
            double ofOne = total / peer.layout().hosts();
            results.add(scenario, measure, peer.kind(), Map.of(figure, ofOne));
        }
    }

    private static double processSeconds(Peer peer) {
        return peer.pids().stream()
                .mapToDouble(pid -> ProcFile.processSeconds(read(pid, "stat")))
                .sum();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new StepFailedException("process " + pid + " has ended", e);
        }
    }

    private interface Visit {
        void to(Peer peer);
    }

    private void visit(List<Peer> peers, String what, Visit visit) {
        for (Peer peer : List.copyOf(peers)) {
            try {
                visit.to(peer);
            } catch (StepFailedException e) {
                if (lab.isClosedSoon()) {
                    throw e;
                }
                String note = peer.kind().label() + " dropped out of " + peer.layout() + " at " + what + ": "
                        + e.getMessage();
                progress.println(note);
                results.note(note);
                peers.remove(peer);
            }
        }
    }
}
