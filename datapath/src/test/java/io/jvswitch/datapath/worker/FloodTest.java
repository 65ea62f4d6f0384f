package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames that go to many ports get a share of each cycle; others do not wait for them. */
final class FloodTest {
    private static final int PORTS = 100;

    private final TestSwitch blue = new TestSwitch(PORTS, 512, 1_024);

    FloodTest() {
        blue.run();
        blue.port(2)
                .offer(Frames.ethernet(Frames.MAC_B, MacAddress.toString(MacAddress.BROADCAST))
                        .etherType(0x88b5)
                        .payload(46)
                        .bytes());
        blue.run();
        drainAll();
    }

    @AfterEach
    void theBooksBalance() {
        blue.run();
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private int drainAll() {
        int frames = 0;
        for (int port = 1; port <= PORTS; port++) {
            frames += blue.port(port).drain().size();
        }
        return frames;
    }

    private static byte[] broadcast(int from) {
        return Frames.ethernet(MacAddress.toString(0x0200_0000_1000L + from), MacAddress.toString(MacAddress.BROADCAST))
                .etherType(0x88b5)
                .payload(46)
                .bytes();
    }

    private void cycle() {
        blue.advanceNs(1_000);
        blue.worker().doWork(blue.nowNs());
    }

    @Test
    void aFrameForOnePortDoesNotWaitForAHundredFloods() {
        for (int port = 3; port < PORTS; port++) {
            blue.port(port).offer(broadcast(port));
        }
        blue.port(PORTS).offer(Frames.udpv4().payload(18).bytes());
        cycle();
        assertTrue(
                blue.port(2).drain().stream().anyMatch(sent -> sent.bytes()[12] == 8),
                "what port 100 sends to port 2's station");
        int copies = drainAll();
        assertTrue(copies > 0 && copies <= 4 * PORTS, "copies in the first cycle: " + copies);
    }

    @Test
    void whatWaitsIsSentInTheEnd() {
        for (int port = 3; port <= 42; port++) {
            blue.port(port).offer(broadcast(port));
        }
        blue.run();
        assertEquals(40 * (PORTS - 1), drainAll());
    }

    @Test
    void onePortThatFloodsLeavesRoomForOthersAndIsCounted() {
        for (int i = 0; i < 64; i++) {
            blue.port(3).offer(broadcast(3));
        }
        for (int port = 4; port <= 13; port++) {
            blue.port(port).offer(broadcast(port));
        }
        blue.run();
        long dropped = blue.dropped(3, DropReason.FLOOD_QUEUE_FULL);
        assertTrue(dropped > 0 && dropped < 64, "dropped " + dropped);
        for (int port = 4; port <= 13; port++) {
            assertEquals(0, blue.dropped(port, DropReason.FLOOD_QUEUE_FULL));
        }
        assertEquals((64 - dropped + 10) * (PORTS - 1), drainAll());
    }

    /** The configuration has changed while the frame waited. */
    @Test
    void whatWaitedIsSentWhereTheSwitchHasPortsNow() {
        for (int port = 3; port <= 42; port++) {
            blue.port(port).offer(broadcast(port));
        }
        cycle();
        drainAll();
        blue.withoutNetwork(50).publish();
        blue.run();
        assertEquals(0, blue.port(50).drain().size());
        assertTrue(drainAll() > 0);
    }
}
