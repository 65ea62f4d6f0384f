package io.jvswitch.vswitchd.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 255.255.255.255",
        "10.0.0.0/8, 10.255.255.255",
        "10.0.0.4/31, 10.0.0.5",
        "10.0.0.4/32, 10.0.0.4",
        "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::8000:0/97, 2001:db8::ffff:ffff",
        "2001:db8::1/128, 2001:db8::1"
    })
    void knowsItsEnds(String text, String last) {
        IpPrefix prefix = IpPrefix.parse(text);
        assertEquals(text, prefix.toString());
        assertEquals(IpAddress.parse(last), prefix.last());
        assertTrue(prefix.contains(prefix.network()));
        assertTrue(prefix.contains(prefix.last()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/24",
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "2001:db8::/129",
                "2001:db8::1/64",
                "x/8",
                "/8",
                "10.0.0.0/8/8",
                ""
            })
    void refuses(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
    }

    @Test
    void familiesDoNotMix() {
        assertFalse(IpPrefix.parse("::/0").contains(IpAddress.parse("10.0.0.1")));
        assertFalse(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("::1")));
        assertFalse(IpPrefix.parse("10.0.0.0/24").contains(IpAddress.parse("10.0.1.0")));
    }

    @Test
    void overlapIsSymmetric() {
        IpPrefix wide = IpPrefix.parse("10.0.0.0/16");
        IpPrefix narrow = IpPrefix.parse("10.0.9.0/24");
        assertTrue(wide.overlaps(narrow));
        assertTrue(narrow.overlaps(wide));
        assertFalse(narrow.overlaps(IpPrefix.parse("10.0.8.0/24")));
    }
}
