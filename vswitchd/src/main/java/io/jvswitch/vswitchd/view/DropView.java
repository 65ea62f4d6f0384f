package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.DropReason;

/**
 * How many frames of a port were dropped for one reason.
 *
 * @param port the port by which they came in (or, for transmit failures, were to leave), {@code underlay} for tunnels
 * @param reason label of the {@link DropReason}
 * @param stage how far they had come
 * @param frames how many
 * @param meaning what was seen
 * @param remedy what to do
 */
public record DropView(String port, String reason, String stage, long frames, String meaning, String remedy) {

    /** A counter with the catalogue's words. */
    public static DropView of(String port, DropReason reason, long frames) {
        return new DropView(
                port,
                reason.label(),
                reason.stage().name().toLowerCase(java.util.Locale.ROOT),
                frames,
                reason.meaning(),
                DropRemedy.of(reason));
    }
}
