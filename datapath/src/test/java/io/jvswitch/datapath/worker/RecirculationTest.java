package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Continuation;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Frames that come back to translation, sent by a brain of the test's own. */
final class RecirculationTest {

    private static final byte[] FRAME = Frames.udpv4().payload(18).bytes();
    private static final int MANY = 20;

    /** Sends to a port, after the given number of further rounds; adds up what register 0 has. */
    private record Later(int rounds, int port) implements Continuation {
        @Override
        public void resume(Translation step) {
            long passed = step.key().get(FlowField.REG0);
            if (rounds == 0) {
                step.output(port);
                return;
            }
            step.key().set(FlowField.REG0, passed + 1);
            step.recirculate(new Later(rounds - 1, port));
        }
    }

    private static TestSwitch running(Translator brain) {
        return new TestSwitch(3, 256, 64, brain);
    }

    @Test
    void aFrameComesBackAndGoesOn() {
        try (TestSwitch blue = running(step -> step.recirculate(new Later(0, 2)))) {
            blue.send(1, FRAME);
            assertArrayEquals(FRAME, blue.port(2).drain().getFirst().bytes());
            String flows = blue.flowsText();
            assertTrue(flows.contains("actions=recirc(0x1)"), flows);
            assertTrue(flows.contains("recirc_id(0x1)"), flows);
            assertEquals(2, blue.worker().flows().size());
            blue.send(1, FRAME);
            assertEquals(1, blue.port(2).drain().size());
            assertEquals(2, blue.worker().flows().size(), "the second frame finds both megaflows");
            assertEquals(0, blue.imbalance());
        }
    }

    @Test
    void whatWasNotedIsThereAgain() {
        List<Long> notes = new ArrayList<>();
        record Reads(List<Long> notes) implements Continuation {
            @Override
            public void resume(Translation step) {
                notes.add(step.key().get(FlowField.REG3));
                notes.add(step.key().get(FlowField.METADATA));
                step.output(2);
            }
        }
        try (TestSwitch blue = running(step -> {
            step.key().set(FlowField.REG3, 77);
            step.key().set(FlowField.METADATA, 1L << 40);
            step.recirculate(new Reads(notes));
        })) {
            blue.send(1, FRAME);
            assertEquals(List.of(77L, 1L << 40), notes);
        }
    }

    @Test
    void theFrameComesBackAsItIsThen() {
        try (TestSwitch blue = running(step -> {
            step.pushVlan(0x8100, 0, 7);
            step.recirculate(new Later(0, 2));
        })) {
            blue.send(1, FRAME);
            assertEquals(FRAME.length + 4, blue.port(2).drain().getFirst().bytes().length);
            assertTrue(blue.flowsText().contains("recirc(0x1)"));
        }
    }

    @Test
    void severalWaysAtOnce() {
        try (TestSwitch blue = running(step -> {
            step.recirculate(new Later(0, 2));
            step.recirculate(new Later(1, 3));
            step.output(2);
        })) {
            for (int i = 0; i < 64; i++) {
                blue.port(1).offer(FRAME);
            }
            blue.run();
            assertEquals(128, blue.port(2).drain().size());
            assertEquals(64, blue.port(3).drain().size());
            assertEquals(0, blue.imbalance());
            assertEquals(0, blue.leakedFrames());
        }
    }

    @Test
    void roundsAreBounded() {
        try (TestSwitch blue = running(step -> step.recirculate(new Later(5, 2)))) {
            blue.send(1, FRAME);
            assertEquals(1, blue.port(2).drain().size(), "six rounds");
        }
        try (TestSwitch blue = running(step -> step.recirculate(new Later(6, 2)))) {
            blue.send(1, FRAME);
            assertEquals(0, blue.port(2).drain().size());
            assertEquals(1, blue.dropped(1, DropReason.RECIRCULATION_TOO_DEEP));
            assertEquals(0, blue.imbalance());
        }
    }

    @Test
    void moreThanThereIsRoomForIsDropped() {
        Translator brain = step -> {
            for (int i = 0; i < 5; i++) {
                step.recirculate(new Later(0, 2));
            }
        };
        try (TestSwitch blue = running(brain)) {
            for (int i = 0; i < 64; i++) {
                blue.port(1).offer(FRAME);
            }
            blue.run();
            assertEquals(256, blue.port(2).drain().size());
            assertEquals(64, blue.dropped(1, DropReason.NO_BUFFER));
            assertEquals(0, blue.imbalance());
            assertEquals(0, blue.leakedFrames());
        }
    }

    /** Sends to ports 2 to {@value #MANY}, which takes so many copies that the frame waits for the end of the cycle. */
    private record ToMany(boolean again) implements Continuation {
        @Override
        public void resume(Translation step) {
            for (int port = 2; port <= MANY; port++) {
                step.output(port);
            }
            if (again) {
                step.recirculate(this);
            }
        }
    }

