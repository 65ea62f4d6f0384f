package io.jvswitch.dhcp;

import java.util.Locale;

/** The state of an address. */
public enum LeaseState {
    /** Reserved for a client to which it was offered and which has not answered yet. */
    OFFERED,
    /** Leased. */
    BOUND,
    /**
     * Was leased: it expired or was released. Kept so that the client gets the same address again, and given to another
     * client when no other is left.
     */
    EXPIRED,
    /** In quarantine: a client found it in use. */
    DECLINED;

    /** The name that commands and JSON use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nobody else may get the address now. */
    boolean isActive() {
        return this != EXPIRED;
    }
}
