package io.jvswitch.flowtable.mac;

/** What {@link Fdb#learn} did. */
public enum LearnOutcome {
    /** The address was not known. */
    NEW,
    /** The address was known at another location. */
    MOVED,
    /** The address was known here; its age starts again. */
    REFRESHED,
    /** The table was full: the address took the place of the oldest one of the location that had most. */
    EVICTED,
    /**
     * Not learnt: the address is a group address or all zeros, is bound to another location by a static entry, or there
     * is no room.
     */
    REFUSED
}
