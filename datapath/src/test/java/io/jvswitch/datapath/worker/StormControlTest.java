package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.TraceText;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A port with a limit floods so many frames a second and no more; what goes to one place does not count. */
final class StormControlTest {
    private static final int LIMIT = 1_000;
    private static final int BURST = LIMIT / 4;
    private static final String BROADCAST = MacAddress.toString(MacAddress.BROADCAST);
    private static final String MULTICAST = "01:00:5e:00:00:fb";

    private final TestSwitch blue =
            new TestSwitch(20, 1_024, 1_024).stormControl(1, LIMIT).publish();

    StormControlTest() {
        blue.run();
    }

    @AfterEach
    void theBooksBalance() {
        blue.run();
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private static byte[] frame(String from, String to) {
        return Frames.ethernet(from, to).etherType(0x88b5).payload(46).bytes();
    }

    /** Frames from port 1, of which so many come out of port 2. */
    private int flood(int count, String destination) {
        return flood(1, count, destination);
    }

    private int flood(int port, int count, String destination) {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            blue.send(port, frame("02:00:00:00:10:0" + port, destination));
            sent += blue.port(2).drain().size();
            for (int other = 1; other <= 20; other++) {
                blue.port(other).drain();
            }
        }
        return sent;
    }

    private long dropped(int port) {
        return blue.dropped(port, DropReason.STORM_CONTROL);
    }

    @Test
    void aBurstPassesAndThenWhatTimeBrings() {
        int offered = 1_000;
        int passed = flood(offered, BROADCAST);
        // a send takes some microseconds of the test's clock, each of them a thousandth of a frame
        assertTrue(passed >= BURST && passed <= BURST + offered * 5 / 1_000, "passed " + passed);
        assertEquals(offered - passed, dropped(1));
        blue.advanceNs(10_000_000);
        int later = flood(20, BROADCAST);
        assertTrue(later == 10 || later == 11, "passed after 10 ms " + later); // and what was left of a frame before
        blue.advanceNs(3_600_000_000_000L);
        assertEquals(BURST, flood(BURST, BROADCAST));
    }

    @Test
    void groupsAndUnknownAddressesCountAlike() {
        int passed = flood(100, BROADCAST) + flood(100, MULTICAST) + flood(100, "02:00:00:00:99:99");
        assertTrue(passed >= BURST && passed < BURST + 5, "passed " + passed);
        assertEquals(300 - passed, dropped(1));
    }

    @Test
    void anotherPortHasItsOwnLimitOrNone() {
        blue.stormControl(3, 1).publish();
        flood(400, BROADCAST);
        assertEquals(StormControl.MIN_BURST_FRAMES, flood(3, 100, BROADCAST));
        assertEquals(100 - StormControl.MIN_BURST_FRAMES, dropped(3));
        assertEquals(400, flood(4, 400, BROADCAST));
        assertEquals(0, dropped(4));
    }

    @Test
    void aFrameForAKnownStationAndWhatTheSwitchAnswersAreNoFlood() {
        blue.bind(2, Frames.MAC_B, Frames.IP4_B).publish();
        flood(300, BROADCAST);
        long before = dropped(1);
        assertEquals(100, flood(100, Frames.MAC_B));
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        assertEquals(1, blue.port(1).drain().size());
        assertEquals(before, dropped(1));
        // The other way round: neither takes from what may be flooded.
        blue.advanceNs(1_000_000_000);
        flood(300, Frames.MAC_B);
        assertEquals(BURST, flood(BURST, BROADCAST));
    }

    @Test
    void aFloodToOnePortAndATunnelCountsOnceAFrame() {
        for (int port = 3; port <= 20; port++) {
            blue.withoutNetwork(port);
        }
        blue.tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2").publish();
        blue.run();
        int passed = flood(300, BROADCAST);
        assertTrue(passed >= BURST && passed < BURST + 5, "passed " + passed);
        assertEquals(passed, blue.underlay().drain().size());
        assertEquals(300 - passed, dropped(1));
    }

