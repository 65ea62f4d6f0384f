package io.jvswitch.bench.peers;

import static io.jvswitch.bench.peers.Measure.ALLOCATION_TCP;
import static io.jvswitch.bench.peers.Measure.ALLOCATION_UDP;
import static io.jvswitch.bench.peers.Measure.IDLE;
import static io.jvswitch.bench.peers.Measure.LATENCY;
import static io.jvswitch.bench.peers.Measure.LATENCY_LOADED;
import static io.jvswitch.bench.peers.Measure.MEMORY;
import static io.jvswitch.bench.peers.Measure.START;
import static io.jvswitch.bench.peers.Measure.TCP_1;
import static io.jvswitch.bench.peers.Measure.TCP_1_BACK;
import static io.jvswitch.bench.peers.Measure.TCP_4;
import static io.jvswitch.bench.peers.Measure.TCP_4_BACK;
import static io.jvswitch.bench.peers.Measure.UDP_OVERLOAD;
import static io.jvswitch.bench.peers.Measure.UDP_PACED;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A layout under one condition, and what is measured in it: what {@code --only} names. */
enum Scenario {
    VXLAN(
            "vxlan",
            "VXLAN between TAPs",
            Layout.TAP_TUNNEL,
            true,
            List.of(
                    TCP_1,
                    TCP_1_BACK,
                    TCP_4,
                    TCP_4_BACK,
                    UDP_PACED,
                    UDP_OVERLOAD,
                    LATENCY,
                    LATENCY_LOADED,
                    ALLOCATION_UDP,
                    ALLOCATION_TCP,
                    IDLE,
                    MEMORY,
                    START)),
    VXLAN_TX_OFF(
            "vxlan-tx-off",
            "VXLAN between TAPs, underlay with 'tx off'",
            Layout.TAP_TUNNEL,
            false,
            List.of(TCP_1, TCP_1_BACK, TCP_4, TCP_4_BACK, UDP_PACED, UDP_OVERLOAD, LATENCY)),
    TAP("tap", "TAP to TAP on one switch", Layout.TAP_SWITCH, true, List.of(TCP_1, TCP_4, UDP_OVERLOAD)),
    VETH("veth", "veth to veth on one switch", Layout.VETH_SWITCH, true, List.of(TCP_1, TCP_4, UDP_OVERLOAD, LATENCY)),
    VETH_VXLAN(
            "veth-vxlan",
            "VXLAN between veths",
            Layout.VETH_TUNNEL,
            true,
            List.of(TCP_1, TCP_4, UDP_OVERLOAD, LATENCY));

    private final String label;
    private final String title;
    private final Layout layout;
    private final boolean underlayOffloads;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed, which the type does not say
    private final List<Measure> measures;

    Scenario(String label, String title, Layout layout, boolean underlayOffloads, List<Measure> measures) {
        this.label = label;
        this.title = title;
        this.layout = layout;
        this.underlayOffloads = underlayOffloads;
        this.measures = List.copyOf(measures);
    }

    String label() {
        return label;
    }

    String title() {
        return title;
    }

    Layout layout() {
        return layout;
    }

    /** False for {@code ethtool -K … tx off} on the cable between the hosts. */
    boolean hasUnderlayOffloads() {
        return underlayOffloads;
    }

    List<Measure> measures() {
        return measures;
    }

    /** The scenario of that label; an {@link IllegalArgumentException} lists the labels there are. */
    static Scenario of(String label) {
        for (Scenario scenario : values()) {
            if (scenario.label.equals(label)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("no scenario '" + label + "'; there are "
                + Arrays.stream(values()).map(Scenario::label).collect(Collectors.joining(", ")));
    }
}
