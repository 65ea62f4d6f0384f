package io.jvswitch.dhcp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one responder. Written by the conductor thread only; read by any thread, wait-free; each value is up
 * to date by itself, but two values need not be consistent with each other.
 */
@SuppressWarnings("EnumOrdinal") // an index into this object's memory, never stored
public final class DhcpCounters {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[DhcpCounter.values().length];

    DhcpCounters() {}

    /** Adds one, and returns the new value. Single writer. */
    long increment(DhcpCounter counter) {
        long value = cells[counter.ordinal()] + 1;
        CELL.setOpaque(cells, counter.ordinal(), value);
        return value;
    }

    /** How often it has happened since the responder was created. */
    public long get(DhcpCounter counter) {
        return (long) CELL.getOpaque(cells, counter.ordinal());
    }
}
