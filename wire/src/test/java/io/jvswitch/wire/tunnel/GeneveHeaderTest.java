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
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneveHeaderTest {

    private static final int AT = 42;
    private static final List<byte[]> OVS = Captures.frames("ovs-geneve");

    @Test
    void readsWhatOpenVswitchSent() {
        MemorySegment plain = Hex.segment(OVS.get(0));
        assertEquals(GeneveHeader.UDP_PORT, UdpHeader.destinationPort(plain, 34));
        assertNull(GeneveHeader.check(plain, AT, OVS.get(0).length - AT));
        assertEquals(8, GeneveHeader.headerBytes(plain, AT));
        assertEquals(42, GeneveHeader.vni(plain, AT));
        assertEquals(EtherType.TRANSPARENT_ETHERNET, GeneveHeader.protocol(plain, AT));
        assertFalse(GeneveHeader.isControl(plain, AT));
        assertFalse(GeneveHeader.hasCritical(plain, AT));
        assertEquals(-1, GeneveHeader.firstOption(plain, AT));

        MemorySegment seg = Hex.segment(OVS.get(1));
        assertNull(GeneveHeader.check(seg, AT, OVS.get(1).length - AT));
        assertEquals(16, GeneveHeader.headerBytes(seg, AT));
        assertEquals(43, GeneveHeader.vni(seg, AT));
        assertTrue(GeneveHeader.hasCritical(seg, AT));
        long option = GeneveHeader.firstOption(seg, AT);
        assertEquals(AT + 8, option);
        assertEquals(0x102, GeneveHeader.optionClass(seg, option));
        assertEquals(GeneveHeader.OPTION_CRITICAL, GeneveHeader.optionType(seg, option));
        assertEquals(8, GeneveHeader.optionBytes(seg, option));
        assertEquals(0xdeadbeef, NetworkOrder.getInt(seg, option + GeneveHeader.OPTION_HEADER_BYTES));
        assertEquals(-1, GeneveHeader.nextOption(seg, AT, option));
    }

    @Test
    void writesWhatOpenVswitchSent() {
        byte[] ovs = OVS.get(1);
        MemorySegment ours = Hex.segment(ovs);
        ours.asSlice(AT, 12).fill((byte) 0xee);
        GeneveHeader.write(ours, AT, 8, true, EtherType.TRANSPARENT_ETHERNET, 43);
        GeneveHeader.writeOption(ours, AT + 8, 0x102, 0x80, 4);
        assertArrayEquals(ovs, Hex.bytes(ours, 0, ovs.length));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] geneve = Arrays.copyOfRange(OVS.get(1), AT, AT + 30);
        Truncation.assertRefused(geneve, 16, DropReason.GENEVE_TRUNCATED, GeneveHeader::check);
    }

    @Test
    void everyOtherVersionIsRefused() {
        for (int version = 1; version < 4; version++) {
            byte[] header = Hex.bytes("0000 6558 00002a00");
            header[0] = (byte) (version << 6);
            assertEquals(DropReason.GENEVE_BAD_VERSION, GeneveHeader.check(Hex.segment(header), 0, 8));
        }
    }

    @Test
    void reservedBitsAreIgnored() {
        MemorySegment seg = Hex.segment("00bf 6558 123456ff");
        assertNull(GeneveHeader.check(seg, 0, 8));
        assertTrue(GeneveHeader.isControl(seg, 0));
        assertFalse(GeneveHeader.hasCritical(seg, 0));
        assertEquals(0x123456, GeneveHeader.vni(seg, 0));
    }

    @Test
    void optionsMustFillTheirSpaceExactly() {
        MemorySegment fits = Hex.segment("0300 6558 00002a00 0001 01 00 0001 02 01 00000000");
        assertNull(GeneveHeader.check(fits, 0, 20));
        MemorySegment beyond = Hex.segment("0300 6558 00002a00 0001 01 00 0001 02 02 00000000");
        assertEquals(DropReason.GENEVE_TRUNCATED, GeneveHeader.check(beyond, 0, 20));
    }

    @Test
    void optionsAreFoundByClassAndType() {
        MemorySegment seg = Hex.segment("0400 6558 00002a00 0001 01 00 0001 82 e1 00000007 0002 01 00");
        assertNull(GeneveHeader.check(seg, 0, 24));
        assertEquals(8, GeneveHeader.findOption(seg, 0, 1, 1));
        assertEquals(12, GeneveHeader.findOption(seg, 0, 1, 0x82), "the R bits are not part of the length");
        assertEquals(20, GeneveHeader.findOption(seg, 0, 2, 1));
        assertEquals(-1, GeneveHeader.findOption(seg, 0, 1, 2));
    }

    @Test
    void theLongestHeaderFits() {
        byte[] header = new byte[GeneveHeader.MAX_BYTES];
        MemorySegment seg = Hex.segment(header);
        GeneveHeader.write(seg, 0, 252, false, EtherType.TRANSPARENT_ETHERNET, GeneveHeader.MAX_VNI);
        GeneveHeader.writeOption(seg, 8, 0xffff, 1, 124);
        GeneveHeader.writeOption(seg, 136, 0xffff, 2, 120);
        assertNull(GeneveHeader.check(seg, 0, header.length));
        assertEquals(260, GeneveHeader.headerBytes(seg, 0));
        assertEquals(128, GeneveHeader.optionBytes(seg, 8));
        assertEquals(GeneveHeader.MAX_VNI, GeneveHeader.vni(seg, 0));
        assertEquals(136, GeneveHeader.findOption(seg, 0, 0xffff, 2));
    }
}
