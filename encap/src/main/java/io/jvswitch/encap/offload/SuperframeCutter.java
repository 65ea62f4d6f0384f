package io.jvswitch.encap.offload;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a superframe that the rest of the switch cannot handle into frames that it can. One superframe at a time; each
 * worker has its own.
 */
public interface SuperframeCutter {

    /**
     * Checks a frame and makes it the one that {@link #next} cuts. The caller keeps it, and leaves it unchanged until
     * the last piece is taken.
     *
     * @return null, or why it cannot be cut
     */
    @Nullable
    DropReason begin(Frame frame);

    /** Pieces that have not been taken yet. */
    int remaining();

    /**
     * Writes the next piece.
     *
     * @param into a frame that becomes it
     * @return whether there was one left and the buffer is large enough
     */
    boolean next(Frame into);
}
