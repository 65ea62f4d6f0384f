package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.wire.DropReason;
import java.util.List;

/** Prints a trace's steps into a list, one line each; where the frame is dropped, with what to do about it. */
record TraceSteps(List<String> lines) implements Translator.Trace {

    @Override
    public void step(String text) {
        lines.add(text);
    }

    @Override
    public void dropped(DropReason reason) {
        step("drop: " + DropRemedy.sentence(reason));
    }
}
