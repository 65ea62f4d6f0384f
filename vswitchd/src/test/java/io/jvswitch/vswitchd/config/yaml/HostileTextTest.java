package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.AllocationMeter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as large as they may be: what they cost follows their size. */
final class HostileTextTest {

    private static final int SMALL_BYTES = 256 << 10;
    /** Sixteen times the text is sixteen times the work, or 256 times where every byte is moved for every buffer. */
    private static final int LARGER = 16;

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "#", "#\n", "x", "\t", "- x\n", "x y ", "\"\n\"", "[", "k: v\n", "'"})
    void costFollowsTheSize(String piece) {
        long small = cost(piece.repeat(SMALL_BYTES / piece.length()));
        long large = cost(piece.repeat(SMALL_BYTES * LARGER / piece.length()));
        assertTrue(large < 3L * LARGER * Math.max(small, SMALL_BYTES), () -> small + " bytes, then " + large);
    }

    /** What has been read is moved, and so allocated anew, for each buffer that a wrong reader reads. */
    private static long cost(String text) {
        return AllocationMeter.bytesOf(() -> assertThrows(ConfigException.class, () -> ConfigReader.readPort(text)));
    }

    @Test
    void aKeyOfMegabytesIsComparedWithNothing() {
        String key = "k".repeat(SMALL_BYTES * LARGER);
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.readPort(key + ": 1"));
        assertTrue(refused.errors().getFirst().toString().length() < 1_000, "its text is not as long as the key");
    }

    @Test
    void aThousandErrorsAreEnough() {
        StringBuilder text = new StringBuilder("{name: tap-vm1, kind: tap, network: blue");
        for (int i = 0; i < 5_000; i++) {
            text.append(", k").append(i).append(": 1");
        }
        List<ConfigError> errors = assertThrows(
                        ConfigException.class,
                        () -> ConfigReader.readPort(text.append('}').toString()))
                .errors();
        assertEquals(Problems.MAX_ERRORS + 1, errors.size());
        assertEquals("and 4000 errors more", errors.getLast().message());
    }
}
