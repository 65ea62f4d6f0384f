package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.Frames;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Layer-2 forwarding between local ports: learning, flooding, moves, and what never leaves. */
final class BridgingTest {

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

    private static void assertGot(MemoryQueue port, byte[]... frames) {
        List<MemoryQueue.Sent> sent = port.drain();
        assertEquals(frames.length, sent.size());
        for (int i = 0; i < frames.length; i++) {
            assertArrayEquals(frames[i], sent.get(i).bytes());
        }
    }

    @Test
    void anUnknownDestinationIsFloodedToEveryPortButTheSenders() {
        blue.send(1, A_TO_B);
        assertGot(blue.port(1));
        assertGot(blue.port(2), A_TO_B);
        assertGot(blue.port(3), A_TO_B);
        assertEquals(1, blue.count(1, PortCounters.Kind.CREATED));
    }

    @Test
    void aLearntDestinationGetsTheFrameAlone() {
        blue.send(2, B_TO_A);
        blue.port(1).drain();
        blue.port(3).drain();
        blue.send(1, A_TO_B);
        assertGot(blue.port(2), A_TO_B);
        assertGot(blue.port(3));
    }

    @Test
    void aFloodingMegaflowIsTranslatedAgainOnceTheDestinationIsKnown() {
        blue.send(1, A_TO_B);
        blue.send(2, B_TO_A);
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
        blue.send(1, A_TO_B);
        assertGot(blue.port(2), A_TO_B);
        assertGot(blue.port(3));
        assertEquals(2, blue.worker().flows().size(), "the flow was renewed, not added");
    }

    @Test
    void aStationThatMovesIsFollowed() {
        blue.send(2, B_TO_A);
        blue.send(1, A_TO_B);
        blue.send(3, B_TO_A);
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
        blue.send(1, A_TO_B);
        assertGot(blue.port(2));
        assertGot(blue.port(3), A_TO_B);
        assertEquals(1, blue.fdb().moves());
    }

    @Test
    void aFrameNeverLeavesByItsWayIn() {
        blue.send(1, B_TO_A);
        blue.send(1, A_TO_B);
        assertGot(blue.port(1));
        assertEquals(1, blue.dropped(1, DropReason.SAME_PORT));
    }

    @Test
    void broadcastAndMulticastAreFlooded() {
        for (String group : List.of(Frames.MAC_BROADCAST, "01:00:5e:00:00:fb", "33:33:00:00:00:01")) {
            byte[] frame = Frames.ethernet(Frames.MAC_A, group)
                    .etherType(0x88b5)
                    .payload(46)
                    .bytes();
            blue.send(1, frame);
            assertGot(blue.port(2), frame);
            assertGot(blue.port(3), frame);
        }
    }

    @Test
    void whatNoStationSendsIsRefused() {
        for (String source : List.of("00:00:00:00:00:00", "01:00:5e:00:00:01", Frames.MAC_BROADCAST)) {
            blue.send(
                    1,
                    Frames.ethernet(source, Frames.MAC_B)
                            .etherType(0x88b5)
                            .payload(46)
                            .bytes());
        }
        assertEquals(3, blue.dropped(1, DropReason.SOURCE_MAC_INVALID));
    }

