package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.RuleBridge;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.RuleVersions;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TraceEvent;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A second brain over the data path: two bridges joined by a patch port, in the first four tables with registers,
 * resubmits, set_field and a VLAN tag.
 */
final class RulesTest {

    private static final int IN = 1;
    private static final int TAGGED = 2;
    private static final int BEYOND = 3;
    private static final int PATCH_0 = 10;
    private static final int PATCH_1 = 11;
    private static final int VID = 100;
    private static final String NEW_MAC = "02:00:00:00:00:99";
    private static final byte[] FRAME = Frames.udpv4().payload(18).bytes();

    private final RuleVersions versions = new RuleVersions();
    private final RuleBridge first = new RuleBridge(0, 4, 1, versions);
    private final RuleBridge second = new RuleBridge(1, 1, 1, versions);
    private final Worker worker = new Worker(
            0, new WorkerSettings(256, FramePool.JUMBO_BUFFER_BYTES, 64, 64, 60_000_000_000L), new ConductorInbox(16));
    private final MemoryQueue in = new MemoryQueue();
    private final MemoryQueue tagged = new MemoryQueue();
    private final MemoryQueue beyond = new MemoryQueue();
    private long nowNs = 1_000_000_000;

    private RuleBridge.Entry classify;
    private RuleBridge.Entry rewrite;
    private RuleBridge.Entry tag;
    private RuleBridge.Entry send;
    private RuleBridge.Entry deliver;

    @BeforeEach
    void start() {
        List<Port> ports = List.of(
                new Port.Device(IN, "in", 0, 1_500, true),
                new Port.Device(TAGGED, "tagged", 0, 1_500, true),
                new Port.Device(BEYOND, "beyond", 1, 1_500, true),
                new Port.Patch(PATCH_0, "to1", 0, PATCH_1),
                new Port.Patch(PATCH_1, "to0", 1, PATCH_0));
        worker.proxy().addPort(IN, in);
        worker.proxy().addPort(TAGGED, tagged);
        worker.proxy().addPort(BEYOND, beyond);
        classify = first.add(
                0,
                10,
                step -> {
                    step.set(FlowField.REG0, 7);
                    first.resubmit(step, 1);
                },
                FlowField.IN_PORT,
                IN);
        rewrite = first.add(
                1,
                10,
                step -> {
                    step.set(FlowField.ETH_SRC, MacAddress.parse(NEW_MAC).bits());
                    first.resubmit(step, 2);
                },
                FlowField.REG0,
                7);
        tag = first.add(
                2,
                10,
                step -> {
                    step.pushVlan(EtherType.VLAN, 0, VID);
                    step.writeTags();
                    first.resubmit(step, 3);
                },
                FlowField.ETH_TYPE,
                EtherType.IPV4);
        send = first.add(
                3,
                10,
                step -> {
                    step.output(PATCH_0);
                    step.output(TAGGED);
                },
                FlowField.VLAN_TCI,
                FlowField.VLAN_PRESENT | VID,
                FlowField.REG0,
                7);
        deliver = second.add(
                0,
                10,
                step -> {
                    step.popVlan();
                    step.output(BEYOND);
                },
                FlowField.IN_PORT,
                PATCH_1,
                FlowField.VLAN_TCI,
                FlowField.VLAN_PRESENT | VID,
                FlowField.REG0,
                0);
        first.publish(second);
        worker.proxy().publish(new Snapshot(1, ports, List.of(first, second), versions));
    }

    @AfterEach
    void end() {
        worker.close();
    }

    private void run() {
        int work;
        do {
            nowNs += 1_000;
            work = worker.doWork(nowNs);
        } while (work > 0);
    }

