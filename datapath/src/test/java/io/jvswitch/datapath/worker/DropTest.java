package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A frame is dropped when nobody takes it, and not because an action says so. */
final class DropTest {

    private static TestSwitch send(Translator translator) {
        TestSwitch sw = new TestSwitch(2, 32, 16, translator);
        sw.send(1, Frames.udpv4().payload(10).bytes());
        assertEquals(0, sw.leakedFrames());
        assertEquals(0, sw.imbalance());
        return sw;
    }

    @Test
    void whatTranslationSendsNowhereIsDroppedForAReasonOfItsOwn() {
        try (TestSwitch sw = send(step -> {})) {
            assertEquals(1, sw.dropped(1, DropReason.NO_OUTPUT));
            assertEquals("drop(no-output)", actions(sw));
        }
    }

    @Test
    void theReasonIsTheLastOneThatWasGiven() {
        try (TestSwitch sw = send(step -> {
            step.popVlan();
            step.drop(DropReason.SAME_PORT);
            step.drop(DropReason.SPLIT_HORIZON);
        })) {
            assertEquals(1, sw.dropped(1, DropReason.SPLIT_HORIZON));
            assertEquals("drop(split-horizon)", actions(sw));
        }
    }

    @Test
    void aReasonErasesNoOutput() {
        try (TestSwitch sw = send(step -> {
            step.output(2);
            step.drop(DropReason.SAME_PORT);
        })) {
            assertEquals(1, sw.port(2).drain().size());
            assertEquals("output:2", actions(sw));
        }
    }

    @Test
    void whatFollowsTheLastOutputIsTrimmed() {
        try (TestSwitch sw = send(step -> {
            step.output(2);
            step.pushVlan(0x8100, 0, 7);
            step.add(new Action.ClampMss(1_400));
        })) {
            assertEquals("output:2", actions(sw));
            assertEquals(1, sw.port(2).drain().size());
        }
    }

    @Test
    void aVerdictThatNeitherTakesNorDropsCannotBeMade() {
        Action[] pop = {new Action.PopVlan()};
        Action[] output = {new Action.Output(1)};
        assertThrows(IllegalArgumentException.class, () -> verdict(new Action[0], null));
        assertThrows(IllegalArgumentException.class, () -> verdict(pop, null));
        assertThrows(IllegalArgumentException.class, () -> verdict(pop, DropReason.SAME_PORT));
        assertThrows(IllegalArgumentException.class, () -> verdict(output, DropReason.SAME_PORT));
    }

    private static Verdict verdict(Action[] actions, @Nullable DropReason reason) {
        return Verdict.of(actions, reason);
    }

    private static String actions(TestSwitch sw) {
        String flow = sw.flowsText();
        return flow.substring(flow.indexOf("actions=") + "actions=".length()).strip();
    }
}
