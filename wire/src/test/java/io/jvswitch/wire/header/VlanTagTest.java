package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class VlanTagTest {

    private static final byte[] QINQ = Captures.frames("ovs-vlan").getFirst();

    @Test
    void readsWhatOpenVswitchTagged() {
        MemorySegment seg = Hex.segment(QINQ);
        assertTrue(VlanTag.isTpid(EthernetHeader.type(seg, 0)));
        assertEquals(EtherType.SERVICE_VLAN, VlanTag.tpid(seg, 12));
        assertEquals(100, VlanTag.vid(seg, 12));
        assertEquals(0, VlanTag.pcp(seg, 12));
        assertEquals(EtherType.VLAN, VlanTag.type(seg, 12));
        assertEquals(7, VlanTag.vid(seg, 16));
        assertEquals(3, VlanTag.pcp(seg, 16));
        assertFalse(VlanTag.dei(seg, 16));
        assertEquals(0x6007, VlanTag.tci(seg, 16));
        assertEquals(EtherType.IPV4, VlanTag.type(seg, 16));
    }

    @Test
    void pushingBothTagsMakesWhatOpenVswitchMade() {
        Frame frame = Hex.frame(QINQ, 0);
        byte[] untagged = new byte[QINQ.length - 8];
        System.arraycopy(QINQ, 0, untagged, 0, 12);
        System.arraycopy(QINQ, 20, untagged, 12, untagged.length - 12);
        assertNull(VlanTag.pop(frame));
        assertNull(VlanTag.pop(frame));
        assertArrayEquals(untagged, Hex.bytes(frame));
        assertNull(VlanTag.push(frame, EtherType.VLAN, VlanTag.tciOf(3, false, 7)));
        assertNull(VlanTag.push(frame, EtherType.SERVICE_VLAN, VlanTag.tciOf(0, false, 100)));
        assertArrayEquals(QINQ, Hex.bytes(frame));
    }

    @Test
    void everyTciComesApartAndTogether() {
        MemorySegment seg = Hex.segment("8100 0000 0800");
        for (int tci = 0; tci <= 0xffff; tci++) {
            VlanTag.setTci(seg, 0, tci);
            assertEquals(tci, VlanTag.tciOf(VlanTag.pcp(seg, 0), VlanTag.dei(seg, 0), VlanTag.vid(seg, 0)));
        }
        VlanTag.setVid(seg, 0, 5);
        assertEquals(0xf005, VlanTag.tci(seg, 0), "priority and DEI stay");
        VlanTag.setTpid(seg, 0, EtherType.SERVICE_VLAN);
        assertEquals(EtherType.SERVICE_VLAN, VlanTag.tpid(seg, 0));
        assertEquals(EtherType.IPV4, VlanTag.type(seg, 0));
    }

    @Test
    void layersAndOffloadFieldsStayRight() {
        Frame frame = Frames.tcpv4().payload(3000).gso(Frame.GSO_TCPV4, 1448).frame();
        int l3 = frame.start() + EthernetHeader.BYTES;
        frame.setLayers(l3, l3 + 20);
        int checksumStart = frame.checksumStart();
        int headerBytes = frame.gsoHeaderBytes();
        assertNull(VlanTag.push(frame, EtherType.VLAN, 9));
        assertEquals(4, Ipv4Header.version(frame.segment(), frame.l3At()));
        assertEquals(checksumStart, frame.checksumStart());
        assertEquals(headerBytes + 4, frame.gsoHeaderBytes());
        assertNull(VlanTag.pop(frame));
        assertEquals(headerBytes, frame.gsoHeaderBytes());
        assertEquals(1448, frame.gsoSizeBytes());
    }

    @Test
    void withoutHeadroomNothingChanges() {
        Frame frame = Frames.udpv4().frame();
        assertTrue(frame.push(frame.headroom() - 3));
        byte[] before = Hex.bytes(frame);
        assertEquals(DropReason.HEADROOM, VlanTag.push(frame, EtherType.VLAN, 1));
        assertArrayEquals(before, Hex.bytes(frame));
    }

    @Test
    void everyTruncationIsRefused() {
        Truncation.assertRefused(Hex.bytes("8100 0001 0800 45"), 6, DropReason.VLAN_TRUNCATED, VlanTag::check);
        for (int length = 0; length < 18; length++) {
            Frame frame = Hex.frame(new byte[length], 0);
            assertEquals(DropReason.VLAN_TRUNCATED, VlanTag.pop(frame));
            assertEquals(length, frame.length());
        }
    }

    @Test
    void onlyTheTwoStandardTpidsAreTags() {
        for (int type = 0; type <= 0xffff; type++) {
            assertEquals(type == 0x8100 || type == 0x88a8, VlanTag.isTpid(type));
        }
    }
}
