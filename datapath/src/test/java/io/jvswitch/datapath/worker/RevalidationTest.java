package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.normal.NormalTranslator;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.BitSet;
import java.util.Map;
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

    /** The real brain, which counts and takes a microsecond of the test's clock a time. */
    private static final class Counting implements Translator {
        private final NormalTranslator brain = new NormalTranslator();
        private int translations;
        private long clockNs;

        @Override
        public void translate(Translation step) {
            translations++;
            clockNs += 1_000;
            brain.translate(step);
        }

        int take() {
            int taken = translations;
            translations = 0;
            return taken;
        }
    }

    private final Counting counting = new Counting();
    private final TestSwitch blue = new TestSwitch(3, 256, 1_024, counting, () -> counting.clockNs);

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
        assertTrue(blue.news().stream().anyMatch(NormalNews.Learn.class::isInstance));
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

    /** That many flows from A behind port 1 to B behind port 2, which differ in EtherType. */
    private void makeFlows(int flows) {
        blue.send(2, B_TO_A);
        for (int i = 0; i < flows; i++) {
            blue.send(1, frame(i));
        }
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
        quietMs(1_100);
        counting.take();
    }

    private static byte[] frame(int flow) {
        return Frames.aToB().etherType(0x9000 + flow).payload(46).bytes();
    }

    private int cycle() {
        blue.advanceNs(1_000);
        blue.worker().doWork(blue.nowNs());
        return counting.take();
    }

    @Test
    void aSliceIsBoundedByTimeAndAnIdleWorkerGoesOnUntilAllIsDone() {
        makeFlows(600);
        blue.publish();
        blue.advanceNs(1_000_000);
        int translated = 0;
        int cycles = 0;
        do {
            int slice = cycle();
            assertTrue(slice <= 50, "50 microseconds at one a flow, but there were " + slice);
            translated += slice;
            cycles++;
        } while (blue.worker().isBehind());
        assertEquals(601, translated, "every flow once, B's own as well");
        assertTrue(cycles <= 16, "in a row, without waiting: " + cycles + " cycles of a microsecond");
        assertEquals(0, cycle(), "and then it is idle");
        assertEquals(601, blue.worker().flows().size());
    }

    @Test
    void framesWaitForOneSliceAMillisecondOnly() {
        makeFlows(600);
        blue.publish();
        blue.advanceNs(1_000_000);
        int translated = 0;
        for (int i = 0; i < 100; i++) {
            blue.port(1).offer(frame(1));
            translated += cycle();
        }
        assertTrue(translated <= 50 + 1, translated + " translations in a tenth of a millisecond");
        assertTrue(blue.worker().isBehind());
        blue.run();
        blue.port(2).drain();
    }

    @Test
    void anUnchangedFlowKeepsItsCountersAndItsVerdict() {
        blue.send(1, A_TO_B);
        blue.send(1, A_TO_B);
        quietMs(1_100);
        Verdict[] before = new Verdict[1];
        long[] versions = new long[1];
        blue.worker().flows().forEach(flow -> {
            before[0] = flow.actions();
            versions[0] = flow.version();
        });
        blue.publish();
        quietMs(2);
        blue.worker().flows().forEach(flow -> {
            assertEquals(2, flow.frames());
            assertSame(before[0], flow.actions());
            assertNotEquals(versions[0], flow.version());
        });
        assertEquals(1, blue.worker().flows().size());
    }

    @Test
    void aFlowThatMustLookAtMoreIsRemoved() {
        blue.send(1, A_TO_B);
        quietMs(2);
        assertEquals(1, blue.worker().flows().size());
        // Now the source address matters too.
        blue.bind(1, Frames.MAC_A, Frames.IP4_A).publish();
        quietMs(2);
        assertEquals(0, blue.worker().flows().size(), blue::flowsText);
    }

    @Test
    void aChangeOfTheMacTableReachesFlowsThatSeeNoTraffic() {
        blue.send(1, A_TO_B);
        assertTrue(blue.flowsText().contains("actions=output:2,output:3"), blue::flowsText);
        quietMs(10);
        blue.fdb().learn(MacAddress.parse(Frames.MAC_B).bits(), 0, 3, blue.nowNs());
        quietMs(1_100);
        assertTrue(blue.flowsText().contains("actions=output:3"), blue::flowsText);
        // A source that has aged is to be learnt again: its flow goes.
        blue.fdb().remove(MAC_A, 0);
        quietMs(1_100);
        assertEquals(0, blue.worker().flows().size(), blue::flowsText);
    }

    /** As an agent brings it that adds a thousand hosts one by one. */
    @Test
    void aStreamOfSnapshotsIsCaughtUpWithInAFewRounds() {
        makeFlows(100);
        quietMs(1_000);
        counting.take();
        for (int i = 0; i < 500; i++) {
            blue.worker().proxy().publish(blue.snapshot());
            quietMs(1);
        }
        int rounds = counting.take() / 100;
        assertTrue(rounds >= 10 && rounds <= 20, rounds + " rounds in half a second");
        quietMs(60);
        assertTrue(counting.take() >= 100, "the last one is not forgotten");
        quietMs(200);
        assertEquals(0, counting.take());
    }

    @Test
    void idleFlowsAreRemovedSoonAndWithoutTrafficInAFewCycles() {
        makeFlows(600);
        blue.advanceNs(12_000_000_000L);
        blue.run();
        int cycles = 0;
        while (blue.worker().isBehind() && cycles++ < 1_000) {
            cycle();
        }
        assertEquals(0, blue.worker().flows().size());
        assertTrue(cycles < 10, cycles + " cycles");
    }

    @Test
    void aFloodOfMadeUpAddressesLeavesEstablishedFlowsAlone() {
        blue.send(2, B_TO_A);
        blue.send(1, A_TO_B);
        blue.send(2, B_TO_A);
        int frames = 2_000;
        int established = 0;
        for (int i = 0; i < frames; i++) {
            blue.send(
                    3,
                    Frames.ethernet(MacAddress.toString(0x0200_0001_0000L + i * 7_919L), Frames.MAC_B)
                            .etherType(0x88b5)
                            .payload(46)
                            .bytes());
            counting.take();
            blue.port(1).offer(A_TO_B);
            blue.advanceNs(1_000);
            blue.worker().doWork(blue.nowNs());
            established += counting.take();
            blue.port(2).drain();
        }
        assertTrue(blue.fdb().evictions() > 1_000);
        assertTrue(established < frames / 8, established + " translations of an established flow");
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
    }

    /** Flows of all kinds of verdicts: nothing is allocated for those that a new snapshot does not change. */
    @Test
    void revalidationOfUnchangedFlowsAllocatesNothing() {
        BitSet vids = new BitSet();
        vids.set(5);
        blue.otherNetwork(1, "red")
                .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2", "192.0.2.3")
                .host("02:00:00:00:00:77", "10.0.0.77", "192.0.2.2")
                .bind(1, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A)
                .dhcp("02:00:00:00:00:fe")
                .vlans(2, 0, PortVlans.guest(vids))
                .vlans(3, -1, PortVlans.trunk(0x8100, Map.of(10, 0, 20, 1)))
                .publish();
        blue.send(2, B_TO_A);
        blue.send(1, A_TO_B);
        blue.send(1, Frames.aToB().vlan(5).etherType(0x88b5).payload(46).bytes());
        blue.send(1, Frames.aToB().vlan(6).etherType(0x88b5).payload(46).bytes());
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, "10.0.0.77").bytes());
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, "10.0.0.78").bytes());
        blue.send(
                2,
                Frames.ethernet(Frames.MAC_B, "33:33:ff:00:00:01")
                        .ipv6(Frames.IP6_B, "ff02::1:ff00:1")
                        .neighbourSolicitation(Frames.IP6_A, Frames.MAC_B)
                        .bytes());
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, "02:00:00:00:00:77")
                        .ipv4(Frames.IP4_A, "10.0.0.77")
                        .tcp(1, 2)
                        .bytes());
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, "02:00:00:00:00:78")
                        .ipv4(Frames.IP4_A, "10.0.0.78")
                        .tcp(1, 2)
                        .bytes());
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .ipv4(Frames.IP4_B, Frames.IP4_A)
                        .tcp(1, 2)
                        .bytes());
        blue.send(
                2,
                Frames.ethernet(Frames.MAC_B, Frames.MAC_BROADCAST)
                        .ipv4("0.0.0.0", "255.255.255.255")
                        .udp(68, 67)
                        .payload(300)
                        .bytes());
        blue.send(
                3,
                Frames.ethernet("02:00:00:00:00:33", Frames.MAC_A)
                        .vlan(10)
                        .ipv4("10.0.0.33", Frames.IP4_A)
                        .udp(1, 2)
                        .bytes());
        blue.send(
                3,
                Frames.ethernet("02:00:00:00:00:33", Frames.MAC_A)
                        .vlan(30)
                        .ipv4("10.0.0.33", Frames.IP4_A)
                        .udp(1, 2)
                        .bytes());
        blue.sendFromTunnel(
                "192.0.2.2",
                Hex.bytes("0800000000002a00"
                        + Hex.text(Frames.ethernet("02:00:00:00:00:77", Frames.MAC_A)
                                        .ipv4("10.0.0.77", Frames.IP4_A)
                                        .tcp(2, 1)
                                        .bytes())
                                .replaceAll("\\s", "")));
        blue.sendFromTunnel(
                "192.0.2.9",
                Hex.bytes("0800000000002a00"
                        + Hex.text(Frames.ethernet("02:00:00:00:00:79", Frames.MAC_A)
                                        .ipv4("10.0.0.79", Frames.IP4_A)
                                        .tcp(2, 1)
                                        .bytes())
                                .replaceAll("\\s", "")));
        quietMs(1_100);
        String flows = blue.flowsText();
        for (String kind : new String[] {
            "drop(spoofed-mac)",
            "drop(vlan-not-carried)",
            "drop(tunnel-unknown-vtep)",
            "arp_reply",
            "nd_advertisement",
            "dhcp",
            "push_vlan",
            "pop_vlan",
            "tunnel(vxlan",
            "clamp_mss"
        }) {
            assertTrue(flows.contains(kind), () -> kind + " is not among\n" + flows);
        }
        Snapshot even = blue.snapshot();
        Snapshot odd = blue.snapshot();
        Worker worker = blue.worker();
        counting.take();
        int rounds = 150;
        int all = worker.flows().size();
        AllocationMeter.awaitNone(rounds + " rounds of revalidation", () -> {
            worker.flows().forEach(flow -> flow.count(0, 0, blue.nowNs())); // or they would age
            for (int i = 0; i < rounds; i++) {
                worker.proxy().publish((i & 1) == 0 ? even : odd);
                blue.advanceNs(50_000_000);
                do {
                    worker.doWork(blue.nowNs());
                } while (worker.isBehind());
            }
            assertEquals(rounds * all, counting.take());
        });
        assertEquals(flows, blue.flowsText());
        for (int port = 1; port <= 3; port++) {
            blue.port(port).drain();
        }
    }
}
