package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The rules and examples of RFC 5952, sections 4 and 5. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::AbCd, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "fe80::, fe80::",
        "0:1:0:1:0:1:0:1, 0:1:0:1:0:1:0:1",
        "1:1:1:1:1:1:0:0, 1:1:1:1:1:1::",
        "0:0:1:1:1:1:1:1, ::1:1:1:1:1:1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221"
    })
    void writesTheRecommendedText(String text, String expected) {
        assertEquals(expected, IpAddress.parse(text).toString());
    }

    @Test
    void readsAndWritesIpv4() {
        IpAddress address = IpAddress.parse("192.0.2.1");
        assertTrue(address.isIpv4());
        assertEquals(0xc000_0201, address.ipv4());
        assertEquals(0, address.hi());
        assertEquals(0x0000_ffff_c000_0201L, address.lo());
        assertEquals(address, IpAddress.ofIpv4(0xc000_0201));
        assertEquals("255.255.255.255", IpAddress.ofIpv4(-1).toString());
        assertEquals("0.0.0.0", IpAddress.ipv4ToString(0));
        assertEquals(0x0000_ffff_ffff_ffffL, IpAddress.mappedLo(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "01.2.3.4",
                "1.2.3.04",
                "0x7f.0.0.1",
                "localhost",
                "example.org",
                "2001:db8",
                "2001:db8:::1",
                "1:2:3:4:5:6:7:8:9",
                "2001:db8::g",
                "fe80::1%eth0",
                "[::1]",
                "1.2.3.4/24",
                " 1.2.3.4",
                "12345::",
                "::1::",
                ":",
                ":1",
                "1:2:3:4:5:6:7::8:9",
                "::1.2.3",
                "::1.2.3.256"
            })
    void otherTextIsNamedInTheError(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"));
    }

    @Test
    void linkLocalIsThePrefixOfTenBits() throws Exception {
        for (String text : List.of("fe80::1", "febf:ffff::", "fe7f::1", "fec0::1", "fd00::1", "::1", "169.254.0.1")) {
            boolean expected = InetAddress.getByName(text).isLinkLocalAddress() && text.contains(":");
            assertEquals(expected, IpAddress.parse(text).isLinkLocal(), text);
        }
    }

    @Test
    void theTextComesBackAndAgreesWithTheJdk() throws Exception {
        RandomGenerator random = Seed.random(getClass());
        for (int i = 0; i < 5000; i++) {
            long hi = random.nextLong();
            long lo = random.nextLong();
            for (int group = 0; group < 4; group++) {
                if (random.nextInt(3) > 0) {
                    hi &= ~(0xffffL << 16 * group);
                }
                if (random.nextInt(3) > 0) {
                    lo &= ~(0xffffL << 16 * group);
                }
            }
            IpAddress address = new IpAddress(hi, lo);
            assertEquals(address, IpAddress.parse(address.toString()), address.toString());
            if (!address.isIpv4()) {
                byte[] bytes = ByteBuffer.allocate(16).putLong(hi).putLong(lo).array();
                assertEquals(InetAddress.getByAddress(bytes), Inet6Address.ofLiteral(address.toString()));
            }
        }
    }

    @Test
    void kindsOfAddresses() {
        assertTrue(IpAddress.parse("224.0.0.1").isMulticast());
        assertTrue(IpAddress.parse("239.255.255.255").isMulticast());
        assertFalse(IpAddress.parse("240.0.0.1").isMulticast());
        assertFalse(IpAddress.parse("223.255.255.255").isMulticast());
        assertTrue(IpAddress.parse("ff02::1").isMulticast());
        assertFalse(IpAddress.parse("fe80::1").isMulticast());
        assertTrue(IpAddress.parse("0.0.0.0").isUnspecified());
        assertTrue(IpAddress.parse("::").isUnspecified());
        assertFalse(IpAddress.parse("::1").isUnspecified());
        assertFalse(IpAddress.parse("0.0.0.1").isUnspecified());
    }

    @Test
    void anIpv6AddressHasNoFourOctets() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> IpAddress.parse("2001:db8::1").ipv4());
        assertTrue(String.valueOf(e.getMessage()).contains("2001:db8::1"));
        // The halves of ::ffff:0:0/96 only: 64:ff9b::/96 and ::/96 are IPv6.
        assertFalse(IpAddress.isIpv4(0, 0xc000_0201L));
        assertFalse(IpAddress.isIpv4(1, 0x0000_ffff_c000_0201L));
    }

    @Test
    void ordersUnsigned() {
        assertTrue(IpAddress.parse("9.0.0.1").compareTo(IpAddress.parse("200.0.0.1")) < 0);
        assertTrue(IpAddress.parse("2001::").compareTo(IpAddress.parse("fe80::")) < 0);
        assertTrue(IpAddress.parse("::8000:0:0:0").compareTo(IpAddress.parse("::7fff:0:0:0")) > 0);
        assertEquals(0, IpAddress.parse("::1").compareTo(IpAddress.parse("::1")));
    }
}
