package io.jvswitch.vswitchd.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.jvswitch.vswitchd.cli.CommandsReference;
import io.jvswitch.vswitchd.config.yaml.ConfigReference;
import io.jvswitch.vswitchd.control.http.ControlApiReference;
import io.jvswitch.vswitchd.metrics.MetricsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fails when a page of {@code docs/reference} does not say what the code says. {@code docs/reference/regenerate} runs
 * this test with {@code -Djvswitch.reference=write}, which writes the pages.
 */
final class ReferencePagesTest {
    private static final Path DIRECTORY = Path.of(System.getProperty("jvswitch.home", ".."), "docs", "reference");

    /** Every generated page: a new one is added here and regenerated. */
    static List<ReferencePage> pages() {
        return List.of(
                DropReasonsPage.PAGE,
                new ReferencePage("commands.md", "Commands", CommandsReference::body),
                new ReferencePage("configuration.md", "Configuration keys", ConfigReference::body),
                new ReferencePage("control-api.md", "Control API", ControlApiReference::body),
                new ReferencePage("metrics.md", "Metrics", MetricsReference::body));
    }

    @BeforeAll
    static void writePagesWhenAsked() throws IOException {
        if (System.getProperty("jvswitch.reference", "check").equals("write")) {
            for (ReferencePage page : pages()) {
                Files.writeString(DIRECTORY.resolve(page.file()), page.text());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageSaysWhatTheCodeSays(ReferencePage page) throws IOException {
        Path file = DIRECTORY.resolve(page.file());
        String expected = page.text();
        String actual = Files.exists(file) ? Files.readString(file) : "";
        if (!actual.equals(expected)) {
            fail("docs/reference/" + page.file() + " is stale (" + firstDifference(expected, actual)
                    + "): run docs/reference/regenerate and commit what it changed");
        }
    }

    @Test
    void everyGeneratedPageHasAGenerator() throws IOException {
        TreeSet<String> generated = new TreeSet<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".md")).toList()) {
                if (Files.readString(file).startsWith(ReferencePage.MARK)) {
                    generated.add(file.getFileName().toString());
                }
            }
        }
        TreeSet<String> known = new TreeSet<>();
        pages().forEach(page -> known.add(page.file()));
        assertEquals(known, generated);
    }

    private static String firstDifference(String expected, String actual) {
        List<String> expectedLines = expected.lines().toList();
        List<String> actualLines = actual.lines().toList();
        int line = 0;
        while (line < expectedLines.size()
                && line < actualLines.size()
                && expectedLines.get(line).equals(actualLines.get(line))) {
            line++;
        }
        return "line " + (line + 1) + ": the code says '" + lineOrEnd(expectedLines, line) + "', the page '"
                + lineOrEnd(actualLines, line) + "'";
    }

    private static String lineOrEnd(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line) : "(end of page)";
    }
}
