package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a translation, frozen until the frame comes back with its id: what is to be done, in which bridge, and
 * what the translation had noted that no frame carries. Immutable.
 */
final class Recirculation {

    private static final List<FlowField> NOTES = Arrays.stream(FlowField.values())
            .filter(field -> field.region() == FlowField.Region.PIPELINE)
            .toList();

    /** What makes two of them one. Filled once and not changed any more when it is one's. */
    static final class State {

        private int bridge;
        private int port;
        private Continuation rest = _ -> {};
        private long mirrored;
        /** Values of the fields of {@link FlowField.Region#PIPELINE} that were written, and which bits of them were. */
        private final FlowKey notes = new FlowKey();

        private final FlowMask written = new FlowMask();

        /**
         * Freezes a translation.
         *
         * @param scope which bridge goes on, and the port of it that the frame came in by
         * @param newRest what it does then
         * @param key with what was noted that no frame carries
         */
        State fill(Scope scope, Continuation newRest, FlowReader key) {
            bridge = scope.bridge().id();
            port = scope.port().number();
            mirrored = scope.mirrored();
            rest = newRest;
            notes.clear();
            written.clear();
            for (int i = 0; i < NOTES.size(); i++) {
                FlowField field = NOTES.get(i);
                long bits = key.written().get(field);
                if (bits != 0) {
                    written.bits(field, bits);
                    notes.set(field, key.current().get(field) & bits);
                }
            }
            return this;
        }

        /** Id of the bridge that goes on. */
        int bridge() {
            return bridge;
        }

        /** Number of the port of it that the frame came in by. */
        int port() {
            return port;
        }

        /** Which of the bridge's mirrors have copied the frame. */
        long mirrored() {
            return mirrored;
        }

        Continuation rest() {
            return rest;
        }

        void restoreNotes(FlowReader key) {
            for (int i = 0; i < NOTES.size(); i++) {
                FlowField field = NOTES.get(i);
                long bits = written.get(field);
                if (bits != 0) {
                    key.set(field, 0, notes.get(field), 0, bits);
                }
            }
        }

        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof State other
                    && bridge == other.bridge
                    && port == other.port
                    && mirrored == other.mirrored
                    && rest.equals(other.rest)
                    && notes.equals(other.notes)
                    && written.equals(other.written);
        }

        @Override
        public int hashCode() {
            int hash = (bridge * 31 + port) * 31 + Long.hashCode(mirrored);
            hash = hash * 31 + rest.hashCode();
            return (hash * 31 + notes.hashCode()) * 31 + written.hashCode();
        }
    }

    private final int id;
    private final State state;
    private final Action action;
    /** The round of housekeeping in which it was last found in use. */
    private long usedRound;

    Recirculation(int id, State state) {
        this.id = id;
        this.state = state;
        action = new Action.Recirculate(id);
    }

    int id() {
        return id;
    }

    State state() {
        return state;
    }

    /** What sends a frame round for it. */
    Action action() {
        return action;
    }

    long usedRound() {
        return usedRound;
    }

    void useIn(long round) {
        usedRound = round;
    }
}
