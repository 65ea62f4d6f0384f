package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class SctpHeaderTest {

    @Test
    void fieldsLieWhereRfc9260HasThem() {
        MemorySegment seg = Hex.segment("1234 5678 9abcdef0 01020304");
        assertEquals(0x1234, SctpHeader.sourcePort(seg, 0));
        assertEquals(0x5678, SctpHeader.destinationPort(seg, 0));
        assertEquals(0x9abcdef0, SctpHeader.verificationTag(seg, 0));
        assertEquals(0x04030201, SctpHeader.checksum(seg, 0), "lowest byte first");
    }

    @Test
    void fieldsComeBack() {
        MemorySegment seg = Hex.segment(new byte[13]);
        SctpHeader.setSourcePort(seg, 1, 0x1234);
        SctpHeader.setDestinationPort(seg, 1, 0x5678);
        SctpHeader.setVerificationTag(seg, 1, 0x9abcdef0);
        SctpHeader.setChecksum(seg, 1, 0x04030201);
        assertArrayEquals(Hex.bytes("00 1234 5678 9abcdef0 01020304"), Hex.bytes(seg, 0, 13));
    }

    @Test
    void everyTruncationIsRefused() {
        Truncation.assertRefused(new byte[16], SctpHeader.BYTES, DropReason.SCTP_TRUNCATED, SctpHeader::check);
    }
}
