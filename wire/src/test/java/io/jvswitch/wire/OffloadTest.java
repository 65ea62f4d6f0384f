package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffloadTest {

    private Frame frame;

    @BeforeEach
    void anEmptyFrame() {
        frame = new Frame(MemorySegment.ofArray(new byte[2048]));
    }

    @Test
    void aFinishedFrameNeedsNothing() {
        assertEquals(Offload.NONE, Offload.needed(frame));
        frame.setChecksum(Frame.CSUM_VALID, 0, 0);
        assertEquals(Offload.NONE, Offload.needed(frame));
    }

    @Test
    void aPartialChecksumNeedsItsCompletion() {
        frame.setChecksum(Frame.CSUM_PARTIAL, 34, 16);
        assertEquals(Offload.CHECKSUM, Offload.needed(frame));
    }

    @Test
    void everyKindOfSuperframeNeedsItsOwn() {
        frame.setChecksum(Frame.CSUM_PARTIAL, 34, 16);
        frame.setGso(Frame.GSO_TCPV4, 1448, 66);
        assertEquals(Offload.CHECKSUM | Offload.TSO4, Offload.needed(frame));
        frame.setGso(Frame.GSO_TCPV6 | Frame.GSO_ECN, 1428, 86);
        assertEquals(Offload.CHECKSUM | Offload.TSO6 | Offload.ECN, Offload.needed(frame));
        frame.setGso(Frame.GSO_UDP_L4, 1200, 42);
        assertEquals(Offload.CHECKSUM | Offload.USO, Offload.needed(frame));
    }
}
