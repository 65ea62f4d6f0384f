package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class SnapHeaderTest {

    private static int type(String hex) {
        byte[] bytes = Hex.bytes(hex);
        return SnapHeader.type(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void onlyTheTwoOrganisationsHaveEtherTypes() {
        assertEquals(0x0800, type("aaaa03 000000 0800"));
        assertEquals(0x8100, type("aaaa03 0000f8 8100 00"));
        assertEquals(SnapHeader.NONE, type("aaaa03 00000c 2000"));
        assertEquals(SnapHeader.NONE, type("424203 000000 0800"));
        assertEquals(SnapHeader.NONE, type("aaaa13 000000 0800"));
    }

    @Test
    void whatIsCutShortIsNone() {
        String whole = "aaaa030000000800";
        for (int digits = 0; digits < whole.length(); digits += 2) {
            assertEquals(SnapHeader.NONE, type(whole.substring(0, digits)));
        }
    }
}
