package io.jvswitch.ovsdb.client;

/** What {@code mutate} does with a column (RFC 7047, section 5.1, {@code <mutation>}). */
public enum Mutator {
    /** Adds to a number. */
    ADD("+="),
    /** Takes from a number. */
    SUBTRACT("-="),
    /** Adds elements to a set, or pairs to a map whose keys are not there. */
    INSERT("insert"),
    /** Takes elements from a set, or pairs from a map. */
    DELETE("delete");

    private final String symbol;

    Mutator(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }
}
