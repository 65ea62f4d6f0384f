package io.jvswitch.vswitchd.view;

/**
 * What crossed a port since it was attached. A superframe counts as one frame, as in Linux's own device counters; on the
 * underlay each datagram counts.
 *
 * @param rxFrames frames taken from the device
 * @param rxBytes their bytes, Ethernet header included
 * @param txFrames frames that the device took
 * @param txBytes their bytes
 * @param dropFrames frames that came from or were to leave by this port and were dropped, for any reason
 */
public record TrafficView(long rxFrames, long rxBytes, long txFrames, long txBytes, long dropFrames) {

    /** Nothing yet. */
    public static final TrafficView NONE = new TrafficView(0, 0, 0, 0, 0);

    /** What has come since another, earlier reading. */
    public TrafficView minus(TrafficView earlier) {
        return new TrafficView(
                rxFrames - earlier.rxFrames,
                rxBytes - earlier.rxBytes,
                txFrames - earlier.txFrames,
                txBytes - earlier.txBytes,
                dropFrames - earlier.dropFrames);
    }

    /** The sum of two. */
    public TrafficView plus(TrafficView other) {
        return new TrafficView(
                rxFrames + other.rxFrames,
                rxBytes + other.rxBytes,
                txFrames + other.txFrames,
                txBytes + other.txBytes,
                dropFrames + other.dropFrames);
    }
}
