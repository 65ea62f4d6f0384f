package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IcmpHeaderTest {

    @Test
    void readsAnEchoThatLinuxSent() {
        byte[] request = Captures.frames("linux-arp-ping").get(2);
        byte[] reply = Captures.frames("linux-arp-ping").get(3);
        MemorySegment seg = Hex.segment(request);
        assertNull(IcmpHeader.check(seg, 34, request.length - 34));
        assertEquals(IcmpHeader.TYPE_ECHO_REQUEST, IcmpHeader.type(seg, 34));
        assertEquals(0, IcmpHeader.code(seg, 34));
        assertEquals(1, IcmpHeader.sequence(seg, 34));
        assertEquals(IcmpHeader.identifier(seg, 34), IcmpHeader.identifier(Hex.segment(reply), 34));
        assertEquals(IcmpHeader.TYPE_ECHO_REPLY, IcmpHeader.type(Hex.segment(reply), 34));
    }

    @Test
    void readsFragmentationNeededThatLinuxSent() {
        byte[] frame = Captures.frames("linux-too-big").get(0);
        MemorySegment seg = Hex.segment(frame);
        assertEquals(IcmpHeader.TYPE_DESTINATION_UNREACHABLE, IcmpHeader.type(seg, 34));
        assertEquals(IcmpHeader.CODE_FRAGMENTATION_NEEDED, IcmpHeader.code(seg, 34));
        assertEquals(1300, IcmpHeader.nextHopMtu(seg, 34));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.ICMP, 34, frame.length - 34));
    }

    @Test
    void writesTheSameErrorAsLinux() {
        byte[] linux = Captures.frames("linux-too-big").get(0);
        MemorySegment ours = Hex.segment(linux);
        ours.asSlice(34, 8).fill((byte) 0xee);
        IcmpHeader.write(ours, 34, IcmpHeader.TYPE_DESTINATION_UNREACHABLE, IcmpHeader.CODE_FRAGMENTATION_NEEDED, 1300);
        assertEquals(0, IcmpHeader.checksum(ours, 34));
        Checksum.setTransport(ours, 14, IpProtocol.ICMP, 34, linux.length - 34);
        assertArrayEquals(linux, Hex.bytes(ours, 0, linux.length));
        IcmpHeader.setChecksum(ours, 34, 1);
        assertFalse(Checksum.transportIsValid(ours, 14, IpProtocol.ICMP, 34, linux.length - 34));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] message = Arrays.copyOfRange(Captures.frames("linux-arp-ping").get(2), 34, 50);
        Truncation.assertRefused(message, IcmpHeader.BYTES, DropReason.ICMP_TRUNCATED, IcmpHeader::check);
    }

    @Test
    void errorsAreTheFiveOfRfc1122() {
        for (int type = 0; type < 256; type++) {
            assertEquals(Set.of(3, 4, 5, 11, 12).contains(type), IcmpHeader.isError(type), "type " + type);
        }
    }
}
