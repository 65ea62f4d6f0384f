package io.jvswitch.datapath.translate;

/**
 * The data path's one number space of ports, and with it the places where MAC addresses live: a place is the number of
 * the port that leads there, which is what the MAC table stores and translation compares.
 *
 * <p>Devices have the numbers from 1 to {@value #LAST_PORT}, tunnels those from {@value #FIRST_TUNNEL} on.
 */
public final class Locations {

    /** Highest number of a local port. */
    public static final int LAST_PORT = 65_000;

    /**
     * The port by which every frame from the underlay comes in, before it is known by which tunnel port; the counters
     * of that number are the underlay's. It is also the tunnel port of those that no other one takes.
     */
    public static final int UNDERLAY = 65_001;

    /** Lowest number of the tunnel ports; no gap before it, so that an array of them begins with the underlay. */
    public static final int FIRST_TUNNEL = UNDERLAY + 1;

    /** Nowhere: no port. */
    public static final int NONE = 0;

    /** Tunnel ports share so many {@link #sender senders}. */
    private static final int TUNNEL_SENDERS = 256;

    /** How many {@link #sender senders} there are. */
    public static final int SENDERS = FIRST_TUNNEL + TUNNEL_SENDERS;

    private Locations() {}

    /**
     * The number of a tunnel port.
     *
     * @param index 0 for the first
     */
    public static int ofTunnel(int index) {
        return FIRST_TUNNEL + index;
    }

    /** Whether that place is behind a tunnel. */
    public static boolean isTunnel(int location) {
        return location >= FIRST_TUNNEL;
    }

    /**
     * Whose share of a queue frames from there take: a local port's number, {@link #UNDERLAY} for what has no place
     * yet, a number above for tunnel ports (some of which share one).
     */
    public static int sender(int location) {
        return isTunnel(location) ? FIRST_TUNNEL + (location - FIRST_TUNNEL) % TUNNEL_SENDERS : location;
    }
}
