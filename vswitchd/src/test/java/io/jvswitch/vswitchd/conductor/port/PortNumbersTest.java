package io.jvswitch.vswitchd.conductor.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortNumbersTest {
    private final List<Integer> reused = new ArrayList<>();

    @Test
    void aPortThatComesBackHasItsNumber() {
        PortNumbers numbers = new PortNumbers(reused::add);
        assertEquals(1, numbers.take("a"));
        assertEquals(2, numbers.take("b"));
        numbers.release("a");
        assertEquals(3, numbers.take("c"));
        assertEquals(1, numbers.take("a"));
        assertTrue(reused.isEmpty());
    }

    @Test
    void aNumberIsUsedAgainWhenItsPortIsLongGone() {
        PortNumbers numbers = new PortNumbers(reused::add);
        for (int i = 0; i <= PortNumbers.REMEMBERED; i++) {
            numbers.take("p" + i);
            numbers.release("p" + i);
        }
        assertEquals(PortNumbers.REMEMBERED + 2, numbers.take("early"), "the number has not rested");
        numbers.tick();
        numbers.tick();
        assertEquals(1, numbers.take("new"));
        assertEquals(List.of(1), reused);
        assertEquals(1, numbers.all().get("new"));
        assertEquals(null, numbers.all().get("p0"));
    }

    @Test
    void thereIsABound() {
        PortNumbers numbers = new PortNumbers(2, reused::add);
        numbers.take("a");
        numbers.take("b");
        ControlRefusedException refused = assertThrows(ControlRefusedException.class, () -> numbers.requireRoomFor(3));
        assertTrue(String.valueOf(refused.getMessage()).contains("at most 2 ports"), refused::getMessage);
        numbers.release("a");
        assertEquals(1, numbers.take("c"), "there is no other number left");
        assertEquals(List.of(1), reused);
    }
}
