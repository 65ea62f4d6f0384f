package io.jvswitch.datapath.translate;

import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scopes that a translation is in, the innermost on top, and what translators note in each. Used again for every
 * frame: allocates nothing once it has been as deep. Owned by one thread.
 */
final class ScopeStack {

    private static final Bridge NO_BRIDGE = new NoBridge();
    private static final Port NO_PORT = new Port.Patch(Locations.NONE, "", 0, Locations.NONE);

    /** What decides before there is a bridge. */
    private record NoBridge() implements Bridge {
        @Override
        public int id() {
            return -1;
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public Translator translator() {
            return step -> step.drop(DropReason.NO_NETWORK);
        }

        @Override
        public long version() {
            return 0;
        }
    }

    private final List<Scope> scopes = new ArrayList<>(List.of(new Scope(0, NO_BRIDGE, NO_PORT)));
    private final List<Map<Scratch<?>, Object>> scratch = new ArrayList<>();
    private int top;

    /** Leaves all scopes. */
    void clear() {
        top = 0;
    }

    void open(Bridge bridge, Port port) {
        top++;
        if (top == scopes.size()) {
            scopes.add(new Scope(top, bridge, port));
        } else {
            scopes.get(top).become(bridge, port);
        }
    }

    void close() {
        top--;
    }

    Scope current() {
        return scopes.get(top);
    }

    @SuppressWarnings("unchecked") // what a scratch makes is of its type
    <T> T scratch(Scratch<T> kind) {
        while (scratch.size() <= top) {
            scratch.add(new IdentityHashMap<>());
        }
        Map<Scratch<?>, Object> made = scratch.get(top);
        Object own = made.get(kind);
        if (own == null) {
            own = kind.make();
            made.put(kind, own);
        }
        return (T) own;
    }
}
