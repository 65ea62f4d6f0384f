package io.jvswitch.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What housekeeping does to megaflows that see no traffic, and what a burst counts. */
final class RevalidationTest {

    private static final long MAC_A = MacAddress.parse(Frames.MAC_A).bits();
    private static final byte[] A_TO_B = Frames.udpv4().payload(18).bytes();
    private static final byte[] B_TO_A = Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
            .ipv4(Frames.IP4_B, Frames.IP4_A)
            .udp(2000, 1000)
            .payload(18)
            .bytes();

    private final TestSwitch blue = new TestSwitch(3);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    /** Cycles without frames, a millisecond apart. */
    private void quietMs(int ms) {
        for (int i = 0; i < ms; i++) {
            blue.advanceNs(1_000_000);
            blue.run();
        }
    }

    @Test
    void aStationThatComesBackIsLearntThoughItsFlowWasRevalidatedMeanwhile() {
        blue.send(1, A_TO_B);
        blue.send(2, A_TO_B);
        assertEquals(2, blue.fdb().lookup(MAC_A, 0));
        blue.publish();
        quietMs(10);
        blue.told();
        blue.send(1, A_TO_B);
        assertEquals(1, blue.fdb().lookup(MAC_A, 0), "it was learnt at its port again");
        assertTrue(blue.told().stream().anyMatch(ConductorEvent.Learn.class::isInstance));
    }

    @Test
    void aNewFlowIsOneMiss() {
        blue.send(1, A_TO_B);
        assertEquals(1, blue.worker().flows().misses());
        assertEquals(
                0, blue.worker().flows().cacheHits() + blue.worker().flows().megaflowHits());
    }

    @Test
    void everyFrameOfABurstIsCountedOnce() {
        try (TestSwitch small = new TestSwitch(2, 256, 4)) {
            // More flows than the table holds: every insertion evicts.
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 60; i++) {
                    small.port(1)
                            .offer(Frames.ethernet(MacAddress.toString(0x0200_0000_1000L + i % 6), Frames.MAC_B)
                                    .etherType(0x88b5)
                                    .payload(46)
                                    .bytes());
                }
                small.run();
            }
            long counted = small.worker().flows().misses()
                    + small.worker().flows().cacheHits()
                    + small.worker().flows().megaflowHits();
            assertEquals(8 * 60, counted);
            assertEquals(0, small.imbalance());
            small.port(2).drain();
        }
    }

    @Test
    void framesOfOneNewFlowInABurstMakeOneFlow() {
        for (int i = 0; i < 10; i++) {
            blue.port(1).offer(A_TO_B);
        }
        blue.run();
        assertEquals(1, blue.worker().flows().size());
        assertEquals(1, blue.told().size(), "one thing to learn, told once");
        blue.worker().flows().forEach(flow -> assertEquals(10, flow.frames()));
        blue.send(2, B_TO_A);
    }
}
