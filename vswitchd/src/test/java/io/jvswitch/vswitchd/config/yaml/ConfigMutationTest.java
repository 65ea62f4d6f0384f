package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.check.SpecChecks;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages a right configuration at random: whatever comes of it is read, or refused with a place in the file. */
final class ConfigMutationTest {

    private static final int ROUNDS = 3_000;
    private static final List<String> PIECES = List.of(
            "",
            " ",
            "  ",
            "\n",
            "\t",
            ":",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "!x ",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "#",
            "%",
            "---\n",
            "...",
            "?",
            "<<",
            "null",
            "~",
            "0",
            "-1",
            "99999999999999999999",
            "0x10",
            "1e9",
            "true",
            "::",
            "0.0.0.0/0",
            "ff:ff:ff:ff:ff:ff",
            "\u0000",
            "\u001b",
            "\ufeff",
            "\ud83d\ude00",
            "é");

    @Test
    void damageIsReadOrRefused() {
        long seed = Long.getLong("jvswitch.seed", System.nanoTime());
        Random random = new Random(seed);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = damaged(random);
            try {
                SwitchSpec spec = ConfigReader.read("f", text);
                assertTrue(SpecChecks.check(spec).isEmpty());
                read++;
            } catch (ConfigException e) {
                refused++;
                assertFalse(e.errors().isEmpty());
                long lines = text.lines().count() + 1;
                for (ConfigError error : e.errors()) {
                    assertTrue(error.line() >= 1 && error.line() <= lines && error.column() >= 1, error::toString);
                    assertEquals(1, error.toString().lines().count(), error::toString);
                }
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ", round " + round + ":\n" + text, e);
            }
        }
        assertTrue(read > 0 && refused > 0, "seed " + seed + ": " + read + " read, " + refused + " refused");
    }

    private static String damaged(Random random) {
        StringBuilder text = new StringBuilder(ConfigReaderTest.EXAMPLE);
        int wounds = 1 + random.nextInt(3);
        for (int i = 0; i < wounds; i++) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(random.nextInt(10) == 0 ? 60 : 6));
            text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
