package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.NormalTranslator;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** An error inside a burst costs the frames that it hit: they are counted, nothing leaks, and the worker goes on. */
final class DefectTest {

    private static final int L4_POISON = 666;

    /** The real brain, but for frames that it cannot bear. */
    private record Brittle(Predicate<FlowReader> breaks) implements Translator {
        @Override
        public void translate(Translation step) {
            if (breaks.test(step.key())) {
                throw new IllegalStateException("a defect");
            }
            new NormalTranslator().translate(step);
        }
    }

    private static byte[] udp(int destinationPort) {
        return Frames.ethernet(Frames.MAC_A, Frames.MAC_B)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1000, destinationPort)
                .payload(18)
                .bytes();
    }

    private static byte[] vxlan(byte[] inner) {
        return Hex.bytes("0800000000002a00" + Hex.text(inner).replaceAll("\\s", ""));
    }

    private static TestSwitch brittle(Predicate<FlowReader> breaks) {
        return new TestSwitch(3, 64, 64, new Brittle(breaks))
                .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
                .publish();
    }

    private static void assertBalanced(TestSwitch blue) {
        assertEquals(0, blue.imbalance());
        assertEquals(0, blue.leakedFrames());
    }

    @Test
    void aFrameThatBreaksTranslationIsCountedAndTheOthersOfItsBurstPass() {
        try (TestSwitch blue = brittle(key -> key.is(FlowField.L4_DST, L4_POISON))) {
            for (int i = 0; i < 5; i++) {
                blue.port(1).offer(udp(1 + i));
                blue.port(1).offer(udp(L4_POISON));
            }
            blue.port(3).offer(udp(7));
            IllegalStateException error = assertThrows(IllegalStateException.class, blue::run);
            assertEquals("a defect", error.getMessage());
            assertEquals(5, blue.dropped(1, DropReason.DEFECT));
            assertEquals(6, blue.port(2).drain().size(), "another port's frame as well");
            assertBalanced(blue);
            blue.send(1, udp(3));
            assertEquals(1, blue.port(2).drain().size());
            assertBalanced(blue);
        }
    }

    @Test
    void aDatagramThatBreaksTranslationLeavesNothingBehindInTheDecapsulator() {
        try (TestSwitch blue = brittle(key -> key.is(FlowField.L4_DST, L4_POISON))) {
            for (int i = 0; i < 20; i++) {
                blue.underlay()
                        .offer(
                                vxlan(Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                                        .ipv4(Frames.IP4_B, Frames.IP4_A)
                                        .tcp(80, i % 4 == 3 ? L4_POISON : 1 + i % 4)
                                        .sequence(i / 4 * 100, 1)
                                        .payload(100)
                                        .bytes()),
                                "192.0.2.2");
            }
            assertThrows(IllegalStateException.class, blue::run);
            assertBalanced(blue);
            assertTrue(blue.dropped(Locations.UNDERLAY, DropReason.DEFECT) > 0);
            assertEquals(15, blue.port(1).drain().size(), "the segments of three flows in four");
            blue.sendFromTunnel("192.0.2.2", vxlan(udp(5)));
            assertEquals(1, blue.port(1).drain().size());
            assertBalanced(blue);
        }
    }

    @Test
    void aTranslatorThatAlwaysThrowsNeitherLeaksNorFillsTheLog() {
        try (TestSwitch blue = brittle(key -> true)) {
            int reports = 0;
            for (int i = 0; i < 1_000; i++) {
                blue.port(1).offer(udp(1 + i % 100));
                blue.underlay().offer(vxlan(udp(1 + i % 100)), "192.0.2.2");
                blue.advanceNs(1_000_000);
                try {
                    blue.worker().doWork(blue.nowNs());
                } catch (IllegalStateException e) {
                    reports++;
                }
                assertBalanced(blue);
            }
            assertEquals(1, reports, "within a second");
            assertEquals(1_000, blue.dropped(1, DropReason.DEFECT));
            assertEquals(1_000, blue.dropped(Locations.UNDERLAY, DropReason.DEFECT));
        }
    }

    @Test
    void aDeviceThatThrowsCostsItsOwnFramesAndSendsNoneTwice() {
        try (TestSwitch blue = new TestSwitch(3)) {
            blue.port(2).offloading(Offload.USO | Offload.CHECKSUM);
            blue.port(2).throwAfter(3);
            for (int i = 0; i < 10; i++) {
                blue.port(1)
                        .offer(Frames.ethernet(MacAddress.toString(0x0200_0000_1000L + i), Frames.MAC_BROADCAST)
                                .etherType(0x88b5)
                                .payload(46)
                                .bytes());
            }
            assertThrows(IllegalStateException.class, blue::run);
            assertBalanced(blue);
            assertEquals(10, blue.port(3).drain().size());
            int sent = blue.port(2).drain().size();
            assertEquals(10 - blue.dropped(1, DropReason.DEFECT), blue.count(2, PortCounters.Kind.TX_FRAMES));
            assertEquals(3, sent, "what the device took before it broke");
            blue.send(1, udp(1));
            assertEquals(1, blue.port(2).drain().size());
            assertBalanced(blue);
        }
    }

    @Test
    void aDefectDuringHousekeepingDoesNotStopTheWorker() {
        boolean[] broken = {false};
        try (TestSwitch blue = brittle(key -> broken[0])) {
            blue.send(1, udp(1));
            blue.publish();
            broken[0] = true;
            blue.advanceNs(1_000_000);
            assertThrows(IllegalStateException.class, () -> blue.worker().doWork(blue.nowNs()));
            broken[0] = false;
            blue.port(2).drain();
            blue.send(1, udp(1));
            assertFalse(blue.port(2).drain().isEmpty());
            assertBalanced(blue);
        }
    }
}
