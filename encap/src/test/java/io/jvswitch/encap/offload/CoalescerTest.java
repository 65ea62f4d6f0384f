package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.offload.Segmenter.Checksums;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CoalescerTest {

    private static final int FRAMES = 300;
    private static final int VNI = 42;
    private static final String TIMESTAMPS = "0101 080a 11223344 55667788";

    private final FramePool pool = new FramePool(FRAMES, FramePool.SUPERFRAME_BUFFER_BYTES);
    private final FrameBatch out = new FrameBatch(FRAMES);
    private final Coalescer coalescer = new Coalescer();
    private final Segmenter segmenter = new Segmenter();
    private final Map<DropReason, Integer> lost = new EnumMap<>(DropReason.class);

    @AfterEach
    void everyFrameComesBack() {
        out.releaseAll(pool);
        assertEquals(FRAMES, pool.free());
        pool.close();
    }

    private Frame take(byte[] bytes) {
        Frame frame = Objects.requireNonNull(pool.take());
        Hex.fill(frame, bytes);
        return frame;
    }

    private void coalesce(List<byte[]> frames) {
        out.releaseAll(pool);
        for (byte[] bytes : frames) {
            coalescer.add(take(bytes), pool, out);
        }
        coalescer.flush();
    }

    private List<byte[]> output() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < out.size(); i++) {
            frames.add(Hex.bytes(out.get(i)));
        }
        return frames;
    }

    private int addTrain(List<byte[]> datagrams) {
        return addTrain(datagrams, 0);
    }

    private int addTrain(List<byte[]> datagrams, int outerTrafficClass) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        datagrams.forEach(bytes::writeBytes);
        Frame train = take(bytes.toByteArray());
        train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
        train.setRemote(1, 2, 4789);
        train.setOuterTrafficClass(outerTrafficClass);
        int count = coalescer.addTrain(
                train, TunnelKind.VXLAN, pool, out, (from, reason) -> lost.merge(reason, 1, Integer::sum));
        coalescer.flush();
        return count;
    }

    private static byte[] vxlan(byte[] inner, int vni) {
        Frame frame = Hex.frame(inner, 0);
        assertTrue(Vxlan.push(frame, vni));
        return Hex.bytes(frame);
    }

    private static List<byte[]> vxlan(List<byte[]> inner) {
        return inner.stream().map(bytes -> vxlan(bytes, VNI)).toList();
    }

    private static void assertFrames(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "frame " + i);
        }
    }

    /** What the output becomes on a wire: superframes cut again, the others as they are. */
    private List<byte[]> expanded() {
        List<byte[]> frames = new ArrayList<>();
        FrameBatch segments = new FrameBatch(FRAMES);
        for (int i = 0; i < out.size(); i++) {
            Frame frame = out.get(i);
            if (frame.gsoType() == Frame.GSO_NONE) {
                frames.add(Hex.bytes(frame));
                continue;
            }
            assertNull(segmenter.segment(Layers.set(frame), Checksums.COMPLETE, pool, segments));
            for (int s = 0; s < segments.size(); s++) {
                frames.add(Hex.bytes(segments.get(s)));
            }
            segments.releaseAll(pool);
        }
        return frames;
    }

    // The two segments that every rule below is tried on.

    private static FrameBuilder first() {
        return Frames.ipv4()
                .identification(7)
                .tcp(1, 2)
                .sequence(1000, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    private static FrameBuilder second(int bytes) {
        return Frames.ipv4()
                .identification(8)
                .tcp(1, 2)
                .sequence(1100, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(bytes);
    }

    private static FrameBuilder third() {
        return Frames.ipv4()
                .identification(9)
                .tcp(1, 2)
                .sequence(1200, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    private void assertJoin(FrameBuilder a, FrameBuilder b) {
        coalesce(List.of(a.bytes(), b.bytes()));
        assertEquals(1, out.size());
        assertFrames(List.of(a.bytes(), b.bytes()), expanded());
    }

    private void assertApart(FrameBuilder a, FrameBuilder b) {
        List<byte[]> frames = List.of(a.bytes(), b.bytes());
        coalesce(frames);
        assertFrames(frames, output());
        assertEquals(Frame.GSO_NONE, out.get(0).gsoType());
        assertEquals(Frame.GSO_NONE, out.get(1).gsoType());
    }

    /** The kernel merges datagrams of one outer header only: its mark is every segment's, and then the superframe's. */
    @Test
    void aMarkedTrainIsAMarkedSuperframe() {
        for (int inner = 0; inner < 4; inner++) {
            for (int outer = 0; outer < 4; outer++) {
                lost.clear();
                out.releaseAll(pool);
                List<byte[]> segments = List.of(
                        first().tos(inner).bytes(),
                        second(100).tos(inner).bytes(),
                        third().tos(inner).bytes());
                assertEquals(3, addTrain(vxlan(segments), outer));
                if (inner == Ecn.NOT_ECT && outer == Ecn.CE) {
                    assertEquals(Map.of(DropReason.TUNNEL_CE_NOT_ECT, 3), lost);
                    assertEquals(0, out.size());
                    continue;
                }
                int ecn = outer == Ecn.CE ? Ecn.CE : outer == Ecn.ECT_1 && inner == Ecn.ECT_0 ? Ecn.ECT_1 : inner;
                assertEquals(Map.of(), lost);
                assertEquals(1, out.size(), "inner " + inner + ", outer " + outer);
                assertFrames(
                        List.of(
                                first().tos(ecn).bytes(),
                                second(100).tos(ecn).bytes(),
                                third().tos(ecn).bytes()),
                        expanded());
            }
        }
    }

    @Test
    void ofAMarkedTrainOnlyThatWhichCannotBeMarkedIsLost() {
        List<byte[]> segments = List.of(
                first().tos(Ecn.ECT_0).bytes(),
                second(100).tos(Ecn.NOT_ECT).bytes(),
                third().tos(Ecn.CE).bytes(),
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        assertEquals(4, addTrain(vxlan(segments), Ecn.CE));
        assertEquals(Map.of(DropReason.TUNNEL_CE_NOT_ECT, 1), lost);
        assertFrames(List.of(first().tos(Ecn.CE).bytes(), segments.get(2), segments.get(3)), expanded());
    }

    @Test
    void putsTogetherWhatLinuxCutUp() {
        List<byte[]> captured = Hex.frames(CoalescerTest.class, "linux-segments.hex");
        for (int at = 0; at < 12; at += 6) {
            byte[] superframe = captured.get(at);
            assertEquals(5, addTrain(captured.subList(at + 1, at + 6)));
            assertEquals(1, out.size());
            assertArrayEquals(superframe, Hex.bytes(out.get(0)), "every bit, the partial checksum too");
            Frame frame = out.get(0);
            assertEquals(at == 0 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6, frame.gsoType());
            assertEquals(148, frame.gsoSizeBytes());
            Layers.set(frame);
            assertEquals(frame.l4At() + 32 - frame.start(), frame.gsoHeaderBytes());
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(frame.l4At(), frame.checksumStart());
            assertEquals(TcpHeader.CHECKSUM_OFFSET, frame.checksumOffset());
            assertEquals(VNI, frame.tunnelId());
            assertEquals(2, frame.remoteLo());
            out.releaseAll(pool);
        }
    }

    /** Linux's UDP segments stay what they are: datagrams of their own. */
    @Test
    void leavesDatagramsAlone() {
        List<byte[]> captured = Hex.frames(CoalescerTest.class, "linux-segments.hex");
        List<byte[]> datagrams = captured.subList(13, 16);
        assertEquals(3, addTrain(datagrams));
        assertFrames(
                datagrams.stream().map(d -> Arrays.copyOfRange(d, 8, d.length)).toList(), output());
        for (int i = 0; i < 3; i++) {
            assertEquals(VNI, out.get(i).tunnelId());
            assertEquals(0, out.get(i).gsoSizeBytes());
        }
    }

    @Test
    void anySuperframeComesBackFromItsSegments() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        for (int i = 0; i < 150; i++) {
            RandomSuperframe superframe = RandomSuperframe.randomTcp(random, true, 60_000);
            byte[] whole = Hex.bytes(superframe.frame());
            List<byte[]> segments = superframe.allSegments();
            boolean train = random.nextBoolean();
            if (train) {
                out.releaseAll(pool);
                addTrain(vxlan(segments));
            } else {
                coalesce(segments);
            }
            assertEquals(1, out.size(), superframe.toString());
            Frame frame = out.get(0);
            if (segments.size() == 1) {
                assertArrayEquals(segments.getFirst(), Hex.bytes(frame));
            } else {
                assertArrayEquals(whole, Hex.bytes(frame), superframe.toString());
                assertEquals(superframe.gsoType(), frame.gsoType());
                assertEquals(superframe.sizeBytes(), frame.gsoSizeBytes());
            }
        }
    }

    @Test
    void joinsWhatContinues() {
        assertJoin(first(), second(100));
        assertJoin(first(), second(1));
        assertJoin(first(), second(100).flags(TcpHeader.FLAG_ACK)); // the last header is TCP no more
    }

    @Test
    void pushAndFinJoinAndEnd() {
        for (int flag : new int[] {TcpHeader.FLAG_PSH, TcpHeader.FLAG_FIN}) {
            byte[] last = flagged(8, 1100, TcpHeader.FLAG_ACK | flag).bytes();
            byte[] next = flagged(9, 1200, TcpHeader.FLAG_ACK).bytes();
            coalesce(List.of(first().bytes(), last, next));
            assertEquals(2, out.size());
            assertEquals(200, out.get(0).length() - 14 - 20 - 32);
            assertArrayEquals(next, Hex.bytes(out.get(1)));
            assertFrames(List.of(first().bytes(), last, next), expanded());
        }
        assertApart(flagged(7, 1000, TcpHeader.FLAG_ACK | TcpHeader.FLAG_PSH), second(100));
    }

    private static FrameBuilder flagged(int id, int sequence, int flags) {
        return Frames.ipv4()
                .identification(id)
                .tcp(1, 2)
                .flags(flags)
                .sequence(sequence, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    @Test
    void congestionWindowReducedIsForTheFirst() {
        int cwr = TcpHeader.FLAG_ACK | TcpHeader.FLAG_CWR;
        assertApart(first(), flagged(8, 1100, cwr));
        assertJoin(flagged(7, 1000, cwr), second(100));
        assertEquals(Frame.GSO_TCPV4 | Frame.GSO_ECN, out.get(0).gsoType());
    }

    @Test
    void everyOtherFlagMustBeEqual() {
        for (int bit = 0; bit < 9; bit++) {
            int flag = 1 << bit;
            if (flag != TcpHeader.FLAG_FIN && flag != TcpHeader.FLAG_PSH) {
                assertApart(first(), flagged(8, 1100, TcpHeader.FLAG_ACK ^ flag));
            }
        }
        // reserved bits of TCP
        assertApart(first(), second(100).poke(14 + 20 + 12, "88"));
        // both alike, but never to be merged
        for (int flag : new int[] {TcpHeader.FLAG_SYN, TcpHeader.FLAG_RST, TcpHeader.FLAG_URG}) {
            int flags = TcpHeader.FLAG_ACK | flag;
            assertApart(flagged(7, 1000, flags), flagged(8, 1100, flags));
        }
        int ece = TcpHeader.FLAG_ACK | TcpHeader.FLAG_ECE;
        assertJoin(flagged(7, 1000, ece), flagged(8, 1100, ece));
    }

    private static FrameBuilder secondWith(
            UnaryOperator<FrameBuilder> ip, int source, int sequence, int ack, String options) {
        return ip.apply(Frames.ipv4().identification(8))
                .tcp(source, 2)
                .sequence(sequence, ack)
                .tcpOptions(options)
                .payload(100);
    }

    @Test
    void theRestOfTheHeadersMustBeEqual() {
        UnaryOperator<FrameBuilder> same = UnaryOperator.identity();
        assertJoin(first(), secondWith(same, 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(same, 3, 1100, 1, TIMESTAMPS)); // another flow
        assertApart(first(), secondWith(same, 1, 1101, 1, TIMESTAMPS)); // a gap
        assertApart(first(), secondWith(same, 1, 1099, 1, TIMESTAMPS)); // an overlap
        assertApart(first(), secondWith(same, 1, 1000, 1, TIMESTAMPS)); // a repetition
        assertApart(first(), secondWith(same, 1, 1100, 2, TIMESTAMPS)); // acknowledges more
        assertApart(first(), secondWith(same, 1, 1100, 1, "0101 080a 11223345 55667788"));
        assertApart(first(), secondWith(same, 1, 1100, 1, "0101 080a 11223344 55667789"));
        assertApart(first(), secondWith(same, 1, 1100, 1, ""));
        assertApart(first(), secondWith(ip -> ip.tos(1), 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(ip -> ip.tos(4), 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(ip -> ip.ttl(63), 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(FrameBuilder::dontFragment, 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(ip -> ip.ipOptions("01010101"), 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), secondWith(ip -> ip.fragment(0, true), 1, 1100, 1, TIMESTAMPS));
        assertApart(first(), second(101)); // longer than the first
        assertApart(first(), second(0)); // a pure acknowledgment
        assertApart(first(), second(20).padTo(200)); // Ethernet padding
    }

    @Test
    void ethernetAndTagsMustBeEqual() {
        assertApart(
                first(),
                Frames.ethernet("02:00:00:00:00:0c", Frames.MAC_B)
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .identification(8)
                        .tcp(1, 2)
                        .sequence(1100, 1)
                        .tcpOptions(TIMESTAMPS)
                        .payload(100));
        assertApart(tagged(7, 7, 1000), tagged(9, 8, 1100));
        assertJoin(tagged(7, 7, 1000), tagged(7, 8, 1100));
    }

    private static FrameBuilder tagged(int vid, int id, int sequence) {
        return Frames.aToB()
                .vlan(vid)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .identification(id)
                .tcp(1, 2)
                .sequence(sequence, 1)
                .payload(100);
    }

    private static FrameBuilder v6(int sequence, int hopLimit, int trafficClass, String source) {
        return Frames.aToB()
                .ipv6(source, Frames.IP6_B)
                .ttl(hopLimit)
                .tos(trafficClass)
                .tcp(1, 2)
                .sequence(sequence, 1)
                .payload(100);
    }

    @Test
    void theSameHoldsForIpv6() {
        assertJoin(v6(1000, 64, 0, Frames.IP6_A), v6(1100, 64, 0, Frames.IP6_A));
        assertApart(v6(1000, 64, 0, Frames.IP6_A), v6(1100, 63, 0, Frames.IP6_A));
        assertApart(v6(1000, 64, 0, Frames.IP6_A), v6(1100, 64, 2, Frames.IP6_A));
        assertApart(v6(1000, 64, 0, Frames.IP6_A), v6(1100, 64, 0, "2001:db8::c"));
        assertApart(v6(1000, 64, 0, Frames.IP6_A), v6(1100, 64, 0, Frames.IP6_A).poke(17, "01")); // flow label
        FrameBuilder extended = Frames.ipv6()
                .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                .tcp(1, 2)
                .sequence(1100, 1)
                .payload(100);
        assertApart(v6(1000, 64, 0, Frames.IP6_A), extended);
    }

    private static FrameBuilder dontFragment(int id, int sequence) {
        return Frames.ipv4()
                .dontFragment()
                .identification(id)
                .tcp(1, 2)
                .sequence(sequence, 1)
                .payload(100);
    }

    @Test
    void identificationsCountUpOrStandStillUnderDf() {
        assertApart(first(), secondWithId(9));
        assertApart(first(), secondWithId(7)); // without DF an identification may not repeat
        assertJoin(dontFragment(0xffff, 1000), dontFragment(0, 1100));
        coalesce(List.of(
                dontFragment(5, 1000).bytes(),
                dontFragment(5, 1100).bytes(),
                dontFragment(5, 1200).bytes(),
                dontFragment(6, 1300).bytes()));
        assertEquals(2, out.size(), "three stand still, the fourth does not");
        coalesce(List.of(
                dontFragment(5, 1000).bytes(),
                dontFragment(6, 1100).bytes(),
                dontFragment(6, 1200).bytes()));
        assertEquals(2, out.size(), "two count up, the third does not");
    }

    private static FrameBuilder secondWithId(int id) {
        return Frames.ipv4()
                .identification(id)
                .tcp(1, 2)
                .sequence(1100, 1)
                .tcpOptions(TIMESTAMPS)
                .payload(100);
    }

    @Test
    void theTunnelMustBeTheSame() {
        for (int field = 0; field < 5; field++) {
            Frame a = take(first().bytes());
            Frame b = take(second(100).bytes());
            a.setTunnel(1, TunnelFlags.VXLAN);
            b.setTunnel(field == 0 ? 2 : 1, field == 1 ? TunnelFlags.GENEVE : TunnelFlags.VXLAN);
            b.setRemote(field == 2 ? 1 : 0, 0, 0);
            b.setLocal(0, field == 3 ? 1 : 0);
            b.setInPort(field == 4 ? 1 : 0);
            coalescer.add(a, pool, out);
            coalescer.add(b, pool, out);
            coalescer.flush();
            assertEquals(2, out.size(), "field " + field);
            out.releaseAll(pool);
        }
    }

    @Test
    void aWrongChecksumIsNeverMadeRight() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            byte[] bytes = dontFragment(i, 1000 + i * 100).bytes();
            if (i == 2) {
                bytes[bytes.length - 1] ^= 1; // payload damaged on its way
            }
            frames.add(bytes);
        }
        coalesce(frames);
        assertEquals(3, out.size());
        assertArrayEquals(frames.get(2), Hex.bytes(out.get(1)));
        assertEquals(Frame.GSO_NONE, out.get(1).gsoType());
        assertFrames(frames, expanded());

        frames.clear();
        frames.add(
                dontFragment(0, 1000).payload("00").poke(14 + 20 + 20, "ff").bytes()); // the first is the damaged one
        frames.add(dontFragment(1, 1101).bytes());
        frames.add(dontFragment(2, 1201).bytes());
        coalesce(frames);
        assertEquals(2, out.size());
        assertFrames(frames, expanded());

        // an IPv4 header checksum
        assertApart(first(), second(100).poke(14 + 10, "0000"));
        assertApart(first().poke(14 + 10, "0000"), second(100));
    }

    @Test
    void trustsWhatWasVerifiedAndLeavesWhatIsPartial() {
        Frame a = take(first().bytes());
        Frame b = take(second(100).bytes());
        a.setChecksum(Frame.CSUM_VALID, 0, 0);
        b.setChecksum(Frame.CSUM_VALID, 0, 0);
        coalescer.add(a, pool, out);
        coalescer.add(b, pool, out);
        coalescer.flush();
        assertEquals(1, out.size());
        out.releaseAll(pool);

        Frame partial = Frames.ipv4()
                .identification(7)
                .tcp(1, 2)
                .sequence(1000, 1)
                .partialChecksum()
                .tcpOptions(TIMESTAMPS)
                .payload(100)
                .frame(pool);
        coalescer.add(partial, pool, out);
        coalescer.add(take(second(100).bytes()), pool, out);
        coalescer.flush();
        assertEquals(2, out.size());
        assertEquals(Frame.CSUM_PARTIAL, out.get(0).checksumState());
    }

    @Test
    void whatInterruptsAFlowKeepsItsPlace() {
        byte[] acknowledgment = Frames.ipv4().tcp(1, 2).sequence(1200, 9).bytes();
        List<byte[]> frames = List.of(
                dontFragment(0, 1000).bytes(),
                dontFragment(1, 1100).bytes(),
                acknowledgment,
                dontFragment(2, 1200).bytes(),
                dontFragment(3, 1300).bytes());
        coalesce(frames);
        assertEquals(3, out.size());
        assertArrayEquals(acknowledgment, Hex.bytes(out.get(1)));
        assertFrames(frames, expanded());
    }

    @Test
    void stopsAt65535Bytes() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            frames.add(Frames.ipv4()
                    .dontFragment()
                    .identification(i)
                    .tcp(1, 2)
                    .sequence(i * 1400, 1)
                    .payload(1400)
                    .bytes());
        }
        coalesce(frames);
        assertEquals(2, out.size());
        assertEquals(14 + 40 + 46 * 1400, out.get(0).length());
        assertFrames(frames, expanded());
        // a packet of exactly the most bytes
        byte[] big = Frames.ipv4()
                .tcp(1, 2)
                .sequence(0, 1)
                .payload(65_535 - 40 - 400)
                .bytes();
        byte[] fits = Frames.ipv4()
                .identification(2)
                .tcp(1, 2)
                .sequence(65_095, 1)
                .payload(400)
                .bytes();
        coalesce(List.of(big, fits));
        assertEquals(1, out.size());
        assertEquals(14 + 65_535, out.get(0).length());
        byte[] tooMuch = Frames.ipv4()
                .identification(2)
                .tcp(1, 2)
                .sequence(65_095, 1)
                .payload(401)
                .bytes();
        coalesce(List.of(big, tooMuch));
        assertEquals(2, out.size());
    }

    @Test
    void moreFlowsThanItKnowsOnlyJoinLess() {
        List<byte[]> frames = new ArrayList<>();
        int flows = Coalescer.FLOWS + 20;
        for (int round = 0; round < 3; round++) {
            for (int flow = 0; flow < flows; flow++) {
                frames.add(Frames.ipv4()
                        .identification(round)
                        .tcp(100 + flow, 80)
                        .sequence(round * 50, 1)
                        .payload(50)
                        .bytes());
            }
        }
        coalesce(frames);
        assertTrue(out.size() >= flows && out.size() <= frames.size());
        assertEquals(byFlow(frames), byFlow(expanded()));
        coalesce(frames.subList(0, 2 * flows).stream()
                .filter(f -> (f[35] & 0xff) < 100 + 60)
                .toList());
        assertEquals(60, out.size(), "after a flush nothing is remembered");
    }

    /** Each flow's frames as text, in order; a flow is what addresses and ports name. */
    private static Map<String, List<String>> byFlow(List<byte[]> frames) {
        Map<String, List<String>> flows = new LinkedHashMap<>();
        for (byte[] bytes : frames) {
            Frame frame = Layers.set(Hex.frame(bytes, 0));
            String key = frame.l4At() == 0 || frame.l4At() + 4 > frame.end()
                    ? "other"
                    : Hex.text(Hex.bytes(frame.segment(), frame.start(), 14))
                            + Hex.text(Hex.bytes(frame.segment(), frame.l4At(), 4));
            flows.computeIfAbsent(key, k -> new ArrayList<>()).add(Hex.text(bytes));
        }
        return flows;
    }

    /**
     * The strongest law: cut again, every flow has exactly the frames that came, in order, damaged ones as damaged as
     * before.
     */
    @Test
    void nothingIsEverLostChangedOrReordered() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        for (int i = 0; i < 100; i++) {
            List<byte[]> frames = traffic(random, 0);
            coalesce(frames);
            assertEquals(byFlow(frames), byFlow(expanded()));
        }
    }

    @Test
    void norInTrains() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        int joined = 0;
        for (int i = 0; i < 100; i++) {
            int sizeBytes = random.nextInt(80, 600);
            List<byte[]> frames = traffic(random, sizeBytes);
            out.releaseAll(pool);
            int last = frames.size() - 1;
            List<byte[]> datagrams = new ArrayList<>(vxlan(frames));
            if (random.nextBoolean()) { // only the last may be short
                byte[] cut = Frames.udpv4().payload(random.nextInt(30)).bytes();
                frames.set(last, cut);
                datagrams.set(last, vxlan(cut, VNI));
            }
            assertEquals(frames.size(), addTrain(datagrams));
            joined += frames.size() - out.size();
            assertEquals(byFlow(frames), byFlow(expanded()));
        }
        assertTrue(joined > 0);
        assertTrue(lost.isEmpty(), lost.toString());
    }

    /**
     * Interleaved flows with losses, repetitions, swaps and damage; all frames of {@code frameBytes} when that is not
     * 0.
     */
    private static List<byte[]> traffic(RandomGenerator random, int frameBytes) {
        List<byte[]> frames = new ArrayList<>();
        int[] sequence = new int[4];
        int[] id = new int[4];
        while (frames.size() < 60) {
            int flow = random.nextInt(4);
            boolean ipv4 = flow < 3;
            int headers = 14 + (ipv4 ? 20 : 40) + 20;
            int payload = frameBytes != 0 ? frameBytes - headers : random.nextInt(4) == 0 ? random.nextInt(200) : 200;
            if (payload < 0) {
                continue;
            }
            FrameBuilder builder = ipv4 ? Frames.ipv4().identification(id[flow]++ & 0xffff) : Frames.ipv6();
            if (flow == 2) {
                builder.dontFragment();
            }
            int flags = random.nextInt(10) == 0 ? random.nextInt(512) : TcpHeader.FLAG_ACK;
            byte[] data = new byte[payload];
            random.nextBytes(data);
            byte[] bytes = builder.tcp(1000 + flow, 80)
                    .sequence(sequence[flow], 1)
                    .flags(flags)
                    .payload(data)
                    .bytes();
            sequence[flow] += payload;
            switch (random.nextInt(20)) {
                case 0 -> {} // lost
                case 1 -> {
                    frames.add(bytes);
                    frames.add(bytes.clone());
                }
                case 2 -> {
                    bytes[random.nextInt(headers, Math.max(headers + 1, bytes.length)) % bytes.length] ^= 4;
                    frames.add(bytes);
                }
                case 3 -> {
                    frames.add(bytes);
                    if (frames.size() > 1) {
                        Collections.swap(frames, frames.size() - 1, frames.size() - 2);
                    }
                }
                default -> frames.add(bytes);
            }
        }
        return frames;
    }

    @Test
    void aTrainOfSeveralTunnelsIsPartedByThem() {
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(0, 1000).bytes(), 1),
                vxlan(dontFragment(1, 1100).bytes(), 2),
                vxlan(dontFragment(1, 1100).bytes(), 1),
                vxlan(dontFragment(2, 1200).bytes(), 2));
        assertEquals(4, addTrain(datagrams));
        assertEquals(2, out.size());
        assertEquals(1, out.get(0).tunnelId());
        assertEquals(2, out.get(1).tunnelId());
        assertEquals(200, out.get(1).length() - 54);
    }

    /** Two tenants may use the same addresses, MACs and ports, and their sequence numbers may meet. */
    @Test
    void aSegmentNeverGoesOnWithAnotherTunnelsFlow() {
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(6, 900_000).bytes(), 1),
                vxlan(dontFragment(7, 1000).bytes(), 2),
                vxlan(dontFragment(8, 1100).bytes(), 1),
                vxlan(dontFragment(8, 1100).bytes(), 2));
        assertEquals(4, addTrain(datagrams));
        assertEquals(3, out.size());
        assertEquals(1, out.get(0).tunnelId());
        assertEquals(100, out.get(0).length() - 54);
        assertEquals(2, out.get(1).tunnelId());
        assertEquals(200, out.get(1).length() - 54);
        assertEquals(1, out.get(2).tunnelId());
        assertEquals(100, out.get(2).length() - 54);
    }

    @Test
    void noMoreSegmentsJoinThanMayBeCutAgain() {
        int count = Segmenter.MAX_SEGMENTS + 10;
        try (FramePool large = new FramePool(count, 2_000 * 36)) {
            FrameBatch batch = new FrameBatch(count);
            for (int i = 0; i < count; i++) {
                Frame frame = Objects.requireNonNull(large.take());
                Hex.fill(
                        frame,
                        Frames.ipv4()
                                .identification(i)
                                .tcp(1, 2)
                                .sequence(1000 + 30 * i, 1)
                                .payload(30)
                                .bytes());
                coalescer.add(frame, large, batch);
            }
            coalescer.flush();
            assertEquals(2, batch.size());
            assertEquals(54 + 30 * Segmenter.MAX_SEGMENTS, batch.get(0).length());
            assertNull(segmenter.begin(Layers.set(batch.get(0))));
            batch.releaseAll(large);
        }
    }

    @Test
    void malformedDatagramsAreLostAndTheOthersAreNot() {
        byte[] good = vxlan(dontFragment(0, 1000).bytes(), VNI);
        byte[] noVni = good.clone();
        noVni[0] = 0;
        byte[] next = vxlan(dontFragment(1, 1100).bytes(), VNI);
        byte[] rest = Arrays.copyOf(next, 5);
        assertEquals(5, addTrain(List.of(noVni, good, noVni, next, rest)));
        assertEquals(Map.of(DropReason.VXLAN_NO_VNI, 2, DropReason.VXLAN_TRUNCATED, 1), lost);
        assertEquals(1, out.size());
        assertEquals(200, out.get(0).length() - 54);
        out.releaseAll(pool);

        lost.clear();
        assertEquals(2, addTrain(List.of(noVni, noVni)));
        assertEquals(Map.of(DropReason.VXLAN_NO_VNI, 2), lost);
        assertTrue(out.isEmpty());
    }

    @Test
    void aTrainMayJoinWhatCameBefore() {
        coalescer.add(tunnelled(dontFragment(0, 1000)), pool, out);
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(1, 1100).bytes(), VNI),
                vxlan(dontFragment(2, 1200).bytes(), VNI),
                vxlan(Frames.udpv4().payload(100 + 20 - 8).bytes(), VNI),
                vxlan(dontFragment(3, 1300).bytes(), VNI));
        assertEquals(4, addTrain(datagrams));
        assertEquals(2, out.size());
        assertEquals(400, out.get(0).length() - 54);
    }

    private Frame tunnelled(FrameBuilder builder) {
        Frame frame = take(builder.bytes());
        frame.setTunnel(VNI, TunnelFlags.VXLAN | TunnelFlags.KEYED);
        frame.setRemote(1, 2, 4789);
        return frame;
    }

    @Test
    void lacksBuffersOrRoomWithoutHarm() {
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            datagrams.add(vxlan(Frames.udpv4().payload(new byte[] {(byte) i}).bytes(), VNI));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        datagrams.forEach(bytes::writeBytes);
        Coalescer.Losses losses = (from, reason) -> lost.merge(reason, 1, Integer::sum);
        try (FramePool three = new FramePool(3, FramePool.SUPERFRAME_BUFFER_BYTES)) {
            Frame train = Objects.requireNonNull(three.take());
            Hex.fill(train, bytes.toByteArray());
            train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
            assertEquals(10, coalescer.addTrain(train, TunnelKind.VXLAN, three, out, losses));
            assertEquals(Map.of(DropReason.NO_BUFFER, 7), lost);
            out.releaseAll(three);

            lost.clear();
            FrameBatch two = new FrameBatch(2);
            train = Objects.requireNonNull(three.take());
            Hex.fill(train, bytes.toByteArray());
            train.setGso(Frame.GSO_UDP_L4, datagrams.getFirst().length, 0);
            assertEquals(10, coalescer.addTrain(train, TunnelKind.VXLAN, three, two, losses));
            assertEquals(Map.of(DropReason.NO_BUFFER, 8), lost);
            coalescer.flush();
            two.releaseAll(three);
            assertEquals(3, three.free());
        }
    }

    @Test
    void anyNoiseIsSurvived() {
        RandomGenerator random = Seed.random(CoalescerTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 150; i++) {
            List<byte[]> burst = new ArrayList<>();
            for (int f = 0; f < 40; f++) {
                burst.add(
                        random.nextBoolean() ? frames.mutated() : frames.next().bytes());
            }
            coalesce(burst);
            assertTrue(out.size() <= 40);
            out.releaseAll(pool);
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            Frame train = take(noise);
            train.setGso(Frame.GSO_UDP_L4, random.nextInt(300), 0);
            coalescer.addTrain(train, TunnelKind.GENEVE, pool, out, (from, reason) -> {});
            coalescer.flush();
        }
    }
}
