package io.jvswitch.datapath.worker;

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

    /**
     * What the heap is reckoned by: 384, less two places of the exact-match cache. A solicitation's flow has the
     * longest key that a guest can make up.
     */
    @Test
    void theLongestKeyTakesNoMoreThanTheHeapIsReckonedBy() {
        int flows = 20_000;
        try (TestSwitch blue = new TestSwitch(3, 128, flows + 1_000)) {
            // the switch answers for somebody, and so must look at who is asked for
            blue.bind(2, Frames.MAC_B, Frames.IP6_B).publish();
            blue.send(1, solicitation(0));
            long before = usedBytes();
            int flowsBefore = blue.worker().flows().size();
            for (int i = 1; i <= flows; i++) {
                blue.port(1).offer(solicitation(i));
                if (i % 64 == 0) {
                    blue.run();
                    blue.port(2).drain();
                    blue.port(3).drain();
                }
            }
            blue.run();
            blue.port(2).drain();
            blue.port(3).drain();
            blue.told();
            int made = blue.worker().flows().size() - flowsBefore;
            assertTrue(made > flows / 2, made + " flows");
            double bytes = (double) (usedBytes() - before) / made;
            assertTrue(bytes <= 384 - 16, bytes + " bytes a flow");
        }
    }

    private static byte[] solicitation(int target) {
        String address = "2001:db8:%x:%x::%x".formatted(target * 0x9e37 & 0xffff, target >>> 4 & 0xffff, target);
        return Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:01")
                .ipv6(Frames.IP6_A, "ff02::1:ff00:1")
                .ttl(255)
                .neighbourSolicitation(address, Frames.MAC_A)
                .bytes();
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
