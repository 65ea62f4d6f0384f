package io.jvswitch.vswitchd.conductor.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class OpenFlowPortsTest {

    private final OpenFlowPorts ports = new OpenFlowPorts();

    @Test
    void numbersAreGivenInTurn() {
        assertEquals(1, ports.take("a", 0));
        assertEquals(2, ports.take("b", 0));
        assertEquals(1, ports.take("a", 0), "has it already");
        ports.release("a");
        assertNull(ports.of("a"));
        assertEquals(3, ports.take("c", 0), "1 rests");
    }

    @Test
    void whoAsksForANumberGetsItIfItIsFree() {
        assertEquals(7, ports.take("a", 7));
        assertEquals(1, ports.take("b", 7));
        ports.release("a");
        assertEquals(7, ports.take("c", 7), "who asks does not wait for it to rest");
    }

    @Test
    void nobodyGetsByTurnWhatAnotherAsksFor() {
        ports.reserve(Set.of(1, 3));
        assertEquals(2, ports.take("a", 0));
        assertEquals(4, ports.take("b", 0));
        assertEquals(1, ports.take("c", 1));
    }

    @Test
    void aNumberThatHasRestedIsGivenAgain() {
        for (int i = 1; i <= OpenFlowPorts.LAST_AUTOMATIC; i++) {
            assertEquals(i, ports.take("p" + i, 0));
        }
        assertEquals(0, ports.take("none", 0));
        ports.release("p9");
        ports.tick();
        ports.release("p5");
        assertEquals(9, ports.take("q", 0), "the one that has rested longest, where all rest");
        for (int i = 0; i < OpenFlowPorts.REST_TICKS + 2; i++) {
            ports.tick();
        }
        ports.release("p6");
        assertEquals(5, ports.take("r", 0));
        assertEquals(6, ports.take("s", 0));
    }

    @Test
    void aNumberMayBeAskedForBeyondThoseInTurn() {
        assertEquals(OpenFlowPorts.LAST, ports.take("a", OpenFlowPorts.LAST));
        assertEquals(1, ports.take("b", OpenFlowPorts.LAST));
    }
}
