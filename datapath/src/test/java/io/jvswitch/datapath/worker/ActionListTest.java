package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.rewrite.FrameRewriter;
import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.PushNsh;
import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.testing.Tcpdump;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists of actions in a switch whose brain is the list. */
final class ActionListTest {

    private static final int PORTS = 4;
    private static final Action TO_2 = new Action.Output(2);
    private static final Action TO_3 = new Action.Output(3);
    private static final Action TO_4 = new Action.Output(4);
    private static final int LABEL = MplsHeader.entryOf(29, 0, true, 64);
    private static final Action PUSH_MPLS = new Action.PushMpls(EtherType.MPLS_UNICAST, LABEL);
    private static final Action PUSH_NSH =
            new PushNsh(0, 63, NshHeader.MD_TYPE_1, NshHeader.NEXT_ETHERNET, 0x123456, 255, List.of(1, 2, 3, 4));
    private static final Action.ToConductor EXPIRED =
            new Action.ToConductor(Action.ToConductor.Reason.INVALID_TTL, 0x77);

    private List<Action> actions = List.of();
    private final TestSwitch sw = new TestSwitch(PORTS, 256, 64, step -> actions.forEach(step::add));

    @AfterEach
    void booksBalance() {
        assertEquals(0, sw.imbalance());
        assertEquals(0, sw.leakedFrames());
        sw.close();
    }

    private void send(FrameBuilder frame, Action... list) {
        setActions(list);
        sw.send(1, frame);
    }

    private void setActions(Action... list) {
        actions = List.of(list);
        sw.publish(); // what was said of the flow before is stale
    }

    private List<String> sent(int port) {
        return sw.port(port).drain().stream().map(MemoryQueue.Sent::hex).toList();
    }

    private void assertDropped(DropReason reason) {
        assertEquals(1, sw.dropped(1, reason));
        for (int port = 2; port <= PORTS; port++) {
            assertEquals(List.of(), sent(port));
        }
    }

    @Test
    void eachOutputGetsTheFrameAsItWasAtItsTurn() {
        String mac = "02:00:00:00:00:77";
        send(
                Frames.ipv4().udp(1, 2).payload(20),
                TO_2,
                new Action.PushVlan(EtherType.VLAN, 3, 7),
                TO_3,
                SetField.of(FlowField.ETH_DST, 0x0200_0000_0077L),
                SetField.of(FlowField.IP_DST, IpAddress.parse("10.9.9.9")),
                TO_2,
                new Action.PopVlan(),
                SetField.of(FlowField.L4_DST, 53),
                TO_4,
                SetField.of(FlowField.L4_DST, 99));
        FrameBuilder changed = Frames.ethernet(Frames.MAC_A, mac).vlan(EtherType.VLAN, 0x6007);
        assertEquals(
                List.of(
                        Frames.ipv4().udp(1, 2).payload(20).hex(),
                        changed.ipv4(Frames.IP4_A, "10.9.9.9")
                                .udp(1, 2)
                                .payload(20)
                                .hex()),
                sent(2));
        assertEquals(
                List.of(Frames.aToB()
                        .vlan(EtherType.VLAN, 0x6007)
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .udp(1, 2)
                        .payload(20)
                        .hex()),
                sent(3));
        assertEquals(
                List.of(Frames.ethernet(Frames.MAC_A, mac)
                        .ipv4(Frames.IP4_A, "10.9.9.9")
                        .udp(1, 53)
                        .payload(20)
                        .hex()),
                sent(4));
        assertEquals(3, sw.count(1, PortCounters.Kind.CREATED), "copies for all but the last");
    }

