package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * The brain: from one frame's key to what is done with every frame like it.
 *
 * <p>A pure function of the key and the snapshot. It reads the key through a {@link FlowReader}, which records what was
 * looked at: exactly that becomes the megaflow's mask, so that a verdict is never applied to a frame that would have
 * got another one. Called by a worker on a miss, by the conductor for {@code trace}; implementations are stateless.
 */
public interface Translator {

    /** Reads the frame's key, and gathers actions, against the snapshot; all of it in {@code step}. */
    void translate(Translation step);

    /**
     * Translates one frame by itself.
     *
     * @param key the frame's key; reading un-wildcards
     * @param snapshot the state to translate against
     * @param trace told each step in words, null when nobody listens
     */
    default Verdict translate(FlowReader key, Snapshot snapshot, @Nullable Trace trace) {
        Translation step = new Translation();
        step.begin(key, snapshot, trace, null);
        translate(step);
        return step.verdict(step.copyOfActions());
    }

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
