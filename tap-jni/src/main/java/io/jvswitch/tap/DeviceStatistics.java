package io.jvswitch.tap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel counts of a network device ({@code struct rtnl_link_stats64} of include/uapi/linux/if_link.h):
 * frames, but for the bytes.
 */
public record DeviceStatistics(
        long rxPackets,
        long txPackets,
        long rxBytes,
        long txBytes,
        long rxErrors,
        long txErrors,
        long rxDropped,
        long txDropped,
        long multicast,
        long collisions,
        long rxOverErrors,
        long rxCrcErrors,
        long rxFrameErrors,
        long rxMissedErrors) {

    /** How many fields of the structure are read: up to {@code rx_missed_errors}. */
    static final int FIELDS = 16;

    /** The structure's fields stand in that order; {@code rx_length_errors} and {@code rx_fifo_errors} are left out. */
    static DeviceStatistics read(MemorySegment values) {
        return new DeviceStatistics(
                field(values, 0),
                field(values, 1),
                field(values, 2),
                field(values, 3),
                field(values, 4),
                field(values, 5),
                field(values, 6),
                field(values, 7),
                field(values, 8),
                field(values, 9),
                field(values, 11),
                field(values, 12),
                field(values, 13),
                field(values, 15));
    }

    private static long field(MemorySegment values, int index) {
        return values.getAtIndex(ValueLayout.JAVA_LONG, index);
    }
}
