package io.jvswitch.datapath.worker;

import io.jvswitch.wire.DropReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One worker's counters of one port. Written by that worker only, with opaque stores (no lock prefix on x86, never
 * torn); read by any thread at any time, wait-free.
 *
 * <p>A frame is counted where it came in when it is received, dropped or handed over, and where it leaves when it is
 * transmitted or the device refuses it. Summed over all ports, at rest:
 * {@code received + created = transmitted + dropped + handed over + merged}.
 *
 * <p>A superframe is one frame, as in Linux's own device counters; a train of datagrams is as many frames as it has
 * datagrams. A superframe that is cut into n segments leaves n - 1 created; n segments that become one leave n - 1
 * merged.
 */
@SuppressWarnings("EnumOrdinal") // an array index in memory, never stored
public final class PortCounters {

    /** What is counted besides drops. */
    public enum Kind {
        /** Frames that the device gave. */
        RX_FRAMES,
        /** Their bytes, from the Ethernet header on (underlay: from the tunnel header on). */
        RX_BYTES,
        /** Frames that the kernel took. */
        TX_FRAMES,
        /** Their bytes. */
        TX_BYTES,
        /** Frames that the switch made: copies of a flooded frame, segments, fragments, ICMP errors, DHCP replies. */
        CREATED,
        /** TCP segments from a tunnel whose payload joined the superframe of one before them. */
        MERGED,
        /** Frames handed to the conductor. */
        HANDED_OVER,
        /** ARP requests answered. */
        ARP_REPLIES,
        /** IPv6 neighbour solicitations answered. */
        ND_REPLIES,
        /** TCP SYNs whose maximum segment size was lowered. */
        MSS_CLAMPED,
        /** ICMP and ICMPv6 errors sent to guests for packets that were too big. */
        TOO_BIG_ANSWERED,
        /** IPv4 packets cut into fragments. */
        FRAGMENTED,
        /** Frames that entered a tunnel in a packet larger than its path takes, which the kernel cut into fragments. */
        OUTER_FRAGMENTED
    }

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int KINDS = Kind.values().length;
    private static final int REASONS = DropReason.values().length;
    /** A cache line's worth of longs around the cells, so that two ports' counters never share one. */
    private static final int PADDING = 8;

    private final long[] cells = new long[PADDING + KINDS + REASONS + PADDING];

    /** Adds; the owning worker only. */
    void add(Kind kind, long amount) {
        increase(PADDING + kind.ordinal(), amount);
    }

    /** Counts dropped frames; the owning worker only. */
    void drop(DropReason reason, long frames) {
        increase(PADDING + KINDS + reason.ordinal(), frames);
    }

    private void increase(int cell, long amount) {
        CELLS.setOpaque(cells, cell, cells[cell] + amount);
    }

    public long get(Kind kind) {
        return (long) CELLS.getOpaque(cells, PADDING + kind.ordinal());
    }

    public long dropped(DropReason reason) {
        return (long) CELLS.getOpaque(cells, PADDING + KINDS + reason.ordinal());
    }

    /** Frames dropped for any reason. */
    public long dropped() {
        long sum = 0;
        for (int i = 0; i < REASONS; i++) {
            sum += (long) CELLS.getOpaque(cells, PADDING + KINDS + i);
        }
        return sum;
    }
}
