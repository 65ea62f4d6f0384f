package io.jvswitch.arp;

/** What becomes of an ARP request or a neighbour solicitation. */
public enum ResponderDecision {
    /** The switch answers it on the holder's behalf; the request goes no further. */
    ANSWER,
    /**
     * Nobody may answer it, and nobody needs to see it: dropped as {@link
     * io.jvswitch.wire.DropReason#RESPONDER_SILENT}.
     */
    SILENT,
    /** Not the responder's business: forwarded, or flooded, like any other frame. */
    FORWARD
}
