package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Reads a wrong configuration, and compares what is said about it. */
final class Refusals {

    private Refusals() {}

    static void refuses(String text, String... errors) {
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read("f", text));
        assertEquals(String.join("\n", errors), e.getMessage());
    }

    static void refusesWithHead(String text, String... errors) {
        refuses("switch: {name: hv1}\n" + text, errors);
    }
}
