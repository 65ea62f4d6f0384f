package io.jvswitch.vswitchd.conductor.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceStepsTest {

    @Test
    void aDropIsToldWithWhatWasSeenAndWhatToDo() {
        TraceSteps steps = new TraceSteps(new ArrayList<>());
        steps.step("it came in by port 3");
        steps.dropped(DropReason.NO_NETWORK);
        assertEquals(
                List.of(
                        "it came in by port 3",
                        "drop: no-network. The port is not attached to a network. Give the port a network."),
                steps.lines());
    }
}
