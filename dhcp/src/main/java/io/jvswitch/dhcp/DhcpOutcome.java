package io.jvswitch.dhcp;

import io.jvswitch.wire.DropReason;
import org.jspecify.annotations.Nullable;

/** What {@link DhcpResponder#answer} did with a frame. */
public enum DhcpOutcome {
    /** The frame is now the reply: send it out of the port that it arrived on. */
    REPLY(null),
    /**
     * A message without a reply: a RELEASE, another server was chosen, no address is left. {@link DhcpCounter} says
     * which.
     */
    SILENT(DropReason.RESPONDER_SILENT),
    /** A relayed message, or one for another machine, from a port that may not relay. */
    RELAY_REFUSED(DropReason.DHCP_RELAY_SPOOF),
    /** A message from a MAC address that another port is bound to. */
    SPOOFED(DropReason.SPOOFED_MAC),
    /** Not a valid DHCP message. */
    INVALID(DropReason.DHCP_INVALID),
    /** The frame's buffer has no room for the reply. */
    NO_ROOM(DropReason.NO_BUFFER);

    private final @Nullable DropReason dropReason;

    DhcpOutcome(@Nullable DropReason dropReason) {
        this.dropReason = dropReason;
    }

    /** Why the frame is to be dropped; null for {@link #REPLY}. */
    public @Nullable DropReason dropReason() {
        return dropReason;
    }
}
