package io.jvswitch.bench.peers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Who is measured, and what it needs: what {@code --peers} names. */
enum PeerKind {
    JVSWITCH("jvswitch", "jvswitch"),
    OVS("ovs", "Open vSwitch, userspace datapath"),
    /**
     * An experimental option that is off by default; tunnels do not carry what it makes (OVS's userspace-tso
     * documentation).
     */
    OVS_TSO("ovs-tso", "Open vSwitch, userspace datapath with userspace-tso-enable"),
    /** Always on veths, which are to it what TAPs are to the others. */
    BRIDGE("bridge", "Linux bridge + vxlan on veths"),
    PUMP("pump", "bare C pump (the floor)");

    private static final List<Program> OPEN_VSWITCH = List.of(
            new Program("ovs-vswitchd", "openvswitch-switch"),
            new Program("ovsdb-server", "openvswitch-switch"),
            new Program("ovsdb-tool", "openvswitch-common"),
            new Program("ovs-vsctl", "openvswitch-common"));

    private final String label;
    private final String title;

    PeerKind(String label, String title) {
        this.label = label;
        this.title = title;
    }

    /**
     * A program that is needed.
     *
     * @param name as it is called
     * @param debianPackage where to have it from
     */
    record Program(String name, String debianPackage) {}

    String label() {
        return label;
    }

    String title() {
        return title;
    }

    boolean takesPartIn(Layout layout) {
        return switch (this) {
            case JVSWITCH, OVS, BRIDGE -> true;
            case OVS_TSO -> !layout.isTunnelled();
            case PUMP -> !layout.isVeth();
        };
    }

    /** What it needs beyond what the benchmark itself needs. */
    List<Program> programs() {
        return this == OVS || this == OVS_TSO ? OPEN_VSWITCH : List.of();
    }

    /** The peer of that label; an {@link IllegalArgumentException} lists the labels there are. */
    static PeerKind of(String label) {
        for (PeerKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no peer '" + label + "'; there are "
                + Arrays.stream(values()).map(PeerKind::label).collect(Collectors.joining(", ")));
    }
}
