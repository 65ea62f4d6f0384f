package io.jvswitch.openflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MessageWriterTest {

    @Test
    void whatIsWrittenIsReadAgain() throws OpenFlowException {
        MessageWriter writer = new MessageWriter();
        writer.u8(0xfe)
                .u16(0xfedc)
                .u24(0xfedcba)
                .u32(0xfedcba98)
                .u48(0xfedc_ba98_7654L)
                .u64(0xfedc_ba98_7654_3210L);
        assertEquals(
                "fe" + "fedc" + "fedcba" + "fedcba98" + "fedcba987654" + "fedcba9876543210",
                HexFormat.of().formatHex(writer.toByteArray()));
        MessageReader reader = MessageReader.of(writer.toByteArray());
        assertEquals(0xfedc, reader.peekU16(1));
        assertEquals(0xfe, reader.u8());
        assertEquals(0xfedc, reader.u16());
        assertEquals(0xfedcba, reader.u24());
        assertEquals(0xfedcba98L, reader.u32());
        assertEquals(0xfedc_ba98_7654L, reader.u48());
        assertEquals(0xfedc_ba98_7654_3210L, reader.u64());
        assertFalse(reader.hasRemaining());
        assertThrows(IndexOutOfBoundsException.class, reader::u8);
    }

    @Test
    void theBufferGrowsWithWhatIsInIt() {
        MessageWriter writer = new MessageWriter();
        byte[] expected = new byte[5000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
            writer.u8(i);
        }
        assertArrayEquals(expected, writer.toByteArray());
        writer.clear();
        writer.u16(0).u8(7).pad8(0).patchU16(0, writer.position());
        assertEquals("0008070000000000", HexFormat.of().formatHex(writer.toByteArray()));
    }

    @Test
    void aSliceEndsWhereItWasCut() throws OpenFlowException {
        MessageReader outer = MessageReader.of(new byte[] {1, 2, 3, 0, 0, 9});
        MessageReader inner = outer.slice(3);
        assertEquals(3, outer.position());
        assertEquals(1, inner.u8());
        OpenFlowException refused = assertThrows(
                OpenFlowException.class, () -> inner.require(3, OpenFlowError.OFPBAC_BAD_LEN, "an action"));
        assertEquals(OpenFlowError.OFPBAC_BAD_LEN, refused.error());
        assertEquals(1, refused.offset());
        assertEquals("OFPBAC_BAD_LEN: an action has 3 bytes, and 2 are left", refused.getMessage());
        assertArrayEquals(new byte[] {2, 3}, inner.rest());
        assertTrue(outer.zeros(2));
        assertFalse(outer.zeros(1));
    }
}
