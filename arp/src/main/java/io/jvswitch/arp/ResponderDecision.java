package io.jvswitch.arp;

/** What is done with an ARP request or a neighbour solicitation. */
public enum ResponderDecision {
    /** The switch answers it on the holder's behalf; the request goes no further. */
    ANSWER,
    /**
     * Nobody may answer it, and nobody needs to see it: it is dropped as {@link
     * io.jvswitch.wire.DropReason#RESPONDER_SILENT}.
     */
    SILENT,
    /** It does not concern the responder: it is forwarded or flooded like any other frame. */
    FORWARD
}
