package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class EthernetHeaderTest {

    @Test
    void readsWhatLinuxSent() {
        MemorySegment seg = Hex.segment(Captures.frames("linux-arp-ping").get(1));
        assertEquals(0x0200_0000_000aL, EthernetHeader.destination(seg, 0));
        assertEquals(0x0200_0000_000bL, EthernetHeader.source(seg, 0));
        assertEquals(EtherType.ARP, EthernetHeader.type(seg, 0));
    }

    @Test
    void writesWhatLinuxSent() {
        byte[] frame = Captures.frames("linux-arp-ping").get(2);
        MemorySegment seg = Hex.segment(new byte[EthernetHeader.BYTES + 1]);
        EthernetHeader.write(seg, 1, 0x0200_0000_000bL, 0x0200_0000_000aL, EtherType.IPV4);
        assertArrayEquals(java.util.Arrays.copyOf(frame, EthernetHeader.BYTES), Hex.bytes(seg, 1, 14));
        assertEquals(0, NetworkOrder.getU8(seg, 0));
    }

    @Test
    void everyTruncationIsRefused() {
        Truncation.assertRefused(
                new byte[20], EthernetHeader.BYTES, DropReason.ETHERNET_TRUNCATED, EthernetHeader::check);
    }
}
