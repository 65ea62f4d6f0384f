package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.TuningSpec;
import java.util.List;

/**
 * Whether the tables that a specification allows fit into the JVM's heap, all full at once: a guest can fill them, and
 * a daemon without memory ends.
 *
 * <p>{@code ./jvswitch} reckons the same from the file before there is a JVM, to give it a heap that is large enough.
 */
final class HeapChecks {

    /** The control plane, with views and answers that are being made. */
    private static final long BASE_BYTES = 64L << 20;
    /**
     * A megaflow of the longest key that frames have, all in: {@code FlowTable} states 256 bytes for TCP over IPv4,
     * whose key has seven words; a frame has fifteen more at most that a megaflow keeps, of eight bytes.
     */
    private static final long FLOW_BYTES = 384;
    /** An entry of a MAC table: {@code Fdb} states some 90 bytes. */
    private static final long MAC_BYTES = 96;

    private HeapChecks() {}

    /** Bytes of heap that the specification needs at most. A collector needs a fifth of the heap for itself. */
    static long neededBytes(SwitchSpec spec) {
        long flows = (long) spec.workers() * spec.tuning().maxFlows();
        long macs = (long) spec.networks().size() * spec.tuning().macTableSize();
        long live = BASE_BYTES + flows * FLOW_BYTES + macs * MAC_BYTES;
        return live / 4 * 5;
    }

    /**
     * Finds what does not fit.
     *
     * @param heapBytes most that the JVM's heap may grow to
     */
    static void check(SwitchSpec spec, long heapBytes, List<Finding> findings) {
        long needed = neededBytes(spec);
        if (needed <= heapBytes) {
            return;
        }
        TuningSpec tuning = spec.tuning();
        findings.add(new Finding(
                "switch.max-flows",
                Integer.toString(tuning.maxFlows()),
                "expected what fits into the heap: so many megaflows for each of switch.workers " + spec.workers()
                        + " and " + tuning.macTableSize()
                        + " MAC addresses (switch.mac-table-size) for each network, of "
                        + spec.networks().size() + ", need " + mebibytes(needed + (1 << 20) - 1)
                        + " MiB when they are full, and the heap has " + mebibytes(heapBytes)
                        + " MiB; lower one of them, or start the daemon with JVSWITCH_HEAP="
                        + mebibytes(needed + (1 << 20) - 1) + "m",
                List.of("switch.workers", "switch.mac-table-size")));
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
