package io.jvswitch.vswitchd.conductor.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.translate.TraceEvent;
import io.jvswitch.datapath.translate.TraceText;
import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTextTest {

    @Test
    void aDropIsToldWithWhatWasSeenAndWhatToDo() {
        List<String> lines = new ArrayList<>();
        TraceText text = new TraceText(lines::add, DropRemedy::sentence);
        text.event(new TraceEvent.Note(0, "it came in by port 3"));
        text.event(new TraceEvent.Dropped(0, DropReason.NO_NETWORK));
        assertEquals(
                List.of(
                        "it came in by port 3",
                        "drop: no-network. The port is not attached to a network. Give the port a network."),
                lines);
    }
}
