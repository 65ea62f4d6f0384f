package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;

/**
 * The rest of a translation, frozen until the frame comes back with its id: what is to be done, in which bridge, and
 * what the translation had noted that no frame carries. Immutable.
 */
final class Recirculation {

    /**
     * What makes two of them one.
     *
     * @param bridge id of the bridge that goes on
     * @param port number of the port of it that the frame came in by
     * @param rest what it does then
     * @param notes values of the fields of {@link FlowField.Region#PIPELINE} that were written
     * @param written which bits of them were
     */
    record State(int bridge, int port, Continuation rest, FlowKey notes, FlowMask written) {

        static State of(Scope scope, Continuation rest, FlowReader key) {
            FlowKey notes = new FlowKey();
            FlowMask written = new FlowMask();
            for (FlowField field : FlowField.values()) {
                if (field.region() == FlowField.Region.PIPELINE) {
                    long bits = key.written().get(field);
                    if (bits != 0) {
                        written.bits(field, bits);
                        notes.set(field, key.current().get(field) & bits);
                    }
                }
            }
            return new State(scope.bridge().id(), scope.port().number(), rest, notes, written);
        }

        void restoreNotes(FlowReader key) {
            for (FlowField field : FlowField.values()) {
                if (field.region() == FlowField.Region.PIPELINE) {
                    long bits = written.get(field);
                    if (bits != 0) {
                        key.set(field, 0, notes.get(field), 0, bits);
                    }
                }
            }
        }
    }

    private final int id;
    private final State state;
    /** The round of housekeeping in which it was last found in use. */
    private long usedRound;

    Recirculation(int id, State state) {
        this.id = id;
        this.state = state;
    }

    int id() {
        return id;
    }

    State state() {
        return state;
    }

    long usedRound() {
        return usedRound;
    }

    void useIn(long round) {
        usedRound = round;
    }
}