    /** The changes before an output are made anew for each output: no copy, no order of work is shared. */
    @Test
    void randomListsGiveEachOutputWhatItsChangesMakeOfTheFrame() {
        RandomGenerator random = Seed.random(getClass());
        RandomFrames frames = new RandomFrames(random);
        for (int round = 0; round < 400; round++) {
            byte[] bytes = frames.next().bytes();
            List<Action> list = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                list.add(randomAction(random));
            }
            list.add(TO_2);
            actions = list;
            sw.publish();
            sw.send(1, bytes);
            List<List<String>> expected = expected(bytes, list);
            for (int port = 2; port <= PORTS; port++) {
                assertEquals(expected.get(port), sent(port), list.toString());
            }
        }
    }

    private static Action randomAction(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> TO_2;
            case 2 -> TO_3;
            case 3 -> TO_4;
            case 4 -> new Action.PushVlan(EtherType.VLAN, random.nextInt(8), random.nextInt(1, 4095));
            case 5 -> SetField.of(FlowField.ETH_SRC, random.nextLong() & 0xffff_ffff_ffffL);
            case 6 -> SetField.of(FlowField.IP_TTL, random.nextInt(256));
            case 7 -> SetField.of(FlowField.IP_SRC, IpAddress.ofIpv4(random.nextInt()));
            case 8 -> SetField.of(FlowField.L4_SRC, random.nextInt(256), 0xff);
            case 9 -> PUSH_MPLS;
            case 10 -> new Action.PopMpls(EtherType.IPV4);
            default -> new Action.Hash(random.nextInt());
        };
    }

    private static List<List<String>> expected(byte[] bytes, List<Action> list) {
        List<List<String>> byPort = new ArrayList<>();
        for (int port = 0; port <= PORTS; port++) {
            byPort.add(new ArrayList<>());
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Action.Output output) {
                Frame frame = Hex.frame(bytes, 0);
                if (FlowExtractor.extract(frame, new FlowKey()) != null) {
                    return byPort;
                }
                DropReason failure = null;
                for (Action before : list.subList(0, i)) {
                    if (before instanceof Action.Change change && failure == null) {
                        failure = FrameRewriter.apply(frame, change);
                    }
                }
                if (failure == null) {
                    byPort.get(output.port()).add(Hex.text(frame));
                }
            }
        }
        return byPort;
    }

    @Test
    void aTtlIsLoweredForEachHop() {
        send(Frames.ipv4().ttl(64).udp(1, 2).payload(20), new Action.LowerTtl(Action.TtlOf.IP, null), TO_2);
        send(Frames.ipv6().ttl(2).udp(1, 2).payload(20), new Action.LowerTtl(Action.TtlOf.IP, null), TO_2);
        assertEquals(
                List.of(
                        Frames.ipv4().ttl(63).udp(1, 2).payload(20).hex(),
                        Frames.ipv6().ttl(1).udp(1, 2).payload(20).hex()),
                sent(2));
    }

    @Test
    void aTtlThatIsUsedUpEndsTheFramesWay() {
        send(Frames.ipv4().ttl(1).udp(1, 2).payload(20), new Action.LowerTtl(Action.TtlOf.IP, null), TO_2);
        assertDropped(DropReason.TTL_EXPIRED);
        send(Frames.ipv6().ttl(0).udp(1, 2).payload(20), new Action.LowerTtl(Action.TtlOf.IP, null), TO_2);
        assertEquals(2, sw.dropped(1, DropReason.TTL_EXPIRED));
    }

    @Test
    void aTtlThatIsUsedUpIsToldToTheConductor() {
        FrameBuilder frame = Frames.ipv4().ttl(1).udp(1, 2).payload(20);
        send(frame, TO_3, new Action.LowerTtl(Action.TtlOf.IP, EXPIRED), TO_2);
        assertEquals(List.of(), sent(2));
        assertEquals(List.of(frame.hex()), sent(3), "who had it before keeps it");
        ConductorEvent.PacketIn told = packetIn();
        assertEquals(EXPIRED, told.why());
        assertEquals(1, told.port());
        assertEquals(frame.hex(), Hex.text(told.frame()));
        assertEquals(0, sw.dropped(1, DropReason.TTL_EXPIRED));
    }

    @Test
    void whatHasNoTtlGoesOn() {
        FrameBuilder arp = Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B);
        send(
                arp,
                new Action.LowerTtl(Action.TtlOf.IP, null),
                new Action.LowerTtl(Action.TtlOf.MPLS, null),
                new Action.LowerTtl(Action.TtlOf.NSH, null),
                TO_2);
        assertEquals(List.of(arp.hex()), sent(2));
    }

    @Test
    void labelsAndServicePathsHaveATtlToo() {
        Action lower = new Action.LowerTtl(Action.TtlOf.MPLS, null);
        int last = MplsHeader.entryOf(29, 0, true, 1);
        send(Frames.udpv4().payload(9), PUSH_MPLS, lower, TO_2);
        assertEquals(
                63, MplsHeader.ttl(Hex.segment(sw.port(2).drain().getFirst().bytes()), 14));
        send(Frames.udpv4().payload(9), new Action.PushMpls(EtherType.MPLS_UNICAST, last), lower, TO_2);
        assertDropped(DropReason.TTL_EXPIRED);
        Action lowerNsh = new Action.LowerTtl(Action.TtlOf.NSH, null);
        send(Frames.udpv4().payload(9), PUSH_NSH, lowerNsh, new Action.PushEthernet(1, 2), TO_2);
        byte[] sent = sw.port(2).drain().getFirst().bytes();
        assertEquals(62, NshHeader.ttl(Hex.segment(sent), 14));
        Action last2 = new PushNsh(0, 1, NshHeader.MD_TYPE_2, NshHeader.NEXT_ETHERNET, 1, 1, List.of());
        send(Frames.udpv4().payload(9), last2, lowerNsh, new Action.PushEthernet(1, 2), TO_2);
        assertEquals(2, sw.dropped(1, DropReason.TTL_EXPIRED));
    }

    @Test
    void nshGoesOnInOneSwitchAndOffInAnother() throws Exception {
        FrameBuilder frame = Frames.ipv4().udp(1, 2).payload(20);
        send(frame, PUSH_NSH, new Action.PushEthernet(0x0200_0000_0001L, 0x0200_0000_0002L), TO_2);
        byte[] bytes = sw.port(2).drain().getFirst().bytes();
        String said = Tcpdump.decode(bytes);
        assertTrue(said.startsWith("02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype NSH (0x894f)"), said);
        assertTrue(said.contains("service-path-id 0x123456"), said);
        assertTrue(said.contains("service-index 0xff"), said);
        setActions(new Action.PopEthernet(), new Action.PopNsh(), TO_3);
        sw.send(1, bytes);
        assertEquals(List.of(frame.hex()), sent(3));
    }

    @Test
    void whatIsNoNshIsNotTakenOff() {
        send(Frames.udpv4().payload(20), new Action.PopEthernet(), new Action.PopNsh(), TO_2);
        assertDropped(DropReason.NSH_INVALID);
        send(
                Frames.aToB().etherType(EtherType.NSH).payload("0fc60103 123456"),
                new Action.PopEthernet(),
                new Action.PopNsh(),
                TO_2);
        assertDropped(DropReason.NSH_TRUNCATED);
    }

    @Test
    void aLabelThatIsCutShortIsNotTakenOff() {
        send(Frames.aToB().etherType(EtherType.MPLS_UNICAST).payload("000140"), new Action.PopMpls(0x0800), TO_2);
        assertDropped(DropReason.MPLS_TRUNCATED);
    }

    @Test
    void whatHasNoEthernetHeaderLeavesByNoPortAndNoTunnel() {
        send(Frames.udpv4().payload(20), PUSH_NSH, TO_2);
        assertDropped(DropReason.NOT_ETHERNET);
        sw.tunnel(TunnelKind.VXLAN, 42, false, "192.0.2.2");
        Action tunnel = new Action.Tunnel(
                TunnelKind.VXLAN,
                42,
                false,
                IpAddress.parse("192.0.2.2"),
                4_789,
                1_450,
                1_450,
                OuterTos.DEFAULT,
                0,
                new Credit(1, 0));
        send(Frames.udpv4().payload(20), PUSH_NSH, tunnel);
        assertEquals(2, sw.dropped(1, DropReason.NOT_ETHERNET));
        assertEquals(List.of(), sw.underlay().drain());
    }

    @Test
    void aPortOfAFragmentedSctpPacketCannotBeSet() {
        send(Frames.ipv4().fragment(0, true).sctp(1, 2, 3).payload(20), SetField.of(FlowField.L4_DST, 9), TO_2);
        assertDropped(DropReason.SCTP_FRAGMENT);
    }

    @Test
    void truncationIsForTheNextOutputOnly() {
        FrameBuilder frame = Frames.udpv4().payload(200).partialChecksum();
        byte[] whole = Frames.udpv4().payload(200).bytes();
        send(frame, new Action.Truncate(100), TO_2, TO_3, new Action.Truncate(14), TO_4);
        assertEquals(List.of(Hex.text(Arrays.copyOf(whole, 100))), sent(2), "its checksum is complete");
        assertEquals(List.of(Hex.text(whole)), sent(3));
        assertEquals(List.of(Hex.text(Arrays.copyOf(whole, 14))), sent(4));
    }

    @Test
    void truncationLongerThanTheFrameChangesNothing() {
        sw.port(2).offloading(Offload.CHECKSUM);
        FrameBuilder frame = Frames.udpv4().payload(20).partialChecksum();
        send(frame, new Action.Truncate(2_000), TO_2);
        assertEquals(List.of(frame.hex()), sent(2), "left to the device as it is");
    }

    @Test
    void ofASuperframeEachSegmentIsTruncated() {
        Superframe superframe = Superframe.ofIpv4(1_000, 3_500);
        sw.port(3).offloading(Offload.TSO4 | Offload.CHECKSUM);
        send(superframe.offered(), new Action.Truncate(80), TO_2, TO_3);
        List<String> cut = sent(2);
        assertEquals(superframe.segments(), cut.size());
        for (int i = 0; i < cut.size(); i++) {
            assertEquals(Hex.text(Arrays.copyOf(superframe.segment(i).bytes(), 80)), cut.get(i));
        }
        assertEquals(List.of(superframe.offered().hex()), sent(3), "who follows gets it whole");
        send(superframe.offered(), new Action.Truncate(2_000), TO_3);
        assertEquals(List.of(superframe.offered().hex()), sent(3), "no segment is longer");
    }

    @Test
    void aSuperframeIsCutBeforeItGetsALabel() throws Exception {
        Superframe superframe = Superframe.ofIpv4(1_000, 3_500);
        sw.port(2).offloading(Offload.TSO4 | Offload.CHECKSUM);
        sw.port(3).offloading(Offload.TSO4 | Offload.CHECKSUM);
        send(superframe.offered(), TO_3, PUSH_MPLS, TO_2, new Action.PopMpls(EtherType.IPV4), TO_4);
        assertEquals(List.of(superframe.offered().hex()), sent(3));
        List<byte[]> labelled =
                sw.port(2).drain().stream().map(MemoryQueue.Sent::bytes).toList();
        assertEquals(superframe.segments(), labelled.size());
        for (String said : Tcpdump.decode(labelled)) {
            assertTrue(said.contains("MPLS (label 29, tc 0, [S], ttl 64)") && said.contains("(correct)"), said);
        }
        List<String> plain = sent(4);
        for (int i = 0; i < superframe.segments(); i++) {
            assertEquals(superframe.segment(i).hex(), plain.get(i));
        }
    }

    @Test
    void whatCannotBeCutIsCountedAndLost() {
        try (TestSwitch small = new TestSwitch(2, 4, 16, step -> {
            step.add(PUSH_MPLS);
            step.add(TO_2);
        })) {
            small.send(1, Superframe.ofIpv4(100, 3_000).offered());
            int sent = small.port(2).drain().size();
            assertEquals(30, sent + small.dropped(1, DropReason.SEGMENTATION_FAILED));
            assertEquals(0, small.imbalance());
            assertEquals(0, small.leakedFrames());
        }
    }

    /** A device that takes UDP superframes gets none whose headers it would not find. */
    @Test
    void datagramsUnderAHeaderDoNotJoin() {
        sw.port(2).offloading(Offload.USO | Offload.CHECKSUM);
        // the entry ends as the type of IPv4 does
        Action label = new Action.PushMpls(EtherType.MPLS_UNICAST, 0x800);
        for (List<Action> list :
                List.of(List.of(label, TO_2), List.of(PUSH_NSH, new Action.PushEthernet(1, 2), TO_2), List.of(TO_2))) {
            actions = list;
            sw.publish();
            sw.port(1).offer(Frames.ipv4().dontFragment().udp(1, 2).payload(100).bytes());
            sw.port(1).offer(Frames.ipv4().dontFragment().udp(1, 2).payload(100).bytes());
            sw.run();
            boolean plain = list.size() == 1;
            assertEquals(plain ? 1 : 2, sw.port(2).drain().size(), list.toString());
        }
    }

    @Test
    void aPartialChecksumIsCompleteUnderALabel() {
        sw.port(2).offloading(Offload.CHECKSUM);
        send(Frames.udpv4().payload(20).partialChecksum(), PUSH_MPLS, TO_2);
        byte[] whole = Frames.udpv4().payload(20).bytes();
        byte[] sent = sw.port(2).drain().getFirst().bytes();
        assertArrayEquals(Arrays.copyOfRange(whole, 14, whole.length), Arrays.copyOfRange(sent, 18, sent.length));
    }

    @Test
    void aCopyGoesToTheConductorAndTheFrameGoesOn() {
        FrameBuilder frame = Frames.udpv4().payload(200).partialChecksum();
        String whole = Frames.udpv4().payload(200).hex();
        Action.ToConductor why = new Action.ToConductor(Action.ToConductor.Reason.ACTION, 0x1234_5678_9abcL);
        send(frame, new Action.Truncate(128), why, TO_2);
        ConductorEvent.PacketIn told = packetIn();
        assertEquals(why, told.why());
        assertEquals(Frame.ETHERNET, told.packetType());
        assertArrayEquals(Arrays.copyOf(Hex.bytes(whole), 128), told.frame());
        assertEquals(List.of(whole), sent(2));
        assertEquals(1, sw.count(1, PortCounters.Kind.HANDED_OVER));
    }

    @Test
    void theConductorGetsEachSegmentOfASuperframe() {
        Superframe superframe = Superframe.ofIpv4(1_000, 2_500);
        Action why = new Action.ToConductor(Action.ToConductor.Reason.NO_MATCH, 0);
        send(superframe.offered(), why);
        List<ConductorEvent> told = sw.told();
        assertEquals(3, told.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(superframe.segment(i).hex(), Hex.text(((ConductorEvent.PacketIn) told.get(i)).frame()));
        }
    }

    @Test
    void whoFloodsTheConductorGetsHisShareOfTheQueueOnly() {
        setActions(new Action.ToConductor(Action.ToConductor.Reason.NO_MATCH, 0));
        for (int i = 0; i < 20; i++) {
            sw.port(1).offer(Frames.udpv4().payload(20).bytes());
        }
        sw.run();
        long told = sw.told().size();
        assertTrue(told > 0 && told < 20, told + " were told");
        assertEquals(20 - told, sw.dropped(1, DropReason.CONDUCTOR_QUEUE_FULL));
    }

    @Test
    void aPacketWithoutEthernetIsToldAsWhatItIs() {
        send(Frames.udpv4().payload(20), new Action.PopEthernet(), EXPIRED);
        ConductorEvent.PacketIn told = packetIn();
        assertEquals(EtherType.IPV4, told.packetType());
        assertEquals(0x45, told.frame()[0]);
    }

    private ConductorEvent.PacketIn packetIn() {
        List<ConductorEvent> told = sw.told();
        assertEquals(1, told.size());
        return (ConductorEvent.PacketIn) told.getFirst();
    }

    @Test
    void aMeterDropsWhatIsTooMuch() {
        Action meter = new Action.Meter(1, Action.Meter.Unit.PACKETS, 10, 3);
        setActions(meter, TO_2);
        for (int i = 0; i < 5; i++) {
            sw.send(1, Frames.udpv4().payload(20).bytes());
        }
        assertEquals(3, sent(2).size());
        assertEquals(2, sw.dropped(1, DropReason.METER));
        sw.advanceNs(100_000_000);
        sw.send(1, Frames.udpv4().payload(20).bytes());
        sw.send(1, Frames.udpv4().payload(20).bytes());
        assertEquals(1, sent(2).size(), "ten a second");
    }

    @Test
    void aHashIsOfTheFiveTupleAndTheBasis() {
        int hash = hash(Frames.ipv4().udp(1, 2).payload(20), 0);
        assertEquals(hash, hash(Frames.ipv4().ttl(9).udp(1, 2).payload(77), 0));
        assertTrue(hash != 0 && hash != hash(Frames.ipv4().udp(1, 2).payload(20), 1));
        assertTrue(hash != hash(Frames.ipv4().udp(1, 3).payload(20), 0));
        assertTrue(hash != hash(Frames.ipv4().udp(2, 1).payload(20), 0), "the other direction has another");
        assertTrue(hash != hash(Frames.ipv4().tcp(1, 2).payload(20), 0));
        assertTrue(hash != hash(Frames.aToB().ipv4(Frames.IP4_A, "10.0.0.12").udp(1, 2), 0));
        int hash6 = hash(Frames.ipv6().udp(1, 2).payload(20), 0);
        assertEquals(hash6, hash(Frames.ipv6().ttl(9).udp(1, 2).payload(77), 0));
        assertTrue(hash6 != hash(Frames.ipv6().udp(1, 3).payload(20), 0));
        assertEquals(
                hash(Frames.ipv4().fragment(1480, true).protocol(17).payload(30), 0),
                hash(Frames.ipv4().fragment(2960, false).protocol(17).payload(50), 0));
        assertEquals(
                hash(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B), 0),
                hash(Frames.aToB().etherType(0x88b5).payload(50), 0));
    }

    private static int hash(FrameBuilder builder, int basis) {
        Frame frame = builder.frame();
        assertNull(FlowExtractor.extract(frame, new FlowKey()));
        assertNull(FrameRewriter.apply(frame, new Action.Hash(basis)));
        return frame.dpHash();
    }
}
