package io.jvswitch.vswitchd.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitsTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "99999.4, 99999", "100000, 100k", "1234567, 1.23M", "14880952, 14.9M"})
    void counts(double value, String text) {
        assertEquals(text, Units.count(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9996, 10.0 kB",
        "99960, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "9223372036854775807, 9.22 EB"
    })
    void bytes(long value, String text) {
        assertEquals(text, Units.bytes(value));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 bit/s", "12.4, 12 bit/s", "9870000000, 9.87 Gbit/s"})
    void bitRates(double value, String text) {
        assertEquals(text, Units.bitRate(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "59, 59s",
        "60, 1m",
        "61, 1m 1s",
        "3600, 1h",
        "3661, 1h 1m",
        "86400, 1d",
        "90061, 1d 1h",
        "8640000, 100d"
    })
    void times(long seconds, String text) {
        assertEquals(text, Units.time(seconds));
    }

    @ParameterizedTest
    @CsvSource({"999, 999 ns", "1500, 1.5 us", "2500000, 2.5 ms", "3100000000, 3.1 s"})
    void nanos(long ns, String text) {
        assertEquals(text, Units.nanos(ns));
    }

    @Test
    void plurals() {
        assertEquals("1 lease", Units.plural(1, "lease"));
        assertEquals("0 leases", Units.plural(0, "lease"));
        assertEquals("2 addresses", Units.plural(2, "address"));
    }

    @Test
    void tablesAlign() {
        Table table = new Table("NAME", ">COUNT", "LAST");
        table.row("a", 1, "");
        table.row("longer", 100, "x");
        assertEquals("""
                NAME    COUNT  LAST
                a           1  -
                longer    100  x
                """, table.toString());
        assertThrows(IllegalArgumentException.class, () -> table.row("a"));
    }
}