    /** Lets workers tell what they have counted. */
    private void settle() {
        for (int i = 0; i < 3; i++) {
            nowNs += 1_000_000_000;
            run();
        }
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            in.offer(FRAME);
        }
        run();
    }

    private PortCounters counters(int port) {
        return Objects.requireNonNull(worker.counters().get(port));
    }

    private static byte[] rewritten() {
        byte[] bytes = FRAME.clone();
        byte[] mac = {2, 0, 0, 0, 0, (byte) 0x99};
        System.arraycopy(mac, 0, bytes, 6, 6);
        return bytes;
    }

    private static byte[] rewrittenAndTagged() {
        byte[] plain = rewritten();
        byte[] bytes = new byte[plain.length + 4];
        System.arraycopy(plain, 0, bytes, 0, 12);
        byte[] header = {(byte) 0x81, 0, 0, VID};
        System.arraycopy(header, 0, bytes, 12, 4);
        System.arraycopy(plain, 12, bytes, 16, plain.length - 12);
        return bytes;
    }

    @Test
    void fourTablesAndAPatchPortAreOneMegaflow() {
        send(10);
        List<MemoryQueue.Sent> plain = beyond.drain();
        List<MemoryQueue.Sent> withTag = tagged.drain();
        assertEquals(10, plain.size());
        assertEquals(10, withTag.size());
        assertArrayEquals(rewritten(), plain.getFirst().bytes());
        assertArrayEquals(rewrittenAndTagged(), withTag.getFirst().bytes());
        assertEquals(1, worker.flows().size());
        assertEquals(1, first.translations(), "translated once");
        assertEquals(1, second.translations());
        worker.flows()
                .forEach(flow -> assertEquals(
                        "set_field:" + NEW_MAC + "->eth_src,push_vlan:0x8100,set_field:4196->vlan_vid,"
                                + "clone(pop_vlan,output:3),output:2",
                        flow.actions().toString()));
    }

    /** Registers and what was set cost no bit; what the new tag hides was looked at, for it is the inner tag now. */
    @Test
    void theMaskHasWhatWasLookedAtOfTheFrameOnly() {
        send(1);
        worker.flows()
                .forEach(flow ->
                        assertEquals("recirc_id(0),in_port(1),vlan(tpid=0,tci=0),eth_type(0x0800)", flow.match()));
    }

    @Test
    void everyRuleOnTheWayCountsExactly() {
        send(10);
        in.offer(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        run();
        settle();
        assertEquals(11, classify.credit().frames());
        assertEquals(11, rewrite.credit().frames());
        assertEquals(10, tag.credit().frames());
        assertEquals(10L * FRAME.length, tag.credit().bytes());
        assertEquals(1, first.misses(2).frames(), "ARP");
        assertEquals(10, send.credit().frames());
        assertEquals(10, deliver.credit().frames());
        assertTrue(deliver.credit().lastUsedNs() < nowNs - 2_000_000_000);
    }

    /** A rule that is replaced keeps what its frames were, to the last one; the new one begins at nothing. */
    @Test
    void whatAChangeFindsIsSettledFirst() {
        send(10);
        RuleBridge.Entry replaced = tag;
        RuleBridge.Entry drops =
                first.add(2, 10, step -> step.drop(DropReason.NO_OUTPUT), FlowField.ETH_TYPE, EtherType.IPV4);
        first.publish();
        send(5);
        settle();
        assertEquals(10, replaced.credit().frames());
        assertEquals(10, deliver.credit().frames());
        assertEquals(5, drops.credit().frames());
        assertEquals(15, classify.credit().frames());
        assertEquals(5, counters(IN).dropped(DropReason.NO_OUTPUT));
    }

    /** What the controller is told to be done is done for every frame that comes after. */
    @Test
    void afterABarrierEveryFrameIsTreatedByTheNewRules() {
        send(10);
        beyond.drain();
        tagged.drain();
        first.remove(3, 10, FlowField.VLAN_TCI, FlowField.VLAN_PRESENT | VID, FlowField.REG0, 7);
        first.publish();
        AtomicBoolean done = new AtomicBoolean();
        worker.proxy().barrier(() -> done.set(true));
        assertFalse(done.get());
        nowNs += 1_000;
        worker.doWork(nowNs);
        assertTrue(done.get());
        assertEquals(versions.current(), worker.proxy().adoptedRulesAcquire());
        assertEquals(1, first.table(3).purge(worker.proxy().adoptedRulesAcquire(), 10));
        send(3);
        assertEquals(0, beyond.drain().size());
        assertEquals(0, tagged.drain().size());
        settle();
        assertEquals(3, first.misses(3).frames());
    }

    @Test
    void aChangeOfATableStalesOnlyWhatPassedThroughIt() {
        in.offer(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        send(1);
        assertEquals(2, first.translations());
        first.add(3, 1, step -> step.output(TAGGED));
        first.publish();
        in.offer(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        run();
        assertEquals(2, first.translations(), "ARP ended in table 2");
        send(1);
        assertEquals(3, first.translations());
        assertEquals(2, worker.flows().size());
    }

    /** A trace is told by the same code, with bridges, tables, rules and actions as parts of each step. */
    @Test
    void aTraceTellsEveryTable() {
        FlowKey key = new FlowKey();
        FlowExtractor.extract(Hex.frame(FRAME, 0), key);
        key.set(FlowField.IN_PORT, IN);
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        List<String> steps = new ArrayList<>();
        Translation.of(
                reader,
                worker.proxy().snapshot(),
                event -> steps.add(
                        switch (event) {
                            case TraceEvent.Entered in -> in.depth() + " " + in.bridge() + " by " + in.port();
                            case TraceEvent.Table of ->
                                of.depth() + " " + of.bridge() + " table " + of.table()
                                        + (of.rule() == null ? "" : " hit");
                            case TraceEvent.Decided action -> action.depth() + " " + action.action();
                            case TraceEvent.Note note -> note.text();
                            case TraceEvent.Dropped drop -> drop.reason().label();
                        }));
        assertEquals(
                List.of(
                        "0 br0 by in",
                        "0 br0 table 0 hit",
                        "1 br0 table 1 hit",
                        "2 br0 table 2 hit",
                        "2 set_field:" + NEW_MAC + "->eth_src",
                        "2 push_vlan:0x8100,set_field:4196->vlan_vid",
                        "3 br0 table 3 hit",
                        "4 br1 by to0",
                        "4 br1 table 0 hit",
                        "4 pop_vlan",
                        "4 output:3",
                        "3 output:2"),
                steps);
    }

    @Test
    void changesInManyTablesShowAtOnce() {
        first.add(1, 20, step -> first.resubmit(step, 2), FlowField.REG0, 7);
        second.add(0, 20, step -> step.drop(DropReason.SAME_PORT), FlowField.IN_PORT, PATCH_1);
        send(1);
        assertEquals(1, beyond.drain().size(), "not yet");
        first.publish(second);
        tagged.drain();
        send(1);
        assertEquals(0, beyond.drain().size());
        byte[] seen = tagged.drain().getFirst().bytes();
        assertEquals(FRAME[11], seen[11], "its source is its own");
    }

    @Test
    void theSteadyStateAllocatesNothing() {
        LoopQueue loop = new LoopQueue(FRAME);
        worker.proxy().removePort(IN, () -> {});
        worker.proxy().removePort(TAGGED, () -> {});
        worker.proxy().removePort(BEYOND, () -> {});
        worker.proxy().addPort(IN, loop);
        worker.proxy().addPort(TAGGED, new LoopQueue(FRAME));
        worker.proxy().addPort(BEYOND, new LoopQueue(FRAME));
        run();
        AllocationMeter.awaitNone("500 bursts", () -> {
            for (int i = 0; i < 500; i++) {
                loop.refill();
                nowNs += 10_000;
                worker.doWork(nowNs);
            }
        });
        assertTrue(counters(BEYOND).get(PortCounters.Kind.TX_FRAMES) > 0);
    }
}
