package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When a table of rules, or a part of one, has changed last. A verdict that passed through it holds until it changes
 * again, whatever happens to other tables.
 *
 * <p>Written by the conductor, by {@link RuleVersions#publish}; read by any thread.
 */
public final class TableVersion implements Dependency {

    private static final VarHandle CHANGED;

    static {
        try {
            CHANGED = MethodHandles.lookup().findVarHandle(TableVersion.class, "changed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("FieldMayBeFinal") // written by its handle
    private long changed;

    void changedAt(long version) {
        CHANGED.setRelease(this, version);
    }

    /** The version at which it changed last. */
    public long changedAcquire() {
        return (long) CHANGED.getAcquire(this);
    }

    @Override
    public long version(FlowKey key) {
        return changedAcquire();
    }
}
