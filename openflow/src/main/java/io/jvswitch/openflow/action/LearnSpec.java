package io.jvswitch.openflow.action;

import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.Subfield;
import org.jspecify.annotations.Nullable;

/**
 * What a learned flow gets: a match, or an action that writes a field, or an output (nicira-ext.h,
 * {@code NX_LEARN_*}).
 *
 * @param source where the value is taken from, or null for the number
 * @param number in as many bytes as its bits need; empty where there is a source
 * @param kind what becomes of it
 * @param destination the field that is matched or written, null for output
 * @param bits how many
 */
public record LearnSpec(
        @Nullable Subfield source,
        Octets number,
        Kind kind,
        @Nullable Subfield destination,
        int bits) {

    /** What becomes of the value. */
    public enum Kind {
        MATCH,
        LOAD,
        OUTPUT
    }
}
