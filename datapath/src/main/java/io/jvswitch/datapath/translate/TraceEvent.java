package io.jvswitch.datapath.translate;

import io.jvswitch.wire.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * One step of a translation, or of what is then done to a frame, with its parts as they are: {@code jvswitch trace} and
 * {@code ofproto/trace} are two printers of the same steps. Immutable.
 */
public sealed interface TraceEvent {

    /** Patch ports crossed, and tables entered one inside the other, to get here; how far a printer indents. */
    int depth();

    /** What was looked at and what followed, in words that stand for themselves. */
    record Note(int depth, String text) implements TraceEvent {}

    /**
     * A bridge begins to decide.
     *
     * @param port name of the port that the frame came in by
     */
    record Entered(int depth, String bridge, String port) implements TraceEvent {}

    /**
     * A table of rules was asked.
     *
     * @param bridge name of the bridge
     * @param table number of the table
     * @param rule the rule that matched, as its bridge's users write it; null when none did
     */
    record Table(
            int depth, String bridge, int table, @Nullable String rule) implements TraceEvent {}

    /** The data path is to do this. */
    record Decided(int depth, Action action) implements TraceEvent {}

    /** The frame is dropped, as far as this bridge is concerned. */
    record Dropped(int depth, DropReason reason) implements TraceEvent {}
}
