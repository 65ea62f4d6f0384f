package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ArpPacketTest {

    private static final byte[] REQUEST =
            Truncation.tail(Captures.frames("linux-arp-ping").get(0), 14);
    private static final byte[] REPLY =
            Truncation.tail(Captures.frames("linux-arp-ping").get(1), 14);

    @Test
    void readsWhatLinuxSent() {
        MemorySegment seg = Hex.segment(REPLY);
        assertNull(ArpPacket.check(seg, 0, REPLY.length));
        assertEquals(ArpPacket.OPERATION_REPLY, ArpPacket.operation(seg, 0));
        assertEquals(0x0200_0000_000bL, ArpPacket.senderMac(seg, 0));
        assertEquals(0x0a00_000b, ArpPacket.senderIp(seg, 0));
        assertEquals(0x0200_0000_000aL, ArpPacket.targetMac(seg, 0));
        assertEquals(0x0a00_000a, ArpPacket.targetIp(seg, 0));
    }

    @Test
    void writesWhatLinuxSent() {
        MemorySegment seg = Hex.segment(new byte[ArpPacket.BYTES]);
        seg.fill((byte) 0xee);
        ArpPacket.write(seg, 0, ArpPacket.OPERATION_REQUEST, 0x0200_0000_000aL, 0x0a00_000a, 0, 0x0a00_000b);
        assertArrayEquals(REQUEST, Hex.bytes(seg, 0, ArpPacket.BYTES));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] padded = java.util.Arrays.copyOf(REQUEST, 46);
        Truncation.assertRefused(padded, ArpPacket.BYTES, DropReason.ARP_TRUNCATED, ArpPacket::check);
    }

    @Test
    void otherTypesAndLengthsAreInvalid() {
        for (int at = 0; at < 6; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] packet = REQUEST.clone();
                packet[at] ^= (byte) (1 << bit);
                assertEquals(DropReason.ARP_INVALID, ArpPacket.check(Hex.segment(packet), 0, packet.length));
            }
        }
    }

    /** As Linux has it (RFC 1390). */
    @Test
    void ieee802sHardwareTypeIsEthernets() {
        byte[] packet = REQUEST.clone();
        packet[1] = ArpPacket.HARDWARE_IEEE802;
        assertNull(ArpPacket.check(Hex.segment(packet), 0, packet.length));
        packet[2] = 0x18;
        assertEquals(DropReason.ARP_INVALID, ArpPacket.check(Hex.segment(packet), 0, packet.length));
    }

    @Test
    void anyOperationPasses() {
        MemorySegment seg = Hex.segment(REQUEST);
        ArpPacket.setOperation(seg, 0, 0xffff);
        assertNull(ArpPacket.check(seg, 0, REQUEST.length));
        assertEquals(0xffff, ArpPacket.operation(seg, 0));
    }
}