    @Test
    void whatWaitsToBeCopiedIsStillWhatCameBack() {
        try (TestSwitch blue = new TestSwitch(MANY, 512, 64, step -> {
            if (step.key().get(FlowField.RECIRC_ID) == 0) {
                step.pushVlan(0x8100, 0, 7);
                step.add(new Action.Hash(0));
            }
            step.recirculate(new ToMany(false));
        })) {
            int sent = 4 * 12;
            for (int port = 1; port <= 4; port++) {
                for (int i = 0; i < 12; i++) {
                    blue.port(port).offer(FRAME);
                }
            }
            blue.worker().doWork(blue.nowNs());
            List<MemoryQueue.Sent> left = new ArrayList<>(blue.port(MANY).drain());
            assertTrue(left.size() < sent, "some wait");
            blue.publish(); // another snapshot: those that wait are decided anew
            blue.run();
            left.addAll(blue.port(MANY).drain());
            assertEquals(sent, left.size());
            for (MemoryQueue.Sent frame : left) {
                assertEquals(FRAME.length + 4, frame.bytes().length, "one tag");
            }
            assertEquals(0, blue.imbalance());
            assertEquals(0, blue.leakedFrames());
        }
    }

    /** As often as without waiting: no frame lives for ever by coming back in each cycle. */
    @Test
    void whatWaitsToBeCopiedComesBackNoMoreOftenForThat() {
        try (TestSwitch blue = new TestSwitch(MANY, 512, 64, step -> step.recirculate(new ToMany(true)))) {
            blue.port(1).offer(FRAME);
            for (int cycle = 0; cycle < 20; cycle++) {
                blue.worker().doWork(blue.nowNs());
            }
            assertEquals(6, blue.port(MANY).drain().size());
            assertEquals(1, blue.dropped(1, DropReason.RECIRCULATION_TOO_DEEP));
            assertEquals(0, blue.imbalance());
        }
    }

    /** Two bridges' frames, or frames with other notes, go on apart. */
    @Test
    void idsAreSharedByWhatGoesOnAlike() {
        long[] note = {1};
        try (TestSwitch blue = running(step -> {
            step.key().get(FlowField.ETH_SRC);
            step.key().set(FlowField.REG1, note[0]);
            step.recirculate(new Later(0, 2));
        })) {
            blue.send(1, FRAME);
            blue.send(
                    1,
                    Frames.arpRequest("02:00:00:00:00:77", "10.0.0.7", "10.0.0.8")
                            .bytes());
            assertTrue(blue.flowsText().contains("recirc_id(0x1)"));
            assertEquals(-1, blue.flowsText().indexOf("recirc_id(0x2)"));
            note[0] = 2;
            blue.send(
                    1,
                    Frames.arpRequest("02:00:00:00:00:78", "10.0.0.7", "10.0.0.8")
                            .bytes());
            assertNotEquals(-1, blue.flowsText().indexOf("recirc_id(0x2)"));
        }
    }

    @Test
    void idsThatNoMegaflowUsesAreTakenBack() {
        try (TestSwitch blue = running(step -> step.recirculate(new Later(0, 2)))) {
            blue.send(1, FRAME);
            assertEquals(1, blue.worker().recirculationIds());
            for (int second = 0; second < 60; second++) {
                blue.advanceNs(1_000_000_000);
                blue.run();
                if (second < 8) {
                    assertEquals(1, blue.worker().recirculationIds());
                }
            }
            assertEquals(0, blue.worker().flows().size(), "idle for ten seconds");
            assertEquals(0, blue.worker().recirculationIds());
            blue.send(1, FRAME);
            assertEquals(2, blue.port(2).drain().size());
            assertTrue(blue.flowsText().contains("recirc_id(0x2)"), "an id is not given again at once");
        }
    }

    /** One bit of the hash chooses, as a group with two buckets does. */
    private record ByHash() implements Continuation {
        @Override
        public void resume(Translation step) {
            step.output(step.key().get(FlowField.DP_HASH, 1) == 0 ? 2 : 3);
        }
    }

    @Test
    void flowsAreSpreadByTheHashThatAnActionComputes() {
        try (TestSwitch blue = running(step -> {
            step.add(new Action.Hash(7));
            step.recirculate(new ByHash());
        })) {
            for (int turn = 0; turn < 2; turn++) {
                for (int flow = 0; flow < 32; flow++) {
                    blue.send(1, Frames.ipv4().udp(1_000 + flow, 9).payload(18).bytes());
                }
            }
            List<MemoryQueue.Sent> two = blue.port(2).drain();
            List<MemoryQueue.Sent> three = blue.port(3).drain();
            assertEquals(64, two.size() + three.size());
            assertTrue(two.size() > 8 && three.size() > 8, two.size() + " and " + three.size());
            Set<String> both =
                    new HashSet<>(two.stream().map(MemoryQueue.Sent::hex).toList());
            both.retainAll(three.stream().map(MemoryQueue.Sent::hex).toList());
            assertEquals(Set.of(), both, "a flow keeps to its way");
            assertEquals(3, blue.worker().flows().size(), "one before the hash, two that look at one bit of it");
        }
    }

