package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Layers;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TunnelledTrainTest {

    private static final int SIZE_BYTES = 1_200;
    private static final int PAYLOAD_BYTES = 9 * SIZE_BYTES + 70;

    private static Frame received(byte[] inner, int sizeBytes) {
        Frame frame = Hex.frame(inner, 0);
        assertTrue(Vxlan.push(frame, 42));
        frame.clearOffload();
        frame.setGso(Frame.GSO_UDP_L4, sizeBytes, 0);
        return frame;
    }

    private static List<FrameBuilder> trains() {
        return List.of(
                Frames.ipv4().udp(1, 2).payload(PAYLOAD_BYTES),
                Frames.ipv6().udp(1, 2).payload(PAYLOAD_BYTES),
                Frames.aToB().vlan(7).ipv4(Frames.IP4_A, Frames.IP4_B).udp(1, 2).payload(PAYLOAD_BYTES));
    }

    /** As a VXLAN device of Linux 6.18 sent it over a veth, with a size of 1,200 beside it. */
    @Test
    void aTrainInOneTunnelPacketIsASuperframe() {
        for (FrameBuilder train : trains()) {
            byte[] inner = train.partialChecksum().bytes();
            Frame frame = received(inner, SIZE_BYTES);
            assertTrue(TunnelledTrain.pop(frame, TunnelKind.VXLAN));
            assertEquals(42, frame.tunnelId());
            assertEquals(Frame.GSO_UDP_L4, frame.gsoType());
            assertEquals(SIZE_BYTES, frame.gsoSizeBytes());
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertArrayEquals(inner, Hex.bytes(frame));
            assertNull(new Segmenter().begin(Layers.set(frame)));
        }
    }

    @Test
    void anythingElseStaysAsItWas() {
        byte[] partial =
                Frames.ipv4().udp(1, 2).payload(PAYLOAD_BYTES).partialChecksum().bytes();
        assertStays(received(Frames.ipv4().udp(1, 2).payload(PAYLOAD_BYTES).bytes(), SIZE_BYTES));
        assertStays(
                received(Frames.tcpv4().payload(PAYLOAD_BYTES).partialChecksum().bytes(), SIZE_BYTES));
        assertStays(received(Arrays.copyOf(partial, partial.length + 1), SIZE_BYTES));
        assertStays(received(Arrays.copyOf(partial, partial.length - 1), SIZE_BYTES));
        assertStays(received(partial, PAYLOAD_BYTES));
        Frame alone = received(partial, SIZE_BYTES);
        alone.clearOffload();
        assertStays(alone);
        Frame noVni = received(partial, SIZE_BYTES);
        noVni.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, noVni.start(), (byte) 0);
        assertStays(noVni);
    }

    /** Tunnel packets of one size: the first inner packet ends where the second tunnel packet begins. */
    @Test
    void aTrainOfTunnelPacketsIsNone() {
        byte[] one = Hex.bytes(
                received(Frames.ipv4().udp(1, 2).payload(500).partialChecksum().bytes(), 1));
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        Frame frame = Hex.frame(two, 0);
        frame.setGso(Frame.GSO_UDP_L4, one.length, 0);
        assertStays(frame);
    }

    @Test
    void everyTruncationIsSurvived() {
        byte[] partial = Frames.ipv4().udp(1, 2).payload(100).partialChecksum().bytes();
        Frame whole = received(partial, 40);
        byte[] bytes = Hex.bytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Frame frame = Hex.frame(Arrays.copyOf(bytes, length), 0);
            frame.setGso(Frame.GSO_UDP_L4, 40, 0);
            assertStays(frame);
        }
    }

    private static void assertStays(Frame frame) {
        byte[] before = Hex.bytes(frame);
        int type = frame.gsoType();
        int sizeBytes = frame.gsoSizeBytes();
        assertFalse(TunnelledTrain.pop(frame, TunnelKind.VXLAN));
        assertArrayEquals(before, Hex.bytes(frame));
        assertEquals(type, frame.gsoType());
        assertEquals(sizeBytes, frame.gsoSizeBytes());
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }
}