    @Test
    void whatABridgeNeverForwardsStops() {
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, "01:80:c2:00:00:0e")
                        .etherType(EtherType.LLDP)
                        .payload(46)
                        .bytes());
        assertEquals(1, blue.dropped(1, DropReason.BRIDGE_RESERVED));
        assertGot(blue.port(2));
    }

    @Test
    void aFloodWithNowhereToGoIsCounted() {
        try (TestSwitch alone = new TestSwitch(1)) {
            alone.send(1, A_TO_B);
            assertEquals(1, alone.dropped(1, DropReason.NO_DESTINATION));
        }
    }

    @Test
    void aPortThatMovedToAnotherNetworkGetsNothingOfTheOldOne() {
        blue.send(2, B_TO_A);
        blue.send(1, A_TO_B);
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
        blue.otherNetwork(1, "green").network(2, 1).publish();
        assertEquals(2, blue.fdb().lookup(MacAddress.parse(Frames.MAC_B).bits(), 0), "the MAC table still knows it");
        blue.send(1, A_TO_B);
        assertGot(blue.port(2));
        assertGot(blue.port(3), A_TO_B);
        // Nor a port that is in no network, or is no more.
        blue.withoutNetwork(2).publish();
        blue.send(1, A_TO_B);
        assertGot(blue.port(2));
        assertGot(blue.port(3), A_TO_B);
    }

    @Test
    void aPortWithoutNetworkGetsNowhere() {
        blue.withoutNetwork(1).publish();
        blue.send(1, A_TO_B);
        assertEquals(1, blue.dropped(1, DropReason.NO_NETWORK));
    }

    @Test
    void vlansAreLearntApart() {
        byte[] tagged = Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                .vlan(10)
                .ipv4(Frames.IP4_B, Frames.IP4_A)
                .udp(1, 2)
                .bytes();
        blue.send(2, tagged);
        blue.port(1).drain();
        blue.port(3).drain();
        blue.send(1, A_TO_B);
        assertGot(blue.port(2), A_TO_B);
        assertGot(blue.port(3), A_TO_B);
    }

    /** The MAC table says so still, as the conductor has not come to it yet. */
    @Test
    void whoWasLearntAtAPortWhoseDeviceWentIsLookedForElsewhere() {
        blue.send(2, B_TO_A);
        blue.attached(2, false).publish();
        blue.port(3).drain();
        blue.send(1, A_TO_B);
        assertGot(blue.port(3), A_TO_B);
        assertEquals(0, blue.dropped(1, DropReason.PORT_DOWN));
    }

    @Test
    void aFloodThatFindsOnlyPortsWithoutDeviceIsDropped() {
        blue.attached(2, false).attached(3, false).publish();
        blue.send(1, A_TO_B);
        assertEquals(1, blue.dropped(1, DropReason.PORT_DOWN));
    }

    @Test
    void anAgedStationIsFloodedAgain() {
        blue.send(2, B_TO_A);
        blue.port(1).drain();
        blue.port(3).drain();
        blue.fdb().expire(blue.nowNs() + 1_000, 0, 100);
        blue.send(1, A_TO_B);
        assertGot(blue.port(2), A_TO_B);
        assertGot(blue.port(3), A_TO_B);
    }

    @Test
    void whenTheConductorsQueueIsFullTheNextFrameLearns() {
        // a burst of 64 sources fills the queue before the test reads it
        for (int i = 0; i < 80; i++) {
            String mac = MacAddress.toString(0x0200_0000_1000L + i);
            blue.port(1)
                    .offer(Frames.ethernet(mac, Frames.MAC_B)
                            .etherType(0x88b5)
                            .payload(46)
                            .bytes());
        }
        blue.run();
        for (int i = 0; i < 80; i++) {
            String mac = MacAddress.toString(0x0200_0000_1000L + i);
            blue.send(
                    1,
                    Frames.ethernet(mac, Frames.MAC_B)
                            .etherType(0x88b5)
                            .payload(46)
                            .bytes());
        }
        assertTrue(blue.fdb().size() >= 60, "learnt " + blue.fdb().size());
        assertEquals(blue.fdb().capacity(), blue.fdb().size(), "the table is full, and bounded");
    }

    @Test
    void aDeviceThatVanishesIsToldAlsoWhenTheConductorsQueueIsFull() {
        try (TestSwitch large = new TestSwitch(40)) {
            large.run();
            for (int port = 1; port <= 40; port++) {
                large.port(port).vanish();
            }
            large.run();
            assertEquals(32, large.told().size(), "no more had room");
            large.advanceNs(1_000_000);
            large.run();
            assertEquals(8, large.told().size());
            large.advanceNs(1_000_000);
            large.run();
            assertEquals(List.of(), large.told(), "told once");
        }
    }

    @Test
    void aPortThatFloodsNewAddressesKeepsNobodyElseFromLearning() {
        for (int i = 0; i < 60; i++) {
            blue.port(1)
                    .offer(Frames.ethernet(MacAddress.toString(0x0200_0000_1000L + i), Frames.MAC_B)
                            .etherType(0x88b5)
                            .payload(46)
                            .bytes());
        }
        blue.port(2).offer(B_TO_A);
        blue.port(3).vanish();
        blue.run();
        assertEquals(2, blue.fdb().lookup(MacAddress.parse(Frames.MAC_B).bits(), 0));
        assertTrue(blue.told().contains(new ConductorEvent.PortGone(3)));
    }

    @Test
    void aDeviceThatVanishesIsToldToTheConductor() {
        blue.port(2).vanish();
        blue.run();
        assertEquals(List.of(new ConductorEvent.PortGone(2)), blue.told());
        blue.send(1, A_TO_B);
        assertGot(blue.port(3), A_TO_B);
        assertEquals(1, blue.dropped(1, DropReason.PORT_DOWN));
    }
}
