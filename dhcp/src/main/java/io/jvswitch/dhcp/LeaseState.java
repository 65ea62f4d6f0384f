package io.jvswitch.dhcp;

import java.util.Locale;

/** What is known of an address. */
public enum LeaseState {
    /** Held for a client that was offered it and has not yet answered. */
    OFFERED,
    /** Leased. */
    BOUND,
    /**
     * Leased once: expired or released. Kept so that the client gets the same address again, and given away when no
     * other is left.
     */
    EXPIRED,
    /** In quarantine: a client found it in use. */
    DECLINED;

    /** The name that commands and JSON use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nobody else may have the address now. */
    boolean isActive() {
        return this != EXPIRED;
    }
}
