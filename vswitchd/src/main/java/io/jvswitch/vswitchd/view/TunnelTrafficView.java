package io.jvswitch.vswitchd.view;

/**
 * What crossed a tunnel, as it is inside: bytes from the inner Ethernet header on, a superframe as one frame. What the
 * network under the tunnels carries for it stands with the underlay.
 *
 * @param rxFrames frames that came by the tunnel, whatever became of them
 * @param rxBytes their bytes
 * @param txFrames frames that were to leave by the tunnel; those that did not are among the drops
 * @param txBytes their bytes
 */
public record TunnelTrafficView(long rxFrames, long rxBytes, long txFrames, long txBytes) {

    /** Nothing yet. */
    public static final TunnelTrafficView NONE = new TunnelTrafficView(0, 0, 0, 0);

    /** The sum of two. */
    public TunnelTrafficView plus(TunnelTrafficView other) {
        return new TunnelTrafficView(
                rxFrames + other.rxFrames, rxBytes + other.rxBytes, txFrames + other.txFrames, txBytes + other.txBytes);
    }
}
