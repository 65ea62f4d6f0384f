package io.jvswitch.datapath.testing;

import io.jvswitch.datapath.normal.HasNormal;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.translate.Mirrors;
import io.jvswitch.datapath.translate.Translator;
import org.jspecify.annotations.Nullable;

/** A bridge in which a test's brain decides; it may ask for NORMAL. */
record DecidedBridge(NormalBridge normal, Translator translator) implements HasNormal {

    @Override
    public int id() {
        return normal.id();
    }

    @Override
    public String name() {
        return normal.name();
    }

    @Override
    public long version() {
        return normal.version();
    }

    @Override
    public @Nullable Mirrors mirrors() {
        return normal.mirrors();
    }
}
