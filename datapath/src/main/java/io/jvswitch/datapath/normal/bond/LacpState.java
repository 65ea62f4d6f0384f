package io.jvswitch.datapath.normal.bond;

/** What LACP (IEEE 802.1AX) says of a bond. */
public enum LacpState {
    /** It is not used. */
    OFF,
    /** It is used, and the other end does not take part. */
    WITHOUT_PARTNER,
    /** The other end takes part. */
    NEGOTIATED
}
