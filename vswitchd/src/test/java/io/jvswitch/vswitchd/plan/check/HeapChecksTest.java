package io.jvswitch.vswitchd.plan.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heap against flows, and the launcher's reckoning of it. */
final class HeapChecksTest {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path dir;

    private static SwitchSpec spec(String text) throws ConfigException {
        return ConfigReader.read("f", text);
    }

    private static List<Finding> findings(SwitchSpec spec, long heapBytes) {
        List<Finding> findings = new ArrayList<>();
        HeapChecks.check(spec, heapBytes, findings);
        return findings;
    }

    @Test
    void whatGuestsCouldFillTheHeapWithIsRefused() throws ConfigException {
        SwitchSpec spec = spec("""
                switch: {name: a, workers: 4, max-flows: 400000}
                networks: {blue: {tunnel: none}}
                """);
        List<Finding> findings = findings(spec, 512 * MIB);
        assertEquals(1, findings.size());
        Finding finding = findings.getFirst();
        assertEquals("switch.max-flows", finding.path());
        assertEquals("400000", finding.value());
        assertEquals(
                "expected what fits into the heap: so many megaflows for each of switch.workers 4 and 8192 MAC "
                        + "addresses"
                        + " (switch.mac-table-size) for each network, of 1, need 814 MiB when they are full, and "
                        + "the heap has 512 MiB;"
                        + " lower one of them, or start the daemon with JVSWITCH_HEAP=814m",
                finding.message());
        assertEquals(List.of(), findings(spec, 814 * MIB));
    }

    @Test
    void theUsualFitsIntoTheLeastHeap() throws ConfigException {
        assertEquals(List.of(), findings(spec("switch: {name: a}"), 256 * MIB));
        assertEquals(List.of(), findings(spec("switch: {name: a, workers: 4}"), 512 * MIB));
    }

    @Test
    void aFileThatDoesNotFitIsRefusedAtItsKey() throws Exception {
        long flows = 64L * 4_194_304 * 384;
        if (Runtime.getRuntime().maxMemory() > flows) {
            return; // on this machine it does fit
        }
        try {
            spec("switch:\n  name: a\n  workers: 64\n  max-flows: 4194304\n");
        } catch (ConfigException e) {
            assertTrue(
                    String.valueOf(e.getMessage())
                            .startsWith("f:4:14: switch.max-flows: value '4194304': expected what fits"),
                    e.getMessage());
            return;
        }
        throw new AssertionError("accepted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "switch: {name: a}\n",
                "switch: {name: a, workers: 8}\n",
                "switch:\n  name: a\n  workers: 6   # workers: 60\n  max-flows: 500000\n",
                "switch: {name: a, mac-table-size: 1000000}\nnetworks:\n  b: {tunnel: none}\n  c:\n    tunnel: none\n",
            })
    void theLauncherGivesEnough(String text) throws Exception {
        Path file = dir.resolve("a.yaml");
        Files.writeString(file, text);
        String script = Files.readString(Path.of(System.getProperty("jvswitch.home", ".."), "jvswitch"));
        String functions = script.substring(script.indexOf("config_file() {"), script.indexOf("case $kind in"));
        Process shell = new ProcessBuilder(
                        "sh",
                        "-euc",
                        functions + "heap_mib \"$(config_file \"$@\")\"",
                        "sh",
                        "run",
                        "--config",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, shell.waitFor(), printed);
        long neededMib = (HeapChecks.neededBytes(spec(text)) + MIB - 1) / MIB;
        long given = Long.parseLong(printed);
        assertTrue(given >= 512 && given >= neededMib, printed);
        assertTrue(given == 512 || given <= neededMib + 1, printed + " MiB, " + neededMib + " would do");
    }
}
