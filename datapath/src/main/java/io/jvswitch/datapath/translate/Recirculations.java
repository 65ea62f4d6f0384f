package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One worker's recirculation ids. Equal states share an id; an id that no megaflow has used for two whole rounds of
 * housekeeping is taken back. Ids are given in turn and not again before four billion others, so that a megaflow of an
 * old one never meets a new state.
 *
 * <p>Frames never change workers, so every worker has ids of its own. Owned by one thread.
 */
public final class Recirculations {

    private static final int ROUNDS_UNUSED = 2;

    private final Map<Recirculation.State, Recirculation> byState = new HashMap<>();
    private final Int2ObjectHashMap<Recirculation> byId = new Int2ObjectHashMap<>();
    /** Filled to look one up, and kept when it is new: so a state that is known allocates nothing. */
    private Recirculation.State scratch = new Recirculation.State();

    private int lastId;
    private long round;

    /** What the translation is frozen in; it is in use now. */
    Recirculation of(Scope scope, Continuation rest, FlowReader key) {
        Recirculation.State state = scratch.fill(scope, rest, key);
        Recirculation known = byState.get(state);
        if (known == null) {
            known = new Recirculation(nextId(), state);
            byState.put(state, known);
            byId.put(known.id(), known);
            scratch = new Recirculation.State();
        }
        known.useIn(round);
        return known;
    }

    private int nextId() {
        do {
            lastId++;
        } while (lastId == 0 || byId.containsKey(lastId));
        return lastId;
    }

    /** What an id stands for, null when it was taken back. */
    @Nullable
    Recirculation find(int id) {
        return byId.get(id);
    }

    /** A megaflow has this verdict: its ids stay. */
    public void keep(Verdict verdict) {
        for (int id : verdict.recirculationIds()) {
            Recirculation used = byId.get(id);
            if (used != null) {
                used.useIn(round);
            }
        }
    }

    /**
     * Every megaflow has been {@linkplain #keep kept} since the last call: takes back the ids that none of them uses.
     */
    public void endRound() {
        round++;
        if (byState.isEmpty()) {
            return;
        }
        for (Iterator<Recirculation> all = byState.values().iterator(); all.hasNext(); ) {
            Recirculation one = all.next();
            if (round - one.usedRound() > ROUNDS_UNUSED) {
                all.remove();
                byId.remove(one.id());
            }
        }
    }

    long round() {
        return round;
    }

    /** Ids that are given. */
    public int size() {
        return byState.size();
    }
}
