package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which headers of two segments must be alike for them to be joined, and which may differ. */
final class CoalescerHeadersTest extends CoalescerFixture {

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
}
