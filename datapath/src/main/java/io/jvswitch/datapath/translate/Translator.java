package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;

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
    @FunctionalInterface
    interface Trace {
        /** One step, in the order in which they are taken. */
        void event(TraceEvent event);
    }
}
