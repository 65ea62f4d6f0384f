package io.jvswitch.datapath.translate;

/**
 * Where a MAC address lives, as one {@code int}: what the MAC table stores and translation compares.
 *
 * <p>A local port is its number, 1 to {@value #LAST_PORT}. A remote VTEP is the bitwise complement of its index in
 * its bridge, hence negative.
 */
public final class Locations {

    /** Highest number of a local port. */
    public static final int LAST_PORT = 65_000;

    /** The pseudo port by which every frame from a tunnel comes in; its counters are the underlay's. */
    public static final int UNDERLAY = 65_001;

    /** Nowhere: neither a port nor a VTEP. */
    public static final int NONE = 0;

    private Locations() {}

    /** The location of a remote VTEP. */
    public static int ofVtep(int vtepIndex) {
        return ~vtepIndex;
    }

    public static boolean isVtep(int location) {
        return location < 0;
    }

    /** The VTEP's index; only for a location that {@link #isVtep}. */
    public static int vtepIndex(int location) {
        return ~location;
    }

    /** How many {@link #sender senders} there are. */
    public static final int SENDERS = UNDERLAY + 1 + 256;

    /**
     * Whose share of a queue frames from there take: a local port's number, {@link #UNDERLAY} for what has no place
     * yet, a number above for VTEPs (some of which share one).
     */
    public static int sender(int location) {
        return isVtep(location) ? UNDERLAY + 1 + (vtepIndex(location) & 255) : location;
    }
}
