package io.jvswitch.vswitchd.vlog;

import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A word of {@code -v} or {@code vlog/set}, ovs-appctl(8): a module, a destination and a level in any order, each at
 * most once; {@code PATTERN:DESTINATION:FORMAT}; or {@code FACILITY:NAME}.
 */
final class VlogSpec {

    private static final String PATTERN = "PATTERN:";
    private static final String FACILITY = "FACILITY";

    /** By their numbers, RFC 5424, section 6.2.1; 12 to 15 have no name in syslog.h. */
    private static final List<String> FACILITIES = List.of(
            "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "clock", "ftp", "ntp", "audit",
            "alert", "clock2", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7");

    /** Where the numbers jump over the one that authpriv has. */
    private static final int FIRST_AFTER_AUTHPRIV = 10;

    private @Nullable String module;
    private @Nullable VlogDestination destination;
    private @Nullable VlogLevel level;
    private @Nullable String pattern;
    private int facility = -1;
    private @Nullable String error;

    private VlogSpec() {}

    static VlogSpec parse(String text) {
        VlogSpec spec = new VlogSpec();
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.startsWith("PATTERN")) {
            spec.parsePattern(text);
        } else if (upper.startsWith(FACILITY)) {
            spec.parseFacility(text);
        } else {
            spec.parseLevels(text);
        }
        return spec;
    }

    /** What is wrong with it. */
    @Nullable
    String error() {
        return error;
    }

    private void parsePattern(String text) {
        int colon = text.indexOf(':', PATTERN.length());
        if (text.length() <= PATTERN.length()) {
            error = "missing destination";
            return;
        }
        String name = text.substring(PATTERN.length(), colon < 0 ? text.length() : colon);
        destination = VlogDestination.named(name);
        if (destination == null && !name.equalsIgnoreCase("any")) {
            error = "unknown destination \"" + name + "\"";
            return;
        }
        pattern = colon < 0 ? "" : text.substring(colon + 1);
    }

    private void parseFacility(String text) {
        String name =
                text.substring(Math.min(text.length(), FACILITY.length() + 1)).toLowerCase(Locale.ROOT);
        int index = FACILITIES.indexOf(name);
        if (index < 0) {
            error = "invalid facility";
            return;
        }
        facility = index < FIRST_AFTER_AUTHPRIV ? index : index + 1;
    }

    private void parseLevels(String text) {
        StringTokenizer words = new StringTokenizer(text, " ,:\t\n\r");
        boolean anyModule = false;
        boolean anyDestination = false;
        while (words.hasMoreTokens() && error == null) {
            String word = words.nextToken();
            VlogDestination namedDestination = VlogDestination.named(word);
            VlogLevel namedLevel = VlogLevel.named(word);
            if (word.equalsIgnoreCase("any")) {
                // a module's place first, as in Open vSwitch
                anyDestination |= anyModule || module != null;
                anyModule = true;
            } else if (namedDestination != null) {
                error = destination == null && !anyDestination ? null : "cannot specify multiple destinations";
                destination = namedDestination;
            } else if (namedLevel != null) {
                error = level == null ? null : "cannot specify multiple levels";
                level = namedLevel;
            } else if (Vlog.isModule(word.toLowerCase(Locale.ROOT).replace('-', '_'))) {
                error = module == null && !anyModule ? null : "cannot specify multiple modules";
                module = word.toLowerCase(Locale.ROOT).replace('-', '_');
            } else {
                error = "no destination, level, or module \"" + word + "\"";
            }
        }
    }

    /** Without a level it means the most. */
    void apply(Vlog vlog) {
        if (pattern != null) {
            vlog.setPattern(destination, pattern);
        } else if (facility >= 0) {
            vlog.setFacility(facility);
        } else {
            vlog.setLevel(module, destination, level == null ? VlogLevel.DBG : level);
        }
    }
}
