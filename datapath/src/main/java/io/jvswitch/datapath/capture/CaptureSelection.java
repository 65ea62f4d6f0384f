package io.jvswitch.datapath.capture;

import io.jvswitch.datapath.translate.Locations;

/**
 * What a capture takes.
 *
 * @param port number of the port, {@link Locations#UNDERLAY}, or {@link #ANY_PORT}
 * @param received whether frames that came in by it
 * @param sent whether frames that leave by it
 * @param drops whether only those that end there, dropped: {@code received} those that came in by it, {@code sent}
 *     those that the device did not take
 * @param snapBytes most bytes of each frame
 * @param filter which frames
 */
public record CaptureSelection(
        int port, boolean received, boolean sent, boolean drops, int snapBytes, FrameFilter filter) {

    /** All ports, and the underlay. */
    public static final int ANY_PORT = -1;

    boolean wants(int atPort, boolean leaving, boolean dropped) {
        return drops == dropped && (leaving ? sent : received) && (port == ANY_PORT || port == atPort);
    }
}
