package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Icmpv6HeaderTest {

    @Test
    void readsAnEchoThatLinuxSent() {
        byte[] request = Captures.frames("linux-nd-ping").get(2);
        byte[] reply = Captures.frames("linux-nd-ping").get(3);
        MemorySegment seg = Hex.segment(request);
        assertNull(Icmpv6Header.check(seg, 54, request.length - 54));
        assertEquals(Icmpv6Header.TYPE_ECHO_REQUEST, Icmpv6Header.type(seg, 54));
        assertEquals(0, Icmpv6Header.code(seg, 54));
        assertEquals(1, Icmpv6Header.sequence(seg, 54));
        assertEquals(Icmpv6Header.identifier(seg, 54), Icmpv6Header.identifier(Hex.segment(reply), 54));
        assertEquals(Icmpv6Header.TYPE_ECHO_REPLY, Icmpv6Header.type(Hex.segment(reply), 54));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.ICMPV6, 54, request.length - 54));
    }

    @Test
    void writesTheSameErrorAsLinux() {
        byte[] linux = Captures.frames("linux-too-big").get(1);
        MemorySegment ours = Hex.segment(linux);
        assertEquals(Icmpv6Header.TYPE_PACKET_TOO_BIG, Icmpv6Header.type(ours, 54));
        assertEquals(1300, Icmpv6Header.mtu(ours, 54));
        ours.asSlice(54, 8).fill((byte) 0xee);
        Icmpv6Header.write(ours, 54, Icmpv6Header.TYPE_PACKET_TOO_BIG, 0, 1300);
        assertEquals(0, Icmpv6Header.checksum(ours, 54));
        Checksum.setTransport(ours, 14, IpProtocol.ICMPV6, 54, linux.length - 54);
        assertArrayEquals(linux, Hex.bytes(ours, 0, linux.length));
        Icmpv6Header.setChecksum(ours, 54, 0x1234);
        assertEquals(0x1234, Icmpv6Header.checksum(ours, 54));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] message = Arrays.copyOfRange(Captures.frames("linux-nd-ping").get(2), 54, 70);
        Truncation.assertRefused(message, Icmpv6Header.BYTES, DropReason.ICMP_TRUNCATED, Icmpv6Header::check);
    }

    @Test
    void errorsAreTheTypesBelow128() {
        assertTrue(Icmpv6Header.isError(Icmpv6Header.TYPE_DESTINATION_UNREACHABLE));
        assertTrue(Icmpv6Header.isError(127));
        assertEquals(false, Icmpv6Header.isError(Icmpv6Header.TYPE_ECHO_REQUEST));
    }
}
