package io.jvswitch.datapath.translate;

/**
 * Where a translation is: in which bridge, and by which of its ports the frame came in. Crossing a patch port opens
 * another scope, and coming back closes it, so that nothing of the one has to be saved while the other decides.
 *
 * <p>One of a {@link Translation}'s stack, valid until it is closed; its owner uses it again for other frames.
 */
public final class Scope {

    private final int depth;
    private Bridge bridge;
    private Port port;
    private long mirrored;

    Scope(int depth, Bridge bridge, Port port) {
        this.depth = depth;
        this.bridge = bridge;
        this.port = port;
    }

    void become(Bridge newBridge, Port newPort) {
        bridge = newBridge;
        port = newPort;
        mirrored = 0;
    }

    /** Patch ports crossed to get here. */
    public int depth() {
        return depth;
    }

    public Bridge bridge() {
        return bridge;
    }

    /** The port of the bridge that the frame came in by. */
    public Port port() {
        return port;
    }

    /** Which of the bridge's {@link Mirrors} have copied the frame as it is now, as they number themselves. */
    public long mirrored() {
        return mirrored;
    }

    /**
     * Notes which mirrors have copied the frame: 0 when it has been changed, so that they may copy it again.
     *
     * @param mirrors a bit for each
     */
    public void setMirrored(long mirrors) {
        mirrored = mirrors;
    }
}
