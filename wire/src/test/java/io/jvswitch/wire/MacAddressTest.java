package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @Test
    void readsAndWritesText() {
        assertEquals(0x0200_0000_00abL, MacAddress.parse("02:00:00:00:00:ab").bits());
        assertEquals(0x0a1b_2c3d_4e5fL, MacAddress.parse("0A-1B-2C-3D-4E-5F").bits());
        assertEquals("02:00:00:00:00:ab", MacAddress.toString(0x0200_0000_00abL));
        assertEquals("ff:ff:ff:ff:ff:ff", new MacAddress(MacAddress.BROADCAST).toString());
        assertEquals("00:00:00:00:00:00", new MacAddress(0).toString());
    }

    @Test
    void everyAddressComesBack() {
        RandomGenerator random = Seed.random(getClass());
        for (int i = 0; i < 2000; i++) {
            long bits = random.nextLong() >>> 16;
            assertEquals(bits, MacAddress.parse(MacAddress.toString(bits)).bits());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:00:00:00",
                "02:00:00:00:00:00:00",
                "2:0:0:0:0:0",
                "02:00:00:00:00:0g",
                "020000000000",
                "0200.0000.0000",
                " 02:00:00:00:00:00",
                "02:00:00:00:00:00 ",
                "02::00:00:00:00",
                "+2:00:00:00:00:00"
            })
    void otherTextIsNamedInTheError(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"));
        assertTrue(String.valueOf(e.getMessage()).contains("02:00:00:00:00:01"), "says what was expected");
    }

    @Test
    void moreThan48BitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(1L << 48));
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(-1));
    }

    @Test
    void groupsAndReservedAddresses() {
        assertTrue(MacAddress.isMulticast(MacAddress.BROADCAST));
        assertTrue(MacAddress.isMulticast(0x0100_5e00_0001L));
        assertFalse(MacAddress.isMulticast(0x0200_0000_0001L));
        for (int last = 0; last < 32; last++) {
            assertEquals(last < 16, MacAddress.isBridgeReserved(0x0180_c200_0000L | last));
        }
        assertFalse(MacAddress.isBridgeReserved(0x0180_c200_0100L));
    }

    @Test
    void ordersByNumber() {
        assertTrue(new MacAddress(1).compareTo(new MacAddress(2)) < 0);
        assertTrue(new MacAddress(MacAddress.BROADCAST).compareTo(new MacAddress(2)) > 0);
        assertEquals(0, new MacAddress(2).compareTo(new MacAddress(2)));
    }
}
