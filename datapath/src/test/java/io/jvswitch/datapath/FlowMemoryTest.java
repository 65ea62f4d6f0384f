package io.jvswitch.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import org.junit.jupiter.api.Test;

/** What a megaflow costs with the verdict that translation made for it, all in. */
final class FlowMemoryTest {

    /** The limit of 256, less two places of the exact-match cache for each flow, which this switch does not have. */
    private static final int LIMIT_BYTES = 256 - 16;

    private static final int STATIONS = 30;
    private static final int TYPES = 60;
    private static final int FLOWS = STATIONS * STATIONS * TYPES;

    @Test
    void aFlowAndItsVerdictTakeNoMoreThanStated() {
        try (TestSwitch blue = new TestSwitch(64, 128, FLOWS + 1_000)) {
            for (int i = 0; i < STATIONS; i++) {
                blue.fdb().learn(mac(i), 0, 1, blue.nowNs());
            }
            blue.port(1).offer(frame(0, 0, 0));
            blue.run();
            long before = usedBytes();
            for (int type = 0; type < TYPES; type++) {
                for (int from = 0; from < STATIONS; from++) {
                    for (int to = 0; to < STATIONS; to++) {
                        blue.port(1).offer(frame(from, to, type));
                    }
                    blue.run();
                    // To nowhere known: flooded to 63 ports, each flow with the same list of outputs.
                    for (int port = 2; port <= 64; port++) {
                        blue.port(port).drain();
                    }
                }
            }
            assertEquals(FLOWS, blue.worker().flows().size());
            double bytes = (double) (usedBytes() - before) / FLOWS;
            assertTrue(bytes <= LIMIT_BYTES, bytes + " bytes a flow, the limit is " + LIMIT_BYTES);
            assertEquals(0, blue.imbalance());
        }
    }

    private static long mac(int station) {
        return 0x0200_0000_1000L + station;
    }

    private static byte[] frame(int from, int to, int type) {
        return Frames.ethernet(MacAddress.toString(mac(from)), MacAddress.toString(0x0200_0000_2000L + to))
                .etherType(0x9000 + type)
                .payload(46)
                .bytes();
    }

    private static long usedBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
