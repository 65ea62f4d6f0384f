package io.jvswitch.dhcp;

import java.util.Locale;

/** Where a leased address is from, by the configuration of the moment. */
public enum LeaseSource {
    /** A pool. */
    POOL,
    /** It is the client's by configuration. */
    RESERVATION,
    /** Neither, any more: the pool or the reservation was changed while it was leased. */
    NONE;

    /** The name that commands and JSON use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
