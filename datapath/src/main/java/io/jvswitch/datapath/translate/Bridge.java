package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import org.jspecify.annotations.Nullable;

/**
 * A bridge as translation sees it: it owns ports, and its translator decides what becomes of their frames.
 *
 * <p>Part of a {@link Snapshot}: immutable, but for what it looks up live at a version of its own. Safe to read from
 * any thread.
 */
public interface Bridge {

    /** Stays the bridge's while the switch runs: {@link Snapshot#bridge(int)}. */
    int id();

    /** As operators know it. */
    String name();

    /** Decides about the frames of the bridge's ports; stateless, and shared by all workers. */
    Translator translator();

    /**
     * A number that is another one when something that the bridge looks up live, beside the snapshot, has changed:
     * flows without traffic are then translated again.
     */
    long version();

    /**
     * Whether the bridge has a use for what a tunnel brings with the kind and key that the frame came with. Asked
     * before its tunnel ports are looked through by address, where they take any key: of a frame whose key nobody
     * wants, who sent it does not matter, and must not be looked at.
     *
     * @param frame of which nothing else is read
     */
    default boolean takesKey(FlowReader frame) {
        return true;
    }

    /**
     * Whether a frame that came in by one of its ports may leave by another, whatever decides that it does. Asked for
     * each output: no look at the frame.
     */
    default boolean permits(int from, int to) {
        return true;
    }

    /** The mirrors that it has, null for none. */
    default @Nullable Mirrors mirrors() {
        return null;
    }
}
