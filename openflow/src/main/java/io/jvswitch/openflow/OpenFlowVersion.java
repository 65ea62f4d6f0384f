package io.jvswitch.openflow;

import org.jspecify.annotations.Nullable;

/** The versions of OpenFlow that there are. */
public enum OpenFlowVersion {
    V1_0(1, "OpenFlow10"),
    V1_1(2, "OpenFlow11"),
    V1_2(3, "OpenFlow12"),
    V1_3(4, "OpenFlow13"),
    V1_4(5, "OpenFlow14"),
    V1_5(6, "OpenFlow15");

    private static final OpenFlowVersion[] ALL = values();

    private final int wire;
    private final String label;

    OpenFlowVersion(int wire, String label) {
        this.wire = wire;
        this.label = label;
    }

    /** The name as {@code ovs-ofctl -O} and a bridge's {@code protocols} have it. */
    public String label() {
        return label;
    }

    /** The number that messages begin with: 1 to 6. */
    public int wire() {
        return wire;
    }

    public boolean isAtLeast(OpenFlowVersion other) {
        return compareTo(other) >= 0;
    }

    /** The version of a message's number, or null. */
    public static @Nullable OpenFlowVersion ofWire(int number) {
        return number < 1 || number > ALL.length ? null : ALL[number - 1];
    }
}
