package io.jvswitch.dhcp;

import java.util.Locale;

/** Where a leased address comes from, by the current configuration. */
public enum LeaseSource {
    /** A pool. */
    POOL,
    /** The client's own by configuration. */
    RESERVATION,
    /** No longer either: the pool or the reservation was changed while it was leased. */
    NONE;

    /** The name that commands and JSON use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
