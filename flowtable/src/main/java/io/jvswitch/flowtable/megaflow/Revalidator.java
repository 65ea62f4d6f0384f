package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.key.FlowKey;

/**
 * Judges a megaflow against a new snapshot, for {@link FlowTable#revalidate}.
 *
 * @param <A> the flows' actions
 */
@FunctionalInterface
public interface Revalidator<A> {

    /** What becomes of the flow. */
    enum Verdict {
        /** The actions hold in the new snapshot too; the table notes the new version. */
        KEEP,
        /** The callback has called {@link Flow#renew}: other actions for the same frames. */
        RENEW,
        /** The flow goes; its frames are translated anew. */
        REMOVE
    }

    /**
     * Translates the flow's key again. Where that looked at more than the flow's mask does ({@link Flow#covers} is
     * false), the verdict would not hold for all frames of the flow: answer REMOVE.
     *
     * @param flow the flow
     * @param key the flow's key, valid during the call; fields that the flow's mask does not look at are 0
     */
    Verdict revalidate(Flow<A> flow, FlowKey key);
}
