package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;

/**
 * The brain: from one frame's key to what is done with every frame like it.
 *
 * <p>A pure function of the key and the snapshot. It reads the key through a {@link FlowReader}, which records what was
 * looked at: exactly that becomes the megaflow's mask, so that a verdict is never applied to a frame that would have
 * got another one. Called by a worker on a miss, by the conductor for {@code trace}; implementations are stateless.
 */
public interface Translator {

    /**
     * Decides about the frame in {@link Translation#scope}: reads its key, adds actions, against the snapshot; all of
     * it in {@code step}.
     */
    void translate(Translation step);

    /** Listens to a translation. */
    interface Trace {
        /** One step: what was looked at and what followed. */
        void step(String text);

        /** The frame is dropped: told with its meaning; who knows a remedy adds it. */
        default void dropped(DropReason reason) {
            step("drop: " + reason.label() + ". " + reason.meaning());
        }
    }
}
