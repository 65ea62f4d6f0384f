package io.jvswitch.ovsdb.client;

/** Where the lock is that a client asked for (RFC 7047, section 4.1.8). */
public enum LockState {
    /** None was asked for, or the server has not answered yet. */
    UNKNOWN,
    /** Ours: the database may be written. */
    HELD,
    /** Another client has it; we are next. */
    CONTENDED
}
