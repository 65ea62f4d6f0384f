package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Ipv6ExtensionsTest {

    private static final int IP = EthernetHeader.BYTES;

    private static long walk(byte[] frame) {
        MemorySegment seg = Hex.segment(frame);
        assertNull(Ipv6Header.check(seg, IP, frame.length - IP));
        return Ipv6Extensions.walk(seg, IP);
    }

    private static long walk(FrameBuilder frame) {
        return walk(frame.bytes());
    }

    private static void assertWalk(long walk, int protocol, int offset) {
        assertNull(Ipv6Extensions.failure(walk));
        assertEquals(protocol, Ipv6Extensions.protocol(walk));
        assertEquals(offset, Ipv6Extensions.transportOffset(walk));
    }

    @Test
    void withoutExtensionsTheTransportFollows() {
        assertWalk(walk(Frames.tcpv6()), IpProtocol.TCP, 40);
        assertWalk(walk(Frames.udpv6()), IpProtocol.UDP, 40);
        assertWalk(walk(Frames.pingv6()), IpProtocol.ICMPV6, 40);
        assertWalk(walk(Frames.ipv6()), IpProtocol.NO_NEXT_HEADER, 40);
        assertWalk(walk(Frames.ipv6().protocol(IpProtocol.ESP).payload(3)), IpProtocol.ESP, 40);
        assertFalse(Ipv6Extensions.isFragment(walk(Frames.tcpv6())));
    }

    @Test
    void walksWhatLinuxSent() {
        assertWalk(walk(Captures.frames("linux-udp").get(5)), IpProtocol.UDP, 56);
        assertWalk(walk(Captures.frames("linux-nd-ping").get(6)), IpProtocol.ICMPV6, 48);
    }

    @Test
    void readsFragmentsThatLinuxSent() {
        byte[] firstFrame = Captures.frames("linux-fragments").get(2);
        long first = walk(firstFrame);
        assertWalk(first, IpProtocol.ICMPV6, 48);
        assertTrue(Ipv6Extensions.isFragment(first));
        assertTrue(Ipv6Extensions.moreFragments(first));
        assertFalse(Ipv6Extensions.isLaterFragment(first));
        assertEquals(40, Ipv6Extensions.fragmentOffset(first));
        byte[] lastFrame = Captures.frames("linux-fragments").get(3);
        long last = walk(lastFrame);
        assertWalk(last, IpProtocol.ICMPV6, 48);
        assertTrue(Ipv6Extensions.isLaterFragment(last));
        assertFalse(Ipv6Extensions.moreFragments(last));
        int fragmentAt = IP + Ipv6Extensions.fragmentOffset(last);
        assertEquals(1448, Ipv6Extensions.fragmentOffsetBytes(Hex.segment(lastFrame), fragmentAt));
        assertEquals(
                Ipv6Extensions.fragmentIdentification(Hex.segment(firstFrame), fragmentAt),
                Ipv6Extensions.fragmentIdentification(Hex.segment(lastFrame), fragmentAt));
    }

    @Test
    void everyKindIsSteppedOver() {
        FrameBuilder frame = Frames.ipv6()
                .extension(IpProtocol.HOP_BY_HOP, "0104 00000000")
                .extension(IpProtocol.DESTINATION_OPTIONS, "010c 000000000000000000000000")
                .extension(IpProtocol.ROUTING, "0000 00000000")
                .extension(IpProtocol.AH, "0000 00000001 00000002 000000000000000000000000")
                .extension(IpProtocol.MOBILITY, "0000 00000000")
                .extension(IpProtocol.HIP, "0000 00000000")
                .extension(IpProtocol.SHIM6, "0000 00000000")
                .udp(1, 2);
        assertWalk(walk(frame), IpProtocol.UDP, 40 + 8 + 16 + 8 + 24 + 8 + 8 + 8);
    }

    @Test
    void anAtomicFragmentHasAWholePacket() {
        long walk = walk(Frames.ipv6().fragmentHeader(0, false, 5).udp(1, 2));
        assertWalk(walk, IpProtocol.UDP, 48);
        assertTrue(Ipv6Extensions.isFragment(walk));
        assertFalse(Ipv6Extensions.moreFragments(walk));
        assertFalse(Ipv6Extensions.isLaterFragment(walk));
    }

    @Test
    void behindALaterFragmentNothingIsInterpreted() {
        // What follows looks like an extension header of 2,048 bytes: it is data.
        long walk = walk(Frames.ipv6()
                .fragmentHeader(1448, true, 5)
                .protocol(IpProtocol.DESTINATION_OPTIONS)
                .payload("3cff 0000 0000 0000"));
        assertWalk(walk, IpProtocol.DESTINATION_OPTIONS, 48);
        assertTrue(Ipv6Extensions.isLaterFragment(walk));
        assertTrue(Ipv6Extensions.moreFragments(walk));
    }

    @Test
    void reservedBitsOfAFragmentHeaderAreIgnored() {
        byte[] frame = Frames.ipv6().fragmentHeader(0, false, 5).udp(1, 2).bytes();
        frame[IP + 41] = (byte) 0xff;
        frame[IP + 43] |= 0x06;
        assertWalk(walk(frame), IpProtocol.UDP, 48);
        assertFalse(Ipv6Extensions.isLaterFragment(walk(frame)));
    }

    @Test
    void eightHeadersAreFollowedAndNineAreNot() {
        FrameBuilder eight = Frames.ipv6();
        FrameBuilder nine = Frames.ipv6();
        for (int i = 0; i < 8; i++) {
            eight.extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000");
            nine.extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000");
        }
        assertWalk(walk(eight.udp(1, 2)), IpProtocol.UDP, 40 + 64);
        long walk = walk(
                nine.extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000").udp(1, 2));
        assertEquals(DropReason.IPV6_BAD_EXTENSION, Ipv6Extensions.failure(walk));
    }

    @Test
    void everyTruncationOfTheChainIsRefused() {
        byte[] frame = Frames.ipv6()
                .extension(IpProtocol.HOP_BY_HOP, "0104 00000000")
                .extension(IpProtocol.DESTINATION_OPTIONS, "010c 000000000000000000000000")
                .udp(1, 2)
                .bytes();
        for (int payload = 0; payload < 24; payload++) {
            byte[] cut = java.util.Arrays.copyOf(frame, IP + 40 + payload);
            Ipv6Header.setPayloadLength(MemorySegment.ofArray(cut), IP, payload);
            assertEquals(DropReason.IPV6_BAD_EXTENSION, Ipv6Extensions.failure(walk(cut)), "payload of " + payload);
        }
    }

    @Test
    void aFirstFragmentWithoutItsHeaderChainIsTiny() {
        // RFC 7112: the chain, transport header included, has to be in the first fragment.
        byte[] inExtension = Frames.ipv6()
                .fragmentHeader(0, true, 5)
                .extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000")
                .bytes();
        inExtension[IP + 49] = 5;
        assertEquals(DropReason.IPV6_TINY_FRAGMENT, Ipv6Extensions.failure(walk(inExtension)));
        int[] protocols = {IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMPV6, IpProtocol.SCTP};
        int[] needed = {20, 8, 4, 12};
        for (int i = 0; i < protocols.length; i++) {
            for (int payload = 0; payload <= 24; payload++) {
                long walk = walk(Frames.ipv6()
                        .fragmentHeader(0, true, 5)
                        .protocol(protocols[i])
                        .payload(payload));
                DropReason expected = payload < needed[i] ? DropReason.IPV6_TINY_FRAGMENT : null;
                assertEquals(expected, Ipv6Extensions.failure(walk), protocols[i] + " with " + payload);
            }
        }
    }

    @Test
    void aChainLongerThanAPacketCannotOverflowTheResult() {
        // Eight headers of 2,048 bytes: the largest offset that a walk can return.
        FrameBuilder frame = Frames.ipv6();
        for (int i = 0; i < 8; i++) {
            frame.extension(IpProtocol.DESTINATION_OPTIONS, "00".repeat(2046));
        }
        assertWalk(walk(frame.udp(1, 2)), IpProtocol.UDP, 40 + 8 * 2048);
    }

    @Test
    void aRoutingHeaderWithHopsLeftLeadsFurther() {
        String hop = "20010db8000000000000000000000007";
        assertFalse(isUnderWay(Frames.ipv6().udp(1, 2)));
        assertFalse(isUnderWay(Frames.ipv6()
                .extension(IpProtocol.ROUTING, "0200 00000000" + hop)
                .udp(1, 2)));
        assertTrue(isUnderWay(Frames.ipv6()
                .extension(IpProtocol.ROUTING, "0201 00000000" + hop)
                .udp(1, 2)));
        assertTrue(isUnderWay(Frames.ipv6()
                .extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100")
                .fragmentHeader(0, true, 1)
                .extension(IpProtocol.AH, "0000 00000001 00000001 000000000000000000000000")
                .extension(IpProtocol.ROUTING, "0203 00000000" + hop)
                .udp(1, 2)));
        assertFalse(
                isUnderWay(Frames.ipv6()
                        .extension(IpProtocol.DESTINATION_OPTIONS, "0103 00000000")
                        .udp(1, 2)),
                "another header has other fields there");
    }

    private static boolean isUnderWay(FrameBuilder builder) {
        return Ipv6Extensions.isUnderWay(Hex.segment(builder.bytes()), EthernetHeader.BYTES);
    }
}
