package io.jvswitch.bench.peers;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One thing to measure, with the figures that come out of it; the first is the one it is about. */
enum Measure {
    TCP_1("tcp-1", "TCP, 1 stream", tcpFigures()),
    TCP_1_BACK("tcp-1-back", "TCP, 1 stream back", tcpFigures()),
    TCP_4("tcp-4", "TCP, 4 streams", tcpFigures()),
    TCP_4_BACK("tcp-4-back", "TCP, 4 streams back", tcpFigures()),
    /** Without machine CPU: the kernel samples that at its tick, which paced bursts keep in step with, or miss. */
    UDP_PACED(
            "udp-paced",
            "64-byte UDP, paced",
            List.of(Figure.DELIVERED, Figure.OFFERED, Figure.CPU_PER_MILLION_FRAMES)),
    UDP_OVERLOAD("udp-overload", "64-byte UDP, overload", udpFigures()),
    LATENCY("latency", "request/response", List.of(Figure.P50, Figure.P99, Figure.P999)),
    /**
     * Beside paced UDP. It is about tails, and allocation about the steady state: both take minutes, and are measured
     * only when named.
     */
    LATENCY_LOADED(
            "latency-loaded",
            "request/response beside paced UDP",
            List.of(
                    Figure.P50,
                    Figure.P99,
                    Figure.P999,
                    Figure.MAX,
                    Figure.REQUESTS,
                    Figure.DELIVERED,
                    Figure.COLLECTIONS,
                    Figure.COLLECTION_TIME,
                    Figure.HELD_UP)),
    ALLOCATION_UDP("allocation-udp", "64-byte UDP, paced", List.of(Figure.BYTES_PER_FRAME, Figure.ALLOCATION_RATE)),
    ALLOCATION_TCP("allocation-tcp", "TCP, 1 stream", List.of(Figure.BYTES_PER_FRAME, Figure.ALLOCATION_RATE)),
    IDLE("idle", "no traffic", List.of(Figure.IDLE_CPU)),
    MEMORY("memory", "after the load", List.of(Figure.RESIDENT)),
    START("start", "switch starts", List.of(Figure.FIRST_FRAME));

    private final String label;
    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed, which the type does not say
    private final List<Figure> figures;

    Measure(String label, String title, List<Figure> figures) {
        this.label = label;
        this.title = title;
        this.figures = List.copyOf(figures);
    }

    private static List<Figure> tcpFigures() {
        return List.of(Figure.THROUGHPUT, Figure.CPU_PER_GIGABIT, Figure.MACHINE_PER_GIGABIT);
    }

    private static List<Figure> udpFigures() {
        return List.of(
                Figure.DELIVERED, Figure.OFFERED, Figure.CPU_PER_MILLION_FRAMES, Figure.MACHINE_PER_MILLION_FRAMES);
    }

    /** What is measured unless measurements are named. */
    static Set<Measure> usual() {
        return EnumSet.complementOf(EnumSet.of(LATENCY_LOADED, ALLOCATION_UDP, ALLOCATION_TCP));
    }

    /** The measurement of that label; an {@link IllegalArgumentException} lists the labels there are. */
    static Measure of(String label) {
        for (Measure measure : values()) {
            if (measure.label.equals(label)) {
                return measure;
            }
        }
        throw new IllegalArgumentException("no measurement '" + label + "'; there are "
                + Arrays.stream(values()).map(Measure::label).collect(Collectors.joining(", ")));
    }

    String label() {
        return label;
    }

    String title() {
        return title;
    }

    List<Figure> figures() {
        return figures;
    }

    /** Whether the second guest sends to the first. */
    boolean isBack() {
        return this == TCP_1_BACK || this == TCP_4_BACK;
    }

    int streams() {
        return this == TCP_4 || this == TCP_4_BACK ? 4 : 1;
    }
}
