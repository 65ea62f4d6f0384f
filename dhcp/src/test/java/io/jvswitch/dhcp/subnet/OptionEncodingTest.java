package io.jvswitch.dhcp.subnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OptionEncodingTest {

    /** The destination descriptors of RFC 3442's table, without the router that follows each. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0, 00",
        "10.0.0.0, 8, 080a",
        "10.0.0.0, 24, 180a0000",
        "10.17.0.0, 16, 100a11",
        "10.27.129.0, 24, 180a1b81",
        "10.229.0.128, 25, 190a e5 00 80",
        "10.198.122.47, 32, 200a c6 7a 2f",
        "128.0.0.0, 1, 0180",
        "172.16.0.0, 12, 0cac10"
    })
    void destinationDescriptors(String to, int prefixLength, String hex) {
        byte[] encoded = OptionEncoding.classlessRoutes(
                List.of(new DhcpSubnet.Route(IpAddress.parse(to), prefixLength, IpAddress.parse("1.2.3.4"))));
        assertEquals(Hex.text(Hex.bytes(hex + "01020304")), Hex.text(encoded));
    }

    /**
     * The example of RFC 3397, section 3: eng.apple.com and marketing.apple.com, the second with a pointer to offset 4.
     */
    @Test
    void searchListPointsToTailsThatCameBefore() {
        assertEquals(
                Hex.text(Hex.bytes("03 656e67 05 6170706c65 03 636f6d 00 09 6d61726b6574696e67 c004")),
                Hex.text(OptionEncoding.searchList(List.of("eng.apple.com", "marketing.apple.com"))));
    }

    @Test
    void searchListTakesTheSameNameInCapitalsForTheSame() {
        assertEquals(
                Hex.text(Hex.bytes("01 61 00 c000 01 62 c000")),
                Hex.text(OptionEncoding.searchList(List.of("a", "A", "b.A"))));
    }

    @Test
    void valueAbove255BytesComesInPieces() {
        byte[] option = OptionEncoding.option(121, new byte[300]);
        assertEquals(304, option.length);
        assertEquals(121, option[0]);
        assertEquals(255, option[1] & 0xff);
        assertEquals(121, option[257]);
        assertEquals(45, option[258]);
        assertEquals(257, OptionEncoding.option(121, new byte[255]).length, "255 are one piece");
        assertArrayEquals(new byte[] {12, 0}, OptionEncoding.option(12, new byte[0]));
    }
}
