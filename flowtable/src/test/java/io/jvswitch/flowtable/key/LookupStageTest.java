package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LookupStageTest {

    /** A field of no stage would never be compared, one of two would be hashed twice. */
    @Test
    void everyFieldIsOfExactlyOneStage() {
        for (FlowField field : FlowField.values()) {
            FlowMask mask = new FlowMask().exact(field);
            int stages = 0;
            for (LookupStage stage : LookupStage.values()) {
                PackedMask part = stage.of(mask);
                if (part.size() > 0) {
                    assertEquals(mask, part.toMask(), field + " is cut in two by " + stage);
                    stages++;
                }
            }
            assertEquals(1, stages, () -> "stages of " + field);
        }
    }
}
