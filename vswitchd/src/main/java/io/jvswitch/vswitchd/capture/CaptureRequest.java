package io.jvswitch.vswitchd.capture;

import io.jvswitch.datapath.capture.FrameFilter;

/**
 * What a capture is asked for.
 *
 * @param port name of the port, {@code underlay} for what tunnels carry, or {@link #ANY_PORT}
 * @param received whether frames that come in by it
 * @param sent whether frames that leave by it
 * @param drops whether only those that are dropped there
 * @param filter which of them
 * @param snapBytes most bytes of each
 * @param count end after so many, 0 for no end
 * @param seconds end after so many, 0 for no end
 * @param format what is made of them
 */
public record CaptureRequest(
        String port,
        boolean received,
        boolean sent,
        boolean drops,
        FrameFilter filter,
        int snapBytes,
        long count,
        long seconds,
        Format format) {

    /** Stands for all ports and the underlay. */
    public static final String ANY_PORT = "any";

    /** What libpcap allows at most; no frame is as long. */
    public static final int WHOLE_FRAME_BYTES = 262_144;

    /** What is made of the frames. */
    public enum Format {
        /** A file for tcpdump and Wireshark. */
        PCAPNG,
        /** A line for a person. */
        TEXT,
        /** An object a line. */
        JSON
    }
}
