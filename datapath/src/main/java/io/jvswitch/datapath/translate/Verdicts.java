package io.jvswitch.datapath.translate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A worker's verdicts, so that flows that are treated alike share one object, and verdicts that do the same share one
 * list of actions: a flood to 256 ports is one array, however many stations send one.
 *
 * <p>Two direct-mapped arrays: a verdict that meets another one in its place puts it out, and the flows that have that
 * one keep it. What is not shared costs memory, never correctness. Owned by one worker.
 */
public final class Verdicts {

    private static final int PLACES = 4_096;

    private final @Nullable Verdict[] verdicts = new Verdict[PLACES];
    private final Action[] @Nullable [] lists = new Action[PLACES][];
    private long snapshotVersion;

    /** The verdict of a translation. */
    public Verdict of(Translation step) {
        if (step.snapshot().version() != snapshotVersion) {
            // what is kept here must not keep a network's MAC table alive that the switch no longer has
            snapshotVersion = step.snapshot().version();
            Arrays.fill(verdicts, null);
            Arrays.fill(lists, null);
        }
        int actionsHash = step.actionsHash();
        int place = step.hash(actionsHash) & PLACES - 1;
        Verdict known = verdicts[place];
        if (known != null && step.agreesWith(known)) {
            return known;
        }
        Verdict made = step.verdict(actions(step, actionsHash));
        verdicts[place] = made;
        return made;
    }

    private Action[] actions(Translation step, int hash) {
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Action[] known = lists[place];
        if (known != null && step.hasActions(known)) {
            return known;
        }
        Action[] made = step.copyOfActions();
        lists[place] = made;
        return made;
    }
}
