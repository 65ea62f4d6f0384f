package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NshHeaderTest {

    /** By RFC 8300, section 2: O set, TTL 63, six words, MD type 1, Ethernet next, path 0x123456, index 255. */
    private static final String MD1 = "2fc6 01 03 123456 ff 00000001 00000002 00000003 00000004";

    @Test
    void readsTheFieldsOfTheFigure() {
        MemorySegment seg = Hex.segment(MD1);
        assertNull(NshHeader.check(seg, 0, 24));
        assertEquals(2, NshHeader.flags(seg, 0));
        assertEquals(NshHeader.DEFAULT_TTL, NshHeader.ttl(seg, 0));
        assertEquals(NshHeader.MD1_BYTES, NshHeader.headerBytes(seg, 0));
        assertEquals(NshHeader.MD_TYPE_1, NshHeader.mdType(seg, 0));
        assertEquals(NshHeader.NEXT_ETHERNET, NshHeader.nextProtocol(seg, 0));
        assertEquals(0x123456, NshHeader.servicePath(seg, 0));
        assertEquals(255, NshHeader.serviceIndex(seg, 0));
        for (int word = 0; word < NshHeader.CONTEXT_WORDS; word++) {
            assertEquals(word + 1, NshHeader.context(seg, 0, word));
        }
    }

    @Test
    void everyTruncationIsRefused() {
        Truncation.assertRefused(
                Hex.bytes(MD1 + "00"), NshHeader.MD1_BYTES, DropReason.NSH_TRUNCATED, NshHeader::check);
        Truncation.assertRefused(
                Hex.bytes("0fc2 02 01 000001 01"), NshHeader.BYTES, DropReason.NSH_TRUNCATED, NshHeader::check);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals(DropReason.NSH_INVALID, check("4fc6 01 03 123456 ff", 24), "version 1");
        assertEquals(DropReason.NSH_INVALID, check("0fc1 02 03 123456 ff", 24), "shorter than its base");
        assertEquals(DropReason.NSH_INVALID, check("0fc5 01 03 123456 ff", 24), "MD type 1 has four words");
        assertNull(check("0fc5 02 03 123456 ff", 24));
        assertNull(check("3fc6 f1 03 123456 ff", 24), "unassigned bits are ignored");
    }

    private static @Nullable DropReason check(String hex, int bytes) {
        return NshHeader.check(Hex.segment(Arrays.copyOf(Hex.bytes(hex), bytes)), 0, bytes);
    }

    @Test
    void eachSetterKeepsTheOtherFields() {
        RandomGenerator random = Seed.random(getClass());
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[NshHeader.MD1_BYTES];
            random.nextBytes(bytes);
            MemorySegment seg = Hex.segment(bytes);
            int flags = random.nextInt(4);
            int ttl = random.nextInt(64);
            int path = random.nextInt(1 << 24);
            int index = random.nextInt(256);
            int rest = NetworkOrder.getU16(seg, 0) & ~0x3fc0;
            int second = NetworkOrder.getU16(seg, 2);
            NshHeader.setTtl(seg, 0, ttl);
            NshHeader.setFlags(seg, 0, flags);
            NshHeader.setServiceIndex(seg, 0, index);
            NshHeader.setServicePath(seg, 0, path);
            NshHeader.setContext(seg, 0, 3, 77);
            assertEquals(rest, NetworkOrder.getU16(seg, 0) & ~0x3fc0);
            assertEquals(second, NetworkOrder.getU16(seg, 2));
            assertEquals(flags, NshHeader.flags(seg, 0));
            assertEquals(ttl, NshHeader.ttl(seg, 0));
            assertEquals(path, NshHeader.servicePath(seg, 0));
            assertEquals(index, NshHeader.serviceIndex(seg, 0));
            assertEquals(77, NshHeader.context(seg, 0, 3));
        }
    }

    @Test
    void writesTheFieldsOfTheFigure() {
        MemorySegment seg = Hex.segment(new byte[24]);
        NshHeader.write(
                seg, 0, 2, 63, NshHeader.MD1_BYTES, NshHeader.MD_TYPE_1, NshHeader.NEXT_ETHERNET, 0x123456, 255);
        for (int word = 0; word < NshHeader.CONTEXT_WORDS; word++) {
            NshHeader.setContext(seg, 0, word, word + 1);
        }
        assertEquals(Hex.text(Hex.bytes(MD1)), Hex.text(Hex.bytes(seg, 0, 24)));
    }

    @Test
    void itGoesOnAndOffTheWholeFrame() {
        Frame frame = Frames.udpv4().payload(10).frame();
        byte[] before = Hex.bytes(frame);
        assertEquals(DropReason.NSH_INVALID, NshHeader.pop(frame), "there is none");
        frame.setLayers(frame.start() + 14, frame.start() + 34);
        assertNull(NshHeader.push(frame, NshHeader.MD1_BYTES));
        assertEquals(0, frame.l3At() + frame.l4At());
        NshHeader.write(
                frame.segment(), frame.start(), 0, 63, 24, NshHeader.MD_TYPE_1, NshHeader.NEXT_ETHERNET, 7, 255);
        assertEquals(EtherType.NSH, frame.packetType());
        assertEquals(frame.start(), NshHeader.at(frame));
        assertNull(NshHeader.pop(frame));
        assertEquals(Frame.ETHERNET, frame.packetType());
        assertArrayEquals(before, Hex.bytes(frame));
    }

    @Test
    void itTellsWhatItCarried() {
        int[][] known = {
            {NshHeader.NEXT_IPV4, EtherType.IPV4},
            {NshHeader.NEXT_IPV6, EtherType.IPV6},
            {NshHeader.NEXT_ETHERNET, Frame.ETHERNET},
            {NshHeader.NEXT_NSH, EtherType.NSH},
            {NshHeader.NEXT_MPLS, EtherType.MPLS_UNICAST}
        };
        for (int next = 0; next < 256; next++) {
            Frame frame = Hex.frame("45000014 00000000 00000000 00000000 00000000");
            NshHeader.push(frame, NshHeader.BYTES);
            NshHeader.write(frame.segment(), frame.start(), 0, 63, NshHeader.BYTES, NshHeader.MD_TYPE_2, next, 7, 255);
            if (next >= 1 && next <= known.length) {
                assertNull(NshHeader.pop(frame));
                assertEquals(known[next - 1][1], frame.packetType());
                assertEquals(next <= 2 ? frame.start() : 0, frame.l3At());
            } else {
                assertEquals(DropReason.NSH_INVALID, NshHeader.pop(frame));
            }
        }
    }

    @Test
    void aCutHeaderIsNotTakenOff() {
        Frame frame = Hex.frame(MD1.substring(0, 20));
        frame.setPacketType(EtherType.NSH);
        assertEquals(DropReason.NSH_TRUNCATED, NshHeader.pop(frame));
        assertEquals(LinkLayer.NONE, NshHeader.at(frame));
    }

    @Test
    void withoutHeadroomNothingIsPushed() {
        Frame frame = Frames.udpv4().payload(1).frame();
        frame.push(frame.headroom() - 7);
        assertEquals(DropReason.HEADROOM, NshHeader.push(frame, NshHeader.BYTES));
        assertEquals(Frame.ETHERNET, frame.packetType());
    }
}
