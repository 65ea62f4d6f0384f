package io.jvswitch.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Truncation;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreHeaderTest {

    private static final int AT = 34;
    private static final int ALL = GreHeader.FLAG_CHECKSUM | GreHeader.FLAG_KEY | GreHeader.FLAG_SEQUENCE;
    private static final List<byte[]> OVS = Captures.frames("ovs-gre");

    @Test
    void readsWhatOpenVswitchSent() {
        MemorySegment plain = Hex.segment(OVS.get(0));
        assertNull(GreHeader.check(plain, AT, OVS.get(0).length - AT));
        assertEquals(4, GreHeader.headerBytes(plain, AT));
        assertFalse(GreHeader.hasKey(plain, AT));
        assertEquals(EtherType.TRANSPARENT_ETHERNET, GreHeader.protocol(plain, AT));

        MemorySegment keyed = Hex.segment(OVS.get(1));
        assertNull(GreHeader.check(keyed, AT, OVS.get(1).length - AT));
        assertEquals(8, GreHeader.headerBytes(keyed, AT));
        assertTrue(GreHeader.hasKey(keyed, AT));
        assertEquals(42, GreHeader.key(keyed, AT));

        for (int i = 0; i < 2; i++) {
            byte[] frame = OVS.get(2 + i);
            MemorySegment all = Hex.segment(frame);
            assertNull(GreHeader.check(all, AT, frame.length - AT));
            assertEquals(ALL, GreHeader.flags(all, AT));
            assertEquals(16, GreHeader.headerBytes(all, AT));
            assertEquals(0xfedc_ba98L, GreHeader.key(all, AT));
            assertTrue(GreHeader.hasSequence(all, AT));
            assertEquals(i, GreHeader.sequence(all, AT));
            assertTrue(GreHeader.hasChecksum(all, AT));
            // Open vSwitch 3.1 sums before it writes the sequence number: right by luck while that is 0.
            assertEquals(i == 0, GreHeader.checksumIsValid(all, AT, frame.length - AT));
        }
    }

    @Test
    void writesWhatOpenVswitchSent() {
        int[] flags = {0, GreHeader.FLAG_KEY, ALL};
        long[] keys = {0, 42, 0xfedc_ba98L};
        for (int i = 0; i < 3; i++) {
            byte[] ovs = OVS.get(i);
            MemorySegment ours = Hex.segment(ovs);
            ours.asSlice(AT, GreHeader.headerBytes(flags[i])).fill((byte) 0xee);
            GreHeader.write(ours, AT, flags[i], EtherType.TRANSPARENT_ETHERNET, keys[i], 0);
            if (GreHeader.hasChecksum(ours, AT)) {
                GreHeader.updateChecksum(ours, AT, ovs.length - AT);
            }
            assertArrayEquals(ovs, Hex.bytes(ours, 0, ovs.length), "frame " + i);
        }
    }

    @Test
    void aChangedByteSpoilsTheChecksum() {
        byte[] frame = OVS.get(2).clone();
        for (int at = AT + 4; at < frame.length; at += 7) {
            frame[at] ^= 0x10;
            assertFalse(GreHeader.checksumIsValid(Hex.segment(frame), AT, frame.length - AT), "byte " + at);
            frame[at] ^= 0x10;
        }
        assertTrue(GreHeader.checksumIsValid(Hex.segment(OVS.get(1)), AT, OVS.get(1).length - AT), "none to be wrong");
    }

    @Test
    void everyTruncationIsRefused() {
        for (int i = 0; i < 3; i++) {
            byte[] gre = Arrays.copyOfRange(OVS.get(i), AT, AT + 20);
            int needed = GreHeader.headerBytes(Hex.segment(gre), 0);
            Truncation.assertRefused(gre, needed, DropReason.GRE_TRUNCATED, GreHeader::check);
        }
    }

    @Test
    void everyCombinationOfFlagsIsJudgedByRfc2784() {
        for (int flags = 0; flags <= 0xffff; flags++) {
            MemorySegment seg = Hex.segment(new byte[16]);
            NetworkOrder.putU16(seg, 0, flags);
            DropReason expected = (flags & 7) != 0
                    ? DropReason.GRE_BAD_VERSION
                    : (flags & 0x4c00) != 0 ? DropReason.GRE_BAD_FLAGS : null;
            assertEquals(expected, GreHeader.check(seg, 0, 16), Integer.toHexString(flags));
        }
    }

    @Test
    void wordsStandInTheirOrderWhateverIsThere() {
        for (int i = 0; i < 8; i++) {
            int flags = (i & 1) * GreHeader.FLAG_CHECKSUM
                    | (i >>> 1 & 1) * GreHeader.FLAG_KEY
                    | (i >>> 2) * GreHeader.FLAG_SEQUENCE;
            MemorySegment seg = Hex.segment(new byte[17]);
            seg.fill((byte) 0xee);
            GreHeader.write(seg, 1, flags, EtherType.IPV4, 0x8000_0001L, -2);
            String expected = "ee " + Integer.toHexString(0x10000 | flags).substring(1) + "0800"
                    + ((i & 1) != 0 ? "00000000" : "")
                    + ((i & 2) != 0 ? "80000001" : "")
                    + ((i & 4) != 0 ? "fffffffe" : "");
            byte[] bytes = Hex.bytes(expected);
            assertArrayEquals(bytes, Hex.bytes(seg, 0, bytes.length));
            assertEquals(bytes.length - 1, GreHeader.headerBytes(flags));
            for (int rest = bytes.length; rest < 17; rest++) {
                assertEquals(0xee, NetworkOrder.getU8(seg, rest), "written beyond the header");
            }
            if ((i & 2) != 0) {
                assertEquals(0x8000_0001L, GreHeader.key(seg, 1));
            }
            if ((i & 4) != 0) {
                assertEquals(-2, GreHeader.sequence(seg, 1));
            }
            if ((i & 1) != 0) {
                assertEquals(0, GreHeader.checksum(seg, 1));
            }
        }
    }
}
