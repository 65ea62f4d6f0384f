package io.jvswitch.flowtable.key;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The order in which a rule look-up goes through a frame's fields, cheapest to know first. A subtable that a frame
 * misses at one stage is not searched at the next, and the later stages' fields stay wild in the megaflow.
 */
public enum LookupStage {
    /** Where the frame comes from, and what the translation knows of it. */
    METADATA,
    /** Ethernet, tags and labels. */
    L2,
    /** Network addresses. */
    L3,
    /** Transport. */
    L4;

    /** Each stage's fields; a class of its own, for the fields must be there first. */
    private static final class Fields {
        static final Map<LookupStage, FlowMask> OF = masks();

        private static Map<LookupStage, FlowMask> masks() {
            Map<LookupStage, FlowMask> masks = new EnumMap<>(LookupStage.class);
            for (FlowField field : FlowField.values()) {
                masks.computeIfAbsent(field.stage(), stage -> new FlowMask()).exact(field);
            }
            return masks;
        }
    }

    /** The part of a mask that is of this stage. */
    public PackedMask of(FlowMask mask) {
        return PackedMask.of(
                new FlowMask().copyFrom(mask).and(Objects.requireNonNull(Fields.OF.get(this), "a stage has fields")));
    }
}
