package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UdpHeaderTest {

    private static final byte[] DATAGRAM =
            Truncation.tail(Captures.frames("linux-udp").get(0), 34);

    @Test
    void readsWhatLinuxSent() {
        byte[] frame = Captures.frames("linux-udp").get(0);
        MemorySegment seg = Hex.segment(frame);
        assertNull(UdpHeader.check(seg, 34, frame.length - 34));
        assertEquals(9, UdpHeader.destinationPort(seg, 34));
        assertTrue(UdpHeader.sourcePort(seg, 34) >= 1024);
        assertEquals(11, UdpHeader.length(seg, 34));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.UDP, 34, 11));
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length <= DATAGRAM.length; length++) {
            DropReason expected =
                    length < 8 ? DropReason.UDP_TRUNCATED : length < DATAGRAM.length ? DropReason.UDP_BAD_LENGTH : null;
            MemorySegment seg = Hex.segment(Arrays.copyOf(DATAGRAM, length));
            assertEquals(expected, UdpHeader.check(seg, 0, length), "cut to " + length);
            assertEquals(
                    length < 8 ? DropReason.UDP_TRUNCATED : null,
                    UdpHeader.checkFirstFragment(seg, 0, length),
                    "fragment cut to " + length);
        }
    }

    @Test
    void aLengthFieldBelowTheHeaderIsRefused() {
        MemorySegment seg = Hex.segment(DATAGRAM);
        for (int field = 0; field < 8; field++) {
            UdpHeader.setLength(seg, 0, field);
            assertEquals(DropReason.UDP_BAD_LENGTH, UdpHeader.check(seg, 0, DATAGRAM.length));
            assertEquals(DropReason.UDP_BAD_LENGTH, UdpHeader.checkFirstFragment(seg, 0, DATAGRAM.length));
        }
        UdpHeader.setLength(seg, 0, 8);
        assertNull(UdpHeader.check(seg, 0, DATAGRAM.length), "bytes behind the length are not the datagram's");
    }

    @Test
    void fieldsComeBack() {
        MemorySegment seg = Hex.segment(new byte[9]);
        seg.fill((byte) 0xee);
        UdpHeader.write(seg, 1, 0xfedc, 0xba98, 0x7654);
        assertEquals(
                "ee fedc ba98 7654 0000".replace(" ", ""),
                Hex.text(Hex.bytes(seg, 0, 9)).replace(" ", ""));
        UdpHeader.setSourcePort(seg, 1, 1);
        UdpHeader.setDestinationPort(seg, 1, 65_535);
        UdpHeader.setChecksum(seg, 1, 0x1234);
        assertEquals(1, UdpHeader.sourcePort(seg, 1));
        assertEquals(65_535, UdpHeader.destinationPort(seg, 1));
        assertEquals(0x7654, UdpHeader.length(seg, 1));
        assertEquals(0x1234, UdpHeader.checksum(seg, 1));
    }
}
