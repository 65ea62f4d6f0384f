package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowKey;

/** Something that translation looked up live, beside the snapshot: once its version is another, the verdict may be. */
public interface Dependency {

    /**
     * A number that never falls, and has risen (release) whenever what was looked up may have another answer.
     *
     * @param key of a frame of the flow
     */
    long version(FlowKey key);
}
