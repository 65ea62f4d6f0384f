package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {

    @ParameterizedTest
    @CsvSource({"0s, PT0S", "50us, PT0.00005S", "100ms, PT0.1S", "90s, PT90S", "30m, PT30M", "12h, PT12H", "1d, PT24H"})
    void durationsAreReadAndWrittenAlike(String text, Duration duration) {
        assertEquals(duration, Values.parseDuration(text));
        assertEquals(text, Values.text(duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "d", "1.5h", "-1s", "1 s", "1w", "9999999999s"})
    void othersAreNoDurations(String text) {
        assertNull(Values.parseDuration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0", "tap-vm1", "veth@x", "abcdefghijklmno"})
    void interfaceNames(String text) {
        assertEquals(text, Values.INTERFACE_NAME.reader().read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "tap%d", "abcdefghijklmnop", "tåp", "a\tb"})
    void whatTheKernelWouldNotTake(String text) {
        assertNull(Values.INTERFACE_NAME.reader().read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blue", "/proc/1/ns/net", "ns-1.a"})
    void namespaces(String text) {
        assertEquals(text, Values.NETNS.reader().read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a b"})
    void noNamespaces(String text) {
        assertNull(Values.NETNS.reader().read(text));
    }

    /**
     * The lock of {@code /run/a.sock} is {@code /run/a.sock.lock}: another daemon's socket there would take its place.
     */
    @ParameterizedTest
    @CsvSource({
        "/run/a.sock, true",
        "/run/a.lock.sock, true",
        "/run/a.sock.lock, false",
        "/run/, false",
        "a.sock, false"
    })
    void socketPaths(String path, boolean good) {
        assertEquals(good, Values.SOCKET_PATH.reader().read(path) != null);
    }

    @Test
    void aTrailingDotOfADomainNameIsDropped() {
        assertEquals("example.org", Values.DOMAIN_NAME.reader().read("example.org."));
        assertNull(Values.DOMAIN_NAME.reader().read("-a.org"));
        assertNull(Values.DOMAIN_NAME.reader().read("a..org"));
    }

    @Test
    void theNearestKeyIsSuggested() {
        assertEquals("allow-unknown-vteps", NetworkKeys.TABLE.nearest("allow_unknown_vteps"));
        assertEquals("remotes", NetworkKeys.TABLE.nearest("remote"));
        assertEquals("mtu", NetworkKeys.TABLE.nearest("mut"));
        assertNull(NetworkKeys.TABLE.nearest("frobnicate"));
    }
}
