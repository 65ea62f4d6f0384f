package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static Frame frame(int capacity) {
        return new Frame(Hex.segment(new byte[capacity]));
    }

    private static Frame described() {
        Frame frame = Hex.frame(new byte[60], 40);
        frame.setInPort(1);
        frame.setLayers(2, 3);
        frame.setFlowHash(4);
        frame.setDpHash(17);
        frame.setPacketType(18);
        frame.recirculate(19);
        frame.setTunnel(5, 6);
        frame.setRemote(7, 8, 9);
        frame.setLocal(10, 11);
        frame.setGso(12, 13, 14);
        frame.setChecksum(1, 15, 16);
        return frame;
    }

    private static String description(Frame frame) {
        return String.join(
                " ",
                "" + frame.inPort(),
                "" + frame.l3At(),
                "" + frame.l4At(),
                "" + frame.flowHash(),
                "" + frame.tunnelId(),
                "" + frame.tunnelFlags(),
                "" + frame.remoteHi(),
                "" + frame.remoteLo(),
                "" + frame.remotePort(),
                "" + frame.localHi(),
                "" + frame.localLo(),
                "" + frame.gsoType(),
                "" + frame.gsoSizeBytes(),
                "" + frame.gsoHeaderBytes(),
                "" + frame.checksumState(),
                "" + frame.checksumStart(),
                "" + frame.checksumOffset(),
                "" + frame.dpHash(),
                "" + frame.packetType(),
                "" + frame.recirculationId(),
                "" + frame.recirculations());
    }

    @Test
    void aNewFrameIsEmptyBehindItsHeadroom() {
        Frame frame = frame(500);
        assertEquals(Frame.HEADROOM_BYTES, frame.start());
        assertEquals(0, frame.length());
        assertEquals(frame.start(), frame.end());
        assertEquals(192, frame.headroom());
        assertEquals(308, frame.tailroom());
        assertEquals(500, frame.capacity());
        assertEquals(500, frame.segment().byteSize());
    }

    @Test
    void aBufferSmallerThanTheHeadroomHoldsNothing() {
        Frame frame = frame(100);
        assertEquals(100, frame.start());
        assertEquals(0, frame.tailroom());
        assertFalse(frame.resize(1));
    }

    @Test
    void pushStopsAtTheBufferAndPopAtTheLength() {
        Frame frame = frame(500);
        assertTrue(frame.resize(60));
        assertTrue(frame.push(192));
        assertEquals(0, frame.start());
        assertEquals(252, frame.length());
        assertFalse(frame.push(1));
        assertEquals(252, frame.length());
        assertTrue(frame.push(0));
        assertTrue(frame.pop(252));
        assertEquals(0, frame.length());
        assertEquals(252, frame.start());
        assertFalse(frame.pop(1));
        assertFalse(frame.push(-1));
        assertFalse(frame.pop(-1));
        assertEquals(252, frame.start());
    }

    @Test
    void resizeStopsAtTheBuffer() {
        Frame frame = frame(500);
        assertTrue(frame.resize(308));
        assertFalse(frame.resize(309));
        assertFalse(frame.resize(-1));
        assertFalse(frame.resize(Integer.MAX_VALUE));
        assertEquals(308, frame.length());
        assertTrue(frame.resize(0));
    }

    @Test
    void placeRefusesWhatLiesOutside() {
        Frame frame = frame(500);
        frame.place(0, 500);
        assertEquals(500, frame.end());
        assertThrows(IndexOutOfBoundsException.class, () -> frame.place(0, 501));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.place(-1, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.place(500, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.place(1, Integer.MAX_VALUE));
        assertEquals(0, frame.start());
        assertEquals(500, frame.length());
    }

    @Test
    void clearForgetsEverything() {
        Frame frame = described();
        assertEquals("1 2 3 4 5 6 7 8 9 10 11 12 13 14 1 15 16 17 18 19 1", description(frame));
        frame.clear();
        assertEquals("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", description(frame));
        assertEquals(0, frame.length());
    }

    @Test
    void partsCanBeForgotten() {
        Frame tunnel = described();
        tunnel.clearTunnel();
        assertEquals("1 2 3 4 0 0 0 0 0 0 0 12 13 14 1 15 16 17 18 19 1", description(tunnel));
        Frame offload = described();
        offload.clearOffload();
        assertEquals("1 2 3 4 5 6 7 8 9 10 11 0 0 0 0 0 0 17 18 19 1", description(offload));
    }

    @Test
    void aCopyHasBytesPlaceAndDescription() {
        Frame source = described();
        assertTrue(source.pop(7));
        NetworkOrder.putInt(source.segment(), source.start(), 0x1234_5678);
        Frame copy = frame(source.end());
        assertTrue(copy.copyFrom(source));
        assertEquals(description(source), description(copy));
        assertEquals(source.start(), copy.start());
        assertEquals(Hex.text(source), Hex.text(copy));
        NetworkOrder.putInt(source.segment(), source.start(), 0);
        assertNotEquals(Hex.text(source), Hex.text(copy), "memory of its own");
        Frame small = frame(source.end() - 1);
        assertFalse(small.copyFrom(source));
        assertEquals(0, small.length());
    }

    @Test
    void theSegmentEndsWithTheBuffer() {
        Frame frame = Frames.udpv4().frame();
        MemorySegment seg = frame.segment();
        long size = seg.byteSize();
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getU8(seg, size));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.getLong(seg, size - 7));
        assertThrows(IndexOutOfBoundsException.class, () -> NetworkOrder.putU16(seg, -1, 0));
        assertNotEquals(0, frame.address());
        assertEquals(0, new Frame(MemorySegment.ofArray(new byte[10])).address(), "heap memory has none");
    }
}
