package io.jvswitch.flowtable.key;

/**
 * Bits of a {@link FlowKey} that have a name: a {@link FlowField}, or what OpenFlow calls a field and is a part of one
 * or some of them together ({@link MatchField}).
 *
 * <p>1 to 64 bits of one word, or 128 bits: a whole word with the low half, and the one before with the high half.
 * Values are unsigned, right-aligned.
 */
public sealed interface KeyBits permits FlowField, MatchField {

    /** The name as Open vSwitch spells it. */
    String label();

    /** Width. */
    int bits();

    /** The word that holds the bits, or the low half of 128. */
    int word();

    /** How far left they lie in it. */
    int shift();

    /** As many ones as there are bits (in the low half), not shifted. */
    long ones();

    /** Who may know them. */
    FlowField.Region region();

    /** Whether there is a high half. */
    default boolean isWide() {
        return bits() == 128;
    }
}
