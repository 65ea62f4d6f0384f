package io.jvswitch.vswitchd.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DropRemedyTest {

    @ParameterizedTest
    @EnumSource(DropReason.class)
    void everyReasonHasOneThatIsASentence(DropReason reason) {
        assertTrue(DropRemedy.of(reason).matches("[A-Z].*\\."), DropRemedy.of(reason));
    }

    @Test
    void whatIsShownIsLabelMeaningAndRemedy() {
        assertEquals(
                "no-network. The port is not attached to a network. Give the port a network.",
                DropRemedy.sentence(DropReason.NO_NETWORK));
    }
}
