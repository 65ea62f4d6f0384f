package io.jvswitch.datapath.normal.bond;

/** Whether a bond lets a frame in by a member. */
public enum Admission {
    ACCEPT,
    DROP,
    /**
     * Only if its source is not known at another place: otherwise it is most likely a frame that left by one member and
     * came back by another.
     */
    UNLESS_KNOWN_ELSEWHERE
}
