package io.jvswitch.vswitchd.vlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers and lines as ovs-vswitchd 3.1.0 of Debian 12 gave them to the same words. */
final class VlogTest {

    private static final Instant NOW = Instant.parse("2026-11-30T23:40:03.831Z");

    @TempDir
    Path dir;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final List<String> syslog = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final Vlog vlog = new Vlog(
            InstantSource.fixed(NOW),
            new PrintStream(console, true, StandardCharsets.UTF_8),
            (priority, line) -> syslog.add(priority + " " + line),
            changed -> changes.incrementAndGet());

    private String row(String module) {
        return vlog.list()
                .lines()
                .filter(line -> line.startsWith(module + " "))
                .findFirst()
                .orElseThrow()
                .substring(module.length())
                .strip()
                .replaceAll(" +", " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nope; no destination, level, or module \"nope\"",
                "vconn:file:file; cannot specify multiple destinations",
                "vconn:dbg:info; cannot specify multiple levels",
                "vconn:bridge; cannot specify multiple modules",
                "vconn:a:b; no destination, level, or module \"a\"",
                "PATTERN; missing destination",
                "PATTERN:xx:%m; unknown destination \"xx\"",
                "FACILITY:xx; invalid facility",
            })
    void refusesWhatOpenVswitchRefuses(String spec, String error) {
        assertEquals(error, vlog.set(spec));
        assertEquals(0, changes.get());
        assertEquals("INFO INFO INFO", row("vconn"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vconn:file:dbg",
                "vconn:dbg:file",
                "file dbg vconn",
                "VCONN,File,Dbg",
                "vconn:file",
            })
    void takesItsWordsInAnyOrder(String spec) {
        assertNull(vlog.set(spec));
        assertEquals("INFO INFO DBG", row("vconn"));
        assertEquals("INFO INFO INFO", row("vconn_stream"));
        assertEquals(1, changes.get());
    }

    @Test
    void listsAsOpenVswitch() {
        assertNull(vlog.set("ANY:console:off"));
        assertNull(vlog.set("ofproto-dpif-monitor:dbg"));
        List<String> lines = vlog.list().lines().toList();
        assertEquals("                 console    syslog    file", lines.get(0));
        assertEquals("                 -------    ------    ------", lines.get(1));
        assertEquals("backtrace          OFF       INFO       INFO", lines.get(2));
        assertTrue(lines.contains("ofproto_dpif_monitor   DBG        DBG        DBG"), lines::toString);
        assertNull(vlog.set(""));
        assertEquals("DBG DBG DBG", row("backtrace"), "no word: everything");
    }

    @Test
    void listsPatterns() {
        assertNull(vlog.set("PATTERN:file:%m"));
        assertEquals("""
                         prefix                            format
                         ------                            ------
                SYSLOG                                     ovs|%05N|%c%T|%p|%m
                CONSOLE  none                              %D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m
                FILE     none                              %m
                """, vlog.listPatterns());
    }

    @Test
    void writesEachMessageWhereItIsTaken() throws IOException {
        Path file = dir.resolve("ovs-vswitchd.log");
        assertNull(vlog.open(file));
        assertNull(vlog.set("console:off"));
        assertNull(vlog.set("syslog:err"));
        vlog.log("bridge", VlogLevel.WARN, "", "one\ntwo");
        vlog.log("bridge", VlogLevel.DBG, "", "nobody");
        vlog.log("dpif_netdev", VlogLevel.ERR, "handler3", "three");
        assertEquals("""
                2026-11-30T23:40:03.831Z|00001|vlog|INFO|opened log file %s
                2026-11-30T23:40:03.831Z|00002|bridge|WARN|one
                2026-11-30T23:40:03.831Z|00003|bridge|WARN|two
                2026-11-30T23:40:03.831Z|00004|dpif_netdev(handler3)|ERR|three
                """.formatted(file), Files.readString(file));
        assertEquals(List.of("27 ovs|00004|dpif_netdev(handler3)|ERR|three"), syslog.subList(1, syslog.size()));
        assertEquals(
                "2026-11-30T23:40:03Z|00001|vlog|INFO|opened log file " + file,
                console.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void reopensAFileThatWasRenamed() throws IOException {
        Path file = dir.resolve("l.log");
        assertNull(vlog.reopen(), "without a file it is no error");
        assertNull(vlog.open(file));
        Files.move(file, dir.resolve("l.log.1"));
        vlog.log("bridge", VlogLevel.INFO, "", "to the old one");
        assertNull(vlog.reopen());
        vlog.log("bridge", VlogLevel.INFO, "", "to the new one");
        assertTrue(Files.readString(dir.resolve("l.log.1")).contains("to the old one"));
        assertTrue(Files.readString(file).contains("to the new one"));
        vlog.close();
        vlog.log("bridge", VlogLevel.INFO, "", "to none");
        assertFalse(Files.readString(file).contains("to none"));
        String error = vlog.open(dir.resolve("no/such.log"));
        assertTrue(error != null && error.startsWith("failed to open " + dir.resolve("no/such.log")), error);
    }

    @Test
    void knowsThePatternsConversions() {
        VlogPattern.Event event = new VlogPattern.Event(NOW, 120, "poll_loop", VlogLevel.DBG, "", 29205, "text");
        assertEquals(
                "ovs-vswitchd|poll_loop|poll_loop|2026-11-30 23:40:03.831|23:40|831|120|0120|DBG|DBG   |29205|main||%|%q|31|\n",
                new VlogPattern("%A|%c|%5c|%D|%D{%H:%M}|%D{###}|%N|%04N|%p|%-6p|%r|%t|%T|%%|%q|%B|%n")
                        .format(event, Vlog.USUAL_FACILITY));
        assertEquals("100% %-05", new VlogPattern("100% %-05").format(event, 0));
    }
}
