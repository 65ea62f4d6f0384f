package io.jvswitch.datapath.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.PushNsh;
import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Crc32c;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.testing.Tcpdump;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After a field is set, the frame is the one that is built with the new value from scratch. */
final class SetFieldTest {

    private static final int ROUNDS = 60;

    private static final RandomGenerator RANDOM = Seed.random(SetFieldTest.class);
    private final FlowKey key = new FlowKey();

    @ParameterizedTest
    @EnumSource
    void everyFieldOfAWholePacket(Packet.Kind kind) {
        everyField(kind, Packet.Finish.WHOLE);
    }

    @ParameterizedTest
    @EnumSource
    void everyFieldOfAPacketWithAPartialChecksum(Packet.Kind kind) {
        if (kind.mayBePartial()) {
            everyField(kind, Packet.Finish.PARTIAL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFieldOfASuperframe(Packet.Kind kind) {
        if (kind.mayBeSuper()) {
            everyField(kind, Packet.Finish.SUPERFRAME);
        }
    }

    /** Once all of the field is set, once some bits of it; then all fields in turn, in one frame. */
    private void everyField(Packet.Kind kind, Packet.Finish finish) {
        for (int round = 0; round < ROUNDS; round++) {
            Packet packet = Packet.random(kind, finish, RANDOM);
            for (FlowField field : packet.fields()) {
                check(packet, List.of(random(packet, field, true)));
                check(packet, List.of(random(packet, field, false)));
            }
            List<SetField> all = new ArrayList<>();
            for (FlowField field : packet.fields()) {
                all.add(random(packet, field, RANDOM.nextBoolean()));
            }
            check(packet, all);
        }
    }

    private SetField random(Packet packet, FlowField field, boolean exact) {
        long ones = field.bits() >= 64 ? -1 : (1L << field.bits()) - 1;
        long mask = exact ? ones : RANDOM.nextLong() & ones | 1;
        if (!field.isWide()) {
            long value = field == FlowField.L4_SRC && packet.kind().isIcmp() ? RANDOM.nextInt(256) : RANDOM.nextLong();
            return SetField.of(field, value & ones, mask);
        }
        if (packet.kind().isIpv6()) {
            long maskHi = exact ? -1 : RANDOM.nextLong();
            return new SetField(field, RANDOM.nextLong(), RANDOM.nextLong(), maskHi, mask);
        }
        long maskLo = exact ? -1 : 0xffff_ffff_0000_0000L | RANDOM.nextInt() & 0xffff_ffffL;
        return new SetField(field, 0, 0xffff_0000_0000L | RANDOM.nextInt() & 0xffff_ffffL, -1, maskLo);
    }

    private void check(Packet packet, List<SetField> sets) {
        Frame frame = packet.build().frame();
        assertNull(
                FlowExtractor.extract(frame, key),
                () -> packet.kind() + "\n" + packet.build().hex());
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        Packet expected = packet.copy();
        boolean onTheWay = false;
        for (SetField set : sets) {
            assertNull(FrameRewriter.apply(frame, set));
            FlowField field = set.field();
            onTheWay |= packet.kind() == Packet.Kind.TCP6_WITH_ROUTE_BEHIND_IT && field == FlowField.IP_DST;
            long value = set.applyTo(expected.get(field));
            if (field == FlowField.VLAN_TCI || field == FlowField.VLAN_TCI_INNER) {
                value = value & ~0x1000 | expected.get(field) & 0x1000; // the bit that is not in the frame
            }
            expected.set(field, set.applyToHi(expected.getHi(field)), value);
        }
        if (onTheWay) {
            checkOnTheWay(packet, frame, sets);
            return;
        }
        assertEquals(expected.build().hex(), Hex.text(frame), () -> packet.kind() + " " + sets);
        assertEquals(l3At, frame.l3At());
        assertEquals(l4At, frame.l4At());
        checkSegments(frame, expected);
    }

    /** A destination that is not the last is not in the pseudo-header: only what else was set is in the checksum. */
    private static void checkOnTheWay(Packet packet, Frame frame, List<SetField> sets) {
        Packet expected = packet.copy();
        for (SetField set : sets) {
            FlowField field = set.field();
            if (field == FlowField.IP_DST) {
                continue;
            }
            long value = set.applyTo(expected.get(field));
            if (field == FlowField.VLAN_TCI || field == FlowField.VLAN_TCI_INNER) {
                value = value & ~0x1000 | expected.get(field) & 0x1000;
            }
            expected.set(field, set.applyToHi(expected.getHi(field)), value);
        }
        Frame built = expected.build().frame();
        MemorySegment seg = frame.segment();
        Ipv6Header.setDestination(
                built.segment(),
                frame.l3At(),
                Ipv6Header.destinationHi(seg, frame.l3At()),
                Ipv6Header.destinationLo(seg, frame.l3At()));
        assertEquals(Hex.text(built), Hex.text(frame), sets::toString);
    }

    /** Every segment of the superframe is whole and right. */
    private static void checkSegments(Frame frame, Packet expected) {
        if (frame.gsoType() == Frame.GSO_NONE) {
            if (frame.checksumState() == Frame.CSUM_PARTIAL) {
                assertNull(Checksum.complete(frame));
            }
            checkChecksums(frame);
            return;
        }
        Segmenter segmenter = new Segmenter();
        assertNull(segmenter.begin(frame), () -> expected.kind() + " can be cut");
        while (segmenter.remaining() > 0) {
            Frame segment = new Frame(MemorySegment.ofArray(new byte[frame.capacity()]));
            assertTrue(segmenter.next(segment, Segmenter.Checksums.COMPLETE));
            checkChecksums(segment);
        }
    }

    /** By full computation. */
    private static void checkChecksums(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int l4At = frame.l4At();
        int type = HeaderWriter.networkType(frame);
        int protocol;
        int end;
        if (type == EtherType.IPV4) {
            assertTrue(Ipv4Header.checksumIsValid(seg, at));
            protocol = Ipv4Header.protocol(seg, at);
            end = at + Ipv4Header.totalLength(seg, at);
        } else if (type == EtherType.IPV6) {
            long walk = Ipv6Extensions.walk(seg, at);
            protocol = Ipv6Extensions.protocol(walk);
            end = at + Ipv6Header.totalBytes(seg, at);
            if (Ipv6Extensions.isUnderWay(seg, at)
                    || protocol == IpProtocol.UDP && UdpHeader.checksum(seg, l4At) == 0) {
                return;
            }
        } else {
            return;
        }
        if (l4At > 0 && protocol != IpProtocol.SCTP) {
            assertTrue(Checksum.transportIsValid(seg, at, protocol, l4At, end - l4At), () -> Hex.text(frame));
        } else if (l4At > 0) {
            int found = SctpHeader.checksum(seg, l4At);
            SctpHeader.setChecksum(seg, l4At, 0);
            assertEquals(Crc32c.of(seg, l4At, end - l4At), found);
            SctpHeader.setChecksum(seg, l4At, found);
        }
    }

    @Test
    void tcpdumpFindsNothingWrong() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        List<String> done = new ArrayList<>();
        Set<Packet.Kind> incomplete = Set.of(
                Packet.Kind.UDP6_WITHOUT_CHECKSUM,
                Packet.Kind.UDP4_FIRST_FRAGMENT,
                Packet.Kind.TCP6_FIRST_FRAGMENT,
                Packet.Kind.TCP6_WITH_ROUTE_BEHIND_IT);
        for (Packet.Kind kind : Packet.Kind.values()) {
            Packet packet = Packet.random(kind, Packet.Finish.WHOLE, RANDOM);
            Frame frame = packet.build().frame();
            assertNull(FlowExtractor.extract(frame, key));
            for (FlowField field : packet.fields()) {
                assertNull(FrameRewriter.apply(frame, random(packet, field, true)));
            }
            if (!incomplete.contains(kind)) {
                frames.add(Hex.bytes(frame));
                done.add(kind.name());
            }
        }
        List<String> said = Tcpdump.decode(frames);
        int right = 0;
        for (int i = 0; i < said.size(); i++) {
            String text = said.get(i).replaceAll("\n\t0x.*", ""); // without bytes that it shows
            assertFalse(
                    text.contains("incorrect") || text.contains("bad ") || text.contains("wrong "), done.get(i) + text);
            right += text.contains("(correct)") || text.contains("sum ok") ? 1 : 0;
        }
        assertTrue(right > 3, "tcpdump looks at checksums");
    }

    @Test
    void aWrongChecksumStaysWrong() {
        for (int round = 0; round < ROUNDS; round++) {
            int wrong = RANDOM.nextInt(1, 0xffff);
            Frame frame = Frames.tcpv4().payload(20).frame();
            assertNull(FlowExtractor.extract(frame, key));
            MemorySegment seg = frame.segment();
            int before = TcpHeader.checksum(seg, frame.l4At());
            TcpHeader.setChecksum(seg, frame.l4At(), before ^ wrong);
            assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.L4_DST, RANDOM.nextInt(65_536))));
            int length = Ipv4Header.payloadBytes(seg, frame.l3At());
            assertFalse(Checksum.transportIsValid(seg, frame.l3At(), IpProtocol.TCP, frame.l4At(), length));
        }
    }

    @Test
    void aWrongCrcStaysWrong() {
        Frame frame = Frames.ipv4().sctp(1, 2, 3).payload(20).frame();
        assertNull(FlowExtractor.extract(frame, key));
        int right = SctpHeader.checksum(frame.segment(), frame.l4At());
        SctpHeader.setChecksum(frame.segment(), frame.l4At(), right ^ 0x10);
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.L4_DST, 99)));
        Frame other = Frames.ipv4().sctp(1, 99, 3).payload(20).frame();
        int expected = SctpHeader.checksum(other.segment(), frame.l4At());
        assertEquals(expected ^ 0x10, SctpHeader.checksum(frame.segment(), frame.l4At()));
    }

    @Test
    void aUdpChecksumThatBecomesZeroIsSentAsAllOnes() {
        // a port for which the sum of the rest is the complement
        Frame frame = Frames.udpv4().payload(4).frame();
        assertNull(FlowExtractor.extract(frame, key));
        int checksum = UdpHeader.checksum(frame.segment(), frame.l4At());
        int port = Checksum.fold(UdpHeader.destinationPort(frame.segment(), frame.l4At()) + (long) checksum);
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.L4_DST, port)));
        assertEquals(0xffff, UdpHeader.checksum(frame.segment(), frame.l4At()));
        assertEquals(Frames.ipv4().udp(40_000, port).payload(4).hex(), Hex.text(frame));
    }

    @Test
    void aPortOfAFragmentedSctpPacketCannotBeSet() {
        Frame first = Frames.ipv4().fragment(0, true).sctp(1, 2, 3).payload(20).frame();
        assertNull(FlowExtractor.extract(first, key));
        assertEquals(DropReason.SCTP_FRAGMENT, FrameRewriter.apply(first, SetField.of(FlowField.L4_DST, 9)));
        Frame first6 = Frames.ipv6()
                .fragmentHeader(0, true, 1)
                .sctp(1, 2, 3)
                .payload(20)
                .frame();
        assertNull(FlowExtractor.extract(first6, key));
        assertEquals(DropReason.SCTP_FRAGMENT, FrameRewriter.apply(first6, SetField.of(FlowField.L4_DST, 9)));
    }

    @ParameterizedTest
    @EnumSource
    void aFieldThatThePacketDoesNotHaveChangesNothing(Packet.Kind kind) {
        Packet packet = Packet.random(kind, Packet.Finish.WHOLE, RANDOM);
        for (FlowField field : SetField.WRITABLE) {
            boolean ofEveryMessage = kind.isNeighbour()
                    && Set.of(FlowField.L4_SRC, FlowField.L4_DST, FlowField.ND_RESERVED, FlowField.ND_OPTIONS_TYPE)
                            .contains(field);
            if (packet.fields().contains(field) || ofEveryMessage) {
                continue;
            }
            Frame frame = packet.build().frame();
            assertNull(FlowExtractor.extract(frame, key));
            assertNull(FrameRewriter.apply(frame, new SetField(field, 0, 1, field.isWide() ? -1 : 0, 1)));
            assertEquals(packet.build().hex(), Hex.text(frame), field.label());
        }
    }

    @Test
    void aChecksumDeepInATunnelOfTheGuestsIsNotTouched() {
        // checksum offload of the inner packet: the outer UDP checksum is in place
        Frame frame = Frames.udpv4().payload(80).frame();
        assertNull(FlowExtractor.extract(frame, key));
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.l4At() + 40, 16);
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.L4_DST, 4789)));
        assertEquals(Frames.ipv4().udp(40_000, 4_789).payload(80).hex(), Hex.text(frame));
    }

    @Test
    void aLinkLayerOptionGetsAnotherType() {
        Frame frame =
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).frame();
        assertNull(FlowExtractor.extract(frame, key));
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.ND_OPTIONS_TYPE, 2)));
        assertEquals(2, NetworkOrder.getU8(frame.segment(), frame.l4At() + 24L));
        checkChecksums(frame);
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.ND_OPTIONS_TYPE, 1)));
        assertEquals(
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).hex(), Hex.text(frame));
        Frame without = Frames.ipv6().neighbourSolicitation(Frames.IP6_B, null).frame();
        assertNull(FlowExtractor.extract(without, key));
        assertNull(FrameRewriter.apply(without, SetField.of(FlowField.ND_OPTIONS_TYPE, 2)));
        assertEquals(Frames.ipv6().neighbourSolicitation(Frames.IP6_B, null).hex(), Hex.text(without));
    }

    @Test
    void theReservedWordOfASolicitation() {
        Frame frame =
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).frame();
        assertNull(FlowExtractor.extract(frame, key));
        assertNull(FrameRewriter.apply(frame, SetField.of(FlowField.ND_RESERVED, 0xe000_1234L, 0xf000_ffffL)));
        assertEquals(0xe000_1234, NetworkOrder.getInt(frame.segment(), frame.l4At() + 4L));
        checkChecksums(frame);
    }

    @Test
    void everyFieldOfTheOutermostLabel() {
        for (int round = 0; round < ROUNDS; round++) {
            int entry = RANDOM.nextInt();
            int under = RANDOM.nextInt();
            Frame frame = Frames.aToB()
                    .vlan(7)
                    .ipv4(Frames.IP4_A, Frames.IP4_B)
                    .udp(1, 2)
                    .payload(20)
                    .frame();
            MplsHeader.push(frame, EtherType.MPLS_MULTICAST, under);
            MplsHeader.push(frame, EtherType.MPLS_MULTICAST, entry);
            long label = RANDOM.nextInt(1 << 20);
            long mask = RANDOM.nextInt(1 << 20) | 1;
            long tc = RANDOM.nextInt(8);
            long bos = RANDOM.nextInt(2);
            long ttl = RANDOM.nextInt(256);
            byte[] before = Hex.bytes(frame);
            apply(frame, SetField.of(FlowField.MPLS_LABEL, label, mask));
            apply(frame, SetField.of(FlowField.MPLS_TC, tc));
            apply(frame, SetField.of(FlowField.MPLS_BOS, bos));
            apply(frame, SetField.of(FlowField.MPLS_TTL, ttl));
            long expected = MplsHeader.labelOf(entry) & ~mask | label & mask;
            NetworkOrder.putInt(
                    MemorySegment.ofArray(before), 18, MplsHeader.entryOf((int) expected, (int) tc, bos == 1, (int)
                            ttl));
            assertEquals(Hex.text(before), Hex.text(frame));
        }
    }

    @Test
    void everyFieldOfANetworkServiceHeader() {
        for (int round = 0; round < ROUNDS; round++) {
            boolean bare = RANDOM.nextBoolean();
            boolean context = RANDOM.nextBoolean();
            int mdType = context ? NshHeader.MD_TYPE_1 : NshHeader.MD_TYPE_2;
            int[] values = RANDOM.ints(8, 0, 4).toArray();
            Frame frame = nsh(bare, mdType, new int[8]);
            FlowField[] fields = {
                FlowField.NSH_FLAGS,
                FlowField.NSH_TTL,
                FlowField.NSH_SPI,
                FlowField.NSH_SI,
                FlowField.NSH_C1,
                FlowField.NSH_C2,
                FlowField.NSH_C3,
                FlowField.NSH_C4
            };
            for (int i = 0; i < fields.length; i++) {
                apply(frame, SetField.of(fields[i], values[i], 3));
            }
            assertEquals(Hex.text(nsh(bare, mdType, values)), Hex.text(frame));
        }
    }

    /** Other bits than the lowest two of each field are set. */
    private static Frame nsh(boolean bare, int mdType, int[] values) {
        Frame frame = Frames.udpv4().payload(20).frame();
        List<Integer> context = new ArrayList<>();
        for (int word = 0; word < 4; word++) {
            context.add(0xabcd_0000 | (mdType == NshHeader.MD_TYPE_1 ? values[4 + word] : 0));
        }
        apply(
                frame,
                new PushNsh(
                        values[0],
                        0x30 | values[1],
                        mdType,
                        NshHeader.NEXT_ETHERNET,
                        0xab_cd00 | values[2],
                        0xf0 | values[3],
                        context));
        if (!bare) {
            apply(frame, new Action.PushEthernet(1, 2));
        }
        return frame;
    }

    private static void apply(Frame frame, Action.Change change) {
        assertNull(FrameRewriter.apply(frame, change));
    }
}
