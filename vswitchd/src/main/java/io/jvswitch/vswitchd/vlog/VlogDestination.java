package io.jvswitch.vswitchd.vlog;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where messages go. */
public enum VlogDestination {
    SYSLOG("ovs|%05N|%c%T|%p|%m"),
    CONSOLE("%D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m"),
    FILE("%D{%Y-%m-%dT%H:%M:%S.###Z}|%05N|%c%T|%p|%m");

    private final String usualPattern;

    VlogDestination(String usualPattern) {
        this.usualPattern = usualPattern;
    }

    /** Of Open vSwitch 3.1, which its tools and people's scripts read. */
    String usualPattern() {
        return usualPattern;
    }

    static @Nullable VlogDestination named(String word) {
        for (VlogDestination destination : values()) {
            if (destination.name().equals(word.toUpperCase(Locale.ROOT))) {
                return destination;
            }
        }
        return null;
    }
}
