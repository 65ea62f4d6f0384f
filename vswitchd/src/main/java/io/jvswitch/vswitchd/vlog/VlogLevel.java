package io.jvswitch.vswitchd.vlog;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How much a message matters, the most first; as a limit, what is let through. */
public enum VlogLevel {
    /** A limit only: nothing is let through. */
    OFF(0),
    EMER(1),
    ERR(3),
    WARN(4),
    INFO(6),
    DBG(7);

    private final int syslogSeverity;

    VlogLevel(int syslogSeverity) {
        this.syslogSeverity = syslogSeverity;
    }

    /** The severity of RFC 5424, section 6.2.1. */
    int syslogSeverity() {
        return syslogSeverity;
    }

    /** Whether a limit of this level lets a message through. */
    boolean letsThrough(VlogLevel message) {
        return message.compareTo(this) <= 0;
    }

    static @Nullable VlogLevel named(String word) {
        for (VlogLevel level : values()) {
            if (level.name().equals(word.toUpperCase(Locale.ROOT))) {
                return level;
            }
        }
        return null;
    }
}
