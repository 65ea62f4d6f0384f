package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.Mirrors;
import io.jvswitch.flowtable.key.FlowReader;
import org.jspecify.annotations.Nullable;

/** A bridge that has the NORMAL action, whatever else decides in it. */
public interface HasNormal extends Bridge {

    /** What NORMAL knows of the bridge. */
    NormalBridge normal();

    @Override
    default boolean takesKey(FlowReader frame) {
        return normal().takesKey(frame);
    }

    @Override
    default boolean permits(int from, int to) {
        return normal().arePermitted(from, to);
    }

    @Override
    default @Nullable Mirrors mirrors() {
        return normal().portMirrors();
    }
}
