package io.jvswitch.vswitchd.vlog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The form of a line of the log: ovs-appctl(8), "vlog/set PATTERN". What it does not know stays in the line as it
 * stands.
 */
final class VlogPattern {

    private static final String PROGRAM = "ovs-vswitchd";
    /** RFC 5424, section 6.2.1. */
    private static final int FACILITY_FACTOR = 8;

    private static final String USUAL_TIME = "%Y-%m-%d %H:%M:%S.###";
    private static final int MS_DIGITS = 3;

    /**
     * A message, with all that a pattern can show of it.
     *
     * @param number of the message since the start, from 1
     * @param text without an end of line
     */
    record Event(
            Instant time, long number, String module, VlogLevel level, String thread, long sinceStartMs, String text) {}

    private final String pattern;

    VlogPattern(String pattern) {
        this.pattern = pattern;
    }

    /** As it was given. */
    String text() {
        return pattern;
    }

    String format(Event event, int facility) {
        StringBuilder line = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c == '%' && at < pattern.length()) {
                at = convert(line, at, event, facility);
            } else {
                line.append(c);
            }
        }
        return line.toString();
    }

    /** One conversion, behind its percent sign; where it ends. */
    private int convert(StringBuilder line, int from, Event event, int facility) {
        int at = from;
        boolean left = false;
        char pad = ' ';
        if (pattern.charAt(at) == '-') {
            left = true;
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == '0') {
            pad = '0';
            at++;
        }
        int width = 0;
        while (at < pattern.length() && Character.digit(pattern.charAt(at), 10) >= 0) {
            width = Math.min(width * 10 + Character.digit(pattern.charAt(at), 10), 1_000);
            at++;
        }
        if (at == pattern.length()) {
            line.append(pattern, from - 1, at);
            return at;
        }
        char kind = pattern.charAt(at++);
        String argument = "";
        if (at < pattern.length() && pattern.charAt(at) == '{') {
            int end = pattern.indexOf('}', at);
            if (end >= 0) {
                argument = pattern.substring(at + 1, end);
                at = end + 1;
            }
        }
        pad(line, value(kind, argument, event, facility), left, pad, width);
        return at;
    }

    private static void pad(StringBuilder line, String value, boolean left, char pad, int width) {
        int missing = Math.max(0, width - value.length());
        if (left) {
            line.append(value).repeat(pad, missing);
        } else {
            line.repeat(pad, missing).append(value);
        }
    }

    private static String value(char kind, String argument, Event event, int facility) {
        return switch (kind) {
            case 'A' -> PROGRAM;
            case 'B' ->
                Integer.toString(facility * FACILITY_FACTOR + event.level().syslogSeverity());
            case 'c' -> event.module();
            case 'd' -> time(event.time(), ZoneId.systemDefault(), argument.isEmpty() ? USUAL_TIME : argument);
            case 'D' -> time(event.time(), ZoneOffset.UTC, argument.isEmpty() ? USUAL_TIME : argument);
            case 'E' -> HostName.NAME;
            case 'm' -> event.text();
            case 'N' -> Long.toString(event.number());
            case 'n' -> "\n";
            case 'p' -> event.level().name();
            case 'P' -> Long.toString(ProcessHandle.current().pid());
            case 'r' -> Long.toString(event.sinceStartMs());
            case 't' -> event.thread().isEmpty() ? "main" : event.thread();
            case 'T' -> event.thread().isEmpty() ? "" : "(" + event.thread() + ")";
            case '%' -> "%";
            default -> "%" + kind;
        };
    }

    /** The time by a form of strftime(3), in which ### stands for the milliseconds. */
    private static String time(Instant instant, ZoneId zone, String form) {
        ZonedDateTime time = instant.atZone(zone);
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < form.length(); at++) {
            char c = form.charAt(at);
            if (form.startsWith("###", at)) {
                text.append(String.format(Locale.ROOT, "%03d", time.getNano() / 1_000_000));
                at += MS_DIGITS - 1;
            } else if (c == '%' && at + 1 < form.length()) {
                at++;
                String java = javaTimePattern(form.charAt(at));
                text.append(
                        java == null
                                ? "%" + form.charAt(at)
                                : DateTimeFormatter.ofPattern(java, Locale.ROOT).format(time));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static @Nullable String javaTimePattern(char conversion) {
        return switch (conversion) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'b' -> "MMM";
            case 'a' -> "EEE";
            case 'j' -> "DDD";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'F' -> "yyyy-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'z' -> "xx";
            case 'Z' -> "zzz";
            default -> null;
        };
    }

    /** Looked up once, and only by who shows it. */
    private static final class HostName {
        static final String NAME = read();

        private static String read() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            } catch (IOException _) {
                return "localhost";
            }
        }
    }
}
