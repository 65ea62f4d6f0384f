package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DropReasonTest {

    @ParameterizedTest
    @EnumSource(DropReason.class)
    void saysWhatWasSeen(DropReason reason) {
        assertTrue(reason.meaning().matches("[A-Z].*\\."), reason.meaning());
        assertTrue(reason.label().matches("[a-z0-9]+(-[a-z0-9]+)*"), reason.label());
    }

    @Test
    void labelsAndMeaningsAreUnique() {
        Set<String> labels = new HashSet<>();
        Set<String> meanings = new HashSet<>();
        for (DropReason reason : DropReason.values()) {
            assertTrue(labels.add(reason.label()), reason.label());
            assertTrue(meanings.add(reason.meaning()), reason.meaning());
        }
        assertEquals("vxlan-no-vni", DropReason.VXLAN_NO_VNI.label());
    }

    @Test
    void everyStageHasReasonsAndTheyStandTogether() {
        Set<DropReason.Stage> seen = new HashSet<>();
        DropReason.Stage current = null;
        for (DropReason reason : DropReason.values()) {
            if (reason.stage() != current) {
                current = reason.stage();
                assertTrue(seen.add(current), "reasons of stage " + current + " stand apart");
            }
        }
        assertEquals(DropReason.Stage.values().length, seen.size());
    }
}
