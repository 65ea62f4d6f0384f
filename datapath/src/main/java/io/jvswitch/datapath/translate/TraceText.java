package io.jvswitch.datapath.translate;

import io.jvswitch.wire.DropReason;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prints a trace as {@code jvswitch trace} shows it: a line for each step that is told in words, and for each drop.
 * What else there is the verdict's text says.
 *
 * @param lines gets them
 * @param dropped what to say of a reason
 */
public record TraceText(Consumer<String> lines, Function<DropReason, String> dropped) implements Translator.Trace {

    /** Without advice on what to do about a drop. */
    public TraceText(Consumer<String> lines) {
        this(lines, reason -> reason.label() + ". " + reason.meaning());
    }

    @Override
    public void event(TraceEvent event) {
        switch (event) {
            case TraceEvent.Note note -> lines.accept(note.text());
            case TraceEvent.Dropped drop -> lines.accept("drop: " + dropped.apply(drop.reason()));
            case TraceEvent.Entered _, TraceEvent.Table _, TraceEvent.Decided _ -> {}
        }
    }
}
