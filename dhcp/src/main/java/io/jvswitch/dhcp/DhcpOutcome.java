package io.jvswitch.dhcp;

import io.jvswitch.wire.DropReason;
import org.jspecify.annotations.Nullable;

/** What {@link DhcpResponder#answer} made of a frame. */
public enum DhcpOutcome {
    /** The frame is now the reply: send it out of the port that it came by. */
    REPLY(null),
    /**
     * A message that gets no reply: a RELEASE, a choice of another server, no address left. {@link DhcpCounter} says
     * which.
     */
    SILENT(DropReason.RESPONDER_SILENT),
    /** A relayed message, or one for another machine, by a port that may not relay. */
    RELAY_REFUSED(DropReason.DHCP_RELAY_SPOOF),
    /** A message from the MAC address that another port is bound to. */
    SPOOFED(DropReason.SPOOFED_MAC),
    /** Not a DHCP message that can be read. */
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
