package io.jvswitch.vswitchd.conductor.bridge;

import io.jvswitch.datapath.normal.HasNormal;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.translate.Translator;

/**
 * A bridge that waits for somebody to tell it what to do with frames, and drops them until then; its mirrors copy them
 * all the same.
 *
 * @param normal what it would forward by
 */
record SilentBridge(NormalBridge normal) implements HasNormal {

    private static final Translator NOTHING = step -> {
        if (step.tracing()) {
            step.say("bridge " + step.scope().bridge().name() + " passes nothing without a controller");
        }
    };

    @Override
    public int id() {
        return normal.id();
    }

    @Override
    public String name() {
        return normal.name();
    }

    @Override
    public Translator translator() {
        return NOTHING;
    }

    @Override
    public long version() {
        return normal.version();
    }
}