    @Test
    void anotherLimitTakesEffectAtOnce() {
        flood(300, BROADCAST);
        blue.stormControl(1, 0).publish();
        assertEquals(300, flood(300, BROADCAST));
        blue.stormControl(1, 4 * LIMIT).publish();
        assertEquals(300, flood(300, BROADCAST));
        blue.stormControl(1, 1).publish();
        assertEquals(StormControl.MIN_BURST_FRAMES, flood(300, BROADCAST));
    }

    /** Frames that wait in the queue of floods were counted when they came, whatever the limit is afterwards. */
    @Test
    void whatWaitsIsCountedOnce() {
        for (int i = 0; i < 60; i++) {
            blue.port(1).offer(frame(Frames.MAC_A, BROADCAST));
        }
        blue.stormControl(1, 1).publish();
        blue.advanceNs(1_000);
        blue.worker().doWork(blue.nowNs());
        assertEquals(60 - StormControl.MIN_BURST_FRAMES, dropped(1));
        int first = blue.port(2).drain().size();
        assertTrue(first < StormControl.MIN_BURST_FRAMES, "some still wait");
        blue.stormControl(1, 2).publish();
        blue.run();
        assertEquals(StormControl.MIN_BURST_FRAMES, first + blue.port(2).drain().size());
        assertEquals(60 - StormControl.MIN_BURST_FRAMES, dropped(1));
    }

    private List<String> matches() {
        return blue.flowsText()
                .lines()
                .map(line -> line.split(" actions=", 2)[0])
                .sorted()
                .toList();
    }

    @Test
    void flowsLookAtNoMoreThanWithoutALimit() {
        flood(1, BROADCAST);
        flood(1, "02:00:00:00:99:99");
        List<String> limited = matches();
        assertTrue(blue.flowsText().contains("actions=storm_control(1000),output:2,"), blue.flowsText());
        blue.stormControl(1, 0).publish();
        flood(1, BROADCAST);
        flood(1, "02:00:00:00:99:99");
        assertEquals(2, limited.size());
        assertEquals(limited, matches());
        assertTrue(!blue.flowsText().contains("storm_control"), blue.flowsText());
    }

    @Test
    void aTraceTellsOfTheLimitWhereItApplies() {
        List<String> steps = trace(frame(Frames.MAC_A, BROADCAST));
        assertTrue(
                steps.contains("storm control: port tap1 may send 1000 of such frames a second, others are dropped"),
                steps::toString);
        blue.stormControl(1, 0).publish();
        assertTrue(
                trace(frame(Frames.MAC_A, BROADCAST)).stream().noneMatch(step -> step.contains("storm")),
                "without a limit");
    }

    private List<String> trace(byte[] bytes) {
        Frame frame = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + bytes.length]));
        frame.resize(bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), frame.start(), bytes.length);
        frame.setInPort(1);
        FlowKey key = new FlowKey();
        assertEquals(null, FlowExtractor.extract(frame, key));
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        List<String> steps = new ArrayList<>();
        Translation.of(reader, blue.snapshot(), new TraceText(steps::add));
        return steps;
    }

    @Test
    void theBucketIsExactAtAllRates() {
        for (int limit : new int[] {1, 3, 7, 999, 7_000_000, 10_000_000}) {
            StormControl storms = new StormControl();
            long nowNs = Long.MAX_VALUE - 500_000_000; // the clock passes its end
            int burst = 0;
            while (storms.admits(5_000, limit, nowNs)) {
                burst++;
            }
            assertEquals(Math.max(StormControl.MIN_BURST_FRAMES, limit / 4), burst, "limit " + limit);
            long stepNs = Math.max(1, 100_000_000 / limit);
            long passed = 0;
            for (long elapsedNs = 0; elapsedNs < 1_000_000_000; elapsedNs += stepNs) {
                nowNs += stepNs;
                if (storms.admits(5_000, limit, nowNs)) {
                    passed++;
                }
            }
            assertTrue(Math.abs(passed - limit) <= 1 + limit / 1_000_000, "limit " + limit + ", passed " + passed);
        }
    }
}