    @Test
    void whatIsUnderALabelIsSeenAgainWhenItIsGone() {
        record OfIpv4() implements Continuation {
            @Override
            public void resume(Translation step) {
                step.output(step.key().is(FlowField.ETH_TYPE, EtherType.IPV4) ? 2 : 3);
            }
        }
        try (TestSwitch blue = running(step -> {
            step.add(new Action.PopMpls(EtherType.IPV4));
            step.recirculate(new OfIpv4());
        })) {
            byte[] labelled = Frames.aToB()
                    .etherType(EtherType.MPLS_UNICAST)
                    .payload("0001d140")
                    .payload(Arrays.copyOfRange(FRAME, 14, FRAME.length))
                    .bytes();
            blue.send(1, labelled);
            assertArrayEquals(FRAME, blue.port(2).drain().getFirst().bytes());
        }
    }

    /** A packet that lost its Ethernet header is looked at as one, and gets another header. */
    private record OfUdp() implements Continuation {
        @Override
        public void resume(Translation step) {
            boolean udp = step.key().is(FlowField.ETH_TYPE, EtherType.IPV4)
                    && step.key().is(FlowField.IP_PROTO, 17)
                    && step.key().get(FlowField.PACKET_TYPE) == 0x1_0800;
            step.add(new Action.PushEthernet(0x0200_0000_0001L, 0x0200_0000_0002L));
            step.output(udp ? 2 : 3);
        }
    }

    private static byte[] readdressed(byte[] frame) {
        byte[] expected = frame.clone();
        System.arraycopy(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}, 0, expected, 0, 12);
        return expected;
    }

    @Test
    void aPacketWithoutEthernetComesBack() {
        try (TestSwitch blue = running(step -> {
            step.add(new Action.PopEthernet());
            step.recirculate(new OfUdp());
        })) {
            blue.send(1, FRAME);
            blue.send(1, Frames.ipv4().tcp(1, 2).bytes());
            assertArrayEquals(
                    readdressed(FRAME), blue.port(2).drain().getFirst().bytes());
            assertEquals(1, blue.port(3).drain().size());
            assertEquals(0, blue.imbalance());
            assertEquals(0, blue.leakedFrames());
        }
    }

    /** RFC 8300: base header, service path, no context (MD type 2); then what the next protocol says. */
    private static byte[] nsh(int next, byte[] carried) {
        return Frames.aToB()
                .etherType(EtherType.NSH)
                .payload("0fc2020%d".formatted(next) + "000001ff")
                .payload(carried)
                .bytes();
    }

    @Test
    void whatAServiceHeaderCarriedIsLookedAtWhenItIsGone() {
        try (TestSwitch blue = running(step -> {
            step.add(new Action.PopEthernet());
            step.add(new Action.PopNsh());
            step.recirculate(new OfUdp());
        })) {
            blue.send(1, nsh(1, Arrays.copyOfRange(FRAME, 14, FRAME.length)));
            assertArrayEquals(
                    readdressed(FRAME), blue.port(2).drain().getFirst().bytes());
            blue.send(1, nsh(3, FRAME));
            assertArrayEquals(FRAME, blue.port(3).drain().getFirst().bytes(), "it has an Ethernet header of its own");
            blue.send(1, nsh(1, new byte[10]));
            assertEquals(1, blue.dropped(1, DropReason.IPV4_TRUNCATED));
            assertEquals(0, blue.imbalance());
            assertEquals(0, blue.leakedFrames());
        }
    }

    /** Nor does what was decided of one with an Ethernet header hold for one without, though both go on alike. */
    @Test
    void whatHasNoEthernetHeaderNeverLeavesNorGetsATag() {
        try (TestSwitch blue = running(step -> {
            if (step.key().is(FlowField.L4_DST, 9)) {
                step.add(new Action.PopEthernet());
            }
            step.recirculate(new Later(0, 2));
        })) {
            blue.send(1, Frames.ipv4().udp(1, 8).payload(18).bytes());
            blue.send(1, Frames.ipv4().udp(1, 9).payload(18).bytes());
            assertEquals(1, blue.port(2).drain().size());
            assertEquals(1, blue.dropped(1, DropReason.NOT_ETHERNET));
            assertTrue(blue.flowsText().contains("packet_type"), blue.flowsText());
        }
        try (TestSwitch blue = running(step -> {
            step.add(new Action.PopEthernet());
            step.pushVlan(0x8100, 0, 7);
            step.output(2);
        })) {
            blue.send(1, FRAME);
            assertEquals(1, blue.dropped(1, DropReason.NOT_ETHERNET));
            assertEquals(0, blue.imbalance());
        }
    }
}
