package io.jvswitch.arp;

/**
 * What is known of a station's role, which the R flag of its neighbour advertisements tells: a host drops a default
 * router that says that it is none (RFC 4861, section 7.2.5).
 */
public enum NodeKind {
    /** Nobody has said. */
    UNKNOWN,
    /** It forwards nothing. */
    HOST,
    /** It forwards for others. */
    ROUTER
}
